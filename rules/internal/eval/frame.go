// Package eval turns rewritten trees into Go closures over the input.
//
// Nothing is boxed on the way: a closure has the Go type of its part's value.
// What goes wrong at run time, bounds included, is a Failure.
package eval

import (
	"context"
	"fmt"
	"reflect"
	"runtime/debug"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of one evaluation.
const (
	MaxSteps = 1_000_000
	MaxText  = 1 << 20
)

// A Frame is what one evaluation works on. It is for one goroutine at a time. It
// fills whole cache lines: two goroutines with a frame each would otherwise wait
// for one another wherever both lie in one.
type Frame struct {
	ctx   context.Context
	in    Pointer
	input any     // a pointer to the input
	elem  element // of the innermost loop
	steps int
	bytes int
	beat  int

	scratch *scratch

	_ [frameSize - 13*8]byte
}

// frameSize is two cache lines of the usual 64 bytes, which are loaded together.
const frameSize = 128

// Reset prepares the frame for evaluations of the input that in points to.
func (f *Frame) Reset(ctx context.Context, in any) {
	*f = Frame{ctx: ctx, in: pointerTo(reflect.ValueOf(in)), input: in, scratch: f.scratch}
}

// Clear lets go of the input.
func (f *Frame) Clear() { *f = Frame{scratch: f.scratch} }

// A Failure is what went wrong in an evaluation. What it shows is safe to log
// unless a registered function's own error is not.
type Failure struct {
	Message string
	Err     error // of a registered function or the context
	At      tree.Span
	crash   *Panic // behind a pointer, which no encoder and no verb of fmt follows
}

// A Panic is what a panic said, and the stack where it happened. Both may quote
// the input.
type Panic struct {
	Said  string
	Stack []byte
}

// Panic is the panic that the failure stands for, or nil.
func (e *Failure) Panic() *Panic { return e.crash }

func (e *Failure) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

func (e *Failure) Unwrap() error { return e.Err }

func fail(n *tree.Node, format string, args ...any) {
	panic(&Failure{Message: fmt.Sprintf(format, args...), At: n.Span})
}

// Bool is a compiled condition.
type Bool func(*Frame) bool

// Text is a compiled text expression.
type Text func(*Frame) string

// Continue runs the condition within what is left of the bounds, and for the
// element that is looked at. Whatever goes wrong, a panic of a registered
// function included, comes back as an error.
func (b Bool) Continue(f *Frame) (holds bool, err *Failure) {
	defer f.caught(&err, f.elem)
	return b(f), nil
}

// Continue runs the text expression as Bool.Continue does.
func (t Text) Continue(f *Frame) (text string, err *Failure) {
	defer f.caught(&err, f.elem)
	return t(f), nil
}

// Allow gives the frame the bounds of so many evaluations.
func (f *Frame) Allow(evaluations int) {
	f.steps, f.bytes, f.beat = evaluations*MaxSteps, evaluations*MaxText, 0
}

// Spent is how many steps were taken since Allow(1).
func (f *Frame) Spent() int { return MaxSteps - f.steps }

// caught turns a panic into a Failure, and goes back to the element that was
// looked at.
func (f *Frame) caught(err **Failure, elem element) {
	p := recover()
	if p == nil {
		return
	}
	f.elem = elem
	*err = Caught(p)
}

// Caught is the Failure that a recovered panic stands for.
func Caught(p any) *Failure {
	if known, ok := p.(*Failure); ok {
		return known
	}
	return &Failure{Message: "panicked", crash: &Panic{Said: fmt.Sprint(p), Stack: debug.Stack()}}
}

// step accounts for n units of work, and now and then asks the context.
func (f *Frame) step(n int, at *tree.Node) {
	f.steps -= n
	f.beat += n
	if f.steps < 0 || f.beat >= beatEvery {
		f.pause(at)
	}
}

// afford fails at once where n units of work are more than there are left, before
// anything is made for them.
func (f *Frame) afford(n int, at *tree.Node) {
	if n > f.steps {
		f.step(n, at)
	}
}

// pause ends an evaluation that takes too long, or whose context has ended.
func (f *Frame) pause(at *tree.Node) {
	if f.steps < 0 {
		fail(at, "takes more than %d steps: simplify it", MaxSteps)
	}
	if f.ctx == nil { // a constant is worked out
		return
	}
	f.beat = 0
	if err := f.ctx.Err(); err != nil {
		panic(&Failure{Message: "stopped", Err: err, At: at.Span})
	}
}

// beatEvery is after how many steps the context is asked.
const beatEvery = 4096

// Charge accounts for n units of work of somebody else.
func (f *Frame) Charge(n int, at *tree.Node) (err *Failure) {
	defer f.caught(&err, f.elem)
	f.step(n, at)
	return nil
}

// look accounts for reading text of n bytes.
func (f *Frame) look(n int, at *tree.Node) {
	if n >= 64 {
		f.step(n/64, at)
	}
}

// perStep is how many nodes are looked at in one step.
const perStep = 16

// turnCost is what one turn of a loop costs that looks at an element with
// each.
func turnCost(each *tree.Node) int { return 1 + each.Size()/perStep }

// made accounts for text that was made.
func (f *Frame) made(n int, at *tree.Node) {
	f.bytes -= n
	if f.bytes < 0 {
		fail(at, "makes more than %d bytes of text: shorten it", MaxText)
	}
}
