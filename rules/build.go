package rules

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// A builder compiles rules one after the other and collects what is wrong.
type builder[In, Then any] struct {
	cfg   Config
	env   *check.Env
	names map[string]bool
	rules []compiled[In, Then]
	room  []condition         // for rules to come
	blank []details[In, Then] // for rules to come
	size  int                 // nodes of all rewritten conditions

	constants eval.Frame // works out the constants in all texts
	direct    eval.Directs
	index     index.Builder
	problems  []Problem
}

// maxParts bounds the memory of a set: the nodes of all its conditions and
// texts, when absent fields are worked in.
const maxParts = 5_000_000

// A source is a rule to be compiled, with the way from its texts to places.
type source[In, Then any] struct {
	Rule[In, Then]
	number       int // from 1, for rules without a good name
	file         string
	line, column int
	when         []locator // of Rule.When.texts; nil: in the texts themselves
	locate       func(text string) locator
	texts        []placedText       // of Rule.Then; nil: found by reflection
	namedAt      *yamlfile.Position // of the name, in a file
	nameless     bool               // the name is missing, and that is reported
}

func (b *builder[In, Then]) add(src source[In, Then]) {
	if len(b.problems) > maxProblems {
		b.names[src.Name] = true
		return // what is wrong with this one would not be listed
	}
	rule := compiled[In, Then]{Then: src.Then, details: b.detail()}
	*rule.details = details[In, Then]{
		Name: src.Name, Description: src.Description, Mode: src.Mode, inGo: src.When.holds,
		file: src.file, line: int32(src.line), column: int32(src.column),
	}
	wrong := b.checkName(&src)
	switch {
	case src.Mode > Off:
		wrong = append(wrong, Problem{Line: src.line, Column: src.column, Message: "its mode is none of Enforce, Shadow and Off"})
	case src.Mode == Shadow:
		rule.shadow = &shadowCounter{}
	}
	if src.When.holds == nil && len(src.When.texts) == 0 && src.when == nil {
		wrong = append(wrong, Problem{Message: "there is no condition: give When an expression or WhenFunc a function; rules.When[In](\"true\") is a rule that always fires"})
	}
	if src.When.holds != nil && src.Mode != Off {
		b.index.Always(len(b.rules), "its condition is a Go function")
	}
	direct, wrongConditions := b.addConditions(&rule, &src)
	wrong = append(wrong, wrongConditions...)
	wrong = append(wrong, b.addTexts(&rule, &src)...)
	for _, p := range wrong {
		p.File = src.file
		if p.Rule == "" {
			p.Rule = src.Name
		}
		b.problems = append(b.problems, p)
	}
	b.rules = append(b.rules, rule)
	b.direct.Append(direct)
}

// addConditions compiles the conditions of the rule. Direct is nil if they have
// no direct form.
func (b *builder[In, Then]) addConditions(rule *compiled[In, Then], src *source[In, Then]) (direct eval.Direct, wrong []Problem) {
	var rewritten []*tree.Node
	for i, text := range src.When.texts {
		if b.size > maxParts {
			break // reported
		}
		var placed locator
		if src.when != nil {
			placed = src.when[i]
		}
		c, n, problems := compileCondition(text, b.env, placed)
		if wrong = append(wrong, problems...); n == nil {
			continue
		}
		wrong = append(wrong, b.grow(n.Size(), c.at)...)
		if rule.conditions == nil {
			rule.conditions = b.take(len(src.When.texts))
		}
		rule.conditions, rewritten = append(rule.conditions, c), append(rewritten, n)
	}
	if len(wrong) == 0 && len(rewritten) > 0 {
		direct = rule.lower(rewritten)
		if src.Mode != Off {
			b.index.Add(len(b.rules), rewritten)
		}
	}
	return direct, wrong
}

// mostRoom is for how many rules room is made at a time.
const mostRoom = 256

// detail is room for the details of a rule, which rules share as well.
func (b *builder[In, Then]) detail() *details[In, Then] {
	if len(b.blank) == 0 {
		b.blank = make([]details[In, Then], min(max(len(b.rules), 1), mostRoom))
	}
	out := &b.blank[0]
	b.blank = b.blank[1:]
	return out
}

// take is room for the conditions of a rule. Rules share it, since most have one
// condition and there are many.
func (b *builder[In, Then]) take(n int) []condition {
	if len(b.room) < n {
		b.room = make([]condition, max(n, min(len(b.rules), mostRoom)))
	}
	out := b.room[:0:n]
	b.room = b.room[n:]
	return out
}

// grow accounts for the nodes of a condition or text.
func (b *builder[In, Then]) grow(size int, at locator) []Problem {
	before := b.size
	if b.size += size; b.size <= maxParts || before > maxParts {
		return nil
	}
	line, column := at(0)
	return []Problem{{Line: line, Column: column, Message: fmt.Sprintf("all rules together have more than %d parts: spread them over several sets", maxParts)}}
}

// addTexts compiles the texts of the rule's outcome.
func (b *builder[In, Then]) addTexts(rule *compiled[In, Then], src *source[In, Then]) []Problem {
	texts := src.texts
	if texts == nil {
		then := reflect.ValueOf(&rule.Then).Elem()
		if leadsBack(then, map[pointed]bool{}) {
			return []Problem{{Line: src.line, Column: src.column, Message: "its outcome leads back to itself: make it one that ends"}}
		}
		texts = textsOf(then, "")
	}
	var wrong []Problem
	for _, placed := range texts {
		if b.size > maxParts {
			break // reported
		}
		at := placed.at
		if at == nil {
			at = src.locate(string(placed.text))
		}
		t, problems := compileText(placed.text, b.env, at, &b.constants)
		if len(problems) > 0 {
			wrong = append(wrong, problems...)
			continue
		}
		wrong = append(wrong, b.grow(t.size, at)...)
		info := TextInfo{Rule: rule.Name, Field: placed.field}
		info.Value, info.Constant = t.constant()
		t.fixed = info.Constant
		if rule.templates == nil {
			rule.templates = map[Text]*template{}
		}
		if _, twice := rule.templates[placed.text]; !twice { // errors name the first place
			rule.templates[placed.text] = t
		}
		if b.cfg.CheckText == nil {
			continue
		}
		if err := b.cfg.CheckText(info); err != nil {
			line, column := at(0)
			wrong = append(wrong, Problem{Line: line, Column: column, Message: err.Error()})
		}
	}
	return wrong
}

func (b *builder[In, Then]) checkName(src *source[In, Then]) []Problem {
	line, column := src.line, src.column
	if src.namedAt != nil {
		line, column = src.namedAt.Line, src.namedAt.Column
	}
	bad := func(format string, args ...any) []Problem {
		return []Problem{{Line: line, Column: column, Message: fmt.Sprintf(format, args...)}}
	}
	name := src.Name
	switch {
	case src.nameless:
		return nil
	case name == "":
		return bad("rule %d has no name", src.number)
	case utf8.RuneCountInString(name) > 100 || !nameLike(name):
		return bad("a name is made of letters, digits, -, _ and ., at most 100 of them")
	case b.names[name]:
		return bad("another rule has the same name")
	}
	b.names[name] = true
	return nil
}

func nameLike(name string) bool {
	for _, r := range name {
		plain := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		if !plain && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return true
}

func (b *builder[In, Then]) set(hit Hit) (*Set[In, Then], error) {
	if err := loadError(b.problems); err != nil {
		return nil, err
	}
	if cap(b.rules) > len(b.rules) {
		b.rules = slices.Clone(b.rules)
	}
	s := &Set[In, Then]{hit: hit, rules: b.rules, direct: b.direct, byName: make([]int32, len(b.rules))}
	s.direct.Clip()
	if len(s.rules) == 1 {
		s.single = s.direct.At(0)
	}
	for i := range s.rules {
		s.rules[i].set = s
		s.byName[i] = int32(i)
	}
	slices.SortFunc(s.byName, func(a, b int32) int { return strings.Compare(s.rules[a].Name, s.rules[b].Name) })
	s.index = b.index.Build()
	s.frames.New = func() any { return new(eval.Frame) }
	s.looks.New = func() any { return new(index.Scratch) }
	return s, nil
}
