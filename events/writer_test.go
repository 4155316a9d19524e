package events

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type written struct {
	Text     string            `json:"text"`
	Maybe    *string           `json:"maybe"`
	Empty    string            `json:"empty,omitempty"`
	Zero     ID                `json:"zero,omitzero"`
	List     []writtenPart     `json:"list,omitempty"`
	Pointers []*writtenPart    `json:"pointers"`
	Part     writtenPart       `json:"part,omitzero"`
	Hollow   writtenHollow     `json:"hollow,omitempty"`
	Nil      *writtenPart      `json:"nil,omitempty"`
	Twice    **int8            `json:"twice,omitempty"`
	Null     **int8            `json:"null,omitzero"`
	Texts    [][]string        `json:"texts,omitempty"`
	Skipped  map[string]string `json:"-"`
	NoTag    bool
	_        int
}

type writtenPart struct {
	Number int64 `json:"number"`
	Flag   *bool `json:"flag,omitempty"`
	Small  int8  `json:"Small_1"`
}

type writtenHollow struct {
	Text string `json:"text,omitempty"`
}

var writtenTexts = []string{
	"", "a", "plain text", `"quoted" \ back`, "line\nbreak\ttab\r\b\f", "\x00\x1f\x7f", "äöü", "日本語", "😀", "<a href='x'>&amp;</a>",
	"\u2028\u2029", "\ufffd", "\xff", "\xed\xa0\x80", "a\xc3",
}

// scribble fills strings from writtenTexts and all else at random.
func scribble(random *rand.Rand, v reflect.Value) {
	anything(random, v, 7)
	respell(random, v)
}

func respell(random *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(writtenTexts[random.IntN(len(writtenTexts)-random.IntN(2)*3)])
		}
	case reflect.Pointer:
		if !v.IsNil() {
			respell(random, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			respell(random, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			respell(random, v.Field(i))
		}
	}
}

// TestTheWriterWritesWhatTheLibraryWrites holds the writer to the JSON
// library, to the byte, and holds that it refuses what the library refuses.
func TestTheWriterWritesWhatTheLibraryWrites(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	types := []reflect.Type{
		reflect.TypeFor[written](), reflect.TypeFor[[]written](), reflect.TypeFor[*written](), reflect.TypeFor[string](), reflect.TypeFor[bool](),
	}
	for kind := range Platform().All() {
		types = append(types, kind.PayloadType(), kind.ResultType())
	}
	bare, good, bad := 0, 0, 0
	for _, of := range types {
		write := writerOf(of)
		if write == nil {
			bare++
			continue
		}
		for range 300 {
			v := reflect.New(of)
			scribble(random, v.Elem())
			out, ok := write([]byte("before"), v.Elem())
			want, err := encodeJSON(v.Interface(), "root")
			require.Equal(t, err == nil, ok, "%#v", v)
			if !ok {
				bad++
				continue
			}
			good++
			require.Equal(t, "before"+string(want), string(out))
		}
	}
	assert.Less(t, bare, len(types)*2/3, "some types hold raw JSON")
	assert.Greater(t, good, 1000)
	assert.Greater(t, bad, 100)
}

func TestTheWriterLeavesToTheLibraryWhatItMust(t *testing.T) {
	type embeds struct{ writtenPart }
	type self struct{ Next *self }
	field := func(name, pkg string) reflect.StructField {
		return reflect.StructField{Name: name, PkgPath: pkg, Type: reflect.TypeFor[string](), Tag: `json:"a"`}
	}
	assert.Nil(t, writerOf(reflect.StructOf([]reflect.StructField{field("A", ""), field("B", "")})), "two fields of one name")
	assert.Nil(t, writerOf(reflect.StructOf([]reflect.StructField{field("a", "events")})), "a tag on a hidden field")
	for _, value := range []any{
		map[string]string{},
		[]byte{},
		json.RawMessage{},
		any(1.5),
		time.Time{},
		time.Duration(1),
		[2]int{},
		uint(1),
		embeds{},
		self{},
		struct{ A any }{},
		struct {
			A int `json:"a,string"`
		}{},
		struct {
			A int `json:"a b"`
		}{},
		struct {
			A int `json:"'a'"`
		}{},
		struct {
			A []time.Time `json:"a"`
		}{},
		struct {
			A []byte `json:"a"`
		}{},
	} {
		assert.Nil(t, writerOf(reflect.TypeOf(value)), "%T", value)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[[]TranscriptEmail](), reflect.TypeFor[Commands](), reflect.TypeFor[PostSurvey](), reflect.TypeFor[MessagingSurvey]()} {
		assert.NotNil(t, writerOf(of), of)
	}
}

func TestTheWriterKeepsTheLargestSize(t *testing.T) {
	kind := ChatPostSurveyEmailTranscript
	bare, err := kind.EncodeResult([]TranscriptEmail{{TargetEmail: "a"}})
	require.NoError(t, err)
	fits := strings.Repeat("x", MaxSize-len(bare))
	data, err := kind.EncodeResult([]TranscriptEmail{{TargetEmail: "a", Subject: fits}})
	require.NoError(t, err)
	assert.Len(t, data, MaxSize)
	_, err = kind.EncodeResult([]TranscriptEmail{{TargetEmail: "a", Subject: fits + "x"}})
	assert.ErrorIs(t, err, ErrTooLarge)
	_, err = kind.EncodeResult([]TranscriptEmail{{TargetEmail: "a"}, {TargetEmail: "a", Subject: "\xff"}})
	assert.ErrorContains(t, err, "result[1].subject: cannot be written as JSON")
}

func TestTheWriterOnEveryByteOfAText(t *testing.T) {
	for c := range 256 {
		for _, text := range []string{string([]byte{byte(c)}), "a" + string([]byte{byte(c)}) + "b", string(rune(c))} {
			out, good := appendText(nil, text)
			want, err := jsonv2.Marshal(text)
			require.Equal(t, err == nil, good, "%q", text)
			if good {
				require.Equal(t, string(want), string(out))
			}
		}
	}
}
