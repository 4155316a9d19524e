package rules

import (
	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// A lintFile is what a lint, and a draft of tests, has to know of a file beside
// its rules.
type lintFile struct {
	name     string
	outcomes string // the key under which its tests expect them
	rules    []ruleSpan
	vars     []lintEntry
	fixtures []lintEntry
	ignores  []yamlfile.Comment
}

// A lintEntry is a constant, a group of constants or a fixture.
type lintEntry struct {
	yamlfile.Position
	name string // of a constant: with those of its groups
	kids []lintEntry
	used bool
}

// ignoreMark begins a comment that silences findings.
const ignoreMark = "lint:ignore"

// remember keeps what a lint asks about the file that is open.
func (l *loader[In, Then]) remember(root *yaml.Node) {
	f := lintFile{name: l.name, outcomes: l.outcomesKey(), ignores: l.file.Comments(ignoreMark)}
	if len(l.files) == 0 { // the others have tests alone
		f.rules = l.spans
		f.vars = l.entries(member(root, "vars"), "vars.")
	}
	if fixtures := member(root, "fixtures"); fixtures != nil && fixtures.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(fixtures.Content); i += 2 {
			key := fixtures.Content[i]
			f.fixtures = append(f.fixtures, lintEntry{Position: l.file.At(key), name: key.Value})
		}
	}
	l.files = append(l.files, f)
}

// entries are the constants of a group.
func (l *loader[In, Then]) entries(n *yaml.Node, prefix string) []lintEntry {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var out []lintEntry
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := prefix + n.Content[i].Value
		out = append(out, lintEntry{
			Position: l.file.At(n.Content[i]), name: name,
			kids: l.entries(n.Content[i+1], name+"."),
		})
	}
	return out
}

// markUsed notes the fixtures that tests begin with.
func (s *Set[In, Then]) markUsed(used map[string]bool) {
	for _, f := range s.files {
		for i := range f.fixtures {
			f.fixtures[i].used = used[f.fixtures[i].name]
		}
	}
}
