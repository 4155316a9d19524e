package rules_test

import (
	"context"
	"fmt"
	"log"

	"github.com/afterword-go/afterword/rules"
)

type Order struct {
	Total    float64 `json:"total"`
	Customer string  `json:"customer,omitempty"` // empty: not known
	Discount *int    `json:"discount"`           // in per cent; nil: none was asked for
}

func Example() {
	set, err := rules.New(rules.Config{},
		rules.Rule[Order, rules.Text]{
			Name: "large-order",
			When: rules.When[Order](`total > 1000`),
			Then: "thank ${customer ?? 'the customer'}",
		},
		rules.Rule[Order, rules.Text]{
			Name: "generous-discount",
			When: rules.When[Order](`not (discount <= 20)`),
			Then: "ask why there were ${discount} per cent",
		},
		rules.Rule[Order, rules.Text]{
			Name: "odd-total",
			When: rules.WhenFunc(func(_ context.Context, o *Order) (bool, error) { return o.Total < 0, nil }),
			Then: "look at the order",
		},
	)
	if err != nil {
		log.Fatal(err)
	}
	order := &Order{Total: 1200}
	for match, err := range set.Matches(context.Background(), order) {
		if err != nil {
			log.Fatal(err)
		}
		text, err := match.Render(match.Then())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(match.Name()+":", text)
	}
	for _, trace := range set.Explain(context.Background(), order).Rules {
		fmt.Println(trace.Name+":", trace.Reason())
	}
	// Output:
	// large-order: thank the customer
	// large-order: fired
	// generous-discount: skipped: discount is absent
	// odd-total: not fired
}

func ExampleParse() {
	type Alert struct {
		To   string     `json:"to"`
		Text rules.Text `json:"text"`
	}
	set, err := rules.Parse[Order, Alert](rules.Config{}, "orders.rules.yaml", []byte(`
version: 1
event: order_placed
rules:
  - name: large-order
    when: total > 1000 and costumer != nil
    then: {to: sales, text: "thank ${customer}"}
`))
	fmt.Println(set, err)
	// Output: <nil> orders.rules.yaml:6:28: rule "large-order": unknown name costumer (did you mean customer?)
}
