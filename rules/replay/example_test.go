package replay_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
)

// Three recorded orders, of which one cannot be read, are decided with the rules
// of today.
func Example() {
	type order struct {
		Amount  int    `json:"amount"`
		Country string `json:"country,omitempty"`
	}
	set, err := rules.New(rules.Config{},
		rules.Rule[order, string]{Name: "large", When: rules.When[order](`amount > 1000 and country == "FR"`), Then: "ask for a signature"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	recorded := `{"amount": 2000, "country": "FR"}
{"amount": 2000, "country": "DE"}
amount: 3000
`
	summary, err := replay.Run(context.Background(), strings.NewReader(recorded), replay.Of(set, rules.Tester[order, string]{}), replay.Config[order, any]{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(summary.Events, "events, and", summary.Unreadable, "line that is none:", summary.Lines)
	for _, r := range summary.Rules {
		fmt.Println(r.Name, "fired:", r.Fired, "not fired:", r.NotFired)
		for _, p := range r.Parts {
			fmt.Println(" ", p.Text, "alone kept it from firing:", p.Missed)
		}
	}
	// Output:
	// 2 events, and 1 line that is none: [{3 is no event in JSON}]
	// large fired: 1 not fired: 1
	//   amount > 1000 alone kept it from firing: 0
	//   country == "FR" alone kept it from firing: 1
}
