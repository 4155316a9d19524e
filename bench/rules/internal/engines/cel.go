package engines

import (
	"fmt"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

func celDialect() dialect {
	return dialect{
		and: " && ", or: " || ", is: "%s == %s", length: "size(%s)",
		oneOf:   func(field string, values []string) string { return field + " in [" + strings.Join(values, ", ") + "]" },
		matches: func(field, pattern string) string { return field + ".matches(" + strconv.Quote(pattern) + ")" },
	}
}

// celEvent is an event for CEL, with values of CEL's own. Absent fields are
// zero.
type celEvent struct{ csatRank, skillName, agentName, wait ref.Val }

// ResolveName implements cel.Activation.
func (e *celEvent) ResolveName(name string) (any, bool) {
	switch name {
	case "csatRank":
		return e.csatRank, true
	case "skillName":
		return e.skillName, true
	case "agentName":
		return e.agentName, true
	case "wait":
		return e.wait, true
	}
	return nil, false
}

// Parent implements cel.Activation.
func (e *celEvent) Parent() cel.Activation { return nil }

// CEL is cel-go: an optimized program for each rule, over variables whose types
// are declared.
func CEL() Engine {
	return Engine{
		Name: "cel-go", Module: "cel.dev/cel-go",
		Load: func(s *workload.Set) (Loaded, error) {
			env, err := cel.NewEnv(
				cel.Variable("csatRank", cel.IntType), cel.Variable("skillName", cel.StringType),
				cel.Variable("agentName", cel.StringType), cel.Variable("wait", cel.IntType),
			)
			if err != nil {
				return nil, err
			}
			programs := make([]cel.Program, len(s.Rules))
			for i, r := range s.Rules {
				ast, issues := env.Compile(celDialect().with(s).write(r.When))
				if err := issues.Err(); err != nil {
					return nil, fmt.Errorf("rule %s: %w", r.Name, err)
				}
				if programs[i], err = env.Program(ast, cel.EvalOptions(cel.OptOptimize)); err != nil {
					return nil, fmt.Errorf("rule %s: %w", r.Name, err)
				}
			}
			return loadedFunc(func(events []workload.Event) (Run, error) { return runCEL(programs, celEvents(events)), nil }), nil
		},
	}
}

func celEvents(events []workload.Event) []celEvent {
	out := make([]celEvent, len(events))
	for i, e := range events {
		out[i] = celEvent{types.Int(orZero(e.CSATRank)), types.String(e.SkillName), types.String(e.AgentName), types.Int(orZero(e.Wait))}
	}
	return out
}

func runCEL(programs []cel.Program, events []celEvent) Run {
	mask := len(events) - 1
	return func(from, count int) (sum uint64) {
		for i := from; i < from+count; i++ {
			e := &events[i&mask]
			for rule, program := range programs {
				holds, _, err := program.Eval(e)
				if err != nil {
					panic(err)
				}
				if holds == types.True {
					sum += workload.Mark(rule)
				}
			}
		}
		return sum
	}
}
