package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	const heap = "the heap went from 1000 KiB after the first tenth to "
	for _, c := range []struct {
		name    string
		samples []sample
		want    []string
	}{
		{"nothing", nil, []string{"too few samples to compare"}},
		{"one", []sample{{1, 1}}, []string{"too few samples to compare"}},
		{"steady", []sample{{1000 << 10, 3}, {1000 << 10, 3}, {1000 << 10, 3}}, []string{}},
		{"less is no leak", []sample{{1000 << 10, 30}, {10 << 10, 3}}, []string{}},
		{"as far as it may", []sample{{1000 << 10, 3}, {1100 << 10, 8}}, []string{}},
		{"the heap", []sample{{1000 << 10, 3}, {1101 << 10, 3}}, []string{heap + "1101 KiB, which is more than 1.1 times that"}},
		{"the heap for a while", []sample{{1000 << 10, 3}, {2000 << 10, 3}, {1000 << 10, 3}}, []string{heap + "2000 KiB, which is more than 1.1 times that"}},
		{"goroutines", []sample{{1000 << 10, 3}, {1000 << 10, 9}, {1000 << 10, 4}}, []string{"the goroutines went from 3 after the first tenth to 9, which is more than 5 more"}},
		{"both", []sample{{1000 << 10, 3}, {5000 << 10, 30}}, []string{
			heap + "5000 KiB, which is more than 1.1 times that",
			"the goroutines went from 3 after the first tenth to 30, which is more than 5 more",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, each(judge(c.samples), error.Error), c.name)
		})
	}
}

// What is kept shows in a sample, and what is not does not.
func TestQuietSeesWhatIsKept(t *testing.T) { // alone: it measures the process
	before := quiet(time.Millisecond)
	kept, end := make([]byte, 8<<20), make(chan struct{})
	for range 10 {
		go func() { <-end }()
	}
	held := quiet(time.Millisecond)
	assert.Greater(t, held.heap, before.heap+7<<20)
	assert.GreaterOrEqual(t, held.goroutines, before.goroutines+10)
	kept[0] = 1
	close(end)
	assert.Less(t, quiet(time.Millisecond).heap, before.heap+4<<20)
}

// A short soak has every kind of visit answered as it should be.
func TestSoakHasAllKindsOfTraffic(t *testing.T) {
	var out bytes.Buffer
	samples, err := soakedFor(t, &out, 200*time.Millisecond)
	require.NoError(t, err)
	assert.Len(t, samples, tenths)
	assert.Equal(t, tenths+1, strings.Count(out.String(), "\n"), out.String())
}
