package diff_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/rules/replay"
)

type ticket struct {
	Priority int `json:"priority"`
}

func Example() {
	set := func(condition string) replay.Rules[ticket, any] {
		set, err := rules.New(rules.Config{}, rules.Rule[ticket, string]{Name: "urgent", When: rules.When[ticket](condition), Then: "page"})
		if err != nil {
			panic(err)
		}
		return replay.Of(set, rules.Tester[ticket, string]{})
	}
	recorded := strings.NewReader(`{"priority": 1}
{"priority": 2}
{"priority": 3}
`)
	d, err := diff.Run(context.Background(), recorded, set("priority == 1"), set("priority <= 2"), diff.Options[ticket, any]{})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println("added:", d.Added, "in line", d.Rules[0].Examples[0].Line)
	fmt.Println(diff.Gate{MaxAdded: new(0)}.Check(d))
	// Output:
	// added: 1 in line 2
	// 1 outcome added, and 0 may be: 1 too many
}
