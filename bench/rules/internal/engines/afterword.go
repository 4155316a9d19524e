package engines

import (
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
	"github.com/afterword-go/afterword/rules"
)

// Afterword is the library's own engine, by the call that its users make.
func Afterword() Engine {
	return Engine{
		Name: "Afterword", Module: "github.com/afterword-go/afterword",
		Load: func(s *workload.Set) (Loaded, error) {
			list := make([]rules.Rule[workload.Event, int], len(s.Rules))
			for i, r := range s.Rules {
				list[i] = rules.Rule[workload.Event, int]{Name: r.Name, When: rules.When[workload.Event](afterwordText(r)), Then: i}
			}
			set, err := rules.New(rules.Config{}, list...)
			return loadedFunc(func(events []workload.Event) (Run, error) { return runSet(set, events), nil }), err
		},
	}
}

func runSet(set *rules.Set[workload.Event, int], events []workload.Event) Run {
	ctx, mask := background(), len(events)-1
	return func(from, count int) (sum uint64) {
		for i := from; i < from+count; i++ {
			for match, err := range set.Matches(ctx, &events[i&mask]) {
				if err != nil {
					panic(err)
				}
				sum += workload.Mark(match.Then)
			}
		}
		return sum
	}
}

// afterwordText is the rule as its author writes it: absent fields need no
// care.
func afterwordText(r workload.Rule) string { return exprDialect().write(r.When) }
