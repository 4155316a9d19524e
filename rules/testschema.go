package rules

import (
	"cmp"
	"regexp"

	"github.com/afterword-go/afterword/internal/schema"
)

// given is a payload, complete or in part.
func (f *fileSchema) given() *schema.Schema {
	return typed(reference(f.payload.Name()), schema.Object)
}

// tests defines a test, a case of one and what they hold.
func (f *fileSchema) tests() {
	f.expectation()
	f.changes()
	one := f.test()
	f.Define("case", one)
	test := f.test()
	cases := listOf(reference("case"))
	cases.MinItems = schema.To(1)
	test.Properties = append(test.Properties, property("cases",
		"Variations: each begins with the payload and the expectations of the test, and changes what it says.", cases))
	test.AllOf = []*schema.Schema{
		{AnyOf: []*schema.Schema{has("given"), has("base"), has("cases")}},
		{AnyOf: []*schema.Schema{has("expect"), has("cases")}},
	}
	f.Define("test", test)
}

// test is what tests and cases have in common.
func (f *fileSchema) test() *schema.Schema {
	name := text()
	name.Pattern, name.PatternMessage = `\S`, "a test needs a name"
	s := closed(
		property("name", "The name, unique in the file.", name),
		property("given", "The payload, complete or in part: what is left out, or null, is absent.", f.given()),
		property("base", "The name of a fixture to begin with in place of given.", text()),
		property("set", "Paths and the values to put there.", reference("set")),
		property("unset", "Paths to remove.", reference("unset")),
		property("expect", "What is to follow.", reference("expect")),
	)
	s.Required = []string{"name"}
	s.If, s.Then = has("given"), &schema.Schema{Properties: schema.Properties{{Name: "base", Schema: schema.Nothing()}}}
	return s
}

// expectation defines what a test expects.
func (f *fileSchema) expectation() {
	outcome := &schema.Schema{}
	of := f.then
	if len(of.AnyOf) > 0 {
		of = of.AnyOf[0]
	}
	for _, p := range f.Resolve(of).Properties {
		outcome.Properties = append(outcome.Properties, property(p.Name, p.Schema.Description, &schema.Schema{}))
	}
	f.Define("outcome", outcome)
	key := cmp.Or(f.cfg.Outcomes, "outcomes")
	f.Define("expect", closed(
		property(key, "Exactly these follow, in this order and with all fields; [] for none.", &schema.Schema{
			AnyOf: []*schema.Schema{listOf(reference("outcome")), typed(reference("outcome"), schema.Object)},
		}),
		property("fired", "Exactly these rules fire, rules in shadow included.", listOf(text())),
		property("skipped", "These rules are skipped, each for exactly these absent fields.", &schema.Schema{
			Type: schema.Types{schema.Object}, Others: listOf(text()),
		}),
		property("error", "The decision is an error that holds this text; without it, an error fails the test.", text()),
	))
}

// changes defines the paths that a test may set and unset.
func (f *fileSchema) changes() {
	w := pathWalk{Builder: &f.Builder, open: map[*schema.Schema]bool{}}
	w.group("", "", f.payload)
	set := closed(w.plain...)
	set.Patterns = w.inLists
	f.Define("set", set)

	paths := &schema.Schema{}
	for _, p := range w.plain {
		paths.Enum = append(paths.Enum, p.Name)
		paths.EnumDescriptions = append(paths.EnumDescriptions, p.Schema.Description)
	}
	items := &schema.Schema{AnyOf: []*schema.Schema{paths}}
	for _, p := range w.inLists {
		items.AnyOf = append(items.AnyOf, &schema.Schema{Type: schema.Types{schema.String}, Pattern: p.Name, Description: p.Schema.Description})
	}
	f.Define("unset", listOf(items))
}

// A pathWalk lists the paths into a payload: those without places in lists by
// name, the others by pattern.
type pathWalk struct {
	*schema.Builder
	open    map[*schema.Schema]bool // the groups around
	plain   schema.Properties
	inLists schema.Properties
}

// group lists the paths into a group. Pattern is that of its own path, which
// is empty as long as the path has no place in a list.
func (w *pathWalk) group(path, pattern string, ref *schema.Schema) {
	group := w.Resolve(ref)
	if w.open[group] || len(w.plain)+len(w.inLists) >= maxFields {
		// It holds itself, or this would never end: anything may follow.
		own := pattern
		if own == "" {
			own = regexp.QuoteMeta(path)
		}
		w.inLists = append(w.inLists, schema.Property{Name: "^" + own, Schema: &schema.Schema{}})
		return
	}
	w.open[group] = true
	defer delete(w.open, group)
	for _, p := range group.Properties {
		quoted := regexp.QuoteMeta(p.Name)
		if pattern == "" {
			w.field(path+p.Name, regexp.QuoteMeta(path)+quoted, p.Schema, false)
			continue
		}
		w.field(path+p.Name, pattern+quoted, p.Schema, true)
	}
}

// field lists the path of a field, and those into it.
func (w *pathWalk) field(path, pattern string, s *schema.Schema, inList bool) {
	if inList {
		w.inLists = append(w.inLists, schema.Property{Name: "^" + pattern + "$", Schema: s})
	} else {
		w.plain = append(w.plain, schema.Property{Name: path, Schema: s})
	}
	of := w.Resolve(s)
	switch {
	case len(of.Properties) > 0 && inList:
		w.group(path+".", pattern+`\.`, of)
	case len(of.Properties) > 0:
		w.group(path+".", "", of)
	case of.Items != nil:
		w.field(path+"[]", pattern+`\[(0|[1-9][0-9]*)\]`, of.Items, true)
	}
}
