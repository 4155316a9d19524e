package rules_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A Chat is the part of a survey that the benchmarks look at.
type Chat struct {
	CSATRank  *int    `json:"csatRank"`
	SkillName string  `json:"skillName,omitempty"`
	AgentName string  `json:"agentName,omitempty"`
	Questions []Asked `json:"questions"`
}

// Asked is a question of it.
type Asked struct {
	Question string `json:"question"`
	Answer   string `json:"answer,omitempty"`
}

const (
	foldedRule = `csatRank <= 3 and skillName matches "(?i)CustomerCare" and agentName matches "(?i)John Doe"`
	equalRule  = `csatRank <= 3 && skillName == "CustomerCare" && agentName == "John Doe"`
	loopRule   = `any(questions, .answer contains "late")`
	answerRule = `answer("Why?") == "It came late"`
)

func chat() *Chat {
	return &Chat{
		CSATRank: new(2), SkillName: "CustomerCare", AgentName: "John Doe",
		Questions: []Asked{{"How?", "By phone"}, {"When?", "Monday"}, {"Why?", "It came late"}},
	}
}

func answerOf(in *Chat, question string) (string, bool) {
	for _, q := range in.Questions {
		if q.Question == question {
			return q.Answer, true
		}
	}
	return "", false
}

func chatSet(tb testing.TB, conditions ...string) *rules.Set[Chat, string] {
	tb.Helper()
	list := make([]rules.Rule[Chat, string], len(conditions))
	for i, text := range conditions {
		list[i] = rules.Rule[Chat, string]{Name: fmt.Sprint("r", i), When: rules.When[Chat](text), Then: "care"}
	}
	set, err := rules.New(rules.Config{Functions: []rules.Function{rules.Func("answer", answerOf)}}, list...)
	require.NoError(tb, err)
	return set
}

// containsFolded is what one writes by hand for (?i) and ASCII: the first letter
// in either case, and then the others.
func containsFolded(text, lower string) bool {
	first := lower[0]
	for i := 0; i+len(lower) <= len(text); i++ {
		if text[i]|0x20 != first {
			continue
		}
		j := 1
		for j < len(lower) {
			c := text[i+j]
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			if c != lower[j] {
				break
			}
			j++
		}
		if j == len(lower) {
			return true
		}
	}
	return false
}

// byHand has the rules of the benchmarks in Go. The texts are variables, as
// they would be in a program that reads them.
func byHand(skill, agent, late string, rank int) map[string]func(*Chat) bool {
	lowSkill, lowAgent := strings.ToLower(skill), strings.ToLower(agent)
	return map[string]func(*Chat) bool{
		foldedRule: func(in *Chat) bool {
			return in.CSATRank != nil && *in.CSATRank <= rank && containsFolded(in.SkillName, lowSkill) && containsFolded(in.AgentName, lowAgent)
		},
		equalRule: func(in *Chat) bool {
			return in.CSATRank != nil && *in.CSATRank <= rank && in.SkillName == skill && in.AgentName == agent
		},
		loopRule: func(in *Chat) bool {
			for i := range in.Questions {
				if a := in.Questions[i].Answer; a != "" && strings.Contains(a, late) {
					return true
				}
			}
			return false
		},
		answerRule: func(in *Chat) bool { a, ok := answerOf(in, "Why?"); return ok && a == "It came late" },
	}
}

func fired(set *rules.Set[Chat, string], ctx context.Context, in *Chat) (n int) {
	for _, err := range set.Matches(ctx, in) {
		if err == nil {
			n++
		}
	}
	return n
}

// One rule, from the call of Matches to the end of its loop, beside Go by
// hand.
func BenchmarkOneRule(b *testing.B) {
	hand := byHand("CustomerCare", "John Doe", "late", 3)
	for name, text := range map[string]string{"folded": foldedRule, "equal": equalRule, "loop": loopRule, "answer": answerRule} {
		set, in, ctx := chatSet(b, text), chat(), b.Context()
		b.Run(name+"/rule", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for _, err := range set.Matches(ctx, in) {
					if err == nil {
						n++
					}
				}
				if n != 1 {
					b.Fatal(n)
				}
			}
		})
		holds := hand[text]
		b.Run(name+"/hand", func(b *testing.B) {
			for b.Loop() {
				if !holds(in) {
					b.Fatal(name)
				}
			}
		})
	}
}

// Many rules that no index helps, beside closures by hand.
func BenchmarkManyRules(b *testing.B) {
	const n = 10_000
	conditions := make([]string, n)
	closures := make([]func(*Chat) bool, n)
	for i := range n {
		rank, skill := i%5, fmt.Sprintf("Skill-%05d", i)
		conditions[i] = fmt.Sprintf("csatRank <= %d && skillName == %q", rank, skill)
		closures[i] = func(in *Chat) bool { return in.CSATRank != nil && *in.CSATRank <= rank && in.SkillName == skill }
	}
	set, in := chatSet(b, conditions...), chat()
	in.SkillName = "Skill-00004"
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if fired(set, b.Context(), in) != 1 {
				b.Fatal("fires")
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/rule")
	})
	b.Run("hand", func(b *testing.B) {
		for b.Loop() {
			count := 0
			for _, holds := range closures {
				if holds(in) {
					count++
				}
			}
			if count != 1 {
				b.Fatal(count)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/rule")
	})
}

func BenchmarkLoad(b *testing.B) {
	const n = 500
	conditions := make([]string, n)
	for i := range n {
		conditions[i] = fmt.Sprintf("csatRank <= %d && skillName == \"Skill-%05d\"", i%5, i)
	}
	b.ReportAllocs()
	for b.Loop() {
		chatSet(b, conditions...)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/rule")
}

// A hundred thousand rules, beside what their expressions take expr's own
// parser: that part the machine gives and takes for both.
func BenchmarkLoadMany(b *testing.B) {
	const n = 100_000
	list := make([]rules.Rule[Chat, string], n)
	texts := make([]string, n)
	for i := range list {
		texts[i] = fmt.Sprintf("csatRank <= %d && skillName == \"Skill-%05d\"", i%5, i)
		list[i] = rules.Rule[Chat, string]{Name: fmt.Sprintf("rule-%d", i), When: rules.When[Chat](texts[i]), Then: "care"}
	}
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		var set *rules.Set[Chat, string]
		before := inUse()
		for b.Loop() {
			var err error
			set, err = rules.New(rules.Config{}, list...)
			require.NoError(b, err)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/rule")
		b.ReportMetric(float64(inUse()-before)/n, "B-kept/rule")
		require.Equal(b, n, set.Len())
	})
	b.Run("parser", func(b *testing.B) {
		b.ReportAllocs()
		config := conf.CreateNew()
		for b.Loop() {
			for _, text := range texts {
				_, err := parser.ParseWithConfig(text, config)
				require.NoError(b, err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/rule")
	})
}

// inUse is the memory that is in use, in bytes.
func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func TestDecisionsAllocateNothing(t *testing.T) {
	allocateNothing(t,
		foldedRule, equalRule, loopRule, answerRule, `skillName in ["Billing", "CustomerCare"] and csatRank in 1..3`,
		`count(questions, .answer != nil) >= 2`, `(csatRank ?? 3) <= 3`, `agentName matches "^[A-Z]"`, `trim(agentName) != "x"`,
		`int(agentName) == 3`, `float(answer("Why?")) == 3`,
	)
}

func allocateNothing(t *testing.T, conditions ...string) {
	t.Helper()
	for _, text := range conditions {
		set, in := chatSet(t, text, text), chat()
		in.AgentName = " Jöhn Doe"
		ctx := t.Context()
		assert.Zero(t, testing.AllocsPerRun(100, func() { fired(set, ctx, in) }), text)
	}
}
