package witness_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// A form has a field of every sort.
type form struct {
	Rank   *int       `json:"rank" validate:"omitempty,min=1,max=5"`
	Skill  string     `json:"skill,omitempty"`
	Agent  *string    `json:"agent"`
	Plan   string     `json:"plan" validate:"oneof=basic gold"`
	Level  int        `json:"level" validate:"required,min=3"`
	Size   uint8      `json:"size"`
	Huge   uint64     `json:"huge"`
	Grade  int        `json:"grade" validate:"oneof=10 20"`
	Score  float64    `json:"score" validate:"gte=0,lt=1"`
	Price  *float64   `json:"price"`
	On     bool       `json:"on"`
	Opt    *bool      `json:"opt"`
	At     time.Time  `json:"at,omitzero"`
	Until  *time.Time `json:"until"`
	Tags   []string   `json:"tags,omitempty"`
	Marks  []int      `json:"marks"`
	Holes  []*int     `json:"holes"`
	Grid   [][]int    `json:"grid"`
	Times  []time.Time
	Asked  []asked `json:"asked" validate:"max=4"`
	Group  *group  `json:"group"`
	Needed group   `json:"needed"`
	*Extra
}

type asked struct {
	Question string   `json:"question"`
	Answer   string   `json:"answer,omitempty"`
	Points   *int     `json:"points"`
	Words    []string `json:"words"`
}

type group struct {
	Label string `json:"label,omitempty"`
	Depth int    `json:"depth"`
	Inner *group `json:"inner"`
}

// Extra is absent, or all of it is there.
type Extra struct {
	Pin  int    `json:"pin"`
	Note string `json:"note,omitempty"`
}

// functions are what conditions may call.
var functions = map[string]any{
	"answer": func(f *form, question string) (string, bool) {
		for _, a := range f.Asked {
			if a.Question == question {
				return a.Answer, a.Answer != ""
			}
		}
		return "", false
	},
	"choices": func(f *form, question string) ([]string, bool) {
		for _, a := range f.Asked {
			if a.Question == question {
				return strings.Split(a.Answer, ";"), a.Answer != ""
			}
		}
		return nil, false
	},
	"words": func(f *form, question string) []string {
		for _, a := range f.Asked {
			if a.Question == question {
				return a.Words
			}
		}
		return nil
	},
	"tagged": func(f *form, tag string) bool {
		for _, t := range f.Tags {
			if t == tag {
				return true
			}
		}
		return false
	},
	"ieq":   strings.EqualFold,
	"twice": func(i int) int { return 2 * i },
	"even": func(i int) (int, error) {
		if i%2 != 0 {
			return 0, errors.New("odd")
		}
		return i, nil
	},
	"mean": func(list []int) float64 {
		if len(list) == 0 {
			panic("nothing")
		}
		sum := 0
		for _, x := range list {
			sum += x
		}
		return float64(sum) / float64(len(list))
	},
	"hash": func(text string) int {
		sum := 0
		for _, r := range text {
			sum = (sum*31 + int(r)) % 1_000_003
		}
		return sum
	},
}

func env(t testing.TB) *check.Env {
	t.Helper()
	out := &check.Env{Input: tree.TypeOf(reflect.TypeFor[form]()), Functions: map[string]*tree.Function{}}
	for name, fn := range functions {
		v := reflect.ValueOf(fn)
		f := &tree.Function{Name: name, Go: v, Result: tree.TypeOf(v.Type().Out(0))}
		for i := range v.Type().NumIn() {
			if in := v.Type().In(i); in == reflect.TypeFor[*form]() {
				f.TakesInput = true
			} else {
				f.Params = append(f.Params, tree.TypeOf(in))
			}
		}
		if v.Type().NumOut() == 2 {
			f.MayBeAbsent = v.Type().Out(1).Kind() == reflect.Bool
			f.MayFail = !f.MayBeAbsent
		}
		out.Functions[name] = f
	}
	return out
}

// problem asks for an input for which a condition is true, or is not.
func problem(t testing.TB, condition string, want bool) witness.Problem {
	t.Helper()
	e := env(t)
	expr, wrong := syntax.Parse(condition)
	require.Empty(t, wrong, condition)
	node, wrong := check.Condition(expr, e)
	require.Empty(t, wrong, condition)
	rewritten, err := kleene.True(node)
	require.NoError(t, err)
	holds := eval.Compile(rewritten)
	return witness.Problem{
		Input: e.Input,
		Goals: []witness.Goal{{Node: rewritten, Want: want}},
		Decode: func(payload []byte) (any, error) {
			in := new(form)
			return in, json.Unmarshal(payload, in)
		},
		Meets: func(in any) bool {
			var f eval.Frame
			f.Reset(context.Background(), in)
			f.Allow(1)
			is, failure := holds.Continue(&f)
			return failure == nil && is == want
		},
	}
}

// payload is what is found for a condition, without what every one must hold.
func payload(t testing.TB, condition string, want bool) string {
	t.Helper()
	found := witness.Solve(t.Context(), problem(t, condition, want))
	if found == nil {
		return ""
	}
	text := string(found.JSON)
	for _, part := range []string{`"plan":"basic"`, `"plan":"gold"`, `"level":3`, `"grade":10`} {
		if !strings.Contains(condition, strings.Trim(strings.Split(part, ":")[0], `"`)) {
			text = strings.NewReplacer(part+",", "", ","+part, "", part, "").Replace(text)
		}
	}
	return text
}

// TestSolve wants the smallest payload for every sort of condition.
func TestSolve(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		// Numbers, booleans and times.
		"rank <= 3":                             `{"rank":1}`,
		"rank > 3":                              `{"rank":4}`,
		"rank in 2..4":                          `{"rank":2}`,
		"rank not in 1..4":                      `{"rank":5}`,
		"rank in [4, 7]":                        `{"rank":4}`,
		"rank == nil":                           `{}`,
		"rank != nil":                           `{"rank":1}`,
		"(rank ?? 3) == 3":                      `{}`,
		"(rank ?? 3) == 4":                      `{"rank":4}`,
		"size > 200":                            `{"size":201}`,
		"huge > 5":                              `{"huge":6}`,
		"price > 2.5":                           `{"price":3}`,
		"price < -1":                            `{"price":-2}`,
		"score > 0.5":                           "",
		"on":                                    `{"on":true}`,
		"not on":                                `{}`,
		"opt == false":                          `{"opt":false}`,
		"opt":                                   `{"opt":true}`,
		"(opt ?? true) != on":                   `{}`,
		`at > date("2026-01-31")`:               `{"at":"2026-02-01T00:00:00Z"}`,
		`at <= until`:                           "",
		`until == date("2026-05-05T10:00:00Z")`: `{"until":"2026-05-05T10:00:00Z"}`,
		`date("2026-01-31T00:00:00Z") < at < date("2026-01-31T00:00:01Z")`:         `{"at":"2026-01-31T00:00:00.001Z"}`,
		`date("2026-01-31T00:00:00Z") < at < date("2026-01-31T00:00:00.001Z")`:     `{"at":"2026-01-31T00:00:00.000000001Z"}`,
		`date("2026-01-31T00:00:00.0000004Z") < at < date("2026-01-31T00:00:01Z")`: `{"at":"2026-01-31T00:00:00.001Z"}`,
		`date("2026-01-31T10:20:30.0004Z") <= at`:                                  `{"at":"2026-02-01T00:00:00Z"}`,
		`plan == "gold"`:       `{"plan":"gold"}`,
		"grade > 15":           `{"grade":20}`,
		"rank < level":         `{"rank":1,"level":3}`,
		"rank * 2 + size == 9": "",
		"size / 4 >= 1.5":      "",
		"size % 7 == 3":        `{"size":3}`,
		"-size <= -9":          `{"size":9}`,
		"size - level > 40":    "",
		"float(size) > 7":      `{"size":8}`,
		"price * price == 49":  "",
		"3.5 < price < 3.75":   "",

		"price - 1.5 == 2.5":           `{"price":4}`,
		"price / 2 > 3":                "",
		"-price > 3.5":                 "",
		"int(price) == 4":              `{"price":4}`,
		"score + price >= 2":           "",
		"2.5 * price == 10":            `{"price":4}`,
		"price + size * 0.5 == 7.5":    "",
		"price > -1 and -price > 0.25": "",
		"rank - size == 4":             "",
		"10 / size == 5":               "",
		"17 % size == 3":               "",

		// Texts.
		`skill == "Care"`:                                     `{"skill":"Care"}`,
		`skill != "Care"`:                                     `{"skill":"a"}`,
		`skill in ["Care", "Sales"]`:                          `{"skill":"Care"}`,
		`skill startsWith "Ca"`:                               `{"skill":"Ca"}`,
		`skill endsWith "re"`:                                 `{"skill":"re"}`,
		`skill contains "ar"`:                                 `{"skill":"ar"}`,
		`skill startsWith "C" and skill endsWith "e"`:         `{"skill":"Ce"}`,
		`skill contains "x" and len(skill) == 3`:              "",
		`skill matches "(?i)^Care$"`:                          `{"skill":"Care"}`,
		`skill matches "^[0-9]{3}-x+$"`:                       `{"skill":"111-x"}`,
		`skill matches "^(yes|no)$" and skill != "yes"`:       `{"skill":"no"}`,
		`skill matches "^[a-z]+$" and len(skill) == 7`:        `{"skill":"aaaaaaa"}`,
		`skill not matches "a" and skill contains "b"`:        `{"skill":"b"}`,
		`skill < "Care"`:                                      "",
		`skill > "zz"`:                                        `{"skill":"zza"}`,
		`lower(skill) == "care"`:                              `{"skill":"care"}`,
		`upper(skill) == "CARE"`:                              `{"skill":"CARE"}`,
		`trim(skill) == "" and len(skill) > 0`:                "",
		`int(skill) > 41`:                                     `{"skill":"42"}`,
		`int(skill) == nil and skill != nil`:                  `{"skill":"a"}`,
		`float(skill) >= 2.5`:                                 "",
		`string(rank) == "4"`:                                 `{"rank":4}`,
		`"Dr " + agent == "Dr Who"`:                           `{"agent":"Who"}`,
		`agent + skill == "ab"`:                               "",
		`len(agent) > 30`:                                     `{"agent":"` + strings.Repeat("a", 31) + `"}`,
		`"the Care team" contains skill and len(skill) == 4`:  "",
		`(on ? skill : agent) == "x"`:                         `{"agent":"x"}`,
		`(on ? skill : agent) == "x" and agent == nil`:        `{"skill":"x","on":true}`,
		`group.label == "a" and needed.depth > 2`:             `{"group":{"label":"a"},"needed":{"depth":3}}`,
		`group.inner.inner.depth == 7`:                        `{"group":{"inner":{"inner":{"depth":7}}}}`,
		`pin == 0`:                                            "",
		`note == "x" and pin > 4`:                             `{"pin":5,"note":"x"}`,
		`group == nil`:                                        `{}`,
		`not (rank > 2 or skill == "a" or on) and rank > 1`:   "",
		`(rank > 4 and on) or (skill == "b" and len(tags)>2)`: "",

		// Lists.
		`"urgent" in tags`:            `{"tags":["urgent"]}`,
		`"a" not in tags`:             `{"tags":["b"]}`,
		`len(tags) == 3`:              `{"tags":["a","a","a"]}`,
		`tags[1] == "b"`:              `{"tags":["a","b"]}`,
		`tags[-2] == "b"`:             `{"tags":["b","a"]}`,
		`marks[rank] == 9`:            "",
		`tags == nil`:                 `{}`,
		`len(marks) == 0`:             `{}`,
		`any(asked, .answer == "No")`: `{"asked":[{"answer":"No"}]}`,
		`any(asked, .question == "Q" and .answer contains "slow")`:       `{"asked":[{"question":"Q","answer":"slow"}]}`,
		`all(asked, .points > 2) and len(asked) == 2`:                    `{"asked":[{"points":3},{"points":3}]}`,
		`none(asked, .points > 2) and any(asked, .points == 1)`:          `{"asked":[{"points":1}]}`,
		`one(marks, # > 4) and len(marks) == 3`:                          "",
		`count(marks, # > 4) >= 3`:                                       `{"marks":[5,5,5]}`,
		`len(filter(asked, .answer != nil)) > 1`:                         `{"asked":[{"answer":"a"},{"answer":"a"}]}`,
		`sum(marks) > 100`:                                               `{"marks":[101]}`,
		`sum(asked, .points) == 12`:                                      `{"asked":[{"points":12}]}`,
		`len(asked) > 3`:                                                 `{"asked":[{},{},{},{}]}`,
		`join(tags, "-") == "x"`:                                         `{"tags":["x"]}`,
		`"A" in map(tags, upper(#))`:                                     "",
		`map(asked, .points)[0] == 4`:                                    `{"asked":[{"points":4}]}`,
		`filter(marks, # > 3)[1] == 8`:                                   "",
		`holes[1] == nil and len(holes) == 2`:                            "",
		`any(holes, # == nil)`:                                           "",
		`any(grid, any(#, # == 5))`:                                      `{"grid":[[5]]}`,
		`any(Times, # > date("2030-01-01"))`:                             `{"Times":["2030-01-02T00:00:00Z"]}`,
		`marks[0] > marks[1] and marks[1] > 6`:                           "",
		`any(asked, "x" in .words)`:                                      `{"asked":[{"words":["x"]}]}`,
		`[rank, size][1] == 4`:                                           `{"rank":1,"size":4}`,
		`"a" in [skill, agent]`:                                          "",
		`any(tags, # startsWith "x") and none(tags, # endsWith "x")`:     "",
		`all(tags, len(#) > 2) and "abc" not in tags and tags != nil`:    "",
		`(len(marks) > 2 ? marks[2] : 0) == 6`:                           `{"marks":[1,1,6]}`,
		`any(asked, any(.words, # == "a") and all(.words, # != "b"))`:    `{"asked":[{"words":["a"]}]}`,
		`count(asked, .question == "a") == 1 and len(asked) == 2`:        "",
		`any(filter(asked, .points > 3), .answer == "x")`:                `{"asked":[{"answer":"x","points":4}]}`,
		`any(on ? marks : holes, # == 7)`:                                "",
		`sum(map(asked, .points)) == 5`:                                  `{"asked":[{"points":5}]}`,
		`any(map(tags, # + "!"), # == "hey!")`:                           `{"tags":["hey"]}`,
		`rank in marks`:                                                  "",
		`marks[0] not in [1, 2, 3] and marks[0] in 0..4`:                 "",
		`tags[0] matches "^a" and tags[1] matches "^b" and tags[2]==nil`: `{"tags":["a","b"]}`,

		`any(map(asked, .points), # == 3)`:            `{"asked":[{"points":3}]}`,
		`sum(map(marks, # * 1.5)) == 6`:               "",
		`sum(marks) == 7 and marks[0] == 4`:           "",
		`len(map(tags, len(#))) == 2`:                 `{"tags":["a","a"]}`,
		`one(asked, .points > 2) and len(asked) == 3`: "",
		`map(asked, .points ?? 1)[1] == 4`:            "",
		`filter(tags, len(#) > 2)[0] startsWith "x"`:  "",
		`"x" in filter(tags, # != "y")`:               "",
		`any([skill, agent], # == "x")`:               "",
		`holes[0] != nil and holes[1] != nil`:         "",

		// Functions.
		`answer("Why?") == "No"`:                               `{"asked":[{"question":"Why?","answer":"No"}]}`,
		`answer("A?") == "x" and answer("B?") == "y"`:          `{"asked":[{"question":"A?","answer":"x"},{"question":"B?","answer":"y"}]}`,
		`int(answer("A?")) >= 9`:                               `{"asked":[{"question":"A?","answer":"9"}]}`,
		`answer("A?") == nil`:                                  `{}`,
		`answer("A?") != nil`:                                  `{"asked":[{"question":"A?","answer":"a"}]}`,
		`answer("A?") matches "^[0-9]+$"`:                      `{"asked":[{"question":"A?","answer":"1"}]}`,
		`"Poor" in choices("A?")`:                              `{"asked":[{"question":"A?","answer":"Poor"}]}`,
		`"Poor" in choices("A?") and "Slow" in choices("A?")`:  `{"asked":[{"question":"A?","answer":"Poor;Slow"}]}`,
		`len(choices("A?")) > 1`:                               "",
		`choices("A?")[0] == "x"`:                              `{"asked":[{"question":"A?","answer":"x"}]}`,
		`any(choices("A?"), # startsWith "S")`:                 "",
		`"w" in words("A?")`:                                   `{"asked":[{"question":"A?","words":["w"]}]}`,
		`tagged("vip")`:                                        `{"tags":["vip"]}`,
		`ieq(skill, "Care")`:                                   `{"skill":"Care"}`,
		`twice(size) == 12`:                                    "",
		`even(size) > 3`:                                       `{"size":4}`,
		`mean(marks) > 3`:                                      `{"marks":[4]}`,
		`answer(skill) == "x"`:                                 "",
		`not ieq(skill, "Care")`:                               `{"skill":"a"}`,
		`not tagged("vip") and tags != nil`:                    `{"tags":["a"]}`,
		`answer("A?") not in ["a", "b"] and answer("A?") > ""`: "",
	} {
		solved(t, condition, want)
	}
}

// solved wants a payload for which a condition is true: this one, unless want is
// empty.
func solved(t *testing.T, condition, want string) {
	t.Helper()
	t.Run(condition, func(t *testing.T) {
		t.Parallel()
		got := payload(t, condition, true)
		require.NotEmpty(t, got, "nothing was found")
		if want != "" {
			assert.Equal(t, want, got)
		}
	})
}

// TestSolveNot wants payloads for which conditions are not true: false, or
// unknown.
func TestSolveNot(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		`rank <= 3`:                             `{}`,
		`(rank ?? 1) <= 3`:                      `{"rank":4}`,
		`not on`:                                `{"on":true}`,
		`not on or skill == "a"`:                `{"on":true}`,
		`all(asked, .answer == "x")`:            `{"asked":[{}]}`,
		`none(asked, .question == "x")`:         `{"asked":[{"question":"x"}]}`,
		`none(tags ?? [], # == "a")`:            `{"tags":["a"]}`,
		`size not in 3..5`:                      `{"size":3}`,
		`size != 7`:                             `{"size":7}`,
		`len(marks) < 3`:                        `{"marks":[1,1,1]}`,
		`not tagged("a")`:                       `{"tags":["a"]}`,
		`answer("A") == nil`:                    `{"asked":[{"question":"A","answer":"a"}]}`,
		`not ((skill ?? "") matches "^[ab]+$")`: `{"skill":"a"}`,
		`size >= 0 and not (size == 4)`:         `{"size":4}`,
		`not one(marks, # > 0)`:                 `{"marks":[1]}`,
		`count(marks, # > 4) < 2`:               `{"marks":[5,5]}`,
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, want, payload(t, condition, false))
		})
	}
}

// TestSolveFindsNothing has conditions that no input meets, and one that nobody
// can solve.
func TestSolveFindsNothing(t *testing.T) {
	t.Parallel()
	for _, condition := range []string{
		"rank > 5", "rank < 2 and rank > 3", `skill == ""+"" and len(skill) > 4`, "len(asked) > 4", `hash(skill) == 123457`,
		`size > 255`, `plan == "silver"`, `even(1) == 1`,
	} {
		p := problem(t, condition, true)
		p.Steps = 100_000
		assert.Nil(t, witness.Solve(t.Context(), p), condition)
	}
}

// TestSolveIsTheSameAgain wants one answer to one question.
func TestSolveIsTheSameAgain(t *testing.T) {
	t.Parallel()
	const condition = `count(asked, .points * size > 40) == 2 and skill matches "^(a|b)+c?$" and len(skill) > 5 and marks[2] + size < rank`
	first := payload(t, condition, true)
	require.NotEmpty(t, first)
	for range 3 {
		assert.Equal(t, first, payload(t, condition, true))
	}
}

// TestSolveMeetsMoreThanGoals has an input that decoding refuses, and a judge
// that asks for more.
func TestSolveMeetsMoreThanGoals(t *testing.T) {
	t.Parallel()
	p := problem(t, `skill != nil`, true)
	meets, decode := p.Meets, p.Decode
	p.Meets = func(in any) bool { return meets(in) && in.(*form).Skill != "a" }
	p.Decode = func(payload []byte) (any, error) {
		in, err := decode(payload)
		if err == nil && len(in.(*form).Tags) > 0 {
			return nil, errors.New("no tags")
		}
		return in, err
	}
	found := witness.Solve(t.Context(), p)
	require.NotNil(t, found)
	assert.NotContains(t, string(found.JSON), `"skill":"a"`)
	p.Decode = func([]byte) (any, error) { return nil, errors.New("no") }
	assert.Nil(t, witness.Solve(t.Context(), p))
}
