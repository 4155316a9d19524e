package measure

import (
	"runtime"
	"time"
)

// A Contestant does its work count times. What it returns is kept, so that no
// compiler leaves the work out.
type Contestant struct {
	Name string
	Run  func(count int) uint64
}

// Options say for how long is measured.
type Options struct {
	Rounds int
	// Sample is about how long a contestant works in a round. One that takes
	// longer to do its work once does it once.
	Sample time.Duration
}

// Times are the nanoseconds of processors that each contestant took to do its
// work once, by its name and then by round.
type Times map[string][]float64

// Names of what goes along: the loop that only counts, and how many times as
// long as its processor time it took by the clock.
const (
	spin   = "spin"
	waited = "waited"
)

// Compete measures. Contestants have names of their own.
func Compete(o Options, contestants ...Contestant) Times {
	all := append([]Contestant{{spin, Spin}}, contestants...)
	counts := make([]int, len(all))
	for i, c := range all {
		counts[i] = calibrate(c, o.Sample)
	}
	runtime.GC()
	times := Times{}
	for round := range o.Rounds {
		for i := range all {
			if round%2 == 1 {
				i = len(all) - 1 - i
			}
			times.sample(all[i], counts[i])
		}
	}
	return times
}

// sample has a contestant do its work. It warms up before, and what it leaves
// behind is collected before the next one begins.
func (t Times) sample(c Contestant, count int) {
	allocated := allocatedBytes()
	keep(c.Run(max(count/8, 1)))
	watch := Start()
	keep(c.Run(count))
	took, wall := watch.Processors(), watch.Wall()
	t[c.Name] = append(t[c.Name], float64(took)/float64(count))
	if c.Name == spin {
		t[waited] = append(t[waited], float64(wall)/float64(took))
	}
	if allocatedBytes()-allocated > 1<<20 {
		runtime.GC()
	}
}

// calibrate finds how often the contestant does its work in the time.
func calibrate(c Contestant, sample time.Duration) int {
	count := 1
	for {
		watch := Start()
		keep(c.Run(count))
		took := watch.Processors()
		switch {
		case took >= sample/2:
			return max(int(float64(count)*float64(sample)/float64(took)), 1)
		case took < sample/100:
			count *= 10
		default:
			count *= 2
		}
	}
}

// Nanoseconds is the median of a contestant's times.
func (t Times) Nanoseconds(name string) float64 { return Median(t[name]) }

// Ratio is how many times as long as by a contestant takes: the median of the
// ratios within the rounds.
func (t Times) Ratio(of, by string) float64 { return Median(Ratios(t[of], t[by])) }
