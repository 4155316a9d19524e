// Package plain runs rewritten trees by reflection, without anything clever.
// Tests hold package eval to it; nothing else uses it.
package plain
