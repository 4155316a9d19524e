package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
)

// recordedHelp says what recorded events are.
const recordedHelp = `EVENTS is a file of recorded surveys, one a line (NDJSON), each an envelope as it
comes over the wire or its payload by itself; - is standard input. Files that are
compressed with gzip or zstd are known by how they begin.`

// A recording is a stream of recorded events that is being read.
type recording struct {
	io.Reader        // of lines
	name      string // for errors
	size      int64  // of the file in bytes; 0: it is not known
	read      atomic.Int64
	close     []func() error
}

// The bounds of files that are unpacked.
const (
	unpackMemory = 128 << 20 // bytes that unpacking may take
	unpackFree   = 64 << 20  // bytes that may come out of anything
	unpackRatio  = 1000      // and beyond: how many times what went in
)

// openRecording opens the file of that name, or standard input for -. When the
// context ends, reading fails with its error.
func openRecording(ctx context.Context, name string, stdin io.Reader) (r *recording, err error) {
	r = &recording{name: name}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", r.shown(), reason(errors.Join(err, r.Close())))
		}
	}()
	raw, waits := stdin, true
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return r, err
		}
		r.close = append(r.close, f.Close)
		info, err := f.Stat()
		switch {
		case err != nil:
			return r, err
		case info.IsDir():
			return r, errors.New("it is a folder: give a file of recorded events")
		case info.Mode().IsRegular():
			r.size, waits = info.Size(), false
		}
		raw = f
	}
	if waits { // for somebody to write
		raw = r.pump(ctx, raw)
	}
	return r, r.unpack(bufio.NewReader(&countingReader{ctx: ctx, from: raw, read: &r.read}))
}

// shown is what errors call the recording.
func (r *recording) shown() string {
	if r.name == "-" {
		return "standard input"
	}
	return r.name
}

// pump reads what a person may never end: when the context does, the reading goes
// on without it until the process ends.
func (r *recording) pump(ctx context.Context, from io.Reader) io.Reader {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, from)
		in.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { out.CloseWithError(ctx.Err()) })
	r.close = append(r.close, func() error {
		stop()
		return out.Close()
	})
	return out
}

// unpack finds out how the file is packed.
func (r *recording) unpack(packed *bufio.Reader) error {
	begins, err := packed.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(begins, []byte{0x1f, 0x8b}):
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return unpacking(err)
		}
		unpacked.Multistream(false)
		r.Reader = &unpackedReader{from: &gzipReader{unpacked, packed}, packed: &r.read}
	case isZstandard(begins):
		unpacked, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(unpackMemory), zstd.WithDecoderMaxMemory(1<<62))
		if err != nil {
			return unpacking(err)
		}
		r.close = append(r.close, func() error {
			unpacked.Close()
			return nil
		})
		r.Reader = &unpackedReader{from: unpacked, packed: &r.read}
	default:
		r.Reader = packed
	}
	return nil
}

// A gzipReader reads what was packed in one go or in several, one behind the other.
type gzipReader struct {
	*gzip.Reader // of one of them
	packed       *bufio.Reader
}

func (r *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := r.Reader.Read(p)
		switch {
		case !errors.Is(err, io.EOF):
			return n, err
		case n > 0: // its end comes again
			return n, nil
		}
		if err := r.next(); err != nil {
			return 0, err
		}
	}
}

// next goes on to what is behind, if there is anything.
func (r *gzipReader) next() error {
	begins, err := r.packed.Peek(2)
	switch {
	case len(begins) == 0:
		return err
	case begins[0] != 0x1f, len(begins) == 2 && begins[1] != 0x8b:
		return errBehind
	}
	err = r.Reset(r.packed)
	if errors.Is(err, io.EOF) { // within its head
		return io.ErrUnexpectedEOF
	}
	r.Multistream(false)
	return err
}

// errBehind says what is wrong with a file that is sound up to some place.
var errBehind = errors.New("behind what is packed, there is something else: what is in front has been read")

// isZstandard knows a frame, and one that is to be skipped, by its first bytes (RFC
// 8878).
func isZstandard(begins []byte) bool {
	return bytes.Equal(begins, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		len(begins) == 4 && begins[0]>>4 == 5 && bytes.Equal(begins[1:], []byte{0x2a, 0x4d, 0x18})
}

// Close lets go of the file.
func (r *recording) Close() error {
	var errs []error
	for i := len(r.close) - 1; i >= 0; i-- {
		errs = append(errs, r.close[i]())
	}
	r.close = nil
	return errors.Join(errs...)
}

// A countingReader counts what it reads, until the context ends.
type countingReader struct {
	ctx  context.Context
	from io.Reader
	read *atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.from.Read(p)
	r.read.Add(int64(n))
	return n, err
}

// An unpackedReader reads what is unpacked, and stops where it swells.
type unpackedReader struct {
	from   io.Reader
	packed *atomic.Int64
	out    int64
}

func (r *unpackedReader) Read(p []byte) (int, error) {
	if r.out > unpackFree && r.out/unpackRatio > r.packed.Load() {
		return 0, fmt.Errorf("it swells to more than %d times its size, which recorded events do not: if this is meant, unpack it first", unpackRatio)
	}
	n, err := r.from.Read(p)
	r.out += int64(n)
	return n, unpacking(err)
}

// unpacking says what is wrong with a packed file.
func unpacking(err error) error {
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return err
	case errors.Is(err, errBehind), errors.Is(err, zstd.ErrMagicMismatch): // the first one has been looked at
		return errBehind
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file is cut off")
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fmt.Errorf("to unpack it takes more than %d MiB of memory", unpackMemory>>20)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fmt.Errorf("the file is damaged: %w", err)
}
