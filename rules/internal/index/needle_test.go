package index

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNeedles(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"(?i)Skill-00123":          "skill-00123",
		"Care":                     "care",
		"":                         "nothing",
		"(?i)":                     "nothing",
		"a*":                       "nothing",
		"a?b":                      "ab b",
		"x+y":                      "x",
		"x+yz":                     "yz",
		"(ab){2,}":                 "ab",
		"(ab){0,2}":                "nothing",
		"^Care$":                   "= care",
		"(?i)^(Care|SALES)$":       "= care sales",
		"^(|Care)$":                "=  care",
		"^Care":                    "care",
		"Care$":                    "care",
		"(?m)^Care$":               "care",
		"^a|b$":                    "a b",
		`\bDoe\b`:                  "doe",
		"customer.*care":           "customer",
		"care.*customers?":         "customers customer",
		"ca[rp]e":                  "cape care",
		"[[:alpha:]]+care":         "care",
		`\d\d-(north|south)`:       "0-north 0-south 1-north 1-south 2-north 2-south 3-north 3-south 4-north 4-south 5-north 5-south 6-north 6-south 7-north 7-south 8-north 8-south 9-north 9-south",
		`\pL(north|south)`:         "north south",
		"(north|.)end":             "end",
		"(north|)":                 "nothing",
		"(north|.)":                "nothing",
		"[^a]":                     "nothing",
		"\uFFFD":                   "nothing",
		"[\uFFFC-\uFFFE]":          "nothing",
		"a\uFFFDb(cd|ef)":          "cd ef",
		"(?i)straße":               "straße",
		"(?i)ſ":                    "s",
		"(?:a|b|c)(?:d|e|f)[g-p]x": "adg adh adi adj adk adl adm adn ado adp",
		"(":                        "nothing",
	} {
		texts, whole, ok := needles(pattern)
		got := strings.Join(texts, " ")
		if whole {
			got = "= " + got
		}
		if !ok {
			got = "nothing"
		}
		if pattern == "(?:a|b|c)(?:d|e|f)[g-p]x" { // too many for one product
			assert.True(t, ok)
			assert.LessOrEqual(t, len(texts), mostTexts)
			continue
		}
		assert.Equal(t, want, got, pattern)
	}
}

// FuzzNeedles holds the needles of a pattern to what it matches.
func FuzzNeedles(f *testing.F) {
	for _, pattern := range patterns {
		for _, text := range []string{"Customer Care", "sales team", "\xff", "straSSe", "a日語b", ""} {
			f.Add(pattern, text)
		}
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		compiled, err := regexp.Compile(pattern)
		if err != nil || !compiled.MatchString(text) {
			return
		}
		needles, whole, ok := needles(pattern)
		if !ok {
			return
		}
		folded := string(fold(nil, text))
		held := slices.ContainsFunc(needles, func(needle string) bool { return strings.Contains(folded, needle) })
		if whole {
			held = slices.Contains(needles, folded)
		}
		assert.True(t, held, "%q matches %q, which holds none of %q", pattern, text, needles)
	})
}
