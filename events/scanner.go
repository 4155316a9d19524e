package events

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A scanner reads one JSON document of no more than MaxSize bytes and says
// whether it is sound, but not what is wrong with it: a document that it
// refuses is walked again with the JSON decoder, which has the words. It
// accepts what that decoder accepts in its strict mode, to the byte, and at
// most so many levels.
type scanner struct {
	data   []byte
	at     int // the next byte
	next   expected
	open   []level
	levels int      // how many may be open at once
	names  []span   // the keys of the open objects so far, the outermost first
	spelt  [][]byte // the texts of keys that have escapes
	buffer []byte   // the last text that had escapes
}

// expected is what may come next.
type expected byte

const (
	aValue     expected = iota // after a comma or a colon, and at the beginning
	afterOpen                  // a value or a key, or the closing bracket
	afterValue                 // a comma or the closing bracket
)

// A level is an open list or object.
type level struct {
	closing byte
	first   int                 // where the keys of an object begin in names
	many    map[string]struct{} // the keys again, once there are more than fewNames
}

// A span is where a key stands in the document. If it has escapes, from is a
// place in the scanner's spelt, and to is -1.
type span struct {
	from, to int32
	mark     uint32 // differs for most keys that differ
}

// fewNames is how many keys of an object are compared one by one.
const fewNames = 64

// markOf tells most keys apart at a glance.
func markOf(key []byte) uint32 {
	n := len(key)
	if n == 0 {
		return 0
	}
	return uint32(n)<<24 ^ uint32(key[0])<<16 ^ uint32(key[n/2])<<8 ^ uint32(key[n-1])
}

func (s *scanner) start(data []byte, levels int) {
	s.data, s.at, s.next, s.levels = data, 0, aValue, levels
	s.open, s.names = s.open[:0], s.names[:0]
}

// done says whether nothing follows what was read.
func (s *scanner) done() bool {
	s.space()
	return s.next == afterValue && s.at == len(s.data)
}

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\n', '\t', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek is the kind of the next value or bracket, or 0 if none may follow.
func (s *scanner) peek() jsontext.Kind {
	s.space()
	if s.next == afterValue && s.at < len(s.data) && s.data[s.at] == ',' {
		s.at++
		s.next = aValue
		s.space()
	}
	if s.at == len(s.data) {
		return 0
	}
	switch c := s.data[s.at]; c {
	case '}', ']':
		if s.next != aValue {
			return jsontext.Kind(c)
		}
	case '"', '{', '[', 't', 'f', 'n':
		if s.next != afterValue {
			return jsontext.Kind(c)
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if s.next != afterValue {
			return '0'
		}
	}
	return 0
}

// bracket reads the bracket that opens or closes a list or an object.
func (s *scanner) bracket() bool {
	switch kind := s.peek(); kind {
	case '{', '[':
		if len(s.open) >= s.levels {
			return false
		}
		s.open = append(s.open, level{closing: byte(kind) + 2, first: len(s.names)})
		s.next = afterOpen
	case '}', ']':
		top := len(s.open) - 1
		if top < 0 || s.open[top].closing != byte(kind) {
			return false
		}
		s.names = s.names[:s.open[top].first]
		s.open[top] = level{}
		s.open = s.open[:top]
		s.next = afterValue
	default:
		return false
	}
	s.at++
	return true
}

// value reads the next value, whatever it is, and gives it as it stands.
func (s *scanner) value() ([]byte, bool) {
	kind := s.peek()
	from := s.at
	good := false
	switch kind {
	case '"':
		_, good = s.text()
	case '0':
		good = s.number()
	case 't':
		good = s.word("true")
	case 'f':
		good = s.word("false")
	case 'n':
		good = s.word("null")
	case '[', '{':
		good = s.group(kind)
	}
	if !good {
		return nil, false
	}
	return s.data[from:s.at], true
}

// group reads over a list or an object.
func (s *scanner) group(kind jsontext.Kind) bool {
	if !s.bracket() {
		return false
	}
	for s.peek() != kind+2 {
		if kind == '{' {
			if _, good := s.name(); !good {
				return false
			}
		}
		if _, good := s.value(); !good {
			return false
		}
	}
	return s.bracket()
}

func (s *scanner) word(word string) bool {
	end := s.at + len(word)
	if end > len(s.data) || string(s.data[s.at:end]) != word {
		return false
	}
	s.at, s.next = end, afterValue
	return true
}

func (s *scanner) number() bool {
	if s.data[s.at] == '-' {
		s.at++
	}
	switch {
	case s.at < len(s.data) && s.data[s.at] == '0':
		s.at++
	case !s.digits():
		return false
	}
	if s.at < len(s.data) && s.data[s.at] == '.' {
		s.at++
		if !s.digits() {
			return false
		}
	}
	if s.at < len(s.data) && s.data[s.at]|0x20 == 'e' {
		s.at++
		if s.at < len(s.data) && (s.data[s.at] == '+' || s.data[s.at] == '-') {
			s.at++
		}
		if !s.digits() {
			return false
		}
	}
	s.next = afterValue
	return true
}

// digits reads one digit and all that follow.
func (s *scanner) digits() bool {
	from := s.at
	for s.at < len(s.data) && s.data[s.at]-'0' <= 9 {
		s.at++
	}
	return s.at > from
}

// text reads a text and gives what it says. It is good until the next text.
func (s *scanner) text() ([]byte, bool) {
	from, escapes, wide := s.at, false, false
	i := from + 1
	for {
		i = plainEnd(s.data, i)
		if i >= len(s.data) {
			return nil, false
		}
		c := s.data[i]
		switch {
		case c == '"':
			s.at, s.next = i+1, afterValue
			switch {
			case escapes: // it looks at the UTF-8 as well
				var err error
				s.buffer, err = jsontext.AppendUnquote(s.buffer[:0], s.data[from:s.at])
				return s.buffer, err == nil
			case wide && !utf8.Valid(s.data[from+1:i]):
				return nil, false
			}
			return s.data[from+1 : i], true
		case c == '\\':
			escapes = true
			i += 2
		case c < ' ':
			return nil, false
		default:
			wide = true
			for i < len(s.data) && s.data[i] >= utf8.RuneSelf {
				i++
			}
		}
	}
}

// plainEnd is where the plain text from i on ends: at a quotation mark, a
// backslash, a control character, a byte beyond ASCII or the end of the data.
func plainEnd(data []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(data); i += 8 {
		// Eight bytes at once: taking away 0x20, or 1 from what was '"' or '\\',
		// sets the top bit of the lowest byte that ends the text. Bytes above
		// it may be wrong, for they lend.
		word := binary.LittleEndian.Uint64(data[i:])
		marks := (word | (word - ones*' ') | ((word ^ ones*'"') - ones) | ((word ^ ones*'\\') - ones)) & tops
		if marks != 0 {
			return i + bits.TrailingZeros64(marks)/8
		}
	}
	for ; i < len(data); i++ {
		if c := data[i]; c == '"' || c == '\\' || c < ' ' || c >= utf8.RuneSelf {
			return i
		}
	}
	return i
}

// name reads an object's next key and the colon behind it. It refuses one
// that the object has already. It is good until the next text.
func (s *scanner) name() ([]byte, bool) {
	if s.peek() != '"' || s.open[len(s.open)-1].closing != '}' {
		return nil, false
	}
	from := s.at + 1
	text, good := s.text()
	if !good || !s.fresh(from, s.at-1, text) {
		return nil, false
	}
	if s.space(); s.at == len(s.data) || s.data[s.at] != ':' {
		return nil, false
	}
	s.at++
	s.next = aValue
	return text, true
}

// fresh notes a key of the innermost object and its place, and says whether it
// is new.
func (s *scanner) fresh(from, to int, text []byte) bool {
	at := span{from: int32(from), to: int32(to), mark: markOf(text)}
	if len(text) < to-from {
		at.from, at.to = int32(len(s.spelt)), -1
		s.spelt = append(s.spelt, bytes.Clone(text))
	}
	object := &s.open[len(s.open)-1]
	keys := s.names[object.first:]
	s.names = append(s.names, at)
	if len(keys) < fewNames {
		for _, k := range keys {
			if k.mark == at.mark && string(s.key(k)) == string(text) {
				return false
			}
		}
		return true
	}
	if object.many == nil {
		object.many = make(map[string]struct{}, 2*fewNames)
		for _, k := range keys {
			object.many[string(s.key(k))] = struct{}{}
		}
	}
	before := len(object.many)
	object.many[string(text)] = struct{}{}
	return len(object.many) > before
}

func (s *scanner) key(k span) []byte {
	if k.to < 0 {
		return s.spelt[k.from]
	}
	return s.data[k.from:k.to]
}

// forget lets go of the document; what it was read with stays.
func (s *scanner) forget() {
	clear(s.open)
	if cap(s.names) > 1024 {
		s.names = nil // of a document with a great many keys
	}
	s.data, s.spelt, s.buffer = nil, nil, nil
}
