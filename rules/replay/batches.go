package replay

import (
	"context"
	"io"
	"sync"
)

// A batch is some lines that one goroutine works on.
type batch[In, Out any] struct {
	text  []byte // of all lines
	ends  []int  // of the lines in the text
	lines []Line[In]
	done  chan Out
}

// batches reads lines into batches, works on several at a time, and uses what
// comes of them in order. When the context ends, ended tells work: the line that
// it works on has not been done then, nor have those behind it.
//
// There are as many batches as may be worked on, and as many again that wait:
// that bounds the memory.
func batches[In, Out any](ctx context.Context, r io.Reader, reading Reading[In], worker func() func(lines []Line[In], ended func() bool) Out, use func(Out) error) error {
	inner, stop := context.WithCancel(ctx)
	workers := reading.workers()
	free := make(chan *batch[In, Out], 2*workers)
	for range cap(free) {
		free <- &batch[In, Out]{done: make(chan Out, 1)}
	}
	toDo, inOrder := make(chan *batch[In, Out], cap(free)), make(chan *batch[In, Out], cap(free))
	var failed error
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
				b.done <- work(b.lines, func() bool { return inner.Err() != nil })
			}
		})
	}
	for b := range inOrder {
		if err := use(<-b.done); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil { // what is behind may not have been done
			return err
		}
		free <- b
	}
	return failed
}
