package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"
)

// maxLook is the size, in bytes, up to which a file in a folder is looked into
// though its name is not that of a rule file.
const maxLook = 1 << 20

// A misnamed file holds rules or tests, but nothing in its name says so.
type misnamed struct{ path, problem string }

// lookInto remembers a file in a folder that seems to be meant as a rule file or
// as one of tests. What cannot be read as YAML is none.
func (f *finder) lookInto(path string) bool {
	problem := map[string]string{
		"rules": "holds rules, but its name does not end in .rules.yaml, so nothing reads it: rename it, or name it on the command line",
		"tests": "holds tests, but its name does not end in _test.yaml, so nothing runs them: rename it to that of its rule file, with _test.yaml behind it",
	}[heldBy(path)]
	if problem == "" {
		return false
	}
	f.misnamed = append(f.misnamed, misnamed{path, problem})
	return true
}

// tellMisnamed reports the misnamed files that no argument names.
func (f *finder) tellMisnamed() {
	for _, m := range f.misnamed {
		if key := identity(m.path); !f.seen[key] {
			f.seen[key] = true
			f.errs = append(f.errs, fmt.Errorf("%s: %s", filepath.ToSlash(filepath.Clean(m.path)), m.problem))
		}
	}
}

// heldBy is the key, rules or tests, under which a file holds rules or tests of
// this language. Files of other programs may have the same keys.
func heldBy(path string) string {
	end := filepath.Ext(path)
	if end != ".yaml" && end != ".yml" || holdsTests(path) {
		return ""
	}
	var document yaml.Node
	if yaml.Load(beginning(path), &document) != nil || len(document.Content) == 0 {
		return ""
	}
	root := document.Content[0]
	switch {
	case holds(underKey(root, "rules"), "when", "then"):
		return "rules"
	case holds(underKey(root, "tests"), "given", "base", "expect", "cases"):
		return "tests"
	}
	return ""
}

// beginning is the content of a file that is not too large to look into.
func beginning(path string) []byte {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > maxLook {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil // nobody has asked for it
	}
	data, err := io.ReadAll(io.LimitReader(file, maxLook))
	if file.Close() != nil || err != nil {
		return nil
	}
	return data
}

// holds tells of a list of which an entry has a name and one of the keys.
func holds(list *yaml.Node, keys ...string) bool {
	if list == nil || list.Kind != yaml.SequenceNode {
		return false
	}
	return slices.ContainsFunc(list.Content, func(entry *yaml.Node) bool {
		return underKey(entry, "name") != nil && slices.ContainsFunc(keys, func(key string) bool { return underKey(entry, key) != nil })
	})
}

// underKey is the value of a key, or nil.
func underKey(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
