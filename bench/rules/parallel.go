package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/measure"
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

const (
	goroutines = 2
	swapEvery  = time.Millisecond
	// held is the memory that the process holds besides, as a server does. The
	// collector goes by it: in one that held nothing but a few rules, it would run
	// hundreds of times a second, on the second processor of the one goroutine.
	held = 64 << 20
)

// parallel compares the throughput of two goroutines with that of one.
func (b *bench) parallel() error {
	o := b.long()
	besides := make([]byte, held)
	defer runtime.KeepAlive(besides)
	live, err := liveRules()
	if err != nil {
		return err
	}
	stop := live.keepSwapping()
	decided := measure.Scale(o, goroutines, func() func(int) uint64 { return live.decide })
	swaps, err := stop()
	if err != nil {
		return err
	}
	loaded, err := engines.Afterword().Load(workload.EqualitySet(1000))
	if err != nil {
		return err
	}
	shared, err := loaded.For(workload.EqualitySet(1000).Events)
	if err != nil {
		return err
	}
	matched := measure.Scale(o, goroutines, func() func(int) uint64 { return contestant("", shared).Run })

	b.title("Throughput of two goroutines, of one's")
	row := func(s measure.Scaling, name string) []string {
		of := []string{ratio(measure.Median(s.Work)), ratio(measure.Median(s.Spin)), ratio(goroutines * s.Share())}
		if math.IsNaN(s.Share()) {
			of = []string{"-", "-", "-"} // too few rounds to tell
		}
		return append(of, fmt.Sprint(len(s.Work)), fmt.Sprint(s.Dropped), name)
	}
	b.rows([]string{"measured", "a spin loop", "if that were × 2", "rounds", "dropped"}, [][]string{
		row(decided, "transcript.Live.Decide, while its rules change"),
		row(matched, "rules.Set.Matches, 1,000 rules"),
	})
	b.printf("The rules changed %s times meanwhile. Rounds are dropped in which the loop found no second processor.\n", grouped(swaps))
	b.all++
	if decided.Dropped+matched.Dropped > 0 {
		b.busy++
	}
	b.reach("parallel", goroutines*decided.Share())
	return nil
}

// A liveSet is rules that change between two sets that are there already: what
// is measured is deciding, not loading.
type liveSet struct {
	*transcript.Live
	event events.Event[events.PostSurvey]
}

func liveRules() (*liveSet, error) {
	var sets []*transcript.RuleSet
	for range 2 {
		set, err := transcript.Parse("care.rules.yaml", []byte(surveyRules))
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	var loads atomic.Int64
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) { return sets[loads.Add(1)%2], nil })
	if err != nil {
		return nil, err
	}
	env, err := events.DecodeEnvelope([]byte(surveyBytes))
	if err != nil {
		return nil, err
	}
	event, err := events.ChatPostSurveyEmailTranscript.Decode(env)
	return &liveSet{live, event}, err
}

func (l *liveSet) decide(count int) (sum uint64) {
	for range count {
		emails, err := l.Decide(context.Background(), l.event)
		if err != nil {
			panic(err)
		}
		sum += uint64(len(emails))
	}
	return sum
}

// keepSwapping changes the rules until it is stopped, and then tells how often
// it did.
func (l *liveSet) keepSwapping() (stop func() (int, error)) {
	done, swaps := make(chan struct{}), 0
	var failure error
	var swapper sync.WaitGroup
	swapper.Go(func() {
		ticker := time.NewTicker(swapEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				if failure = l.Reload(); failure != nil {
					return
				}
				swaps++
			}
		}
	})
	return func() (int, error) {
		close(done)
		swapper.Wait()
		return swaps, failure
	}
}
