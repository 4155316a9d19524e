package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/transcript"
)

// A fakeFolder is one whose changes the test makes up. In a bubble of synctest
// its clock is made up as well.
type fakeFolder struct {
	events   chan fsnotify.Event
	failures chan error
	heard    chan error // what follow told
	ended    chan struct{}
}

func follow(ctx context.Context, settle time.Duration) fakeFolder {
	f := fakeFolder{make(chan fsnotify.Event), make(chan error), make(chan error, 10), make(chan struct{})}
	watched := &folder{path: "rules", changes: f.events, failures: f.failures}
	go func() {
		defer close(f.ended)
		watched.follow(ctx, settle, func(err error) { f.heard <- err })
	}()
	return f
}

func TestABurstOfChangesIsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := follow(ctx, settleTime)
		begin := time.Now()
		for _, change := range []fsnotify.Event{
			{Name: "rules/a.rules.yaml", Op: fsnotify.Remove},
			{Name: "rules/a.rules.yaml", Op: fsnotify.Create},
			{Name: "rules/b.rules.yaml", Op: fsnotify.Write},
		} {
			<-time.After(settleTime - 1)
			f.events <- change
		}
		assert.NoError(t, <-f.heard)
		assert.Equal(t, 3*(settleTime-1)+settleTime, time.Since(begin), "once, when the folder had been quiet")
		<-time.After(time.Hour)
		assert.Empty(t, f.heard)
		cancel()
		<-f.ended
	})
}

func TestWhichChangesCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := follow(ctx, settleTime)
		for _, name := range []string{"rules/.a.rules.yaml.swp", "rules/a.rules.yaml~", "rules/4913", "rules/notes.txt", "rules"} {
			f.events <- fsnotify.Event{Name: name, Op: fsnotify.Write}
			<-time.After(time.Hour)
			assert.Empty(t, f.heard, name)
		}
		for _, name := range []string{"rules/a.rules.yaml", "rules/..data"} {
			f.events <- fsnotify.Event{Name: name, Op: fsnotify.Create}
			assert.NoError(t, <-f.heard)
		}
		cancel()
		<-f.ended
	})
}

func TestWatchingFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t.Context(), settleTime)
		f.failures <- fsnotify.ErrEventOverflow
		assert.ErrorIs(t, <-f.heard, fsnotify.ErrEventOverflow)
		assert.NoError(t, <-f.heard, "changes may have been missed")
		f.events <- fsnotify.Event{Name: "rules", Op: fsnotify.Remove}
		assert.EqualError(t, <-f.heard, "rules is gone and no longer watched; start the server anew")
		close(f.events)
		<-f.ended

		f = follow(t.Context(), settleTime)
		close(f.failures)
		<-f.ended
	})
}

// A place stands for a folder that is watched: its rules, and what became of
// each change.
type place struct {
	t     *testing.T
	dir   string
	live  *transcript.Live
	heard chan error
}

// watchedPlace watches a real folder, which holds the rule "one".
func watchedPlace(t *testing.T) place {
	t.Helper()
	p := place{t, writeRules(t, map[string]string{"a.rules.yaml": ruleNamed("one")}), nil, make(chan error, 1000)}
	watched, err := openFolder(p.dir)
	require.NoError(t, err)
	p.live, err = transcript.NewLive(func() (*transcript.RuleSet, error) { return loadRules(p.dir) })
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		watched.follow(ctx, time.Millisecond, func(err error) {
			if err == nil {
				err = p.live.Reload()
			}
			p.heard <- err
		})
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		assert.NoError(t, watched.watcher.Close())
	})
	return p
}

func (p place) write(name, text string) {
	p.t.Helper()
	require.NoError(p.t, os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600))
}

// put writes a file as many editors do: beside its place, and then into it.
func (p place) put(name, text string) {
	p.t.Helper()
	p.write(name+".new", text)
	require.NoError(p.t, os.Rename(filepath.Join(p.dir, name+".new"), filepath.Join(p.dir, name)))
}

// until waits for news that fits.
func (p place) until(fits func(error) bool) {
	p.t.Helper()
	for late := time.After(patience); ; {
		select {
		case err := <-p.heard:
			if fits(err) {
				return
			}
		case <-late:
			require.FailNow(p.t, "no news that fit")
		}
	}
}

func (p place) rules() string {
	var names []string
	for r := range p.live.Set().Rules() {
		names = append(names, r.Name)
	}
	return strings.Join(names, " ")
}

func (p place) ruled(by string) func(error) bool {
	return func(err error) bool { return err == nil && p.rules() == by+" vip-rated-below-5" }
}

func TestAFolderIsWatched(t *testing.T) {
	p := watchedPlace(t)
	broken := func(err error) bool { return err != nil }

	p.put("a.rules.yaml", ruleNamed("two"))
	p.until(p.ruled("two"))

	p.put("a.rules.yaml", ruleWhen("broken", "csatRnk == 1", "x"))
	p.until(broken)
	assert.Equal(t, "two vip-rated-below-5", p.rules())

	p.write("a.rules.yaml", ruleNamed("three"))
	p.until(p.ruled("three"))

	p.write("b.rules.yaml", ruleNamed("four"))
	p.until(p.ruled("three four"))

	p.write("b.rules.yaml", ruleNamed("three"))
	p.until(func(err error) bool { return broken(err) && strings.Contains(err.Error(), "same name") })
	assert.Equal(t, "three four vip-rated-below-5", p.rules())

	require.NoError(t, os.Remove(filepath.Join(p.dir, "b.rules.yaml")))
	p.until(p.ruled("three"))

	require.NoError(t, os.RemoveAll(p.dir))
	p.until(func(err error) bool { return broken(err) && strings.Contains(err.Error(), "is gone") })
	assert.Equal(t, "three vip-rated-below-5", p.rules())
}

func TestOnlyFoldersAreWatched(t *testing.T) {
	_, err := openFolder(filepath.Join(t.TempDir(), "nowhere"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = openFolder(t.TempDir())
	assert.ErrorContains(t, err, "no file is called *.rules.yaml")
}

func TestNewsOfTheRulesAreLogged(t *testing.T) {
	sets := []func() (*transcript.RuleSet, error){
		func() (*transcript.RuleSet, error) { return loadRules("") },
		func() (*transcript.RuleSet, error) { return nil, errors.New("first problem\nsecond problem") },
		func() (*transcript.RuleSet, error) { return transcript.New() },
	}
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) {
		load := sets[0]
		sets = sets[1:]
		return load()
	})
	require.NoError(t, err)
	logger, logged := testLog()
	changed := reloader(live, logger)
	changed(nil)
	changed(errors.New("watching has failed"))
	changed(nil)
	assert.Equal(t, `rules: first problem
rules: second problem
rules: the old ones stay in force
rules: watching has failed
rules: the old ones stay in force
rules: 0 rules have taken over
`, logged.String())
}
