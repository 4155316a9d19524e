package logic

import (
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// formula is what the rewritten condition n says.
func (s *Space) formula(n *tree.Node) *Formula {
	if s.parts--; s.parts < 0 {
		return s.anything()
	}
	switch n.Op {
	case tree.Const:
		return truth(n.Is(true))
	case tree.Not:
		return Not(s.formula(n.Kids[0]))
	case tree.And:
		return And(s.formula(n.Kids[0]), s.formula(n.Kids[1]))
	case tree.Or:
		return Or(s.formula(n.Kids[0]), s.formula(n.Kids[1]))
	case tree.There:
		return s.there(n.Kids[0])
	case tree.GetField, tree.Elem, tree.Index:
		return number(s.value(n), only(1))
	case tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
		return s.compare(n.Op, n.Kids[0], n.Kids[1])
	case tree.In:
		return s.member(n, n.Kids[0], n.Kids[1])
	case tree.InRange:
		return And(s.compare(tree.Ge, n.Kids[0], n.Kids[1]), s.compare(tree.Le, n.Kids[0], n.Kids[2]))
	case tree.Matches:
		return s.matches(n, n.Kids[0])
	case tree.Contains, tree.StartsWith, tree.EndsWith:
		return s.holds(n, n.Kids[0], n.Kids[1])
	case tree.Any, tree.All, tree.One:
		return s.loop(n)
	}
	return s.opaque(n)
}

func truth(holds bool) *Formula {
	if holds {
		return yes()
	}
	return no()
}

// there says that a read finds something.
func (s *Space) there(n *tree.Node) *Formula {
	switch n.Op {
	case tree.ToInt, tree.ToFloat:
		if n.Kids[0].Type.Kind == tree.Int || n.Op == tree.ToFloat && n.Kids[0].Type.Kind == tree.Float {
			return yes()
		}
	case tree.Index:
		at, ok := n.Kids[1].Value.(int64)
		if !ok || at == least || n.Kids[1].Op != tree.Const {
			break
		}
		needed := at + 1
		if at < 0 {
			needed = -at
		}
		long := s.longer(n.Kids[0], needed)
		if !n.Kids[0].Type.ElemOptional {
			return long
		}
		return And(long, s.thereRead(n))
	}
	return s.thereRead(n)
}

func (s *Space) thereRead(n *tree.Node) *Formula {
	of := s.keyOf(n)
	r := s.read("there "+of, func(r *Read) {
		r.numbers, r.Absence, r.Of = truths(), true, of
		r.Plain, r.Mentions = plain(n), mentions(n)
	})
	return number(r, only(1))
}

// longer says that a list has so many elements or more.
func (s *Space) longer(list *tree.Node, n int64) *Formula {
	length := &tree.Node{Op: tree.Len, Type: tree.Of(tree.Int), Kids: []*tree.Node{list}}
	return number(s.value(length), from(n))
}

// member is x in list.
func (s *Space) member(n, x, list *tree.Node) *Formula {
	if s.parts--; s.parts < 0 {
		return s.anything()
	}
	switch {
	case x.Op == tree.Choice:
		return s.either(x, func(x *tree.Node) *Formula { return s.member(n, x, list) })
	case list.Op == tree.Choice:
		return s.either(list, func(list *tree.Node) *Formula { return s.member(n, x, list) })
	case list.Op != tree.MakeList:
		return s.opaque(&tree.Node{Op: tree.In, Type: n.Type, Kids: []*tree.Node{x, list}})
	}
	s.parts -= len(list.Kids)
	if kept, ok := s.memberOf(x, list.Kids); ok {
		return kept
	}
	options := make([]*Formula, len(list.Kids))
	for i, item := range list.Kids {
		options[i] = s.compare(tree.Eq, x, item)
	}
	return Or(options...)
}

// memberOf is x in a list of constants, if x is a text or a whole number that
// is read.
func (s *Space) memberOf(x *tree.Node, items []*tree.Node) (*Formula, bool) {
	var words []string
	var numbers []int64
	for _, item := range items {
		switch v := item.Value.(type) {
		case string:
			words = append(words, v)
		case int64:
			numbers = append(numbers, v)
		default:
			return nil, false
		}
	}
	switch {
	case x.Op == tree.Const:
		return nil, false
	case x.Type.Kind == tree.Text:
		return isOneOf(s.value(x), words), true
	case x.Type.Kind == tree.Int:
		return number(s.value(x), among(numbers)), true
	}
	return nil, false
}

// either takes a choice apart.
func (s *Space) either(n *tree.Node, of func(*tree.Node) *Formula) *Formula {
	condition := s.formula(n.Kids[0])
	return Or(And(condition, of(n.Kids[1])), And(Not(condition), of(n.Kids[2])))
}

func (s *Space) matches(n, text *tree.Node) *Formula {
	if s.parts--; s.parts < 0 {
		return s.anything()
	}
	switch text.Op {
	case tree.Choice:
		return s.either(text, func(text *tree.Node) *Formula { return s.matches(n, text) })
	case tree.Const:
		return truth(n.Pattern.MatchString(text.Value.(string)))
	}
	return passes(s.value(text), &test{key: "matches " + n.Pattern.String(), holds: n.Pattern.MatchString})
}

// holds is contains, startsWith or endsWith.
func (s *Space) holds(n, text, part *tree.Node) *Formula {
	if s.parts--; s.parts < 0 {
		return s.anything()
	}
	switch {
	case text.Op == tree.Choice:
		return s.either(text, func(text *tree.Node) *Formula { return s.holds(n, text, part) })
	case part.Op == tree.Choice:
		return s.either(part, func(part *tree.Node) *Formula { return s.holds(n, text, part) })
	case part.Op != tree.Const:
		return s.opaque(&tree.Node{Op: n.Op, Type: n.Type, Kids: []*tree.Node{text, part}})
	}
	t := textTest(n.Op, part.Value.(string))
	if text.Op == tree.Const {
		return truth(t.holds(text.Value.(string)))
	}
	if !mayHold(text, t.part) {
		return no()
	}
	return passes(s.value(text), t)
}

func textTest(op tree.Op, part string) *test {
	t := &test{part: part}
	switch op {
	case tree.Contains:
		t.kind, t.key, t.holds = contains, "contains ", func(s string) bool { return strings.Contains(s, part) }
	case tree.StartsWith:
		t.kind, t.key, t.holds = begins, "startsWith ", func(s string) bool { return strings.HasPrefix(s, part) }
	default:
		t.kind, t.key, t.holds = ends, "endsWith ", func(s string) bool { return strings.HasSuffix(s, part) }
	}
	t.key += part
	return t
}

// mayHold tells whether a text may hold a part: in lower case are no capital
// letters.
func mayHold(text *tree.Node, part string) bool {
	switch text.Op {
	case tree.Lower:
		return strings.ToLower(part) == part
	case tree.Upper:
		return strings.ToUpper(part) == part
	}
	return true
}

// loop is any, all or one. All is known by the opposite of any.
func (s *Space) loop(n *tree.Node) *Formula {
	each := s.formula(n.Kids[1])
	if n.Op == tree.All {
		return Not(s.any(n.Kids[0], Not(each), n))
	}
	any := s.any(n.Kids[0], each, n)
	if n.Op == tree.Any {
		return any
	}
	return And(any, s.atom("one", n, each, false))
}

// tries bounds the search for an element for which a condition can hold.
const tries = 500

func (s *Space) any(list *tree.Node, each *Formula, n *tree.Node) *Formula {
	budget := tries
	s.parts -= each.size()
	if s.parts < 0 {
		return s.anything()
	}
	switch {
	case Impossible(each, &budget):
		return no()
	case each.is(true):
		return s.longer(list, 1)
	}
	return And(s.longer(list, 1), s.atom("any", n, each, true))
}

// atom is a loop that is known by its list and what it asks of the elements.
func (s *Space) atom(name string, n *tree.Node, each *Formula, grows bool) *Formula {
	r := s.read(name+" "+s.keyOf(n.Kids[0])+" "+each.key(), func(r *Read) {
		r.numbers, r.Grows, r.Mentions = truths(), grows, mentions(n)
	})
	return number(r, only(1))
}
