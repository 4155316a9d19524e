package rules_test

import (
	"context"
	"fmt"
	"log"

	"github.com/afterword-go/afterword/rules"
)

func ExampleSet_Mutate() {
	const file = `
version: 1
event: order
rules:
  - name: large
    when: total >= 1000
    then: thank the customer
tests:
  - {name: large, given: {total: 1200}, expect: {outcomes: [thank the customer]}}
  - {name: small, given: {total: 10}, expect: {fired: []}}
`
	set, err := rules.Parse[Order, rules.Text](rules.Config{}, "orders.rules.yaml", []byte(file))
	if err != nil {
		log.Fatal(err)
	}
	mutation, err := set.Mutate(context.Background(), rules.Tester[Order, rules.Text]{}, rules.MutateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d%%\n", mutation.Score())
	for _, m := range mutation.Mutants {
		if m.Fate == rules.Survived {
			fmt.Printf("%d:%d: %s becomes %s\n%s", m.Line, m.Column, m.Original, m.Mutated, m.Test)
		}
	}
	// Output:
	// 62%
	// 6:17: >= becomes >
	//   - name: large (>=, not >)
	//     given: {total: 1000}
	//     expect: {fired: [large]}
	// 6:20: 1000 becomes 1001
	//   - name: large (>=, not >)
	//     given: {total: 1000}
	//     expect: {fired: [large]}
	// 6:20: 1000 becomes 999
	//   - name: large (1000, not 999)
	//     given: {total: 999}
	//     expect: {fired: []}
}
