package stopwatch

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestTook has the process wait, which costs it nothing, and then work.
func TestTook(t *testing.T) {
	waits := Start()
	<-time.After(50 * time.Millisecond)
	if computed() > 0 {
		assert.Less(t, waits.Took(), 50*time.Millisecond)
	} else {
		assert.GreaterOrEqual(t, waits.Took(), 50*time.Millisecond)
	}
	for works := Start(); works.Took() < 20*time.Millisecond; { // ends, since work is measured
	}
}

func TestTheShorterCounts(t *testing.T) {
	assert.Equal(t, time.Second, took(time.Minute, time.Hour, time.Hour+time.Second))
	assert.Equal(t, time.Minute, took(time.Minute, time.Hour, 2*time.Hour), "on several processors")
	assert.Equal(t, time.Minute, took(time.Minute, 0, 0), "the system does not tell")
}
