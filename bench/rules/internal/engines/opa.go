package engines

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown/cache"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// regoDialect writes what stands in one line of a rule's body.
func regoDialect() dialect {
	return dialect{
		and: "; ", or: "", is: "input.%s == %s",
		oneOf: func(field string, values []string) string {
			return "input." + field + " in {" + strings.Join(values, ", ") + "}"
		},
		matches: func(field, pattern string) string {
			return "regex.match(" + strconv.Quote(pattern) + ", input." + field + ")"
		},
	}
}

// regoBodies are the bodies of rules that together hold where the condition
// does: Rego has no or, but rules of the same name. An absent field is not
// defined, and a body that reads it does not hold.
func regoBodies(c workload.Condition) []string {
	switch c := c.(type) {
	case workload.All:
		bodies := []string{""}
		for _, part := range c {
			var longer []string
			for _, body := range bodies {
				for _, more := range regoBodies(part) {
					longer = append(longer, strings.TrimPrefix(body+"; "+more, "; "))
				}
			}
			bodies = longer
		}
		return bodies
	case workload.Either:
		var bodies []string
		for _, part := range c {
			bodies = append(bodies, regoBodies(part)...)
		}
		return bodies
	case workload.AtMost:
		return []string{fmt.Sprintf("input.%s <= %d", c.Field, c.Limit)}
	case workload.Between:
		return []string{fmt.Sprintf("input.%s >= %d; input.%s <= %d", c.Field, c.Low, c.Field, c.High)}
	case workload.SumOver:
		return []string{fmt.Sprintf("(input.csatRank * %d) + count(input.skillName) > %d", c.Factor, c.Limit)}
	}
	return []string{regoDialect().write(c)}
}

// OPA is the Open Policy Agent: one module that all rules are compiled into and
// that OPA indexes, a prepared query for the set of those that fire, parsed
// input, and a cache that holds every pattern.
func OPA() Engine {
	return Engine{
		Name: "OPA", Module: "github.com/open-policy-agent/opa",
		Load: func(s *workload.Set) (Loaded, error) {
			var module strings.Builder
			module.WriteString("package bench\n")
			for i, r := range s.Rules {
				for _, body := range regoBodies(r.When) {
					fmt.Fprintf(&module, "fired contains %d if { %s }\n", i, body)
				}
			}
			query, err := rego.New(rego.Query("data.bench.fired"), rego.Module("bench.rego", module.String())).PrepareForEval(background())
			if err != nil {
				return nil, err
			}
			patterns := 2*len(s.Rules) + 100
			values := cache.NewInterQueryValueCache(background(), &cache.Config{
				InterQueryBuiltinValueCache: cache.InterQueryBuiltinValueCacheConfig{MaxNumEntries: &patterns},
			})
			return loadedFunc(func(events []workload.Event) (Run, error) {
				inputs, err := regoInputs(events)
				return runRego(query, values, inputs), err
			}), nil
		},
	}
}

func regoInputs(events []workload.Event) ([]ast.Value, error) {
	out := make([]ast.Value, len(events))
	for i, e := range events {
		input := map[string]any{}
		if e.CSATRank != nil {
			input["csatRank"] = *e.CSATRank
		}
		if e.SkillName != "" {
			input["skillName"] = e.SkillName
		}
		if e.AgentName != "" {
			input["agentName"] = e.AgentName
		}
		if e.Wait != nil {
			input["wait"] = *e.Wait
		}
		value, err := ast.InterfaceToValue(input)
		if err != nil {
			return nil, err
		}
		out[i] = value
	}
	return out, nil
}

func runRego(query rego.PreparedEvalQuery, values cache.InterQueryValueCache, inputs []ast.Value) Run {
	ctx, mask := background(), len(inputs)-1
	return func(from, count int) (sum uint64) {
		for i := from; i < from+count; i++ {
			results, err := query.Eval(ctx, rego.EvalParsedInput(inputs[i&mask]), rego.EvalInterQueryBuiltinValueCache(values))
			if err != nil {
				panic(err)
			}
			for _, rule := range results[0].Expressions[0].Value.([]any) {
				number, err := strconv.Atoi(string(rule.(json.Number)))
				if err != nil {
					panic(err)
				}
				sum += workload.Mark(number)
			}
		}
		return sum
	}
}
