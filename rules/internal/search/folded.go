package search

import "strings"

// A chunk is eight bytes of a needle in lower case, and the bits to set in
// eight bytes of a text to make it so.
type chunk struct{ bytes, lower uint64 }

func chunkOf(text string) chunk {
	c := chunk{bytes: eight(text, 0)}
	for i := range 8 {
		if 'a' <= text[i] && text[i] <= 'z' {
			c.lower |= 0x20 << (8 * i)
		}
	}
	return c
}

func (c chunk) same(bytes uint64) bool { return bytes|c.lower == c.bytes }

// eight and four load bytes of a text.
func eight(s string, at int) uint64 {
	s = s[at : at+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func four(s string, at int) uint64 {
	s = s[at : at+4]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// at tells whether the folded needle lies at a place in the text, which is long
// enough.
func (n *needle) at(text string, place int) bool {
	m := len(n.text)
	if m >= 8 {
		return n.head.same(eight(text, place)) && n.tail.same(eight(text, place+m-8)) &&
			(len(n.middle) == 0 || n.between(text, place))
	}
	if m >= 4 {
		return n.head.same(four(text, place) | four(text, place+m-4)<<32)
	}
	for i := range m {
		if lower(text[place+i]) != n.text[i] {
			return false
		}
	}
	return true
}

func (n *needle) between(text string, place int) bool {
	for i, c := range n.middle {
		if !c.same(eight(text, place+8+8*i)) {
			return false
		}
	}
	return true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		b |= 0x20
	}
	return b
}

// lowered is a byte of a needle, and the bits to set in others to make them so.
func lowered(b byte) (low, bits byte) {
	if 'a' <= b && b <= 'z' {
		return b, 0x20
	}
	return b, 0
}

func upper(b byte) byte {
	if 'a' <= b && b <= 'z' {
		b &^= 0x20
	}
	return b
}

// longText is the number of places from which on the rare byte is looked for
// instead of the first.
const longText = 48

// found tells whether the folded needle lies anywhere in a text that has so
// many more bytes.
func (n *needle) found(text string, more int) bool {
	if more >= longText {
		return n.foundByRare(text, more)
	}
	begins, ends := text[:more+1], text[len(n.text)-1:]
	first, low := n.first, n.firstLow
	for i := range len(begins) {
		if begins[i]|low == first && ends[i]|n.lastLow == n.last && n.at(text, i) {
			return true
		}
	}
	return false
}

// foundByRare looks for the rare byte in either case.
func (n *needle) foundByRare(text string, more int) bool {
	low, up := n.text[n.rare], upper(n.text[n.rare])
	from := n.rare
	end := from + more + 1 // of where the rare byte may lie
	nextLow, nextUp := next(text, from, end, low), end
	if up != low {
		nextUp = next(text, from, end, up)
	}
	for {
		place := min(nextLow, nextUp)
		if place >= end {
			return false
		}
		if n.at(text, place-n.rare) {
			return true
		}
		if place == nextLow {
			nextLow = next(text, place+1, end, low)
		} else {
			nextUp = next(text, place+1, end, up)
		}
	}
}

// next is the first place of b between two places, or the second of these.
func next(text string, from, end int, b byte) int {
	if i := strings.IndexByte(text[from:end], b); i >= 0 {
		return from + i
	}
	return end
}
