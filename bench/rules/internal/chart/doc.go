// Package chart draws times against numbers, as SVG. Both axes are logarithmic.
package chart
