package decisionlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A parcel is an outcome that leads to other places.
type parcel struct {
	To    string         `json:"to"`
	Notes []string       `json:"notes,omitzero"`
	Extra map[string]any `json:"extra,omitzero"`
	Wait  time.Duration  `json:"wait"`
}

func (p parcel) mask() parcel {
	p.To = "***"
	for i := range p.Notes { // in place
		p.Notes[i] = "***"
	}
	clear(p.Extra)
	return p
}

var atSix = time.Date(2026, 1, 31, 18, 0, 0, 0, time.UTC)

func newLog[Out any](t *testing.T, o Options[Out]) *Log[Out] {
	t.Helper()
	if o.Clock == nil {
		o.Clock = func() time.Time { return atSix.In(time.FixedZone("X", 3600)) }
	}
	log, err := New(o)
	require.NoError(t, err)
	return log
}

// records are all records of a log, which must be sound.
func records[Out any](t require.TestingT, r io.Reader) []Record[Out] {
	var all []Record[Out]
	for record, err := range Read[Out](r) {
		require.NoError(t, err)
		all = append(all, record)
	}
	return all
}

func TestNewNeedsAPlaceToWriteTo(t *testing.T) {
	t.Parallel()
	_, err := New(Options[string]{})
	assert.EqualError(t, err, "decisionlog: there is nowhere to write: give a Writer or a Handler")
}

func TestAddStampsAndMasksACopy(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	var handled Record[parcel]
	log := newLog(t, Options[parcel]{
		Writer: &file, Mask: parcel.mask, Version: "v7",
		Handler: func(_ context.Context, r Record[parcel]) error {
			handled = r
			r.Fired[0], r.Skipped[0].Absent[0], r.Errors[0].Rule, r.Shadow[0] = "", "", "", ""
			return nil
		},
	})
	given := func() Record[parcel] {
		return Record[parcel]{
			Fired: []string{"a"}, Shadow: []string{"b"}, Skipped: []Skip{{"c", []string{"d"}}}, Errors: []Failure{{Rule: "e", Message: "f"}},
			Outcomes: []Outcome[parcel]{{"a", parcel{To: "jane", Notes: []string{"at home"}, Extra: map[string]any{"a": 1.5}, Wait: time.Second}}},
			Event:    []byte(`{"name":"jane"}`),
		}
	}
	record := given()
	require.NoError(t, log.Add(t.Context(), record))
	assert.Equal(t, given(), record, "the caller's own")

	assert.Equal(t, `{"v":1,"time":"2026-01-31T18:00:00Z","rules":{"version":"v7"},"fired":["a"],"shadow":["b"],"skipped":[{"rule":"c","absent":["d"]}],`+
		`"errors":[{"rule":"e","message":"f"}],"count":1,"outcomes":[{"rule":"a","value":{"to":"***","notes":["***"],"extra":{},"wait":1000000000}}],"tookNs":0}`+"\n", file.String())
	assert.Equal(t, "***", handled.Outcomes[0].Value.To)
	assert.False(t, log.Payloads())
	assert.NoError(t, log.Err())
}

func TestAddKeepsWhatIsGiven(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	log := newLog(t, Options[string]{Writer: &file, Version: "v7", Payloads: true})
	at := atSix.Add(time.Nanosecond)
	require.NoError(t, log.Add(t.Context(), Record[string]{
		V: 9, Time: at, Rules: Rules{"h", "v8"}, Count: 2, Outcomes: []Outcome[string]{{"a", "jane"}},
		Event: []byte("{\"a\":\n  [1.50, \"\\u00e9\"] }"),
	}))
	assert.Equal(t, 1, strings.Count(file.String(), "\n"), "one line")
	assert.Equal(t, []Record[string]{{
		V: Form, Time: at, Rules: Rules{"h", "v8"}, Fired: []string{}, Count: 2, Event: []byte(`{"a":[1.50,"é"]}`),
	}}, records[string](t, &file), "without Mask, outcomes are counted alone")
	assert.True(t, log.Payloads())
}

// TestAddTakesTheClock is about Clock's default.
func TestAddTakesTheClock(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	log, err := New(Options[string]{Writer: &file})
	require.NoError(t, err)
	before := time.Now()
	require.NoError(t, log.Add(t.Context(), Record[string]{}))
	got := records[string](t, &file)[0].Time
	assert.False(t, got.Before(before.Round(0)) || got.After(time.Now()), got)
}

// A fussy value has no JSON form when it is asked for.
type fussy struct{ bad bool }

func (f fussy) MarshalJSON() ([]byte, error) {
	if f.bad {
		return nil, errors.New("jane.roe@example.com is bad")
	}
	return []byte(`{}`), nil
}

func (f *fussy) UnmarshalJSON([]byte) error { return nil }

func TestAddKeepsWhatItCan(t *testing.T) {
	t.Parallel()
	same := func(f fussy) fussy { return f }
	samePointer := func(f *fussy) *fussy { return f }
	t.Run("an event that is not JSON", func(t *testing.T) {
		t.Parallel()
		for _, event := range []string{"{jane", `{"a":1,"a":2}`, "\"\xff\"", "", "{} {}"} {
			var file bytes.Buffer
			log := newLog(t, Options[fussy]{Writer: &file, Payloads: true, Mask: same})
			err := log.Add(t.Context(), Record[fussy]{ID: "a", Event: []byte(event), Outcomes: []Outcome[fussy]{{}}})
			assert.EqualError(t, err, "the event has no JSON form, and is left out", event)
			got := records[fussy](t, &file)
			require.Len(t, got, 1)
			assert.Nil(t, got[0].Event)
			assert.Len(t, got[0].Outcomes, 1)
		}
	})
	t.Run("outcomes without a JSON form", func(t *testing.T) {
		t.Parallel()
		var file bytes.Buffer
		log := newLog(t, Options[fussy]{Writer: &file, Mask: same})
		err := log.Add(t.Context(), Record[fussy]{Outcomes: []Outcome[fussy]{{"a", fussy{true}}}})
		assert.EqualError(t, err, "the outcomes have no JSON form, and are left out")
		deep := newLog(t, Options[*fussy]{Writer: &file, Mask: samePointer})
		err = deep.Add(t.Context(), Record[*fussy]{Outcomes: []Outcome[*fussy]{{"a", &fussy{true}}}})
		assert.EqualError(t, err, "the outcomes have no JSON form, and are left out")
		for _, r := range records[fussy](t, &file) {
			assert.Equal(t, 1, r.Count)
			assert.Nil(t, r.Outcomes)
		}
		assert.EqualError(t, log.Err(), "the decision log lacks 1 records, or parts of them; of the first: the outcomes have no JSON form, and are left out")
	})
	t.Run("a time that JSON does not have", func(t *testing.T) {
		t.Parallel()
		log := newLog(t, Options[string]{Writer: io.Discard})
		assert.Error(t, log.Add(t.Context(), Record[string]{Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}))
	})
}

func TestAddBoundsRecords(t *testing.T) {
	t.Parallel()
	base, err := encode(Record[string]{V: Form, Time: atSix, Fired: []string{}, Event: []byte(`""`)})
	require.NoError(t, err)
	event := func(size int) []byte { return []byte(`"` + strings.Repeat("x", size-len(base)+1) + `"`) }
	var file bytes.Buffer
	log := newLog(t, Options[string]{Writer: &file, Payloads: true})
	require.NoError(t, log.Add(t.Context(), Record[string]{Event: event(MaxRecord)}))
	assert.Equal(t, MaxRecord+1, file.Len())
	assert.NotNil(t, records[string](t, &file)[0].Event)

	file.Reset()
	err = log.Add(t.Context(), Record[string]{Event: event(MaxRecord + 1)})
	assert.EqualError(t, err, "the record has more than 4194304 bytes with its event, which is left out")
	assert.ErrorIs(t, err, ErrTooLarge)
	assert.Nil(t, records[string](t, &file)[0].Event)

	file.Reset()
	err = log.Add(t.Context(), Record[string]{ID: strings.Repeat("x", MaxRecord)})
	assert.EqualError(t, err, "the record has more than 4194304 bytes")
	assert.Zero(t, file.Len())
}

// A faulty writer takes so many bytes of each call, and fails if it says so.
type faulty struct {
	bytes.Buffer
	take []int
	errs []error
}

func (w *faulty) Write(line []byte) (int, error) {
	n, err := len(line), error(nil)
	if len(w.take) > 0 {
		n, err = min(n, w.take[0]), w.errs[0]
		w.take, w.errs = w.take[1:], w.errs[1:]
	}
	w.Buffer.Write(line[:n])
	return n, err
}

func TestFailuresAreToldAndHarmNoOtherRecord(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	var told []error
	file := &faulty{take: []int{10, 0, 1, 5, 1 << 20, 1 << 20}, errs: []error{full, full, full, nil, nil, full}}
	log := newLog(t, Options[string]{Writer: file, Failed: func(err error) { told = append(told, err) }})
	for i, want := range []error{full, full, full, io.ErrShortWrite, nil, full, nil} {
		err := log.Add(t.Context(), Record[string]{ID: fmt.Sprint(i)})
		assert.ErrorIs(t, err, want, i)
	}
	assert.Len(t, told, 5)
	assert.EqualError(t, log.Err(), "the decision log lacks 5 records, or parts of them; of the first: the disk is full")
	assert.ErrorIs(t, log.Err(), full)
	ids, wrong := readAll(&file.Buffer)
	assert.Equal(t, []string{"4", "5", "6"}, ids)
	assert.Len(t, wrong, 2, "lines that were cut short")
}

func TestHandlerFailures(t *testing.T) {
	t.Parallel()
	broken := errors.New("the queue is full")
	log := newLog(t, Options[string]{Handler: func(context.Context, Record[string]) error { return broken }})
	require.ErrorIs(t, log.Add(t.Context(), Record[string]{}), broken)
	assert.ErrorIs(t, log.Err(), broken)
}

func TestManyWriteWholeLines(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer // which no two goroutines may write to at a time
	var handled sync.Map
	log := newLog(t, Options[parcel]{
		Writer: &file, Mask: parcel.mask,
		Handler: func(_ context.Context, r Record[parcel]) error { handled.Store(r.ID, true); return nil },
	})
	const writers, each = 8, 50
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				assert.NoError(t, log.Add(t.Context(), Record[parcel]{
					ID: fmt.Sprint(w, "-", i), Outcomes: []Outcome[parcel]{{"r", parcel{Notes: []string{strings.Repeat("x", i)}}}},
				}))
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, r := range records[parcel](t, &file) {
		seen[r.ID] = true
		_, ok := handled.Load(r.ID)
		assert.True(t, ok)
	}
	assert.Len(t, seen, writers*each)
}

// TestWhatIsWrittenIsRead writes random records and reads them back.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	word := rapid.String()
	names := rapid.SliceOfN(word, 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		var file bytes.Buffer
		log, err := New(Options[parcel]{Writer: &file, Mask: func(p parcel) parcel { return p }, Payloads: true})
		require.NoError(t, err)
		some := func(list []string) []string {
			if len(list) == 0 {
				return nil
			}
			return list
		}
		var want []Record[parcel]
		for range rapid.IntRange(1, 4).Draw(t, "records") {
			r := Record[parcel]{
				V: Form, Time: time.Unix(rapid.Int64Range(-1<<35, 1<<35).Draw(t, "time"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC(),
				ID: word.Draw(t, "id"), Rules: Rules{word.Draw(t, "hash"), word.Draw(t, "version")},
				Fired: append([]string{}, names.Draw(t, "fired")...), Shadow: some(names.Draw(t, "shadow")),
				Failed: rapid.Bool().Draw(t, "failed"), Took: time.Duration(rapid.Int64().Draw(t, "took")),
			}
			for range rapid.IntRange(0, 2).Draw(t, "skips") {
				r.Skipped = append(r.Skipped, Skip{word.Draw(t, "rule"), some(names.Draw(t, "absent"))})
			}
			for range rapid.IntRange(0, 2).Draw(t, "errors") {
				r.Errors = append(r.Errors, Failure{word.Draw(t, "rule"), word.Draw(t, "file"), rapid.Int().Draw(t, "line"), rapid.Int().Draw(t, "column"), word.Draw(t, "message")})
			}
			for range rapid.IntRange(0, 2).Draw(t, "outcomes") {
				p := parcel{To: word.Draw(t, "to"), Notes: some(names.Draw(t, "notes")), Wait: time.Duration(rapid.Int64().Draw(t, "wait"))}
				r.Outcomes = append(r.Outcomes, Outcome[parcel]{word.Draw(t, "rule"), p})
			}
			r.Count = len(r.Outcomes) + rapid.IntRange(0, 2).Draw(t, "more")
			if rapid.Bool().Draw(t, "event") {
				r.Event = []byte(fmt.Sprintf(`{"n":%d}`, rapid.Int().Draw(t, "n")))
			}
			require.NoError(t, log.Add(context.Background(), r))
			want = append(want, r)
		}
		assert.Equal(t, want, records[parcel](t, &file))
	})
}

// TestTextsThatAreNotUTF8 are written as near as can be.
func TestTextsThatAreNotUTF8(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	log := newLog(t, Options[string]{Writer: &file, Mask: func(s string) string { return s }})
	require.NoError(t, log.Add(t.Context(), Record[string]{ID: "a\xffb", Outcomes: []Outcome[string]{{"r", "\xc0"}}}))
	got := records[string](t, &file)
	assert.Equal(t, "a\uFFFDb", got[0].ID)
	assert.Equal(t, "\uFFFD", got[0].Outcomes[0].Value)
}
