package search

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func planOf(t testing.TB, pattern string) (*regexp.Regexp, *Plan) {
	t.Helper()
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	require.NoError(t, err)
	compiled, err := regexp.Compile(pattern)
	require.NoError(t, err)
	return compiled, New(compiled, parsed)
}

func TestPlans(t *testing.T) {
	for pattern, want := range map[string]string{
		"Care":                           "search",
		"(?i)CustomerCare":               "search in any case",
		"(?i)12-34":                      "search",
		"^Care":                          "beginning",
		"Care$":                          "end",
		"^Care$":                         "whole text",
		"(?i)^john doe$":                 "whole text in any case",
		"^(sales|support|help)$":         "whole text",
		"(?i)sales|^support":             "search in any case or beginning in any case",
		"(?i)cat|car|cab":                "search in any case",
		"Care.*":                         "search",
		".*Care.*":                       "search",
		"^.*Care.*$":                     "search of one line",
		"(?s)^.*Care$":                   "end",
		"(?s)^.*Care.*$":                 "search",
		"^.*$":                           "search of one line",
		"colou?r":                        "search",
		"(John|Jane) Doe":                "search",
		"":                               "search",
		"^$":                             "whole text",
		"^.*Care":                        "regular expression behind search",
		"Care.+":                         "regular expression behind search",
		`\bJohn\b`:                       "regular expression behind search",
		`(?i)customer\s*care`:            "regular expression behind search in any case",
		`(?i)(\d+ tickets|\d+ chats) up`: "regular expression behind search in any case",
		`\d+ (late|slow)`:                "regular expression behind search",
		"[a-z]+":                         "regular expression",
		"(?i)a(?-i)B":                    "regular expression",
		"a*":                             "regular expression",
		"(?m)^a$":                        "regular expression behind search",
	} {
		_, plan := planOf(t, pattern)
		assert.Equal(t, want, plan.String(), pattern)
	}
}

// What is tried against patterns of small pieces.
var (
	pieces = []string{
		"care", "Care", "k", "s", "sk", "ſ", "K", "é", "É", "ß", "σ", "ς", "Σ", "a", "B", " ", "doe", "customercare", "\\n", "x{2}", "longer than eight", "longer than seventeen bytes",
		".", ".*", ".+", "(?s:.*)", "^", "$", "\\b", "[ab]", "[aA]", "[kK\u212a]", "[sSſ]", "[^a]", "a?", "(a|b)", "(care|cart|car)", "(?i:care)", "(?-i:s)", "|", "\\d", "\\x{fffd}", "(é|e)", "(^a|b)", "(a$|b)", "(?m:^)", "\\z", "\\A", "İ", "ı", "i",
	}
	bits = []string{
		"care", "CARE", "Care", "k", "K", "s", "S", "ſ", "K", "é", "É", "e", "ß", "ẞ", "σ", "ς", "Σ", "a", "A", "b", "B", " ", "doe", "DOE", "customercare", "CuStOmErCaRe", "cuſtomercare", "\n", "x", "\xff", "\xc5", "\xe2\x84", "\ufffd", "Longer Than Eight", "longer than ſeventeen BYTES", "1", "cart", "@`[{", "i", "İ", "ı",
	}
)

func someOf(r *rand.Rand, from []string, most int) string {
	var out strings.Builder
	for range r.IntN(most + 1) {
		out.WriteString(from[r.IntN(len(from))])
	}
	return out.String()
}

func TestAgreesWithRegexp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	how := map[string]int{}
	for range 60_000 {
		pattern := someOf(r, []string{"", "", "(?i)", "(?s)", "(?is)", "^", "(?i)^"}, 1) + someOf(r, pieces, 4) + someOf(r, []string{"", "", "$"}, 1)
		if _, err := regexp.Compile(pattern); err != nil {
			continue
		}
		compiled, plan := planOf(t, pattern)
		if plan.pattern == nil {
			how["needles"]++
		} else {
			how["pattern"]++
		}
		for range 8 {
			subject := someOf(r, bits, 6)
			if r.IntN(6) == 0 {
				subject = someOf(r, bits, 40)
			}
			require.Equal(t, compiled.MatchString(subject), plan.Match(subject), "%q on %q (%s)", pattern, subject, plan)
		}
	}
	assert.Greater(t, min(how["needles"], how["pattern"]), 5000)
}

func FuzzPlan(f *testing.F) {
	f.Add("(?i)CustomerCare", "the cuſtomercare")
	f.Add("^(a|b).*$", "a\nb")
	f.Add("(?s)^.*x", "\xff")
	f.Fuzz(func(t *testing.T, pattern, subject string) {
		parsed, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil || len(pattern) > 200 {
			return
		}
		compiled, err := regexp.Compile(pattern)
		if err != nil {
			return
		}
		require.Equal(t, compiled.MatchString(subject), New(compiled, parsed).Match(subject))
	})
}

// Long texts are searched another way than short ones.
func TestLongTexts(t *testing.T) {
	compiled, plan := planOf(t, "(?i)zebra crossing")
	for _, around := range []int{0, 1, 47, 48, 49, 1000} {
		filler := strings.Repeat("zZ crossin", around/10+1)[:around]
		for _, subject := range []string{
			filler, filler + "ZEBRA crossing", "zebra Crossing" + filler, filler + "Zebra Crossing" + filler, filler + "ebra crossing",
		} {
			assert.Equal(t, compiled.MatchString(subject), plan.Match(subject), "%q", subject)
		}
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	for _, pattern := range []string{"(?i)CustomerCare", "^(sales|support)$", "(?i)ärger"} {
		_, plan := planOf(t, pattern)
		assert.Zero(t, testing.AllocsPerRun(100, func() { plan.Match("Premium CustomerCare, Ärger") }), pattern)
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, pattern := range []string{"(?i)CustomerCare", "(?i)John Doe"} {
		compiled, plan := planOf(b, pattern)
		for _, subject := range []string{"CustomerCare", "John Doe", "Premium CustomerCare EN", strings.Repeat("lorem ipsum dolor ", 20)} {
			name := pattern + "/" + subject[:8]
			b.Run(name+"/plan", func(b *testing.B) {
				for b.Loop() {
					plan.Match(subject)
				}
			})
			b.Run(name+"/regexp", func(b *testing.B) {
				for b.Loop() {
					compiled.MatchString(subject)
				}
			})
		}
	}
}
