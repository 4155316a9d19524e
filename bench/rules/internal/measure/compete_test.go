package measure

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCompete(t *testing.T) {
	t.Parallel()
	var order []string
	recorded := func(name string, work int) Contestant {
		return Contestant{name, func(count int) uint64 {
			if len(order) == 0 || order[len(order)-1] != name {
				order = append(order, name)
			}
			return Spin(count * work)
		}}
	}
	times := Compete(Options{Rounds: 9, Sample: time.Millisecond}, recorded("little", 10), recorded("much", 1000))
	require.Len(t, times["little"], 9)
	require.Len(t, times["much"], 9)
	require.Len(t, times[spin], 9)
	assert.Greater(t, times.Ratio("much", "little"), 10.0)
	assert.Equal(t, []string{"little", "much", "little", "much", "little"}, order[:5], "calibrated and warmed up, then forwards and backwards")
	assert.GreaterOrEqual(t, times.Unrest(), 1.0)
}

func TestCalibrateDoesOnceWhatTakesLong(t *testing.T) {
	t.Parallel()
	slow := Contestant{"slow", func(count int) uint64 { return Spin(count * 5_000_000) }}
	assert.Equal(t, 1, calibrate(slow, time.Microsecond))
	quick := calibrate(Contestant{"quick", Spin}, time.Millisecond)
	assert.Greater(t, quick, 1000)
}

func TestBusy(t *testing.T) {
	t.Parallel()
	assert.False(t, Times{spin: {100, 101, 102, 300}, waited: {1, 1, 1, 9}}.Busy(), "once is forgiven")
	assert.True(t, Times{spin: {100, 110, 120}, waited: {1, 1, 1}}.Busy())
	assert.InDelta(t, 1.1, Times{spin: {100, 110, 120}, waited: {1, 1, 1}}.Unrest(), 1e-9)
	assert.InDelta(t, 1.2, Times{spin: {100, 110, 120}, waited: {1, 1.2, 2}}.Unrest(), 1e-9)
}

func TestScalingDropsRoundsWithoutProcessors(t *testing.T) {
	t.Parallel()
	var s Scaling
	s.add(1.9, 2, 2)
	s.add(1.1, 0.7, 2) // something else had the machine,
	s.add(1.9, 3, 2)   // or had it while one goroutine ran
	s.add(1.8, 1.81, 2)
	assert.Equal(t, []float64{1.9, 1.8}, s.Work)
	assert.Equal(t, 2, s.Dropped)
	assert.InDelta(t, (0.95+1.8/1.81)/2, s.Share(), 1e-9)
	s.add(1, 1, 2)
	assert.True(t, math.IsNaN(s.Share()), "more were dropped than count")
}

func TestScaleGivesUp(t *testing.T) {
	t.Parallel()
	made := 0
	s := Scale(Options{Rounds: 2, Sample: 100 * time.Microsecond}, 2, func() func(int) uint64 {
		made++
		return Spin
	})
	assert.Equal(t, 2, made, "each goroutine has its own")
	assert.LessOrEqual(t, len(s.Work), 2)
	assert.LessOrEqual(t, len(s.Work)+s.Dropped, 2*tries)
	assert.Len(t, s.Spin, len(s.Work))
}

// Alone: it measures the process.
func TestMaking(t *testing.T) {
	const size = 10 << 20
	cost, err := Making(func() (any, time.Duration, error) {
		garbage := make([]byte, size)
		kept := make([]byte, size)
		kept[0] = garbage[size-1]
		return kept, time.Minute, nil
	})
	require.NoError(t, err)
	assert.InDelta(t, size, cost.Bytes, size/10)
	assert.Equal(t, time.Minute, cost.Time)
	_, err = Making(func() (any, time.Duration, error) { return nil, 0, assert.AnError })
	require.ErrorIs(t, err, assert.AnError)
}

// Alone: it measures the process.
func TestAllocations(t *testing.T) {
	var last []byte
	number, bytes := Allocations(Contestant{"two", func(count int) uint64 {
		for range count {
			last = make([]byte, 1024)
			last = append(make([]byte, 0, 512), last[:10]...)
		}
		return uint64(len(last))
	}})
	assert.InDelta(t, 2, number, 0.2)
	assert.InDelta(t, 1536, bytes, 200)
}

func TestStopwatch(t *testing.T) {
	t.Parallel()
	watch := Start()
	keep(Spin(3_000_000))
	assert.Positive(t, watch.Processors())
	assert.Positive(t, watch.Wall())
	assert.LessOrEqual(t, watch.Undisturbed(), watch.Wall())
}
