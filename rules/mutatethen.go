package rules

import (
	"fmt"
	"maps"
	"reflect"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/mutate"
)

// outcomes makes the mutants of what follows from a rule. A text that stands in
// several places of it is changed in all of them.
func (m *mutation[In, Then]) outcomes(i int) (made []change[In, Then], left *NotMade) {
	rule := &m.set.rules[i]
	if rule.Mode != Enforce {
		return nil, &NotMade{Rule: rule.info(), Reason: "no test sees the outcome of a rule in shadow"}
	}
	for _, text := range rule.textsOnce() {
		edits := rule.textEdits(text)
		for n, edit := range edits {
			if m.ctx.Err() != nil {
				return made, left // what is made of it is not tried
			}
			if len(made) >= m.options.Most {
				left = leftOut(left, rule.info(), len(edits)-n)
				break
			}
			if c, ok := m.text(i, text, edit); ok {
				made = append(made, c)
			}
		}
	}
	items := countItems(rule.Then)
	for n := range items {
		if len(made) >= m.options.Most {
			return made, leftOut(left, rule.info(), items-n)
		}
		if m.ctx.Err() != nil {
			return made, left // what is made of it is not tried
		}
		then, of := withoutItem(rule.Then, n)
		made = append(made, m.dropped(i, then, of))
	}
	return made, left
}

// textsOnce are the texts of the outcome, each once.
func (r *compiled[In, Then]) textsOnce() []Text {
	var out []Text
	seen := map[Text]bool{}
	for _, placed := range textsOf(reflect.ValueOf(&r.Then).Elem(), "") {
		if !seen[placed.text] {
			seen[placed.text] = true
			out = append(out, placed.text)
		}
	}
	return out
}

// textEdits lists the changes of a text, and of the expressions in it.
func (r *compiled[In, Then]) textEdits(text Text) []mutate.Edit {
	var inside []mutate.Edit
	for _, part := range r.templates[text].parts {
		if part.text == "" {
			continue
		}
		_, node, _ := readInsert(part.text, part.env) // it has loaded before
		for _, e := range mutate.Condition(part.text, node) {
			e.Span.From, e.Span.To = e.Span.From+part.from, e.Span.To+part.from
			inside = append(inside, e)
		}
	}
	return mutate.Texts(string(text), inside...)
}

// text is the mutant that an edit makes of a text.
func (m *mutation[In, Then]) text(i int, text Text, edit mutate.Edit) (change[In, Then], bool) {
	rule := m.set.rules[i].apart()
	now := Text(edit.Apply(string(text)))
	t, problems := compileText(now, m.set.env(), inText(string(now)), m.constants())
	if len(problems) > 0 || now == text {
		return change[In, Then]{}, false
	}
	was := rule.templates[text]
	t.at = was.at
	value, constant := t.constant()
	t.fixed = constant
	for _, placed := range textsOf(reflect.ValueOf(&rule.Then).Elem(), "") {
		info := TextInfo{Rule: rule.Name, Field: placed.field, Constant: constant, Value: value}
		if placed.text == text && m.options.CheckText != nil && m.options.CheckText(info) != nil {
			return change[In, Then]{}, false
		}
	}
	rule.templates = maps.Clone(rule.templates)
	rule.templates[now] = t
	rule.Then = withText(rule.Then, text, now)

	out := m.changed(i, edit.Kind, edit.Old(string(text)), edit.New())
	out.rule = &rule
	out.at(was.at, edit.Span.From, edit.Span.To)
	out.goals = func(h *hunt[In, Then]) []prospect[In] { return h.filled(i, text) }
	out.same = func(h *hunt[In, Then]) bool { return h.sameText(i, was, t) }
	return out, true
}

// constants works out what reads nothing of the input.
func (m *mutation[In, Then]) constants() *eval.Frame {
	f := new(eval.Frame)
	f.Allow(1)
	return f
}

// dropped is the mutant without an item of the outcome.
func (m *mutation[In, Then]) dropped(i int, then Then, of item) change[In, Then] {
	rule := m.set.rules[i].apart()
	rule.Then = then
	out := m.changed(i, "outcome", fmt.Sprintf("outcome %d of %d", of.number, of.count), "")
	out.rule = &rule
	if t, ok := rule.templates[of.first]; ok {
		out.at(t.at, 0, utf8.RuneCountInString(string(of.first)))
	}
	out.goals = func(h *hunt[In, Then]) []prospect[In] { return h.firing(i) }
	return out
}
