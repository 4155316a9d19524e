package transcript

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/afterword-go/afterword/events"
)

// Live holds a rule set that can be replaced while others decide with it. It
// may be used by any number of goroutines at once. NewLive makes one; the zero
// value cannot be used.
type Live struct {
	load    func() (*RuleSet, error)
	loading sync.Mutex
	set     atomic.Pointer[RuleSet]
}

var (
	// errNoSet is for a load function that returns neither a set nor an error.
	errNoSet = errors.New("transcript: load returned no rule set")
	// errNoLoad is for one that is nil.
	errNoLoad = errors.New("transcript: the function that loads the rule set is nil")
)

// NewLive loads a set, which must pass the tests of its files: at the first time
// as at any other. Reload loads it again, in the same way. The error is as that
// of Reload; there is no Live beside one.
func NewLive(load func() (*RuleSet, error)) (*Live, error) {
	l := &Live{load: load}
	if err := l.Reload(); err != nil {
		return nil, err
	}
	return l, nil
}

// Reload loads the set anew. It takes over only if it loads without a problem
// and passes the tests of its files; otherwise the old one stays, and the error
// says why, a *TestError for tests that failed. Decisions that have begun end
// with the set they began with.
func (l *Live) Reload() error {
	l.loading.Lock()
	defer l.loading.Unlock()
	if l.load == nil {
		return errNoLoad
	}
	set, err := l.load()
	if err == nil && set == nil {
		err = errNoSet
	}
	if err != nil {
		return err
	}
	if err := set.Test(context.Background()); err != nil {
		return err
	}
	l.set.Store(set)
	return nil
}

// Set is the set in force.
func (l *Live) Set() *RuleSet { return l.set.Load() }

// Decide is Decide of the set in force.
func (l *Live) Decide(ctx context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	return l.Set().Decide(ctx, event)
}

// Explain is Explain of the set in force.
func (l *Live) Explain(ctx context.Context, event events.Event[events.PostSurvey]) Explanation {
	return l.Set().Explain(ctx, event)
}
