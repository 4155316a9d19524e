package rules_test

import (
	"context"
	"fmt"

	"github.com/afterword-go/afterword/rules"
)

// Payloads for which a rule fires, just misses and is skipped.
func ExampleSet_Witness() {
	type Order struct {
		Total   *int   `json:"total"`
		Country string `json:"country"`
	}
	set, err := rules.New(rules.Config{}, rules.Rule[Order, rules.Text]{
		Name: "large", When: rules.When[Order](`total >= 1000 and country != "NL"`), Then: "Call the customer.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w, _ := set.Witness(context.Background(), "large", rules.Tester[Order, rules.Text]{})
	fmt.Println(w.Proof, string(w.Fires))
	for _, m := range w.Misses {
		fmt.Println("not", m.Part.Text, string(m.Payload))
	}
	for _, s := range w.Skips {
		fmt.Println("without", s.Absent, string(s.Payload))
	}
	// Output:
	// can fire {"total":1000}
	// not total >= 1000 {"total":999}
	// not country != "NL" {"total":1000,"country":"NL"}
	// without [total] {}
}
