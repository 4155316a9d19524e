package rules_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// builtin is the functions of docs/rules.md, and those a program registers.
func (r *reference) builtin(name string, args []ast.Node) outcome {
	switch name {
	case "any", "all", "none", "one", "filter", "map", "count":
		return r.loop(name, args[0], args[1])
	case "sum":
		if len(args) == 2 {
			return r.loop(name, args[0], args[1])
		}
	}
	if name == "sum" || name == "join" {
		return r.strictElements(args, func(args []any) outcome { return callBuiltin(name, args) })
	}
	return r.strict(args, func(args []any) outcome {
		if own, ok := r.calls[name]; ok {
			return own(r, args)
		}
		return callBuiltin(name, args)
	})
}

// loop evaluates the predicate for every element in order.
func (r *reference) loop(name string, listNode, predicate ast.Node) outcome {
	list := r.eval(listNode)
	if list.state != known {
		return list
	}
	elements := list.value.([]any)
	if p, ok := predicate.(*ast.PredicateNode); ok {
		predicate = p.Node
	}
	switch name {
	case "any":
		return r.decide(elements, predicate, true, true)
	case "all":
		return r.decide(elements, predicate, false, false)
	case "none":
		return r.decide(elements, predicate, true, false)
	}
	worst, results := known, make([]any, 0, len(elements))
	for _, element := range elements {
		o := r.with(element, predicate)
		worst = r.worse(worst, o.state)
		results = append(results, o.value)
	}
	if worst != known {
		return outcome{state: worst}
	}
	return gather(name, elements, results)
}

func (r *reference) with(element any, predicate ast.Node) outcome {
	r.around = append(r.around, element)
	defer func() { r.around = r.around[:len(r.around)-1] }()
	return r.eval(predicate)
}

// decide stops at the first element whose condition is stop, and says result
// then and the opposite at the end.
func (r *reference) decide(elements []any, predicate ast.Node, stop, result bool) outcome {
	doubt := false
	for _, element := range elements {
		o := r.with(element, predicate)
		switch {
		case o == value(stop):
			return value(result)
		case o.state == failed && (r.eager || !doubt):
			return isFailed
		case o.state != known:
			doubt = true
		}
	}
	if doubt {
		return isUnknown
	}
	return value(!result)
}

// gather is what the functions make of the results for all elements.
func gather(name string, elements, results []any) outcome {
	kept := []any{}
	switch name {
	case "map":
		return value(results)
	case "sum":
		return total(results)
	}
	for i, holds := range results {
		if holds.(bool) {
			kept = append(kept, elements[i])
		}
	}
	switch name {
	case "one":
		return value(len(kept) == 1)
	case "count":
		return value(int64(len(kept)))
	case "filter":
		return value(kept)
	}
	panic("loop " + name)
}

func total(items []any) outcome {
	sum := value(int64(0))
	for _, item := range items {
		if sum = calculate("+", sum.value, item); sum.state != known {
			return sum
		}
	}
	return sum
}

func callBuiltin(name string, args []any) outcome {
	switch name {
	case "sum":
		return total(args[0].([]any))
	case "len":
		if list, ok := args[0].([]any); ok {
			return value(int64(len(list)))
		}
		return value(int64(utf8.RuneCountInString(args[0].(string))))
	case "lower":
		return value(strings.ToLower(args[0].(string)))
	case "upper":
		return value(strings.ToUpper(args[0].(string)))
	case "trim":
		return value(strings.TrimSpace(args[0].(string)))
	case "join":
		return join(args[0].([]any), args[1].(string))
	case "int":
		return toInt(args[0])
	case "float":
		return toNumber(args[0])
	case "string":
		return value(show(args[0]))
	case "date":
		return toDate(args[0].(string))
	}
	panic("the reference does not know the function " + name)
}

func join(list []any, separator string) outcome {
	texts := make([]string, 0, len(list))
	for _, item := range list {
		texts = append(texts, item.(string))
	}
	return value(strings.Join(texts, separator))
}

func toInt(v any) outcome {
	switch v := v.(type) {
	case int64:
		return value(v)
	case float64:
		v = math.Trunc(v)
		if math.IsNaN(v) || v < math.MinInt64 || v >= math.MaxInt64 {
			return isUnknown // the document is silent: as with a text of too many digits
		}
		return value(int64(v))
	}
	whole, err := strconv.ParseInt(v.(string), 10, 64)
	if err != nil {
		return isUnknown
	}
	return value(whole)
}

func toNumber(v any) outcome {
	text, ok := v.(string)
	if !ok {
		return value(toFloat(v))
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return isUnknown
	}
	return value(number)
}

func show(v any) string {
	switch v := v.(type) {
	case float64:
		if math.Abs(v) >= 1e15 { // the document is silent on how large numbers look
			return strconv.FormatFloat(v, 'e', -1, 64)
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprint(v)
}

func toDate(text string) outcome {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return value(at)
		}
	}
	panic("the generator made a wrong date " + text)
}
