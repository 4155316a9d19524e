// Package chart draws lines over two logarithmic axes, as SVG.
package chart
