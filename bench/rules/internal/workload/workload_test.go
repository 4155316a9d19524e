package workload

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestContainsFold(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile("(?i)skill")
	for text, want := range map[string]bool{
		"skill": true, "SKILL": true, "a Skill-1": true, "sskill": true, "ſKill": true, "x ſkıskill": true,
		"": false, "skil": false, "ski ll": false, "ſkil": false, "s[ill": false, "Üskil": false, "S\x0bILL": false,
	} {
		assert.Equal(t, want, ContainsFold(text, "skill", pattern), text)
	}
}

// The search must be what the pattern is.
func FuzzContainsFold(f *testing.F) {
	for _, seed := range []string{"john doe", "JOHN DOE", "ſkill\xff", "K", "jjohn doe", "John D"} {
		f.Add(seed)
	}
	patterns := map[string]*regexp.Regexp{}
	for _, literal := range []string{"john doe", "skill", "k", "-0"} {
		patterns[literal] = regexp.MustCompile("(?i)" + literal)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for literal, pattern := range patterns {
			assert.Equal(t, pattern.MatchString(text), ContainsFold(text, literal, pattern), "%q in %q", literal, text)
		}
	})
}

func TestSets(t *testing.T) {
	t.Parallel()
	for _, make := range []func(int) *Set{EqualitySet, PatternSet, MixedSet, SumSet} {
		s := make(200)
		fires := 0
		for i := range s.Events[:500] {
			for _, r := range s.Rules {
				if r.Native(&s.Events[i]) {
					fires++
				}
			}
		}
		assert.Len(t, s.Rules, 200, s.Name)
		assert.Len(t, s.Events, Rotating, s.Name)
		assert.Greater(t, fires, 100, "%s: rules fire", s.Name)
		assert.Less(t, fires, 500*200/10, "%s: but most do not", s.Name)
		hot := s.Hot()
		assert.Len(t, hot.Events, 1)
		assert.NotZero(t, hot.Marks(0), "%s: a rule fires for the one event", s.Name)
		again := make(200)
		assert.Equal(t, s.Events, again.Events, "%s: a set is always the same", s.Name)
		for i := range s.Rules {
			assert.Equal(t, s.Rules[i].When, again.Rules[i].When)
		}
	}
	none := Equalities().With([]Event{{}})
	assert.Len(t, none.Hot().Events, 1)
}

func TestHostileEvents(t *testing.T) {
	t.Parallel()
	s := MixedSet(50)
	kelvin, absent := false, false
	for _, e := range Hostile(s, 500, false) {
		assert.True(t, e.CSATRank != nil && e.Wait != nil && e.SkillName != "" && e.AgentName != "", "%+v", e)
		kelvin = kelvin || strings.ContainsAny(e.SkillName, "\u212a")
	}
	for _, e := range Hostile(s, 500, true) {
		absent = absent || e.CSATRank == nil && e.SkillName != ""
	}
	assert.True(t, kelvin)
	assert.True(t, absent)
}
