package engines

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/casbin/govaluate"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

func govaluateDialect() dialect {
	return dialect{
		and: " && ", or: " || ", is: "%s == %s", length: "len(%s)",
		oneOf:   func(field string, values []string) string { return field + " IN (" + strings.Join(values, ", ") + ")" },
		matches: func(field, pattern string) string { return field + " =~ " + strconv.Quote(pattern) },
	}
}

// govaluateEvent is an event for govaluate, with values of the kinds that it
// works with. Absent fields are zero.
type govaluateEvent struct{ csatRank, skillName, agentName, wait any }

// Get implements govaluate.Parameters.
func (e *govaluateEvent) Get(name string) (any, error) {
	switch name {
	case "csatRank":
		return e.csatRank, nil
	case "skillName":
		return e.skillName, nil
	case "agentName":
		return e.agentName, nil
	case "wait":
		return e.wait, nil
	}
	return nil, fmt.Errorf("no field %s", name)
}

// Govaluate is govaluate: an expression for each rule.
func Govaluate() Engine {
	return Engine{
		Name: "govaluate", Module: "github.com/casbin/govaluate",
		Load: func(s *workload.Set) (Loaded, error) {
			d := govaluateDialect().with(s)
			functions := map[string]govaluate.ExpressionFunction{"len": lengthOf}
			list := make([]*govaluate.EvaluableExpression, len(s.Rules))
			for i, r := range s.Rules {
				compiled, err := govaluate.NewEvaluableExpressionWithFunctions(d.write(r.When), functions)
				if err != nil {
					return nil, fmt.Errorf("rule %s: %w", r.Name, err)
				}
				list[i] = compiled
			}
			return loadedFunc(func(events []workload.Event) (Run, error) { return runGovaluate(list, events), nil }), nil
		},
	}
}

// lengthOf is the number of characters of a text.
func lengthOf(arguments ...any) (any, error) {
	text, ok := arguments[0].(string)
	if !ok {
		return nil, fmt.Errorf("len is of a text")
	}
	return float64(utf8.RuneCountInString(text)), nil
}

func runGovaluate(list []*govaluate.EvaluableExpression, events []workload.Event) Run {
	boxed, mask := make([]govaluateEvent, len(events)), len(events)-1
	for i, e := range events {
		boxed[i] = govaluateEvent{float64(orZero(e.CSATRank)), e.SkillName, e.AgentName, float64(orZero(e.Wait))}
	}
	return func(from, count int) (sum uint64) {
		for i := from; i < from+count; i++ {
			e := &boxed[i&mask]
			for rule, expression := range list {
				holds, err := expression.Eval(e)
				if err != nil {
					panic(err)
				}
				if holds == true {
					sum += workload.Mark(rule)
				}
			}
		}
		return sum
	}
}
