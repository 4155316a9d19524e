package schedule_test

import (
	"context"
	"fmt"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/schedule"
)

func Example() {
	type reminder struct {
		Text string `json:"text"`
	}
	remind := faas.NoEvent("remind", func(_ context.Context, event events.Event[reminder]) (bool, error) {
		fmt.Println(event.Timestamp.Format(time.DateTime), event.Payload.Text)
		return true, nil
	})
	rt, err := faas.New(faas.Config{Functions: []faas.Function{remind}})
	if err != nil {
		fmt.Println(err)
		return
	}

	// A clock of our own, on a Friday; most leave it out.
	now := time.Date(2026, 2, 27, 17, 30, 0, 0, time.UTC)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := schedule.New(ctx, schedule.Config{
		Functions: rt,
		Now:       func() time.Time { return now },
		Observe:   func(run schedule.Run) { cancel() }, // one run is enough here
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := s.Create(ctx, schedule.Draft{
		Function: rt.Functions(faas.Filter{Name: "remind"})[0].ID,
		Cron:     "0 9 * * MON-FRI",
		Active:   true,
		Payload:  []byte(`{"text": "look at the queue"}`),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("next:", r.Next.Format(time.DateTime))

	now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if err := s.Run(ctx); err != nil {
		fmt.Println(err)
	}
	r, err = s.Schedule(r.ID)
	fmt.Println("next:", r.Next.Format(time.DateTime), "failed:", r.LastFailed, err)
	// Output:
	// next: 2026-03-02 09:00:00
	// 2026-03-02 09:00:00 look at the queue
	// next: 2026-03-03 09:00:00 failed: false <nil>
}
