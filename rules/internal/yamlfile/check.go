package yamlfile

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// check reports what the library lets pass below a node.
func check(root *yaml.Node, problems *list) {
	(&checker{problems: problems}).node(root, 1)
}

type checker struct {
	problems *list
}

func place(n *yaml.Node) Position { return Position{n.Line, n.Column} }

func (c *checker) node(n *yaml.Node, depth int) {
	if c.problems.full() {
		return
	}
	if n.Kind == yaml.AliasNode {
		c.problems.add(place(n), "aliases (*%s) are not allowed: write the value again, or put a text that begins with * in quotes", short(n.Value))
		return
	}
	if n.Anchor != "" {
		c.problems.add(place(n), "anchors (&%s) are not allowed: remove it, or put a text that begins with & in quotes", short(n.Anchor))
	}
	if tagged(n) {
		advice := "remove it; a text is written in quotes"
		if !strings.HasPrefix(n.Tag, "!!") {
			advice = "put a text that begins with ! in quotes; in a condition, write not (…)"
		}
		c.problems.add(place(n), "tags (%s) are not allowed: %s", short(n.Tag), advice)
	}
	if n.Kind == yaml.ScalarNode {
		return
	}
	if depth > Nesting {
		c.problems.add(place(n), "nested deeper than %d levels: write it flatter", Nesting)
		return
	}
	if n.Kind == yaml.MappingNode {
		c.keys(n)
	}
	for _, child := range n.Content {
		c.node(child, depth+1)
	}
}

func (c *checker) keys(n *yaml.Node) {
	first := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind == yaml.MappingNode || key.Kind == yaml.SequenceNode:
			c.problems.add(place(key), "a key must be a text, not %s", kind(key))
		case key.Kind != yaml.ScalarNode:
		case merges(key):
			c.problems.add(place(key), "merge keys (<<) are not allowed: write the keys out")
		case first[key.Value] != nil:
			c.problems.add(place(key), "the key %s is given twice, first in line %d: remove one",
				quoted(key.Value), first[key.Value].Line)
		default:
			first[key.Value] = key
		}
	}
}

// tagged tells whether a node has a tag in the text.
func tagged(n *yaml.Node) bool { return n.Style&yaml.TaggedStyle != 0 || n.Tag == "!" }

// merges tells whether a key merges other mappings into its own.
func merges(key *yaml.Node) bool { return key.Kind == yaml.ScalarNode && key.Tag == "!!merge" }

func kind(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a group of keys"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// short is a name, cut if it is too long for a message.
func short(name string) string {
	const enough = 40
	n := 0
	for i := range name {
		if n++; n > enough {
			return name[:i] + "…"
		}
	}
	return name
}

func quoted(name string) string { return strconv.Quote(short(name)) }
