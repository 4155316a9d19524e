// Package layout prints a YAML file anew, with its comments.
//
// [Read] makes a [Document] of a file that yamlfile found sound: its values,
// in the style their author chose, and every comment at the entry it belongs to.
// A caller may then order entries, say where blank lines stand and respace
// conditions. [Document.Print] writes it all in one form: two spaces for
// each level, groups and lists in brackets only where they fit on their line,
// quotes only where they are needed. [Same] tells whether two files say the same.
//
// What a file says and how it is laid out are kept apart: nothing here knows
// the keys of rule files.
//
// # Comments
//
// A comment belongs, by its place, to an entry of a group or list: it stands
// above the entry, or behind it in the same line. Below the last entry it
// belongs to the innermost group or list that reaches as far to the left as
// the comment does. It moves with what it belongs to.
//
// # Limits
//
// Time and memory are linear in the size of the file; its depth and number of
// values are bounded by yamlfile.
//
// # Concurrency
//
// A Document is for one goroutine at a time.
package layout
