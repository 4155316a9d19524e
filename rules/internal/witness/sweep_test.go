package witness_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// TestSolveSeveralAtOnce has conditions on one place that no part of them leads
// to by itself.
func TestSolveSeveralAtOnce(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		// Few values.
		`rank * rank == 16`:               `{"rank":4}`,
		`rank * rank >= 16`:               `{"rank":4}`,
		`rank * rank * rank == 27`:        `{"rank":3}`,
		`rank * rank - rank == 12`:        `{"rank":4}`,
		`grade * grade == 400`:            `{"grade":20}`,
		`rank * rank == 16 and size == 3`: `{"rank":4,"size":3}`,
		// Texts in order.
		`skill > "m" and skill < "ma"`:                                      `{"skill":"mA"}`,
		`skill >= "Billing" and skill < "Billing a" and skill != "Billing"`: `{"skill":"Billing "}`,
		`skill < "Care" and skill > "Car"`:                                  `{"skill":"Cara"}`,
		`any(tags, # > "m" and # < "ma")`:                                   `{"tags":["mA"]}`,
		`upper(agent) >= "Billing"`:                                         `{"agent":"C"}`,
		// Texts of a pattern.
		`skill matches "^[a-c]{3}$" and skill contains "b"`:                                           ``,
		`skill matches "^[a-c]{3}$" and skill != "aaa"`:                                               ``,
		`skill matches "^[a-c]{3}$" and not (skill startsWith "a")`:                                   ``,
		`skill matches "^[A-C]" and not (skill matches "^(A|B)")`:                                     `{"skill":"C"}`,
		`skill matches "^[A-Z][0-9]{2,4}$" and skill not in ["A11", "A111"] and skill > "Q"`:          ``,
		`skill matches "^(left|right) (up|down)$" and skill endsWith "down" and skill startsWith "r"`: `{"skill":"right down"}`,
		`skill matches "^a.c$" and skill contains "xc"`:                                               `{"skill":"axc"}`,
		`any(asked, .answer matches "^[a-c]{3}$" and .answer contains "cb")`:                          ``,
		// Texts in other letters.
		`upper(skill) == "ABC" and skill != "ABC" and skill != "abc"`:          `{"skill":"Abc"}`,
		`lower(skill) == "care" and skill not in ["care", "Care", "CARE"]`:     ``,
		`skill matches "(?i)^care$" and skill not in ["care", "Care", "CARE"]`: ``,
		// Both ends of a list.
		`asked[-1].answer == "z" and asked[0].answer == "y"`: `{"asked":[{"answer":"y"},{"answer":"z"}]}`,
		`asked[0].answer == "y" and asked[-1].answer == "z"`: `{"asked":[{"answer":"y"},{"answer":"z"}]}`,
		`asked[1].answer == "y" and asked[-2].answer == "z"`: `{"asked":[{"answer":"z"},{"answer":"y"}]}`,
		`tags[0] == "y" and tags[-1] == "z"`:                 `{"tags":["y","z"]}`,
		// Readable texts.
		`rank + len(skill) == 9`: `{"rank":1,"skill":"aaaaaaaa"}`,
	} {
		solved(t, condition, want)
	}
}

// TestSolveSmallest wants the side of an "or" that needs least.
func TestSolveSmallest(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		`"Poor" in choices("A?") or rank == 2`:                                `{"rank":2}`,
		`len(skill) > 20 or rank == 2`:                                        `{"rank":2}`,
		`any(asked, .answer == "x") or at > date("2026-01-31") or rank != 6`:  `{"rank":1}`,
		`rank == 2 or any(asked, .answer == "x")`:                             `{"rank":2}`,
		`size == 3 and (len(skill) > 20 or rank == 2)`:                        `{"rank":2,"size":3}`,
		`not (len(skill ?? "") < 20 and rank != 2)`:                           `{"rank":2}`,
		`(len(skill) > 20 and (agent == "x" or tagged("y"))) or rank > level`: `{"rank":4}`,
		`len(tags) > 2 or (len(marks) > 1 and (len(skill) > 9 or size == 2))`: `{"tags":["a","a","a"]}`,
		`len(tags) > 7 or (len(marks) > 1 and (len(skill) > 9 or size == 2))`: `{"size":2,"marks":[1,1]}`,
		`len(skill) > 20 or rank > 7`:                                         `{"skill":"aaaaaaaaaaaaaaaaaaaaa"}`,
		`on or true`:                                                          `{}`,
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			p := problem(t, condition, true)
			p.Smallest = true
			found := witness.Solve(t.Context(), p)
			require.NotNil(t, found)
			got := fields(t, string(found.JSON))
			for name, x := range fields(t, `{`+rest+`}`) {
				assert.Equal(t, x, got[name])
				delete(got, name)
			}
			assert.Equal(t, fields(t, want), got)
		})
	}
}

// TestNone proves of fields with few values that there is no input, and knows
// nothing of others.
func TestNone(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]bool{
		`rank * rank == 15`:                          true,
		`rank * rank == 16`:                          false,
		`rank * 2 == 7 or rank * rank == 15`:         true,
		`rank * 2 == grade + 1 and on`:               true,
		`rank * 4 == grade + 0 and on`:               false,
		`(rank ?? 4) * (rank ?? 4) == 15`:            true,
		`(rank ?? 6) * (rank ?? 6) == 36`:            false, // without a rank
		`(opt ?? true) and opt == false`:             true,
		`plan + plan == "goldsilver"`:                true,
		`plan + "x" == "goldx"`:                      false,
		`rank * size == 7 and size * size == 15`:     false, // too many values
		`level * level == 15`:                        false,
		`twice(rank) == 7`:                           false, // a function
		`any(marks, # == 4 and # == 5) and rank > 1`: false,
		`needed.depth * needed.depth == 15`:          false,
	} {
		p := problem(t, condition, true)
		assert.Equal(t, want, witness.None(t.Context(), p), condition)
		if want {
			assert.Nil(t, witness.Solve(t.Context(), p), condition)
		}
	}
}

// TestNoneOfOtherDecoding proves nothing of fields that decoding makes of
// something else.
func TestNoneOfOtherDecoding(t *testing.T) {
	t.Parallel()
	p := problem(t, `rank * rank == 15`, true)
	decode := p.Decode
	p.Decode = func(payload []byte) (any, error) {
		in, err := decode(payload)
		if err == nil {
			in.(*form).Rank = nil
		}
		return in, err
	}
	assert.False(t, witness.None(t.Context(), p))
	p.Decode = func(payload []byte) (any, error) {
		var out map[string]any
		if err := json.Unmarshal(payload, &out); err != nil || out["rank"] != nil {
			return nil, errors.New("no rank")
		}
		return decode(payload)
	}
	assert.False(t, witness.None(t.Context(), p))
}

// FuzzSolvePattern asks for a text of a pattern that is not the first that comes
// to mind.
func FuzzSolvePattern(f *testing.F) {
	for _, pattern := range []string{
		"^[a-c]{3}$", "(?i)^care$", `^\pL+$`, "^(((a?)*)+)$", "a{500}", `^[^a]$`, `(?s)^..$`, `[^\x00-\x{10FFFF}]`, `^\x{D7FF}[\x{D700}-\x{E001}]$`, "^((x{0,9}){9}){9}$",
	} {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		condition := `skill != "a" and skill not contains "aa" and skill matches ` + strconv.Quote(pattern)
		plain, err := regexp.Compile(pattern)
		if err != nil {
			return
		}
		expr, wrong := syntax.Parse(condition)
		if len(wrong) == 0 {
			_, wrong = check.Condition(expr, env(t))
		}
		if len(wrong) > 0 {
			return
		}
		p := problem(t, condition, true)
		p.Steps = 30_000
		if found := witness.Solve(t.Context(), p); found != nil {
			in, err := p.Decode(found.JSON)
			require.NoError(t, err)
			assert.Regexp(t, plain, in.(*form).Skill)
			assert.True(t, utf8.Valid(found.JSON))
		}
	})
}
