// Package embedded is the whole of Afterword in a dozen lines: rules from a
// file, connected to an event, deciding one survey. It has no code but its
// example, which is the one that the README shows.
package embedded
