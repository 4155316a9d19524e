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
	works := Start()
	for works.Took() < 20*time.Millisecond { // ends, since work is measured
	}
	assert.GreaterOrEqual(t, time.Since(works.began), works.Took()-time.Millisecond)
}

func TestWithoutTheSystem(t *testing.T) {
	w := Watch{began: time.Now().Add(-time.Hour), computed: computed() - 2*time.Hour}
	assert.GreaterOrEqual(t, w.Took(), time.Hour)
	assert.Less(t, w.Took(), 2*time.Hour)
}
