package rules

import (
	"slices"

	"github.com/afterword-go/afterword/rules/internal/layout"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// Format writes a rule file, or a file of tests, in its canonical form; the
// language reference, docs/rules.md, describes it. The file may hold rules that
// do not compile, and unknown keys, which stay in their place. What the file
// says does not change, no comment is lost, and formatting the result again
// changes nothing. The name stands in errors only.
//
// The error is a *LoadError with every problem of the YAML.
func Format(name string, data []byte) ([]byte, error) {
	file, problems := yamlfile.Parse(data, MaxFile)
	if len(problems) > 0 {
		return nil, unsound(name, problems)
	}
	doc := layout.Read(file)
	formatFile(doc)
	out := doc.Print()
	if len(out) > MaxFile {
		return nil, unformatted(name, "formatted, the file would be too large: split it, or write it flatter")
	}
	again, problems := yamlfile.Parse(out, MaxFile)
	if len(problems) > 0 || !doc.Same(again) {
		return nil, unformatted(name, "this file cannot be formatted without changing what it says: write it in a simpler way")
	}
	return out, nil
}

func unsound(name string, problems []yamlfile.Problem) error {
	all := make([]Problem, len(problems))
	for i, p := range problems {
		all[i] = Problem{File: name, Line: p.Line, Column: p.Column, Message: p.Message}
	}
	return loadError(all)
}

func unformatted(name, message string) error {
	return loadError([]Problem{{File: name, Line: 1, Column: 1, Message: message}})
}

// formatFile puts what a file holds into order.
func formatFile(doc *layout.Document) {
	root := doc.Root
	root.Order("version", "event", "hit", "vars", "rules", "fixtures", "tests")
	formatSections(root)
	for _, rule := range items(root.Member("rules")) {
		rule.Gap = layout.Always
		rule.Value.Order("name", "description", "mode", "when", "then")
		together(rule.Value)
		formatConditions(doc, rule.Value.Member("when"))
	}
	tests := items(root.Member("tests"))
	gap := layout.Never
	if len(tests) > 0 && slices.ContainsFunc(tests[1:], (*layout.Entry).Apart) {
		gap = layout.Always
	}
	for _, test := range tests {
		test.Gap = gap
		formatTest(test.Value)
		for _, c := range items(test.Value.Member("cases")) {
			formatTest(c.Value)
		}
	}
}

// formatSections says where blank lines stand between the keys of a file:
// behind sections, and not between the lines in front of them.
func formatSections(root *layout.Node) {
	if root.Kind != layout.Group {
		return
	}
	for i, e := range root.Entries {
		switch {
		case i > 0 && root.Entries[i-1].Value.Kind != layout.Scalar:
			e.Gap = layout.Always
		case e.Value.Kind == layout.Scalar && !e.Commented():
			e.Gap = layout.Never
		}
	}
}

// formatTest puts the keys of a test, or of a case of one, into order.
func formatTest(test *layout.Node) {
	test.Order("name", "base", "given", "set", "unset", "expect", "cases")
	together(test)
}

// formatConditions spaces a condition, or each of a list.
func formatConditions(doc *layout.Document, when *layout.Node) {
	if when == nil {
		return
	}
	doc.Respace(when)
	for _, e := range items(when) {
		doc.Respace(e.Value)
	}
}

// together removes the blank lines between the keys of a group.
func together(n *layout.Node) {
	if n.Kind != layout.Group {
		return
	}
	for _, e := range n.Entries {
		e.Gap = layout.Never
	}
}

// items are the entries of a list; none of anything else.
func items(n *layout.Node) []*layout.Entry {
	if n == nil || n.Kind != layout.List {
		return nil
	}
	return n.Entries
}
