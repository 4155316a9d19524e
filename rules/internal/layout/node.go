package layout

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// A Document is a file: its values, and the comments around them.
type Document struct {
	Root *Node

	root *Entry // holds Root, without a key
	file *yamlfile.File
	head []comment // at the top of the file
	tail []comment // at its end

	comments []string            // of the whole file, in its order
	respaced map[*yaml.Node]bool // the conditions spaced anew
}

// A Kind is what a node is.
type Kind int

// The kinds of nodes.
const (
	Scalar Kind = iota
	Group       // of keys
	List
)

// A Node is a value.
type Node struct {
	Kind    Kind
	Entries []*Entry // of a group or a list

	text   scalar
	flow   bool      // in brackets, on one line
	width  int       // in one line, once it is measured
	column int       // of a group or list without brackets, in the source
	tail   []comment // below the last entry
}

// A scalar is a single value.
type scalar struct {
	source   *yaml.Node
	value    string
	bare     bool     // not a text (a number, true, null): written as it is
	quoted   bool     // in quotes, in the source
	block    byte     // | or > if it is so written, else 0
	chomp    string   // what stands behind the | or >
	respaced bool     // a condition that was spaced anew
	indent   int      // of the lines below the | or >, in the source
	lines    []string // of a block, or of a text that was broken into lines
	extra    int      // empty lines that belong to the end of a block
}

// An Entry is a key of a group with its value, or a value of a list.
type Entry struct {
	Value *Node

	// Gap says whether a blank line stands above the entry and its comments,
	// unless it is the first one.
	Gap Gap

	key    *Node // nil in a list
	head   []comment
	behind *comment
	blank  bool // there was a blank line right above it
}

// A Gap is a policy for blank lines.
type Gap int

// The policies: as the author has it, none, one.
const (
	AsIs Gap = iota
	Never
	Always
)

// A comment is the text from # on, without white space at its end.
type comment struct {
	text   string
	column int
	blank  bool // there was a blank line right above it
}

// Key is the key of an entry; empty in a list.
func (e *Entry) Key() string {
	if e.key == nil {
		return ""
	}
	return e.key.text.value
}

// Apart tells whether a blank line stood above the entry and its comments.
func (e *Entry) Apart() bool {
	if len(e.head) > 0 {
		return e.head[0].blank
	}
	return e.blank
}

// Commented tells whether a comment stands above the entry.
func (e *Entry) Commented() bool { return len(e.head) > 0 }

// Member is the value of a key, nil without it.
func (n *Node) Member(key string) *Node {
	if n == nil || n.Kind != Group {
		return nil
	}
	for _, e := range n.Entries {
		if e.Key() == key {
			return e.Value
		}
	}
	return nil
}

// Order puts the entries with the given keys into the order given. Others keep
// their place.
func (n *Node) Order(keys ...string) {
	if n.Kind != Group {
		return
	}
	rank := func(e *Entry) int { return slices.Index(keys, e.Key()) }
	var places []int
	var known []*Entry
	for i, e := range n.Entries {
		if rank(e) >= 0 {
			places = append(places, i)
			known = append(known, e)
		}
	}
	slices.SortStableFunc(known, func(a, b *Entry) int { return rank(a) - rank(b) })
	for i, place := range places {
		n.Entries[place] = known[i]
	}
}

// empty tells whether nothing is written for a value.
func (n *Node) empty() bool { return n.Kind == Scalar && n.text.bare && n.text.value == "" }

// commented tells whether there are comments within a node.
func (n *Node) commented() bool {
	return len(n.tail) > 0 || slices.ContainsFunc(n.Entries, func(e *Entry) bool {
		return len(e.head) > 0 || e.behind != nil || e.Value.commented()
	})
}
