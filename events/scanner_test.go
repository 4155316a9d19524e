package events

import (
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pieces are what random documents are spoiled with.
var pieces = []string{
	`{`, `}`, `[`, `]`, `,`, `:`, `"`, `\`, ` `, "\n", "\x00", "\x1f", "\x7f", "\xff", "\xc3", "\xe2\x82", "é", "\u2028", "😀",
	`\u0061`, `\ud800`, `\ud83d\ude00`, `\udc00\ud800`, `\u00zz`, `\"`, `\/`, `\b`, `\x`, `null`, `true`, `false`, `nul`, `tru`,
	`0`, `-`, `-0`, `01`, `1.`, `.5`, `1e5`, `1E+05`, `1e`, `3.0`, `-9223372036854775808`, `9223372036854775808`, `123456789012345678`,
	`"a":1,`, `"a":1,"a":1,`, `"a":1,"\u0061":1,`, `"":1,`, `"payload":{},`, `"csatRank":"3",`, `"value":"17",`, `{"a":[{"b":{}}]}`, `[[[[]]]]`, `{} {}`, "\ufeff",
}

// mutant changes a document in up to four random places.
func mutant(random *rand.Rand, data []byte) []byte {
	out := string(data)
	for range random.IntN(5) {
		from := random.IntN(len(out) + 1)
		to := min(len(out), from+random.IntN(3)*random.IntN(12))
		put := pieces[random.IntN(len(pieces))]
		switch random.IntN(5) {
		case 0:
			put = ""
		case 1:
			at := random.IntN(len(out) + 1)
			put = out[at:min(len(out), at+random.IntN(60))]
		}
		out = out[:from] + put + out[to:]
	}
	return []byte(out)
}

// carefully walks a document over the JSON decoder, as decode does for those
// that the scanner refuses, and says whether there is nothing to note.
func (s *shape) carefully(data []byte, v reflect.Value) bool {
	w := walk{shape: s, into: v, careful: true, order: map[string]int{}}
	err := jsonv2.Unmarshal(data, &w, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return err == nil && w.noted == 0
}

// agree holds that both walks take the same documents and read them alike.
func (s *shape) agree(t *testing.T, data []byte) (good bool) {
	t.Helper()
	quick, careful := reflect.New(s.of).Elem(), reflect.New(s.of).Elem()
	before := string(data)
	good = s.fill(quick, data, MaxDepth)
	require.Equal(t, before, string(data))
	require.Equal(t, s.carefully(data, careful) && bounds(data, 0) == nil, good, "%q", data)
	if good {
		require.True(t, reflect.DeepEqual(careful.Interface(), quick.Interface()), "%q\n%#v\n%#v", data, careful, quick)
	}
	return good
}

// platformShapes are those of the payloads and results of the platform, with
// the sample of each, and that of the envelope.
func platformShapes(t testing.TB) (all []*shape, docs [][]byte) {
	for kind := range Platform().All() {
		for _, of := range []reflect.Type{kind.PayloadType(), kind.ResultType()} {
			env, err := DecodeEnvelope(kind.Sample())
			require.NoError(t, err)
			all, docs = append(all, newShape(of)), append(docs, env.Payload)
		}
		all, docs = append(all, envelopeShape()), append(docs, kind.Sample())
	}
	return all, docs
}

func TestBothWalksAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	shapes, docs := platformShapes(t)
	good, bad := 0, 0
	for i, s := range shapes {
		for range 400 {
			if s.agree(t, mutant(random, docs[i])) {
				good++
			} else {
				bad++
			}
		}
		for _, piece := range pieces {
			s.agree(t, []byte(piece))
			s.agree(t, []byte(strings.Replace(string(docs[i]), `"`, piece+`"`, 1)))
		}
	}
	assert.Greater(t, good, 3000)
	assert.Greater(t, bad, 3000)
}

// accepts says whether the scanner takes data as one document.
func accepts(data []byte) bool {
	var s scanner
	s.start(data, MaxDepth)
	_, good := s.value()
	return good && s.done()
}

func FuzzScanner(f *testing.F) {
	for _, piece := range pieces {
		f.Add([]byte(piece))
		f.Add([]byte(`{"a":[` + piece + `,"` + piece + `"],"` + piece + `":1}`))
	}
	_, docs := platformShapes(f)
	for _, data := range docs {
		f.Add(data)
	}
	s := newShape(reflect.TypeFor[PostSurvey]())
	f.Fuzz(func(t *testing.T, data []byte) {
		require.Equal(t, jsontext.Value(data).IsValid() && bounds(data, 0) == nil, accepts(data))
		s.agree(t, data)
	})
}

func TestScannerOnEveryByteOfAText(t *testing.T) {
	for c := range 256 {
		for _, before := range []string{"", "1234567", "12345678", "123456789", "é"} {
			for _, after := range []string{"", `\n`, "1", "12345678", "\xbc\xff"} {
				data := []byte(`["` + before + string([]byte{byte(c)}) + after + `"]`)
				require.Equal(t, jsontext.Value(data).IsValid(), accepts(data), "%q", data)
			}
		}
	}
}

func TestScannerRefusesKeysGivenTwice(t *testing.T) {
	for _, n := range []int{1, 2, fewNames - 1, fewNames, fewNames + 1, fewNames + 2, 3 * fewNames} {
		keys := make([]string, n)
		for i := range keys {
			keys[i] = `"k` + strings.Repeat("x", i%7) + string(rune('À'+i)) + `":{"k":1}`
		}
		unique := "{" + strings.Join(keys, ",") + "}"
		require.True(t, accepts([]byte(unique)), unique)
		for i := range keys {
			twice := "{" + strings.Join(append(keys[:n:n], keys[i]), ",") + "}"
			require.False(t, accepts([]byte(twice)), twice)
			escaped := strings.Replace(keys[i], `"k`, `"\u006b`, 1)
			require.False(t, accepts([]byte("{"+escaped+","+unique[1:])), escaped)
			require.False(t, accepts([]byte(unique[:len(unique)-1]+","+escaped+"}")), escaped)
			require.True(t, accepts([]byte("["+unique+","+unique+"]")))
		}
	}
}

func TestScannerCountsLevels(t *testing.T) {
	for _, n := range []int{MaxDepth, MaxDepth + 1} {
		for _, pair := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
			data := strings.Repeat(pair[0], n) + "1" + strings.Repeat(pair[1], n)
			require.True(t, jsontext.Value(data).IsValid())
			require.Equal(t, n <= MaxDepth, accepts([]byte(data)))
		}
	}
}

func TestAWalkKeepsNothing(t *testing.T) {
	s := newShape(reflect.TypeFor[map[string]any]())
	w := new(walk)
	for _, data := range []string{`{"\u0061":"\u0062","c":{"d":["e"]}}`, `{"\u0061":{"b":[`, "{" + strings.Repeat(`"a":1,`, 2000)} {
		w.scan.start([]byte(data), MaxDepth)
		w.texts.start(len(data))
		_ = w.read(s.read, reflect.New(s.of).Elem())
		w.forget()
		again := *w
		for _, l := range again.scan.open[:cap(again.scan.open)] {
			assert.Zero(t, l)
		}
		assert.LessOrEqual(t, cap(again.scan.names), 1024)
		assert.Nil(t, again.scan.spelt)
		assert.Nil(t, again.scan.data)
		assert.Nil(t, again.scan.buffer)
		assert.Zero(t, again.texts.block.Cap())
	}
}

func TestTextsShareBlocks(t *testing.T) {
	var all texts
	random := rand.New(rand.NewPCG(5, 6))
	var want, got []string
	all.start(100_000)
	for range 2000 {
		text := strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(2*blockSize))
		want, got = append(want, text), append(got, all.keep([]byte(text)))
		require.LessOrEqual(t, all.block.Cap(), blockSize)
	}
	assert.Equal(t, want, got)
	short := []byte("text")
	assert.Less(t, testing.AllocsPerRun(100, func() {
		all.start(blockSize)
		for range blockSize / len(short) {
			all.keep(short)
		}
	}), 1.5)
}

func TestSmallIntReadsWhatStrconvReads(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	literals := []string{"", "-", "0", "-0", "1.0", "1e3", "+1", "9223372036854775807", "-9223372036854775808", "99999999999999999999"}
	for range 5000 {
		literals = append(literals, strconv.FormatInt(random.Int64()>>random.IntN(64), 10), strconv.FormatInt(-random.Int64()>>random.IntN(64), 10))
	}
	small := 0
	for _, literal := range literals {
		got, ok := smallInt([]byte(literal))
		want, err := strconv.ParseInt(literal, 10, 64)
		if ok {
			small++
			require.NoError(t, err, literal)
			require.Equal(t, want, got)
		} else if err == nil {
			require.True(t, len(strings.TrimPrefix(literal, "-")) > 18 || literal[0] == '+', literal)
		}
	}
	assert.Greater(t, small, 5000)
}
