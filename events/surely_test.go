package events

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type ruledPart struct {
	Word  string  `validate:"required,max=3"`
	Count *int    `validate:"omitempty,min=-1,max=2"`
	Kind  ID      `validate:"omitempty,oneof=a bb c"`
	Small int8    `validate:"min=1"`
	Other float64 `validate:"gte=0"`
}

type embeddedRules struct {
	Deep string `validate:"max=2"`
}

// ruled has a field for every way in which rules meet types.
type ruled struct {
	embeddedRules
	Part     ruledPart
	Maybe    *ruledPart
	Must     *ruledPart  `validate:"required"`
	List     []ruledPart `validate:"min=1,max=2,dive"`
	Free     []ruledPart // without dive: its rules do not count
	Optional []string    `validate:"omitempty,min=2"`
	Texts    []string    `validate:"dive,min=1"`
	Table    map[string]ruledPart
	Any      any
	Twice    **int         `validate:"omitempty,min=1"`
	Needed   *string       `validate:"required"`
	Number   int           `validate:"required"`
	Wait     time.Duration `validate:"min=1"`
	At       time.Time
	Self     *ruled
	Hidden   string `validate:"-"`
	Hex      int    `validate:"max=0x10"`
	Quoted   string `validate:"omitempty,oneof='a b' c"`
	_        ruledPart
}

type easy struct {
	Part  *ruledPart
	Rank  *int         `validate:"omitempty,min=1,max=5"`
	List  []easyPart   `validate:"max=3,dive"`
	Free  []*ruledPart // without dive: its rules do not count
	State string       `validate:"omitempty,oneof=OPEN CLOSE"`
	Empty **int        `validate:"omitempty,min=0"`
	Any   any
}

type easyPart struct {
	Name string `validate:"required,min=2"`
}

// anything makes a random value of a type, so many levels deep.
func anything(random *rand.Rand, v reflect.Value, levels int) {
	if !v.CanSet() || levels == 0 || random.IntN(6) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		anything(random, v.Elem(), levels-1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), random.IntN(4), 4))
		for i := range v.Len() {
			anything(random, v.Index(i), levels-1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		elem := reflect.New(v.Type().Elem()).Elem()
		anything(random, elem, levels-1)
		v.SetMapIndex(reflect.ValueOf("key"), elem)
	case reflect.Struct:
		for i := range v.NumField() {
			anything(random, v.Field(i), levels-1)
		}
	case reflect.Interface:
		all := []any{1, "text", ruledPart{}, &ruledPart{}, []ruledPart{{}}}
		v.Set(reflect.ValueOf(all[random.IntN(len(all))]))
	case reflect.String:
		all := []string{"", "a", "bb", "ccc", "dddd", "ä", "日本語", "OPEN", "a b", "' '"}
		v.SetString(all[random.IntN(len(all))])
	case reflect.Float64:
		v.SetFloat(random.Float64() - 0.1)
	default:
		if v.CanInt() {
			v.SetInt(random.Int64N(9) - 2)
		}
	}
}

// TestSurelyKeepsTheRules holds that the validator has nothing to say of what
// passes for sure.
func TestSurelyKeepsTheRules(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, c := range []struct {
		of   reflect.Type
		sure int // how many must be, for the check to be of use
	}{
		{reflect.TypeFor[ruledPart](), 0},
		{reflect.TypeFor[ruled](), 0},
		{reflect.TypeFor[easy](), 30},
		{reflect.TypeFor[[]easy](), 30},
		{reflect.TypeFor[map[string]easyPart](), 30},
		{reflect.TypeFor[easyPart](), 100},
		{reflect.TypeFor[*easyPart](), 100},
		{reflect.TypeFor[PostSurvey](), 100},
		{reflect.TypeFor[[]TranscriptEmail](), 100},
		{reflect.TypeFor[BotResponse](), 60},
		{reflect.TypeFor[Commands](), 0},
	} {
		keeps, sure, asked := surelyOf(c.of), 0, 0
		if keeps == nil {
			require.Empty(t, tagsOf(c.of, nil), c.of)
			continue
		}
		for range 1000 {
			v := reflect.New(c.of).Elem()
			anything(random, v, 6)
			problems := validate(v, "root")
			if keeps(v) {
				sure++
				require.Empty(t, problems, "%#v", v.Interface())
			} else if len(problems) > 0 {
				asked++
			}
		}
		assert.GreaterOrEqual(t, sure, c.sure, c.of)
		assert.Positive(t, asked, c.of)
	}
}

// tagsOf lists the validate tags of all fields in a type.
func tagsOf(t reflect.Type, around []reflect.Type) (all []string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return tagsOf(t.Elem(), around)
	case reflect.Struct:
		for f := range t.Fields() {
			if tag := f.Tag.Get("validate"); tag != "" {
				all = append(all, tag)
			}
			all = append(all, tagsOf(f.Type, append(around, t))...)
		}
	}
	return all
}

// TestTheValidatorIsAskedOnlyWhereItMust names the rules that pass
// for sure, so that payloads do not pay for the validator.
func TestTheValidatorIsAskedOnlyWhereItMust(t *testing.T) {
	rank := 3
	for _, value := range []any{
		PostSurvey{},
		PostSurvey{CSATRank: &rank},
		[]TranscriptEmail{},
		[]TranscriptEmail{{TargetEmail: "a"}},
		easy{Rank: &rank, State: "OPEN", List: []easyPart{{Name: "name"}}},
	} {
		assert.True(t, surelyOf(reflect.TypeOf(value))(reflect.ValueOf(value)), "%#v", value)
	}
	for _, rule := range []string{"email", "max=0x3", "max=03", "max=+3", "max=3|min=1", "required_if=A b", "required=1", "oneof='a'"} {
		field := reflect.StructField{Name: "A", Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`validate:"` + rule + `"`)}
		of := reflect.StructOf([]reflect.StructField{field})
		v := reflect.New(of).Elem()
		v.Field(0).SetString("a")
		assert.False(t, surelyOf(of)(v), rule)
	}
}

// TestDecodingSaysTheSameWithoutTheQuickCheck spoils samples and holds
// the problems with the quick check to those without it.
func TestDecodingSaysTheSameWithoutTheQuickCheck(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	s, plain := newShape(reflect.TypeFor[[]TranscriptEmail]()), newShape(reflect.TypeFor[[]TranscriptEmail]())
	plain.surely = nil
	base, err := json.Marshal([]TranscriptEmail{{TargetEmail: "a@example.com"}, {TargetEmail: "b", Subject: "x"}})
	require.NoError(t, err)
	differ := 0
	for range 1000 {
		data := []byte(strings.Replace(string(mutant(random, base)), "a@example.com", strings.Repeat("a", random.IntN(2)), 1))
		a, b := reflect.New(s.of).Elem(), reflect.New(s.of).Elem()
		got, want := s.decode(data, a, "root", 0), plain.decode(data, b, "root", 0)
		require.Equal(t, want, got, "%q", data)
		require.Equal(t, b.Interface(), a.Interface())
		if got != nil {
			differ++
		}
	}
	assert.Positive(t, differ)
}
