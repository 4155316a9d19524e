// Package yamlfile reads a YAML file strictly and knows where every character
// of it stands.
//
// [Parse] takes the text and returns its tree of nodes together with all the
// problems it found, each with its line and column. It refuses what makes a
// file mean something else than a reader sees: keys given twice, further
// documents, anchors, aliases, merge keys, tags, and characters that do not
// show. What it refuses stays in the tree where that is possible, so that a
// caller can go on and report the rest of the problems in the same go.
//
// [File.Runes] gives the place of every character of a text, whatever way it
// is written: plain, quoted, literal or folded. A parser of an expression
// inside a text can so report a column of the file.
//
// [Decoder] puts nodes into Go values by their JSON names. Unlike the decoder
// of the YAML library it knows no silent conversions: a text is never made
// from a number, nor a number from 010 or 1_000.
//
// # Limits
//
// A file is safe to parse whoever wrote it. Time and memory are linear in its
// size; nesting ends at 64 levels, a file holds at most about a million
// values, and a hundred problems are listed.
//
// # Concurrency
//
// A File does not change and may be shared. A Decoder calls back on the
// goroutine that called it.
package yamlfile
