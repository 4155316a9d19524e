package decisionlog_test

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/afterword-go/afterword/rules/decisionlog"
)

func Example() {
	var file bytes.Buffer
	log, err := decisionlog.New(decisionlog.Options[string]{
		Writer: &file,
		Mask:   func(call string) string { return call[:1] + "***" },
		Clock:  func() time.Time { return time.Date(2026, 1, 31, 18, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = log.Add(context.Background(), decisionlog.Record[string]{
		ID: "order-17", Fired: []string{"large"}, Skipped: []decisionlog.Skip{{Rule: "late", Absent: []string{"due"}}},
		Outcomes: []decisionlog.Outcome[string]{{Rule: "large", Value: "Jane Roe"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(file.String())
	for record, err := range decisionlog.Read[string](&file) {
		fmt.Println(record.ID, record.Fired, err)
	}
	// Output:
	// {"v":1,"time":"2026-01-31T18:00:00Z","id":"order-17","rules":{},"fired":["large"],"skipped":[{"rule":"late","absent":["due"]}],"count":1,"outcomes":[{"rule":"large","value":"J***"}],"tookNs":0}
	// order-17 [large] <nil>
}
