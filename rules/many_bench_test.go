package rules_test

import (
	"fmt"
	"testing"
	"unicode/utf8"
)

// benchmarkMany decides with rules, one input after the other of 4,096 and one
// over and over, beside a decision by hand.
func benchmarkMany(b *testing.B, conditions []string, inputs []Chat, hand func(*Chat) int) {
	set, ctx := chatSet(b, conditions...), b.Context()
	for _, turns := range []int{1, len(inputs)} {
		mask := turns - 1
		b.Run(fmt.Sprintf("%d/of %d/rules", len(conditions), turns), func(b *testing.B) {
			b.ReportAllocs()
			n, i := 0, 0
			for b.Loop() {
				for _, err := range set.Matches(ctx, &inputs[i&mask]) {
					if err == nil {
						n++
					}
				}
				i++
			}
			b.ReportMetric(float64(n)/float64(b.N), "fire")
		})
		b.Run(fmt.Sprintf("%d/of %d/hand", len(conditions), turns), func(b *testing.B) {
			n, i := 0, 0
			for b.Loop() {
				n += hand(&inputs[i&mask])
				i++
			}
			b.ReportMetric(float64(n)/float64(b.N), "fire")
		})
	}
}

// chats are inputs with the skills of n rules.
func chats(n int) []Chat {
	inputs := make([]Chat, 4096)
	for i := range inputs {
		inputs[i] = Chat{CSATRank: new(1 + i%5), SkillName: fmt.Sprintf("Skill-%05d", i*7919%n)}
	}
	return inputs
}

// Many rules that an index helps, beside a map.
func BenchmarkEqualities(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		conditions := make([]string, n)
		ranks := map[string][]int{}
		for i := range n {
			skill := fmt.Sprintf("Skill-%05d", i)
			conditions[i] = fmt.Sprintf("csatRank <= %d && skillName == %q", 1+i%5, skill)
			ranks[skill] = append(ranks[skill], 1+i%5)
		}
		benchmarkMany(b, conditions, chats(n), func(in *Chat) (fire int) {
			for _, rank := range ranks[in.SkillName] {
				if in.CSATRank != nil && *in.CSATRank <= rank {
					fire++
				}
			}
			return fire
		})
	}
}

// Many patterns, beside what finds the rule by the whole text.
func BenchmarkPatterns(b *testing.B) {
	const n = 10_000
	conditions := make([]string, n)
	known := map[string]int{}
	for i := range n {
		skill := fmt.Sprintf("Skill-%05d", i)
		conditions[i] = fmt.Sprintf("skillName matches %q", "(?i)"+skill)
		known[skill]++
	}
	benchmarkMany(b, conditions, chats(n), func(in *Chat) int { return known[in.SkillName] })
}

// Many rules that no index helps, beside closures by hand.
func BenchmarkSums(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		conditions := make([]string, n)
		closures := make([]func(*Chat) bool, n)
		for i := range n {
			factor := 1 + i%97
			limit := factor*5 + 10
			if i%20 != 0 {
				limit += 20
			}
			conditions[i] = fmt.Sprintf("csatRank * %d + len(skillName) > %d", factor, limit)
			closures[i] = func(in *Chat) bool {
				return in.CSATRank != nil && in.SkillName != "" && *in.CSATRank*factor+utf8.RuneCountInString(in.SkillName) > limit
			}
		}
		benchmarkMany(b, conditions, chats(n), func(in *Chat) (fire int) {
			for _, holds := range closures {
				if holds(in) {
					fire++
				}
			}
			return fire
		})
	}
}
