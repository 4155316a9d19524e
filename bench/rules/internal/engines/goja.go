package engines

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

func jsDialect() dialect {
	return dialect{
		and: " && ", or: " || ", is: "%s === %s", length: "%s.length",
		oneOf: func(field string, values []string) string {
			return "(" + field + " === " + strings.Join(values, " || "+field+" === ") + ")"
		},
		matches: func(field, pattern string) string {
			return "/" + strings.TrimPrefix(pattern, "(?i)") + "/iu.test(" + field + ")"
		},
	}
}

// perFunction is how many rules stand in one JavaScript function.
const perFunction = 1000

// Goja is goja: JavaScript functions that try the rules one after the other,
// with the event's fields in variables. Absent fields are zero.
func Goja() Engine {
	return Engine{
		Name: "goja", Module: "github.com/dop251/goja",
		Load: func(s *workload.Set) (Loaded, error) {
			script := jsScript(s)
			program, err := goja.Compile("rules.js", script, true)
			if err != nil {
				return nil, err
			}
			vm := goja.New()
			value, err := vm.RunProgram(program)
			if err != nil {
				return nil, err
			}
			decide, ok := goja.AssertFunction(value)
			if !ok {
				return nil, fmt.Errorf("the script made no function")
			}
			return loadedFunc(func(events []workload.Event) (Run, error) { return runJS(vm, decide, events) }), nil
		},
	}
}

func jsScript(s *workload.Set) string {
	d := jsDialect().with(s)
	const parameters = "csatRank, skillName, agentName, wait, fired"
	var script, calls strings.Builder
	for i, r := range s.Rules {
		if i%perFunction == 0 {
			if i > 0 {
				script.WriteString("}\n")
			}
			fmt.Fprintf(&script, "function part%d(%s) {\n", i/perFunction, parameters)
			fmt.Fprintf(&calls, "\tpart%d(%s);\n", i/perFunction, parameters)
		}
		fmt.Fprintf(&script, "\tif (%s) fired(%d);\n", d.write(r.When), i)
	}
	return "(function() {\n" + script.String() + "}\nreturn function(" + parameters + ") {\n" + calls.String() + "};\n})()"
}

func runJS(vm *goja.Runtime, decide goja.Callable, events []workload.Event) (Run, error) {
	var sum uint64
	fired := vm.ToValue(func(call goja.FunctionCall) goja.Value {
		sum += workload.Mark(int(call.Arguments[0].ToInteger()))
		return goja.Undefined()
	})
	inputs, mask := make([][]goja.Value, len(events)), len(events)-1
	for i, e := range events {
		inputs[i] = []goja.Value{vm.ToValue(orZero(e.CSATRank)), vm.ToValue(e.SkillName), vm.ToValue(e.AgentName), vm.ToValue(orZero(e.Wait)), fired}
	}
	return func(from, count int) uint64 {
		sum = 0
		for i := from; i < from+count; i++ {
			if _, err := decide(goja.Undefined(), inputs[i&mask]...); err != nil {
				panic(err)
			}
		}
		return sum
	}, nil
}
