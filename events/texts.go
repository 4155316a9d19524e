package events

import "strings"

// blockSize is how many bytes of text are kept together. A text that outlives
// its event keeps at most so many alive.
const blockSize = 256

// texts makes strings of what is read. Short ones share a block of memory, so
// that a payload costs one allocation and not one for each of its texts.
type texts struct {
	block strings.Builder
	left  int // how much more text there can be
}

// start makes ready for a document of so many bytes.
func (t *texts) start(size int) {
	t.block = strings.Builder{}
	t.left = size
}

// keep makes a string of text. Its bytes are copied.
func (t *texts) keep(text []byte) string {
	left := t.left
	t.left = max(0, left-len(text))
	switch {
	case len(text) == 0:
		return ""
	case len(text) > blockSize/2:
		return string(text)
	case t.block.Cap()-t.block.Len() < len(text):
		t.block.Reset()
		t.block.Grow(max(len(text), min(left, blockSize)))
	}
	from := t.block.Len()
	t.block.Write(text)
	return t.block.String()[from:]
}
