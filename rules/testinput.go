package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// testInput finds the payload that a test or case begins with, and changes it
// as that says.
func (l *loader[In, Then]) testInput(n *yaml.Node, doc *documentTest, test *Test, all *tally) {
	switch {
	case doc.Given != nil && doc.Base != "":
		l.report(n, "a test has given or base, not both")
	case doc.Given != nil:
		test.payload = l.payload(doc.Given)
	case doc.Base != "":
		base, ok := l.bases[doc.Base]
		if !ok && !l.full() {
			l.refuse(member(n, "base"), "unknown fixture %s%s", doc.Base, meant(doc.Base, slices.Sorted(maps.Keys(l.bases))))
		}
		test.payload = base
	case test.payload == nil && doc.Cases != nil && doc.Set == nil && doc.Unset == nil:
		return // each case has its own
	case test.payload == nil && !test.unsound:
		l.report(n, "the test has no input: write given, or base with the name of a fixture")
	}
	if test.payload == nil {
		test.payload = &given{l.name, n, map[string]*given{}}
	}
	test.payload = test.payload.swept() // a copy
	test.payload = l.changed(test.payload, doc.Set, all)
	test.payload = l.cut(test.payload, doc.Unset, all)
}

// changed sets values at paths.
func (l *loader[In, Then]) changed(payload *given, set *yaml.Node, all *tally) *given {
	if set == nil {
		return payload
	}
	if set.Kind != yaml.MappingNode {
		l.report(set, "set is a group: a path and a value each")
		return payload
	}
	for i := 0; i+1 < len(set.Content); i += 2 {
		path, node := set.Content[i], set.Content[i+1]
		steps, t := l.steps(path)
		if steps == nil {
			continue
		}
		l.checkNames(node, t)
		payload = all.put(payload, steps, placed(l.name, node, l.plain(node, path.Value)))
		if all.bytes > maxInputs {
			l.report(path, "the lists that paths make are too long: use smaller places in them")
			break
		}
	}
	return payload
}

// cut removes the values at paths. Places in lists are those before anything
// is removed.
func (l *loader[In, Then]) cut(payload *given, unset *yaml.Node, all *tally) *given {
	if unset == nil {
		return payload
	}
	if unset.Kind != yaml.SequenceNode {
		l.report(unset, "unset is a list of paths")
		return payload
	}
	for _, path := range unset.Content {
		if path.Kind != yaml.ScalarNode || path.Tag == "!!null" {
			l.report(path, "unset is a list of paths such as questions[0].answer")
			continue
		}
		if steps, _ := l.steps(path); steps != nil {
			payload = all.put(payload, steps, &given{l.name, path, absent{}})
		}
	}
	return payload.swept()
}

// steps takes a path such as questionWithAnswers[0].answer apart, and finds
// the type of what it leads to.
func (l *loader[In, Then]) steps(path *yaml.Node) ([]any, *tree.Type) {
	if path.Kind != yaml.ScalarNode {
		return nil, nil // reported
	}
	var steps []any
	t := l.env.Input
	before := ""
	for part := range strings.SplitSeq(path.Value, ".") {
		name, indexes, indexed := strings.Cut(part, "[")
		if t.Kind != tree.Group {
			l.refuse(path, "%s has no fields that a path could name: it is %s", before, t)
			return nil, nil
		}
		field, ok := t.Field(name)
		if name == "" {
			l.refuse(path, "%q is not a path such as questions[0].answer", path.Value)
			return nil, nil
		}
		if !ok {
			l.refuse(path, "unknown field %s%s", name, meant(name, t.Names()))
			return nil, nil
		}
		steps, t = append(steps, name), field.Type
		if indexed {
			for index := range strings.SplitSeq(indexes, "[") {
				i, ok := placeInList(index)
				if !ok || t.Kind != tree.List {
					l.refuse(path, "%q is not a path such as questions[0].answer", path.Value)
					return nil, nil
				}
				steps, t = append(steps, i), t.Elem
			}
		}
		before = strings.TrimPrefix(before+"."+part, ".")
	}
	return steps, t
}

// placeInList reads a place in a list and the bracket behind it.
func placeInList(text string) (int, bool) {
	digits, closed := strings.CutSuffix(text, "]")
	i, err := strconv.Atoi(digits)
	return i, closed && err == nil && i <= maxIndex && strconv.Itoa(i) == digits && i >= 0
}

// maxIndex bounds the lists that paths make.
const maxIndex = 10_000
