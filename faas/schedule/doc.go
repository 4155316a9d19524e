// Package schedule runs functions at times.
package schedule
