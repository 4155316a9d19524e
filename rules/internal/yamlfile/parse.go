package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

const (
	// Nesting is how deep lists and mappings may lie within one another.
	Nesting = 64

	// reach is how deep the library may go before it gives up; what lies
	// between is read and reported in its place.
	reach = 4 * Nesting
)

// A File is a parsed YAML file of one document. Its zero value is one that
// could not be read.
type File struct {
	text *text
	root *yaml.Node
}

// Parse reads a YAML file of at most limit bytes; a limit of zero or less means
// none. It returns the problems in file order, and nil when there are none: all
// of them, except that the YAML library stops at the first syntax error. It
// keeps no reference to data.
//
// The file is never nil. With problems it may still have a root; what is
// refused in the tree (aliases, tags, merge keys, second keys of a name) is
// then passed over by a [Decoder].
func Parse(data []byte, limit int) (*File, []Problem) {
	var problems list
	if limit > 0 && len(data) > limit {
		problems.add(Position{1, 1}, "the file is larger than %s: split it", size(limit))
		return &File{}, problems
	}
	t := read(bytes.Clone(data), &problems)
	if t == nil {
		return &File{}, problems.sorted()
	}
	f := &File{text: t, root: compose(t, &problems)}
	if f.root != nil {
		check(f.root, &problems)
	}
	return f, problems.sorted()
}

// Root is the top node of the file: a mapping, a sequence or a scalar, or an
// alias that was reported. It is nil when the file could not be read.
func (f *File) Root() *yaml.Node { return f.root }

// At is where a node of the file begins; an anchor or a tag is a part of it.
// Without a node, it is the start of the file.
func (f *File) At(n *yaml.Node) Position {
	if n == nil || n.Line < 1 {
		return Position{1, 1}
	}
	return Position{n.Line, max(n.Column, 1)}
}

// compose builds the tree of the one document of t, or returns nil.
func compose(t *text, problems *list) *yaml.Node {
	loader, err := yaml.NewLoader(bytes.NewReader(t.data), yaml.WithPlugin(bounds{}, strangers{}))
	if err != nil {
		problems.add(Position{1, 1}, "the file cannot be read as YAML: %v", err)
		return nil
	}
	var root *yaml.Node
	for n := 1; ; n++ {
		var document yaml.Node
		switch err := load(loader, &document); {
		case errors.Is(err, io.EOF):
			if n == 1 || n == 2 && blank(root) {
				problems.add(Position{1, 1}, "the file is empty")
				return nil
			}
			return root
		case err != nil:
			problems.syntax(t, err)
			return root
		case n == 1:
			if root = &document; len(document.Content) > 0 {
				root = document.Content[0]
			}
		default:
			problems.add(Position{document.Line, document.Column},
				"a second document begins here: keep one document in a file, and remove the ---")
			return root
		}
	}
}

// load reads the next document. A bug of the library must not be the end of
// the process.
func load(loader *yaml.Loader, document *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the YAML reader does not understand this file: write it in a simpler way")
		}
	}()
	return loader.Load(document)
}

// blank tells whether a node stands for nothing at all in the text.
func blank(n *yaml.Node) bool {
	return n.Kind != yaml.MappingNode && n.Kind != yaml.SequenceNode && n.Kind != yaml.AliasNode &&
		n.Value == "" && n.Style == 0 && n.Anchor == ""
}

func size(bytes int) string {
	switch {
	case bytes >= 1<<20 && bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10 && bytes%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// bounds stops the library before a file gets too deep for it.
type bounds struct{}

var errDeep = errors.New("too deep")

func (bounds) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > reach {
		return errDeep
	}
	return nil
}

func (bounds) CheckAlias(int, int) error { return nil }

// strangers lets every alias stand for an empty value, so that all of them can
// be reported, and none is ever followed.
type strangers struct{}

func (strangers) NewAliasDataContext(yaml.AliasDataServices) (yaml.AliasDataContext, error) {
	return strangers{}, nil
}

func (strangers) BeginDocument() error                  { return nil }
func (strangers) EndDocument() error                    { return nil }
func (strangers) DefineAnchor(string, *yaml.Node) error { return nil }

func (strangers) ResolveAlias(string) (*yaml.Node, bool, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}, true, nil
}
