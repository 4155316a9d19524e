package index

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// shapes are sets of n rules each.
func shapes() map[string]func(i int) string {
	return map[string]func(i int) string{
		"rank and skill": func(i int) string { return fmt.Sprintf(`csatRank <= %d and skillName == "Skill-%05d"`, 1+i%5, i) },
		"patterns":       func(i int) string { return fmt.Sprintf(`skillName matches "(?i)Skill-%05d"`, i) },
		"few of both":    func(i int) string { return fmt.Sprintf(`csatRank == %d and skillName == "Skill-%05d"`, 1+i%5, i%10) },
		"ranges":         func(i int) string { return fmt.Sprintf(`total >= %d and total < %d`, i, i+10) },
		"fractions":      func(i int) string { return fmt.Sprintf(`price >= %d.5 and price < %d.5`, i, i+10) },
		"times":          func(i int) string { return fmt.Sprintf(`timestamp >= %s and timestamp < %s`, minute(i), minute(i+10)) },
		"any case":       func(i int) string { return fmt.Sprintf(`csatRank <= 3 and ieq(skillName, "skill-%05d")`, i) },
	}
}

func (b *workbench) shape(shape func(int) string, n int) [][]*tree.Node {
	out := make([][]*tree.Node, n)
	for i := range out {
		out[i] = []*tree.Node{b.tree(shape(i))}
	}
	return out
}

func built(rules [][]*tree.Node) *Index {
	var builder Builder
	for i, conditions := range rules {
		builder.Add(i, conditions)
	}
	return builder.Build()
}

func BenchmarkFind(b *testing.B) {
	w := newWorkbench(b)
	for name, shape := range shapes() {
		for _, n := range []int{1000, 10_000, 100_000} {
			ix := built(w.shape(shape, n))
			inputs := make([]*input, 4096)
			for i := range inputs {
				of := i * 7919 % n
				inputs[i] = &input{Rank: pointer(1 + of%5), Total: of, Skill: fmt.Sprintf("Skill-%05d", of), Price: float64(of), When: time.Date(2026, 1, 1, 0, of, 0, 0, time.UTC)}
			}
			for _, rotating := range []int{1, len(inputs)} {
				b.Run(fmt.Sprintf("%s/%d/of %d", name, n, rotating), func(b *testing.B) {
					var s Scratch
					b.ReportAllocs()
					candidates, i := 0, 0
					for b.Loop() {
						ix.Find(eval.PointerTo(inputs[i&(rotating-1)]), &s)
						for {
							if _, ok := s.Next(); !ok {
								break
							}
							candidates++
						}
						i++
					}
					b.ReportMetric(float64(candidates)/float64(b.N), "candidates")
				})
			}
		}
	}
}

func BenchmarkMap(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		m := map[string]int{}
		for i := range n {
			m[fmt.Sprintf("Skill-%05d", i)] = i
		}
		inputs := make([]*input, 4096)
		for i := range inputs {
			inputs[i] = &input{Rank: pointer(1), Skill: fmt.Sprintf("Skill-%05d", i*7919%n)}
		}
		for _, rotating := range []int{1, len(inputs)} {
			b.Run(fmt.Sprintf("%d/of %d", n, rotating), func(b *testing.B) {
				sum, i := 0, 0
				for b.Loop() {
					in := inputs[i&(rotating-1)]
					if *in.Rank <= 3 {
						sum += m[in.Skill]
					}
					i++
				}
			})
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	w := newWorkbench(b)
	for name, shape := range shapes() {
		for _, n := range []int{10_000, 100_000} {
			rules := w.shape(shape, n)
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				var ix *Index
				for b.Loop() {
					ix = built(rules)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/rule")
				before := heap()
				held := built(rules)
				b.ReportMetric(float64(heap()-before)/float64(n), "B/rule")
				runtime.KeepAlive(held)
				runtime.KeepAlive(ix)
			})
		}
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
