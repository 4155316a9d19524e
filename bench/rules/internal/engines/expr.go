package engines

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// exprDialect is also Afterword's.
func exprDialect() dialect {
	return dialect{
		and: " and ", or: " or ", is: "%s == %s", length: "len(%s)",
		oneOf:   func(field string, values []string) string { return field + " in [" + strings.Join(values, ", ") + "]" },
		matches: func(field, pattern string) string { return field + " matches " + strconv.Quote(pattern) },
	}
}

// exprEvent is an event for expr: a struct by value, for expr allocates for
// each field that it reads through a pointer. Absent fields are zero.
type exprEvent struct {
	CSATRank  int    `expr:"csatRank"`
	SkillName string `expr:"skillName"`
	AgentName string `expr:"agentName"`
	Wait      int    `expr:"wait"`
}

// Expr is expr-lang/expr: a program for each rule, events boxed before, and one
// machine for all.
func Expr() Engine {
	return Engine{
		Name: "expr", Module: "github.com/expr-lang/expr",
		Load: func(s *workload.Set) (Loaded, error) {
			d := exprDialect().with(s)
			programs := make([]*vm.Program, len(s.Rules))
			for i, r := range s.Rules {
				program, err := expr.Compile(d.write(r.When), expr.Env(exprEvent{}), expr.AsBool(), expr.WarnOnAny())
				if err != nil {
					return nil, fmt.Errorf("rule %s: %w", r.Name, err)
				}
				programs[i] = program
			}
			return loadedFunc(func(events []workload.Event) (Run, error) {
				boxed := make([]any, len(events))
				for i, e := range events {
					boxed[i] = exprEvent{orZero(e.CSATRank), e.SkillName, e.AgentName, orZero(e.Wait)}
				}
				return runExpr(programs, boxed), nil
			}), nil
		},
	}
}

func runExpr(programs []*vm.Program, events []any) Run {
	machine, mask := new(vm.VM), len(events)-1
	return func(from, count int) (sum uint64) {
		for i := from; i < from+count; i++ {
			e := events[i&mask]
			for rule, program := range programs {
				holds, err := machine.Run(program, e)
				if err != nil {
					panic(err)
				}
				if holds.(bool) {
					sum += workload.Mark(rule)
				}
			}
		}
		return sum
	}
}

// orZero is zero for an absent number.
func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
