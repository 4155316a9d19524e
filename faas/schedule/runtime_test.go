package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

type order struct {
	Text string `json:"text" validate:"required"`
}

// A runtime's functions fail in their own ways, and each is told.
func TestOverARuntime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		does := func(do func(context.Context) error) func(context.Context, events.Event[order]) (string, error) {
			return func(ctx context.Context, _ events.Event[order]) (string, error) { return "", do(ctx) }
		}
		rt, err := faas.New(faas.Config{Functions: []faas.Function{
			faas.NoEvent("fine", does(func(context.Context) error { return nil })),
			faas.NoEvent("fails", does(func(context.Context) error { return errors.New("secret") })),
			faas.NoEvent("crashes", does(func(context.Context) error { panic("secret") })),
			faas.NoEvent("dawdles", does(func(ctx context.Context) error { <-ctx.Done(); return nil })),
			faas.NoEvent("leaves", does(func(context.Context) error { return nil })),
			faas.NoEvent("hungers", does(func(context.Context) error { return nil })),
		}})
		require.NoError(t, err)
		store := openDirectory(t, t.TempDir())
		s := newScheduler(t, Config{Functions: rt, Store: store})
		want, names := map[string]faas.Code{
			"fine": faas.CodeGeneral, "fails": faas.CodeFailed, "crashes": faas.CodeCrashed, "dawdles": faas.CodeTimedOut,
			"leaves": faas.CodeNotDeployed, "hungers": faas.CodeBadInput,
		}, map[string]string{}
		for _, function := range rt.Functions(faas.Filter{}) {
			names[function.ID] = function.Name
			d := Draft{Function: function.ID, Cron: "*/2 * * * *", Active: true, Payload: json.RawMessage(`{"text": "secret"}`)}
			if function.Name == "hungers" {
				d.Payload = nil
			}
			created(t, s, d)
			if function.Name == "leaves" {
				_, err := rt.Undeploy(t.Context(), function.ID)
				require.NoError(t, err)
				_, err = s.Create(t.Context(), d)
				fails(t, faas.CodeNotDeployed, err)
			}
		}
		started(t, s)
		sleep(2*time.Minute + 31*time.Second)
		all := s.Schedules()
		require.Len(t, all, len(want))
		for _, r := range all {
			name := names[r.Function]
			assert.Equal(t, want[name], r.LastCode, name)
			assert.Equal(t, name != "fine", r.LastFailed, name)
			assert.Equal(t, at(0, 2), r.Last, name)
			assert.Equal(t, at(0, 4), r.Next, name)
			assert.False(t, r.Running, name)
		}
		kept, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.ElementsMatch(t, all, kept)
		_, err = s.Create(t.Context(), Draft{Function: "nobody", Cron: minutely})
		fails(t, faas.CodeUnknownFunction, err)
	})
}

// A function is called when the runtime has a place for it.
func TestTooManyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, err := faas.New(faas.Config{Concurrency: 1, Functions: []faas.Function{
			faas.NoEvent("slow", func(context.Context, events.Event[struct{}]) (string, error) { time.Sleep(time.Second); return "", nil }),
		}})
		require.NoError(t, err)
		s := newScheduler(t, Config{Functions: rt})
		for range 3 {
			created(t, s, Draft{Function: rt.Functions(faas.Filter{})[0].ID, Cron: minutely, Active: true})
		}
		started(t, s)
		sleep(65 * time.Second)
		refused := 0
		for _, r := range s.Schedules() {
			if r.LastFailed {
				assert.Equal(t, faas.CodeTooMany, r.LastCode)
				refused++
			}
		}
		assert.Equal(t, 2, refused)
	})
}
