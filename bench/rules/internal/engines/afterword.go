package engines

import (
	"fmt"
	"strings"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
	"github.com/afterword-go/afterword/rules"
)

// Ours is the name of the library's own engine.
const Ours = "Afterword"

// Afterword is the library's own engine, by the call that its users make.
func Afterword() Engine {
	return Engine{
		Name: Ours, Module: "github.com/afterword-go/afterword",
		Load: func(s *workload.Set) (Loaded, error) {
			set, err := rules.New(rules.Config{}, Rules(s)...)
			return loadedFunc(func(events []workload.Event) (Run, error) { return runSet(set, events), nil }), err
		},
	}
}

// Rules are the rules of a set as rules.New takes them. The outcome of each is
// its number.
func Rules(s *workload.Set) []rules.Rule[workload.Event, int] {
	list := make([]rules.Rule[workload.Event, int], len(s.Rules))
	for i, r := range s.Rules {
		list[i] = rules.Rule[workload.Event, int]{Name: r.Name, When: rules.When[workload.Event](Text(r)), Then: i}
	}
	return list
}

// An Outcome is what follows from a rule of a File.
type Outcome struct {
	Rule int `json:"rule"`
}

// File are the rules of a set as rules.Parse takes them, for outcomes of the
// type Outcome.
func File(s *workload.Set) []byte {
	var file strings.Builder
	file.WriteString("version: 1\nevent: benchmark\nrules:\n")
	for i, r := range s.Rules {
		fmt.Fprintf(&file, "  - name: %s\n    when: %s\n    then: {rule: %d}\n", r.Name, Text(r), i)
	}
	return []byte(file.String())
}

// Text is the rule as its author writes it for Afterword: absent fields need no
// care.
func Text(r workload.Rule) string { return exprDialect().write(r.When) }

func runSet(set *rules.Set[workload.Event, int], events []workload.Event) Run {
	ctx, mask := background(), len(events)-1
	return func(from, count int) (sum uint64) {
		for i := from; i < from+count; i++ {
			for match, err := range set.Matches(ctx, &events[i&mask]) {
				if err != nil {
					panic(err)
				}
				sum += workload.Mark(match.Then())
			}
		}
		return sum
	}
}
