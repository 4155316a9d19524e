// Package callback makes errors of panics in functions that others have given. In a
// goroutine of ours, nobody else could.
package callback

import "fmt"

// A Guard knows which function is being called, and for which line. It is for one
// goroutine at a time; the zero value is ready for use.
type Guard struct {
	// Line is that of the events that the function is called for; 0: none.
	Line int

	what string
}

// Calls says that a function is called from now on.
func (g *Guard) Calls(what string) { g.what = what }

// Done says that none is called any more.
func (g *Guard) Done() { g.what = "" }

// End is to be deferred. It makes an error of a panic, and of a function that has
// ended its goroutine, as (*testing.T).FailNow does. The error names the function and
// the line, and says nothing of what it panicked with: that may quote the event.
func (g *Guard) End(err *error) {
	panicked, what := recover() != nil, g.what
	g.Done()
	if what == "" && !panicked {
		return
	}
	if what == "" {
		what = "the work"
	}
	did := "panicked"
	if !panicked {
		did = "ended its goroutine"
	}
	*err = fmt.Errorf("%s %s", what, did)
	if g.Line > 0 {
		*err = fmt.Errorf("line %d: %w", g.Line, *err)
	}
}

// Call calls a function that is not about a line. The error is its own, or that of
// End.
func Call(what string, f func() error) (err error) {
	var g Guard
	defer g.End(&err)
	g.Calls(what)
	err = f()
	g.Done()
	return err
}
