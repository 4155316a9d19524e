package faas_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// The variables by which a test tells a process of itself that it is to work
// on a folder, and with what random numbers.
const (
	churnFolder = "AFTERWORD_TEST_CHURN"
	churnSeed   = "AFTERWORD_TEST_SEED"
)

// mailer makes functions that send their source; "broken" cannot be built.
func mailer(_ string, source []byte) (func(context.Context, survey) (emails, error), error) {
	text := string(source)
	if text == "broken" {
		return nil, errors.New("the source is broken")
	}
	return func(context.Context, survey) (emails, error) { return mail(text), nil }, nil
}

// churned is the runtime that the processes have.
func churned(store faas.Store) (*faas.Runtime, error) {
	return faas.New(faas.Config{
		Store: store, Builders: []faas.Builder{faas.Build(chat, mailer)},
		Functions: []faas.Function{faas.On(chat, "in_go", func(context.Context, survey) (emails, error) { return mail("in Go"), nil })},
	})
}

// A promise is what a call has given.
type promise struct {
	Function faas.Record
	Gone     bool
}

// TestDirectorySurvivesKills kills a process that changes functions without
// end, again and again, and looks at what it leaves behind.
func TestDirectorySurvivesKills(t *testing.T) {
	t.Parallel()
	if folder := os.Getenv(churnFolder); folder != "" {
		require.NoError(t, churn(t.Context(), folder, os.Getenv(churnSeed)))
		return
	}
	const folders = 4
	kills := 52
	if testing.Short() {
		kills = 5
	}
	for i := range folders {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			folder, random := t.TempDir(), rand.New(rand.NewPCG(uint64(i), 7))
			known, changes := map[string]faas.Record{}, 0
			for range kills {
				promises := kill(t, folder, random)
				changes += len(promises)
				for _, p := range promises {
					if p.Gone {
						delete(known, p.Function.ID)
					} else {
						known[p.Function.ID] = p.Function
					}
				}
				known = inspect(t, folder, known)
			}
			assert.Greater(t, changes, kills, "the processes got on")
		})
	}
}

// churn changes functions until it is killed, and says what it has been
// promised.
func churn(ctx context.Context, folder, seed string) error {
	store, err := faas.OpenDirectory(folder)
	if err != nil {
		return err
	}
	rt, err := churned(store)
	if err != nil {
		return err
	}
	say := json.NewEncoder(os.Stdout)
	for _, r := range rt.Functions(faas.Filter{}) {
		if err := say.Encode(promise{Function: r}); err != nil {
			return err
		}
	}
	var number uint64
	if _, err := fmt.Sscan(seed, &number); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(number, 1))
	for {
		p, err := change(ctx, rt, random)
		if refused := (*faas.Error)(nil); err != nil && (!errors.As(err, &refused) || refused.Code == faas.CodeStore || refused.Code == faas.CodeConflict) {
			return err
		}
		if p.Function.ID == "" {
			continue
		}
		if err := say.Encode(p); err != nil {
			return err
		}
	}
}

// change makes one random change.
func change(ctx context.Context, rt *faas.Runtime, random *rand.Rand) (p promise, err error) {
	all := rt.Functions(faas.Filter{})
	name := fmt.Sprint("f", random.IntN(14))
	source := []string{"one", "two", "three", "broken", string(bytes.Repeat([]byte("long "), 5000))}[random.IntN(5)]
	if len(all) < 4 || len(all) < 14 && random.IntN(4) == 0 {
		p.Function, err = rt.Create(ctx, faas.Draft{Name: name, Event: chat.ID(), Source: source})
		return p, err
	}
	r := all[random.IntN(len(all))]
	switch random.IntN(9) {
	case 0, 1:
		p.Function, err = rt.Update(ctx, r.ID, faas.Edit{Source: &source})
	case 2:
		p.Function, err = rt.Update(ctx, r.ID, faas.Edit{Name: &name, Revision: r.Revision})
	case 3, 4, 5:
		p.Function, err = rt.Deploy(ctx, r.ID)
	case 6:
		if len(r.Deployments) > 0 {
			p.Function, err = rt.Rollback(ctx, r.ID, r.Deployments[random.IntN(len(r.Deployments))].ID)
		}
	case 7:
		p.Function, err = rt.Undeploy(ctx, r.ID)
	default:
		if err = rt.Delete(ctx, r.ID); err == nil {
			p = promise{Function: r, Gone: true}
		}
	}
	return p, err
}

// kill starts a process that changes functions, kills it, and gives what it
// had been promised.
func kill(t *testing.T, folder string, random *rand.Rand) []promise {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^TestDirectorySurvivesKills$") //nolint:gosec // this test itself
	command.Env = append(os.Environ(), churnFolder+"="+folder, fmt.Sprint(churnSeed, "=", random.Uint64()))
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())

	var promises []promise
	lines := bufio.NewReader(out)
	read := func() error {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err // a line that is cut off tells nothing
		}
		var p promise
		if err := json.Unmarshal(line, &p); err != nil {
			return fmt.Errorf("%w: %.200s", err, line)
		}
		promises = append(promises, p)
		return nil
	}
	for range random.IntN(30) {
		if err = read(); err != nil {
			break
		}
	}
	busy(random.IntN(200_000))
	require.NoError(t, command.Process.Kill())
	for err == nil {
		err = read()
	}
	assert.ErrorIs(t, err, io.EOF)
	ended := command.Wait()
	require.Equal(t, -1, command.ProcessState.ExitCode(), "it ended by itself: %v %s", ended, stderr.String())
	return promises
}

// busy takes a moment.
func busy(n int) {
	random := rand.New(rand.NewPCG(1, 2))
	for range n {
		random.Uint64()
	}
}

// inspect looks at a folder that is to hold known functions, but for one
// change at most, and gives those that it holds.
func inspect(t *testing.T, folder string, known map[string]faas.Record) map[string]faas.Record {
	t.Helper()
	store, err := faas.OpenDirectory(folder)
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	records, err := store.Load(t.Context())
	require.NoError(t, err)
	files, held := []string{".lock"}, map[string]faas.Record{}
	for _, r := range records {
		files = append(files, r.ID+".json")
		if r.State == faas.StateMarkedUndeployed {
			r.State = faas.StateDraft // nothing runs any more
		}
		held[r.ID] = r
	}
	assert.ElementsMatch(t, files, names(t, folder), "no leftovers")
	assertAhead(t, known, held)

	rt, err := churned(store)
	require.NoError(t, err)
	all := rt.Functions(faas.Filter{})
	now := map[string]faas.Record{}
	for _, r := range all {
		now[r.ID] = r
	}
	if len(held) > 0 { // otherwise the runtime has made a record of the function in Go
		assert.Equal(t, written(t, held), written(t, now), "the runtime has what the files have")
	}
	assertServes(t, rt, all)
	return now
}

// assertAhead says that what is held is what is known, but for one change.
func assertAhead(t *testing.T, known, held map[string]faas.Record) {
	t.Helper()
	have, want := written(t, held), written(t, known)
	ahead := 0
	for id, r := range held {
		if have[id] != want[id] {
			ahead++
			assert.Equal(t, known[id].Revision+1, r.Revision, "%s is one change ahead", r.Name)
		}
	}
	for id, r := range known {
		if _, ok := held[id]; !ok {
			ahead++
			_, serving := r.Serving()
			assert.False(t, serving, "%s cannot have been deleted", r.Name)
		}
	}
	assert.LessOrEqual(t, ahead, 1, "one change was under way at most")
}

// written writes records down, to be compared.
func written(t *testing.T, records map[string]faas.Record) map[string]string {
	t.Helper()
	all := map[string]string{}
	for id, r := range records {
		text, err := json.Marshal(r)
		require.NoError(t, err)
		all[id] = string(text)
	}
	return all
}

// assertServes says that a runtime serves what its records say, in order.
func assertServes(t *testing.T, rt *faas.Runtime, all []faas.Record) {
	t.Helper()
	slices.SortFunc(all, func(a, b faas.Record) int {
		if a.InGo != b.InGo {
			return map[bool]int{true: -1, false: 1}[a.InGo]
		}
		return a.ConnectedAt.Compare(b.ConnectedAt)
	})
	var want, have []string
	for _, r := range all {
		if d, serving := r.Serving(); serving {
			source := d.Source
			if r.InGo {
				source = "in Go"
			}
			want = append(want, r.Name+" sends "+source)
		}
	}
	require.Equal(t, len(want) > 0, rt.Implements(chat.ID()))
	if len(want) == 0 {
		return
	}
	results, err := faas.Invoke(t.Context(), rt, chat, events.Event[events.PostSurvey]{})
	require.NoError(t, err)
	for _, result := range results {
		have = append(have, result.Function+" sends "+result.Value[0].Subject)
	}
	assert.Equal(t, want, have)
}
