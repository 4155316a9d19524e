package replay

import (
	"context"
	"errors"
	"io"
	"sync"
)

// A batch is some lines that one goroutine works on.
type batch[In, Out any] struct {
	text  []byte // of all lines
	ends  []int  // of the lines in the text
	lines []Line[In]
	out   Out
	done  chan struct{}
}

// errReaderEnded says that there is no reader any more, and nobody said why.
var errReaderEnded = errors.New("the reader ended its goroutine")

// batches reads lines into batches, works on several at a time, and uses what
// comes of them in order. When the context ends, ended tells work: the line that
// it works on has not been done then, nor have those behind it. Work puts what
// comes of a batch into out, and must not panic; if it ends its goroutine, what is
// there is used.
//
// There are as many batches as may be worked on, and as many again that wait:
// that bounds the memory.
func batches[In, Out any](ctx context.Context, r io.Reader, reading Reading[In], worker func() func(lines []Line[In], ended func() bool, out *Out), use func(Out) error) error {
	inner, stop := context.WithCancel(ctx)
	workers := reading.workers()
	free := make(chan *batch[In, Out], 2*workers)
	for range cap(free) {
		free <- &batch[In, Out]{done: make(chan struct{}, 1)}
	}
	// The context may have ended a moment before inner hears of it.
	ended := func() bool { return ctx.Err() != nil || inner.Err() != nil }
	toDo, inOrder := make(chan *batch[In, Out], cap(free)), make(chan *batch[In, Out], cap(free))
	failed := errReaderEnded
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	all.Go(func() {
		defer close(inOrder)
		defer close(toDo)
		failed = readBatches(inner, r, reading.maxLine(), free, func(b *batch[In, Out]) {
			toDo <- b
			inOrder <- b
		})
	})
	for range workers {
		work := worker()
		all.Go(func() {
			for b := range toDo {
				b.work(work, ended)
			}
		})
	}
	for b := range inOrder {
		<-b.done
		if err := use(b.out); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil { // what is behind may not have been done
			return err
		}
		free <- b
	}
	return failed
}

// work works on the lines, and says that it is done even if that ends the goroutine.
func (b *batch[In, Out]) work(work func(lines []Line[In], ended func() bool, out *Out), ended func() bool) {
	defer func() { b.done <- struct{}{} }()
	work(b.lines, ended, &b.out)
}
