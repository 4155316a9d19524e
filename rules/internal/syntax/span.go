package syntax

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Kids lists the nodes directly below n, in the order of expr's fields.
func Kids(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return []ast.Node{n.Node}
	case *ast.BinaryNode:
		return []ast.Node{n.Left, n.Right}
	case *ast.ChainNode:
		return []ast.Node{n.Node}
	case *ast.MemberNode:
		return []ast.Node{n.Node, n.Property}
	case *ast.SliceNode:
		return present(n.Node, n.From, n.To)
	case *ast.CallNode:
		return append([]ast.Node{n.Callee}, n.Arguments...)
	case *ast.BuiltinNode:
		return n.Arguments
	case *ast.PredicateNode:
		return []ast.Node{n.Node}
	case *ast.ConditionalNode:
		return []ast.Node{n.Cond, n.Exp1, n.Exp2}
	case *ast.ArrayNode:
		return n.Nodes
	case *ast.MapNode:
		return n.Pairs
	case *ast.PairNode:
		return []ast.Node{n.Key, n.Value}
	}
	return nil
}

func present(nodes ...ast.Node) []ast.Node {
	var kept []ast.Node
	for _, n := range nodes {
		if n != nil {
			kept = append(kept, n)
		}
	}
	return kept
}

// Span is the part of the text that n is, given the spans of its kids.
// expr keeps the place of one token for each node only.
func (e *Expr) Span(n ast.Node, kids ...tree.Span) tree.Span {
	var span tree.Span
	if i, ok := e.at(n.Location().From); ok && !placeless(n) {
		span = tree.Span{From: e.tokens[i].From, To: e.tokens[i].To}
		if called(n) && i+1 < len(e.tokens) {
			span.To = e.tokens[i+1].To // the opening bracket
		}
	} else if len(kids) > 0 {
		span = kids[0]
	}
	for _, kid := range kids {
		span.From = min(span.From, kid.From)
		span.To = max(span.To, kid.To)
	}
	return e.balance(span)
}

// Pipe is where the | stands that hands the call n what is in front of it.
func (e *Expr) Pipe(n ast.Node) (at int, piped bool) {
	i, ok := e.at(n.Location().From)
	if !ok || i == 0 || !e.tokens[i-1].Is(lexer.Operator, "|") {
		return 0, false
	}
	return e.tokens[i-1].From, true
}

// placeless tells of nodes whose location is not a token of their own.
func placeless(n ast.Node) bool {
	switch n.(type) {
	case *ast.ConditionalNode, *ast.PredicateNode:
		return true
	}
	return false
}

func called(n ast.Node) bool {
	switch n.(type) {
	case *ast.CallNode, *ast.BuiltinNode:
		return true
	}
	return false
}

// balance widens span until every bracket in it has its partner in it.
func (e *Expr) balance(span tree.Span) tree.Span {
	first, ok := e.at(span.From)
	if !ok {
		return span
	}
	if e.match == nil {
		return span
	}
	for i := first; i < len(e.tokens) && e.tokens[i].From < span.To; i++ {
		if e.tokens[i].Kind != lexer.Bracket {
			continue
		}
		partner, ok := e.partner(i)
		if !ok {
			continue
		}
		span.From = min(span.From, e.tokens[partner].From)
		span.To = max(span.To, e.tokens[partner].To)
	}
	return span
}
