package callback

import (
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line int
		work func(*Guard)
		want string
	}{
		"a panic":              {7, func(g *Guard) { g.Calls("Group"); panic("a secret") }, "line 7: Group panicked"},
		"a panic with nothing": {7, func(g *Guard) { g.Calls("Group"); panic(nil) }, "line 7: Group panicked"},
		"for no line":          {0, func(g *Guard) { g.Calls("Progress"); panic("a secret") }, "Progress panicked"},
		"of nobody":            {7, func(*Guard) { panic("a secret") }, "line 7: the work panicked"},
		"behind a function":    {7, func(g *Guard) { g.Calls("Group"); g.Done(); panic("a secret") }, "line 7: the work panicked"},
		"the last one":         {7, func(g *Guard) { g.Calls("Group"); g.Calls("Append"); panic("a secret") }, "line 7: Append panicked"},
		"the end of all":       {7, func(g *Guard) { g.Calls("Group"); runtime.Goexit() }, "line 7: Group ended its goroutine"},
		"nothing":              {7, func(g *Guard) { g.Calls("Group"); g.Done() }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var err error
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				g := Guard{Line: c.line}
				defer g.End(&err)
				c.work(&g)
			}()
			<-ended
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, c.want)
			}
		})
	}
}

func TestCall(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	assert.NoError(t, Call("Output", func() error { return nil }))
	assert.Equal(t, full, Call("Output", func() error { return full }))
	assert.EqualError(t, Call("Output", func() error { panic(full) }), "Output panicked")
}
