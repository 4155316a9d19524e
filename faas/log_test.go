package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// logger makes a runtime with a function that does with its log whatever it is
// told to, and gives the function's ID.
func logger(t testing.TB, do func(ctx context.Context, log *slog.Logger) error) (*faas.Runtime, string) {
	t.Helper()
	rt := laboratory(t, faas.Config{Functions: []faas.Function{faas.On(tenfold, "f", func(ctx context.Context, _ object) (any, error) {
		return "done", do(ctx, faas.Log(ctx))
	})}})
	return rt, rt.Functions(faas.Filter{})[0].ID
}

func logs(t testing.TB, rt *faas.Runtime, id string, filter faas.LogFilter) []faas.LogEntry {
	t.Helper()
	entries, err := rt.Logs(id, filter)
	require.NoError(t, err)
	return entries
}

// lines are entries as "LEVEL message {extras}".
func lines(entries []faas.LogEntry) (out []string) {
	for _, e := range entries {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%v %s %s", e.Level, e.Message, e.Extras)))
	}
	return out
}

// shy gives another value to logs; rudest panics instead.
type (
	shy    struct{ string }
	rudest struct{}
)

func (shy) LogValue() slog.Value            { return slog.StringValue("hidden") }
func (rudest) LogValue() slog.Value         { panic(secret) }
func (rudest) MarshalJSON() ([]byte, error) { panic(secret) }

func TestWhatALogKeeps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		log  func(*slog.Logger)
		want []string
	}{
		"nothing": {func(*slog.Logger) {}, nil},
		"levels": {func(l *slog.Logger) {
			l.Debug("d")
			l.Log(context.Background(), slog.LevelInfo-1, "below")
			l.Info("i")
			l.Warn("w")
			l.Error("e")
			l.Log(context.Background(), slog.LevelError+4, "high")
		}, []string{"INFO i", "WARN w", "ERROR e", "ERROR+4 high"}},
		"names of an entry": {func(l *slog.Logger) {
			l.Info("m", "level", 1, "msg", "x", "time", 2, "extras", 3, "source", 4, "", 5)
		}, []string{`INFO m {"level":1,"msg":"x","time":2,"extras":3,"source":4,"":5}`}},
		"groups": {func(l *slog.Logger) {
			l.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h").Info("m", "c", 3)
			l.WithGroup("empty").Info("m")
			l.Info("m", slog.Group("g", "a", 1, slog.Group("level", "time", 2)), slog.Group("", "inline", 3), slog.Group("none"))
			l.WithGroup("msg").WithGroup("").Info("m", "level", 1)
		}, []string{
			`INFO m {"a":1,"g":{"b":2,"h":{"c":3}}}`, `INFO m`,
			`INFO m {"g":{"a":1,"level":{"time":2}},"inline":3}`, `INFO m {"msg":{"level":1}}`,
		}},
		"loggers of one logger": {func(l *slog.Logger) {
			a := l.With("x", 0).With("y", 0).With("a", 1)
			b, c := a.With("b", 2), a.With("c", 3)
			b.Info("m")
			c.Info("m")
			a.Info("m")
		}, []string{`INFO m {"x":0,"y":0,"a":1,"b":2}`, `INFO m {"x":0,"y":0,"a":1,"c":3}`, `INFO m {"x":0,"y":0,"a":1}`}},
		"values": {func(l *slog.Logger) {
			l.Info("m", "v", shy{secret}, "n", nil, "e", errors.New("x"), "d", time.Second, "o", 7)
			l.Info("m", "json", json.RawMessage(`{"extras":[{}]}`))
		}, []string{
			`INFO m {"v":"hidden","n":null,"e":"x","d":1000000000,"o":7}`, `INFO m {"json":{"extras":[{}]}}`,
		}},
		"an odd message": {func(l *slog.Logger) { l.Info("}}\n{\"extras\":1}\n") }, []string{"INFO }}\n{\"extras\":1}"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rt, id := logger(t, func(_ context.Context, log *slog.Logger) error {
				c.log(log)
				return nil
			})
			_, err := rt.Invoke(t.Context(), "tenfold", events.Envelope{}, faas.WithRequestID("r1"))
			require.NoError(t, err)
			entries := logs(t, rt, id, faas.LogFilter{})
			assert.Equal(t, c.want, lines(entries))
			for _, e := range entries {
				assert.Equal(t, id, e.Function)
				assert.Equal(t, "r1", e.RequestID)
				assert.Equal(t, time.UTC, e.Time.Location())
				assert.WithinDuration(t, time.Now(), e.Time, time.Minute)
			}
		})
	}
}

// Whatever values are logged, the host survives and the extras are JSON.
func TestValuesThatDoNotLikeLogs(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{
		"panics": rudest{}, "nil pointer": (*hollow)(nil), "touchy": touchy{}, "nan": math.NaN(), "infinite": math.Inf(1),
		"channel": make(chan int), "function": func() {}, "year": time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC),
		"raw": json.RawMessage(`{"a":`), "text": "\xff\x00\u2028</script>", "pointer": new(rude),
	} {
		rt, id := logger(t, func(_ context.Context, log *slog.Logger) error {
			log.Info("m", "v", value, slog.Group("g", "v", value))
			log.With("v", value).Warn("n")
			return nil
		})
		_, err := rt.Invoke(t.Context(), "tenfold", events.Envelope{})
		require.NoError(t, err, name)
		entries := logs(t, rt, id, faas.LogFilter{})
		require.Len(t, entries, 2, name)
		assert.True(t, json.Valid(entries[0].Extras), "%s: %s", name, entries[0].Extras)
		assert.True(t, json.Valid(entries[1].Extras), "%s: %s", name, entries[1].Extras)
	}
}

func TestTheBoundsOfALog(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("ä", n) }
	for name, c := range map[string]struct {
		log  func(*slog.Logger)
		over bool
	}{
		"ten entries":                 {func(l *slog.Logger) { times(10, func() { l.Info("m") }) }, false},
		"eleven entries":              {func(l *slog.Logger) { times(11, func() { l.Info("m") }) }, true},
		"ten and debug":               {func(l *slog.Logger) { times(10, func() { l.Info("m"); l.Debug(long(9000)) }) }, false},
		"empty ones":                  {func(l *slog.Logger) { times(11, func() { l.Info("") }) }, true},
		"6,000 characters":            {func(l *slog.Logger) { l.Info(long(6000)) }, false},
		"6,001 characters":            {func(l *slog.Logger) { l.Info(long(6001)) }, true},
		"6,000 in ten":                {func(l *slog.Logger) { times(10, func() { l.Info(long(600)) }) }, false},
		"6,001 in two":                {func(l *slog.Logger) { l.Info(long(6000)); l.Info("m") }, true},
		"6,000 with extras":           {func(l *slog.Logger) { l.Info(long(5991), "a", "ää") }, true},
		"6,000 with extras, not more": {func(l *slog.Logger) { l.Info(long(5990), "a", "ää") }, false}, // {"a":"ää"} has 10
		"bad text":                    {func(l *slog.Logger) { l.Info(strings.Repeat("\xff", 6000)) }, false},
		"a huge message":              {func(l *slog.Logger) { l.Info(long(1 << 20)) }, true},
		"huge extras":                 {func(l *slog.Logger) { l.Info("m", "a", long(1<<20)) }, true},
		"deep extras":                 {func(l *slog.Logger) { l.Info("m", "a", nest(20_000)) }, true},
		"a flood":                     {func(l *slog.Logger) { times(100_000, func() { l.Info("m", "a", 1) }) }, true},
		"from goroutines": {func(l *slog.Logger) {
			var wg sync.WaitGroup
			times(10, func() { wg.Go(func() { l.Info("m", "a", 1) }) })
			wg.Wait()
		}, false},
		"too many from goroutines": {func(l *slog.Logger) {
			var wg sync.WaitGroup
			times(11, func() { wg.Go(func() { l.With("a", 1).Info("m") }) })
			wg.Wait()
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rt, id := logger(t, func(_ context.Context, log *slog.Logger) error {
				c.log(log)
				return nil
			})
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{}, faas.WithRequestID("r"))
			entries := logs(t, rt, id, faas.LogFilter{})
			if !c.over {
				require.NoError(t, err)
				assert.NotEmpty(t, entries)
				return
			}
			const text = "more than 10 log entries, or more than 6000 characters in them: log less"
			assert.EqualError(t, err, "event tenfold: function f: log limit: "+text)
			assert.Equal(t, faas.CodeLogLimit, codeOf(t, err))
			require.Len(t, entries, 1)
			assert.Equal(t, []string{"ERROR " + text}, lines(entries))
			assert.Equal(t, id, entries[0].Function)
			assert.Equal(t, "r", entries[0].RequestID)
		})
	}
}

func times(n int, do func()) {
	for range n {
		do()
	}
}

// nest is a list in a list in a list.
func nest(levels int) any {
	var v any
	for range levels {
		v = []any{v}
	}
	return v
}

// What went wrong first is told, and what was logged till then is kept.
func TestTheLogOfAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			end  func(context.Context, *slog.Logger) error
			code faas.Code
			want []string
		}{
			{func(context.Context, *slog.Logger) error { return errOwn }, faas.CodeFailed, []string{"INFO first"}},
			{func(context.Context, *slog.Logger) error { panic(secret) }, faas.CodeCrashed, []string{"INFO first"}},
			{func(context.Context, *slog.Logger) error { runtime.Goexit(); return nil }, faas.CodeCrashed, []string{"INFO first"}},
			{func(ctx context.Context, log *slog.Logger) error { <-ctx.Done(); log.Warn("late"); return nil }, faas.CodeTimedOut, []string{"INFO first", "WARN late"}},
			{func(_ context.Context, log *slog.Logger) error { times(10, func() { log.Info("m") }); panic(1) }, faas.CodeCrashed, []string{"ERROR more than 10 log entries, or more than 6000 characters in them: log less"}},
			{func(_ context.Context, log *slog.Logger) error {
				time.Sleep(time.Hour)
				log.Error("nobody waits")
				return nil
			}, faas.CodeTimedOut, []string{"INFO first"}},
		} {
			rt, id := logger(t, func(ctx context.Context, log *slog.Logger) error {
				log.Info("first")
				return c.end(ctx, log)
			})
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
			assert.Equal(t, c.code, codeOf(t, err))
			assert.Equal(t, c.want, lines(logs(t, rt, id, faas.LogFilter{})))
			time.Sleep(2 * time.Hour)
			assert.Equal(t, c.want, lines(logs(t, rt, id, faas.LogFilter{})))
			assert.Zero(t, rt.Abandoned())
		}
	})
}

// A logger that outlives its run, and one without a run, drop everything.
func TestLogsWithoutARun(t *testing.T) {
	t.Parallel()
	var left *slog.Logger
	rt, id := logger(t, func(_ context.Context, log *slog.Logger) error {
		left = log.With("a", 1)
		return nil
	})
	_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
	require.NoError(t, err)
	assert.False(t, left.Enabled(t.Context(), slog.LevelError))
	require.NoError(t, left.Handler().Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelError, "m", 0)))
	left.Error("late")
	assert.Empty(t, logs(t, rt, id, faas.LogFilter{}))

	other := faas.Log(t.Context())
	assert.False(t, other.Enabled(t.Context(), slog.LevelError))
	other.Error("nowhere")
	assert.Empty(t, faas.RequestID(t.Context()))
}

// Debug entries are for trials, and nothing else of a trial is kept.
func TestTryKeepsNothing(t *testing.T) {
	t.Parallel()
	rt, id := logger(t, func(ctx context.Context, log *slog.Logger) error {
		log.Debug("d", "request", faas.RequestID(ctx))
		log.Info("i")
		return nil
	})
	before := function(t, rt, id)
	trial, err := rt.Try(t.Context(), id, events.Envelope{}, faas.WithRequestID("r"))
	require.NoError(t, err)
	assert.Nil(t, trial.Err)
	assert.JSONEq(t, `"done"`, string(trial.Result))
	assert.Equal(t, []string{`DEBUG d {"request":"r"}`, "INFO i"}, lines(trial.Logs))
	assert.Equal(t, "r", trial.Logs[0].RequestID)
	assert.Equal(t, id, trial.Logs[0].Function)
	assert.Empty(t, logs(t, rt, id, faas.LogFilter{AnyLevel: true}))
	assert.Empty(t, stats(t, rt, id, time.Time{}, time.Time{}, 0))
	assert.Equal(t, before, function(t, rt, id))

	_, err = rt.InvokeFunction(t.Context(), id, events.Envelope{})
	require.NoError(t, err)
	assert.Equal(t, []string{"INFO i"}, lines(logs(t, rt, id, faas.LogFilter{AnyLevel: true})))
}

// A trial takes the source as it is now, deployed or not, and tells what the
// function does wrong.
func TestTryTakesTheDraft(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, built(func(_ string, source []byte) (body, error) {
		text := string(source)
		return func(ctx context.Context, _ object) (any, error) {
			if text == "panics" {
				faas.Log(ctx).Debug("about to")
				panic(secret)
			}
			return text, nil
		}, nil
	}))
	r := deployed(t, rt, faas.Draft{Name: "f", Source: "old"})
	r = edited(t, rt, r.ID, faas.Edit{Source: to("new")})
	trial, err := rt.Try(t.Context(), r.ID, events.Envelope{})
	require.NoError(t, err)
	assert.JSONEq(t, `"new"`, string(trial.Result))
	assert.Equal(t, []string{`f: "old"`}, answers(t, rt, "tenfold"))
	assert.Equal(t, r, function(t, rt, r.ID))

	edited(t, rt, r.ID, faas.Edit{Source: to("panics")})
	trial, err = rt.Try(t.Context(), r.ID, events.Envelope{})
	require.NoError(t, err)
	assert.EqualError(t, trial.Err, "event tenfold: function f: crashed: it panicked")
	assert.Equal(t, []string{"DEBUG about to"}, lines(trial.Logs))
	assert.Nil(t, trial.Result)
	trial, err = rt.Try(t.Context(), r.ID, envelopeOf(`[]`))
	require.NoError(t, err)
	assert.Equal(t, faas.CodeBadInput, trial.Err.Code)
}

func TestTheJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := 0
		rt, id := logger(t, func(_ context.Context, log *slog.Logger) error {
			for i := range 10 {
				log.Info(fmt.Sprintf("%d.%d", run, i))
			}
			run++
			return nil
		})
		for i := range 50 {
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{}, faas.WithRequestID(fmt.Sprint(i)))
			require.NoError(t, err)
			time.Sleep(time.Hour)
		}
		entries := logs(t, rt, id, faas.LogFilter{})
		require.Len(t, entries, 500)
		assert.Equal(t, "0.0", entries[0].Message)
		assert.Equal(t, "49.9", entries[499].Message)
		_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
		require.NoError(t, err)
		entries = logs(t, rt, id, faas.LogFilter{})
		require.Len(t, entries, 500)
		assert.Equal(t, "1.0", entries[0].Message)
		assert.Equal(t, "50.9", entries[499].Message)

		// Edits, deployments and the end of service leave it alone.
		_, err = rt.Undeploy(t.Context(), id)
		require.NoError(t, err)
		assert.Len(t, logs(t, rt, id, faas.LogFilter{}), 500)

		// For 30 days, and not a moment longer: the second run was 49 hours ago.
		time.Sleep(30*24*time.Hour - 49*time.Hour - 1)
		assert.Len(t, logs(t, rt, id, faas.LogFilter{}), 500)
		time.Sleep(time.Nanosecond)
		assert.Len(t, logs(t, rt, id, faas.LogFilter{}), 490)
		time.Sleep(49 * time.Hour)
		assert.Empty(t, logs(t, rt, id, faas.LogFilter{}))
	})
}

func TestLogFilters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, id := logger(t, func(ctx context.Context, log *slog.Logger) error {
			log.Info("i" + faas.RequestID(ctx))
			log.Error("e" + faas.RequestID(ctx))
			return nil
		})
		start := time.Now()
		for _, request := range []string{"1", "2", "3"} {
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{}, faas.WithRequestID(request))
			require.NoError(t, err)
			time.Sleep(time.Minute)
		}
		for want, filter := range map[string]faas.LogFilter{
			"i1 e1 i2 e2 i3 e3": {},
			"i2 e2 i3 e3":       {From: start.Add(time.Minute)},
			"i1 e1":             {To: start.Add(time.Minute)},
			"i2 e2":             {From: start.Add(1), To: start.Add(time.Minute + 1)},
			"e1 e2 e3":          {Level: slog.LevelWarn},
			"i3 e3":             {Level: slog.LevelError, AnyLevel: true, RequestID: "3"},
			"e3":                {Level: slog.LevelError, RequestID: "3"},
			"":                  {RequestID: "4"},
		} {
			var messages []string
			for _, e := range logs(t, rt, id, filter) {
				messages = append(messages, e.Message)
			}
			assert.Equal(t, want, strings.Join(messages, " "))
		}
	})
}

// Who gets entries may change them.
func TestLogsAreTheCallers(t *testing.T) {
	t.Parallel()
	rt, id := logger(t, func(_ context.Context, log *slog.Logger) error {
		log.Info("m", "a", 1)
		return nil
	})
	_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
	require.NoError(t, err)
	first := logs(t, rt, id, faas.LogFilter{})
	clear(first[0].Extras)
	assert.JSONEq(t, `{"a":1}`, string(logs(t, rt, id, faas.LogFilter{})[0].Extras))
}

// Functions have logs of their own, also when one invokes the other.
func TestLogsOfNestedRuns(t *testing.T) {
	t.Parallel()
	var rt *faas.Runtime
	rt = laboratory(t, faas.Config{Functions: []faas.Function{
		faas.On(tenfold, "outer", func(ctx context.Context, event object) (any, error) {
			faas.Log(ctx).Info("outer " + faas.RequestID(ctx))
			_, err := faas.Invoke(ctx, rt, single, event, faas.WithRequestID("inside"))
			return nil, err
		}),
		faas.On(single, "inner", func(ctx context.Context, _ object) (any, error) {
			faas.Log(ctx).Info("inner " + faas.RequestID(ctx))
			return nil, nil
		}),
	}})
	_, err := rt.Invoke(t.Context(), "tenfold", events.Envelope{}, faas.WithRequestID("outside"))
	require.NoError(t, err)
	for _, r := range rt.Functions(faas.Filter{}) {
		want := map[string]string{"outer": "INFO outer outside", "inner": "INFO inner inside"}[r.Name]
		assert.Equal(t, []string{want}, lines(logs(t, rt, r.ID, faas.LogFilter{})))
	}
}
