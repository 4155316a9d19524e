package yamlfile

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

const (
	// values bounds the values of a file, roughly: a node of the tree takes a
	// hundred times the memory of the two bytes that can make one.
	values = 1 << 20

	// block is the distance, in bytes, of the places whose rune is known.
	block = 1 << 6
)

var byteOrderMark = []byte("\xEF\xBB\xBF")

// A text is the content of a file in which every rune may stand in YAML.
type text struct {
	data  []byte
	lines []int // the offset of the first byte of each line
	runes []int // how many runes begin before each multiple of block
}

// read checks the characters of data. It reports each run of forbidden ones
// and puts a replacement character in the place of each, so that everything
// else keeps its place and can be read as well. It returns nil when there is no
// point in going on.
func read(data []byte, problems *list) *text {
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		problems.add(Position{1, 1}, "the file is in UTF-16: save it as UTF-8")
		return nil
	}
	data = bytes.TrimPrefix(data, byteOrderMark)
	found := forbidden(data, problems)
	if problems.full() {
		return nil
	}
	if found {
		data = cleaned(data)
	}
	if count(data) > values {
		problems.add(Position{1, 1}, "the file holds more than %d values: split it", values)
		return nil
	}
	return index(data)
}

// forbidden reports the characters of data that may not stand in a file, and
// whether there are any.
func forbidden(data []byte, problems *list) bool {
	at, before, any := Position{1, 1}, "", false
	for i := 0; i < len(data) && !problems.full(); {
		if ' ' <= data[i] && data[i] < 0x7F {
			i, at.Column, before = i+1, at.Column+1, ""
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		what := fault(r, size)
		if what != "" && what != before {
			problems.add(at, "%s", what)
			any = true
		}
		before = what
		i += size
		at.Column++
		if r == '\n' || r == '\r' && (i == len(data) || data[i] != '\n') {
			at = Position{at.Line + 1, 1}
		}
	}
	return any
}

// fault says why a rune of the given size may not stand in a file, or nothing.
func fault(r rune, size int) string {
	switch {
	case r == utf8.RuneError && size <= 1:
		return "this is not UTF-8: save the file as UTF-8"
	case r == '\t' || r == '\n' || r == '\r':
		return ""
	case r < ' ' || 0x7F <= r && r <= 0x9F:
		return "a control character: remove it, or write it as an escape in double quotes"
	case r == 0x2028 || r == 0x2029:
		return "a line separator that few editors show: write an ordinary line break"
	case r == 0xFEFF:
		return "a byte order mark inside the file: remove it"
	case r == 0xFFFE || r == 0xFFFF:
		return "a character that Unicode does not define: remove it"
	}
	return ""
}

// cleaned is data with a replacement character for each forbidden one.
func cleaned(data []byte) []byte {
	clean := make([]byte, 0, len(data))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if fault(r, size) != "" {
			r = utf8.RuneError
		}
		clean = utf8.AppendRune(clean, r)
		data = data[size:]
	}
	return clean
}

// count is at least the number of values, anchors and tags in data: each one
// needs a character that sets it apart from what is before it.
func count(data []byte) int {
	n, before := 0, byte(' ')
	for i, c := range data {
		switch c {
		case ',', ':', '[', '{':
			n++
		case '-', '?':
			if i+1 == len(data) || data[i+1] <= ' ' {
				n++
			}
		case '\'', '"', '&', '*', '!':
			if before <= ' ' || bytes.IndexByte([]byte(`,:[{'"`), before) >= 0 {
				n++
			}
		}
		before = c
	}
	return n
}

func index(data []byte) *text {
	t := &text{
		data:  data,
		lines: make([]int, 1, 1+bytes.Count(data, []byte("\n"))),
		runes: make([]int, 0, len(data)/block+1),
	}
	runes := 0
	for i, c := range data {
		if i%block == 0 {
			t.runes = append(t.runes, runes)
		}
		if utf8.RuneStart(c) {
			runes++
		}
		if c == '\n' || c == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// offset is where the rune at p begins in the data, and whether p is a place
// in it; the end of the data is one. It takes about the same time for every p,
// however long the lines are.
func (t *text) offset(p Position) (int, bool) {
	if p.Line < 1 || p.Line > len(t.lines) || p.Column < 1 || p.Column > len(t.data)+1 {
		return 0, false
	}
	start := t.lines[p.Line-1]
	if start == len(t.data) {
		return start, p.Column == 1
	}
	b := start / block
	rune := t.runes[b] + starts(t.data[b*block:start]) + p.Column - 1
	// The last block before which no more than rune runes begin.
	b, _ = slices.BinarySearch(t.runes, rune+1)
	b--
	at, left := b*block, rune-t.runes[b]
	for ; at < len(t.data); at++ {
		if !utf8.RuneStart(t.data[at]) {
			continue
		}
		if left == 0 {
			return at, true
		}
		left--
	}
	return at, left == 0
}

// end is the place just behind the last rune.
func (t *text) end() Position {
	return Position{len(t.lines), 1 + starts(t.data[t.lines[len(t.lines)-1]:])}
}

// starts is the number of runes that begin in data.
func starts(data []byte) int {
	n := 0
	for _, c := range data {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}
