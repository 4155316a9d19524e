package measure

import (
	"math"
	"runtime"
	"sync"
	"time"
)

// Scaling is how many times as much is done by several goroutines as by one.
type Scaling struct {
	// Work and Spin are of the contestant and of a loop that only counts,
	// measured in the same round, by round. There are no rounds in which that
	// loop found no processors for its goroutines.
	Work, Spin []float64
	// Dropped is how many rounds found none.
	Dropped int
}

// Share is the median share of the loop's scaling that the contestant reached:
// 1 if it scales as well as the machine does. It is not a number if fewer
// rounds count than were dropped: then chance has chosen them.
func (s Scaling) Share() float64 {
	if len(s.Work) < s.Dropped {
		return math.NaN()
	}
	return Median(Ratios(s.Work, s.Spin))
}

const (
	// freeAbove is the share of its ideal scaling that the loop must reach for
	// the round to count.
	freeAbove = 0.9
	// tries is how many times as many rounds there are at most.
	tries = 3
)

// Scale measures work with so many goroutines at once and with one. Each of the
// goroutines has work of its own, which runs makes.
func Scale(o Options, goroutines int, runs func() func(count int) uint64) Scaling {
	work, spins := make([]Contestant, goroutines), make([]Contestant, goroutines)
	for i := range goroutines {
		work[i], spins[i] = Contestant{Run: runs()}, Contestant{Run: Spin}
	}
	workCount, spinCount := calibrate(work[0], o.Sample), calibrate(spins[0], o.Sample)
	scaling := func(one, all time.Duration) float64 { return float64(goroutines) * float64(one) / float64(all) }
	var out Scaling
	for range tries * o.Rounds {
		runtime.GC()
		spin1, work1 := together(spins[:1], spinCount), together(work[:1], workCount)
		workAll, spinAll := together(work, workCount), together(spins, spinCount)
		out.add(scaling(work1, workAll), scaling(spin1, spinAll), goroutines)
		if len(out.Work) == o.Rounds {
			break
		}
	}
	return out
}

// add takes a round in, unless the machine had something else to do.
func (s *Scaling) add(work, spin float64, goroutines int) {
	if ideal := float64(goroutines); spin < freeAbove*ideal || spin > ideal/freeAbove {
		s.Dropped++
		return
	}
	s.Work, s.Spin = append(s.Work, work), append(s.Spin, spin)
}

// together is how long contestants take that work at the same time, each the
// same number of times.
func together(all []Contestant, count int) time.Duration {
	start := time.Now()
	var group sync.WaitGroup
	for _, c := range all {
		group.Go(func() { keep(c.Run(count)) })
	}
	group.Wait()
	return time.Since(start)
}
