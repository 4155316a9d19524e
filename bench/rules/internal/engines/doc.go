// Package engines has a set of rules decided by each of the engines that are
// compared: Afterword, Go as one writes it by hand, and other rules engines in
// their best use. What an engine can do once, for the set or for an event, it
// has done before it runs.
package engines
