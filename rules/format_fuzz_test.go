package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

func FuzzFormat(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "testdata/*/*.yaml", "../examples/*/*.yaml", "../examples/*/rules/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		require.NotEmpty(f, files)
		for _, name := range files {
			data, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add(string(data))
		}
	}
	for _, c := range formatCases {
		f.Add(c.in)
	}
	for _, condition := range seedConditions {
		f.Add("rules: [{when: '" + strings.ReplaceAll(condition, "'", "''") + "'}]")
	}
	f.Fuzz(func(t *testing.T, data string) { checkFormat(t, data) })
}

// checkFormat holds Format to what it promises for any file.
func checkFormat(t *testing.T, data string) {
	t.Helper()
	out, err := rules.Format("x.rules.yaml", []byte(data))
	before, problems := yamlfile.Parse([]byte(data), rules.MaxFile)
	if len(problems) > 0 {
		require.Error(t, err)
		return
	}
	require.NoError(t, err, "%q", data)
	after, problems := yamlfile.Parse(out, rules.MaxFile)
	require.Empty(t, problems)

	again, err := rules.Format("x.rules.yaml", out)
	require.NoError(t, err)
	require.Equal(t, string(out), string(again), "not idempotent")
	require.Equal(t, meaning(before.Root(), ""), meaning(after.Root(), ""))
	require.ElementsMatch(t, commentsOf(before, data), commentsOf(after, string(out)))
	tidy(t, after, string(out))
	sameDecisions(t, data, string(out))
}

// tidy wants no white space that shows nothing, outside of texts.
func tidy(t *testing.T, f *yamlfile.File, out string) {
	t.Helper()
	require.True(t, strings.HasSuffix(out, "\n"))
	require.NotContains(t, out, "\r")
	masked := inScalars(f)
	for i, line := range strings.Split(out, "\n") {
		end := yamlfile.Position{Line: i + 1, Column: len([]rune(line))}
		if trimmed := strings.TrimRight(line, " \t"); trimmed != line {
			require.True(t, masked[end], "white space behind line %d", i+1)
		}
	}
}

// meaning is a tree of values in one text; the order of keys does not matter.
func meaning(n *yaml.Node, path string) string {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "null"
		}
		if path == ".rules[].when" || path == ".rules[].when[]" {
			return n.Tag + structure(n.Value)
		}
		return fmt.Sprintf("%s %q", n.Tag, n.Value)
	case yaml.SequenceNode:
		var items []string
		for _, item := range n.Content {
			items = append(items, meaning(item, path+"[]"))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	var members []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		members = append(members, meaning(key, "")+": "+meaning(n.Content[i+1], path+"."+key.Value))
	}
	slices.Sort(members)
	return "{" + strings.Join(members, ", ") + "}"
}

// structure is a condition without what does not matter.
func structure(text string) string {
	tree, err := parser.Parse(text)
	if err != nil || strings.Contains(text, "//") || strings.Contains(text, "/*") {
		return text
	}
	ast.Walk(&tree.Node, renamer{})
	return ast.Dump(tree.Node)
}

// A renamer gives operators one name, and nodes no place.
type renamer struct{}

func (renamer) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.BinaryNode:
		n.Operator = map[string]string{"&&": "and", "||": "or"}[n.Operator] + n.Operator
		n.Operator = strings.TrimSuffix(strings.TrimSuffix(n.Operator, "&&"), "||")
	case *ast.UnaryNode:
		n.Operator = strings.Replace(n.Operator, "!", "not", 1)
	}
	(*node).SetLocation((*node).Location())
}

// inScalars are the places of the file that belong to values.
func inScalars(f *yamlfile.File) map[yamlfile.Position]bool {
	masked := map[yamlfile.Position]bool{}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			places := f.Runes(n)
			for _, p := range places[:len(places)-1] {
				masked[p] = true
			}
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(f.Root())
	return masked
}

// commentsOf are the comments of a file: what stands behind a # that is no part
// of a value.
func commentsOf(f *yamlfile.File, data string) []string {
	var all []string
	masked := inScalars(f)
	data = strings.TrimPrefix(data, "\uFEFF")
	data = strings.ReplaceAll(strings.ReplaceAll(data, "\r\n", "\n"), "\r", "\n")
	for i, line := range strings.Split(data, "\n") {
		runes := []rune(line)
		for j, c := range runes {
			if c == '#' && (j == 0 || runes[j-1] == ' ' || runes[j-1] == '\t') && !masked[yamlfile.Position{Line: i + 1, Column: j + 1}] {
				all = append(all, strings.TrimRight(string(runes[j:]), " \t"))
				break
			}
		}
	}
	return all
}

// sameDecisions wants a file that loads to load, to decide and to test the
// same when it is formatted.
func sameDecisions(t *testing.T, before, after string) {
	t.Helper()
	a, err := parseTests(before, "")
	if err != nil {
		return
	}
	b, err := parseTests(after, "")
	require.NoError(t, err)
	for _, form := range []*Form{{}, fullForm(), holedForm()} {
		assert.Equal(t, matched(t, a, form), matched(t, b, form))
	}
	tests := b.Tests()
	require.Len(t, tests, len(a.Tests()))
	for i, test := range a.Tests() {
		require.Equal(t, test.Name, tests[i].Name)
		assert.Equal(t, a.RunTest(t.Context(), test, mailTester{}).Passed(), b.RunTest(t.Context(), tests[i], mailTester{}).Passed(), test.Name)
	}
}

// matched is what a set decides about a form.
func matched(t *testing.T, set *mailSet, form *Form) []string {
	t.Helper()
	var all []string
	for match, err := range set.Matches(t.Context(), form) {
		if err != nil {
			all = append(all, "failed")
			continue
		}
		all = append(all, match.Name())
		for _, mail := range match.Then() {
			to, toErr := match.Render(mail.To)
			subject, err := match.Render(mail.Subject)
			all = append(all, to, subject, fmt.Sprint(toErr == nil, err == nil))
		}
	}
	return all
}
