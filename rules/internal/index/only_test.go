package index

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// TestOnlyIsFind holds Only to what Find has for the same input.
func TestOnlyIsFind(t *testing.T) {
	t.Parallel()
	w := newWorkbench(t)
	var list [][]*tree.Node
	for i := range 40 {
		list = append(list, []*tree.Node{w.tree(fmt.Sprintf(`csatRank <= %d and skillName == "Skill-%02d"`, i%5, i/2%18))})
	}
	ix := built(list)
	require.NotNil(t, ix)
	lone := built(append(list[:0:0], list[0], list[2], list[4], list[6], list[8], list[10], list[12], list[14], list[16]))
	require.NotNil(t, lone)
	counts := map[string]int{}
	for _, skill := range []string{"Skill-00", "Skill-01", "Skill-02", "Skill-08", "Skill-99", "skill-00", "", "Skill-000000000", strings.Repeat("x", 1<<20)} {
		for name, of := range map[string]*Index{"pairs": ix, "lone": lone} {
			in := &input{Rank: pointer(1), Skill: skill}
			var s Scratch
			found := of.Find(eval.PointerTo(in), &s)
			var want []int
			for found {
				rule, ok := s.Next()
				if !ok {
					break
				}
				want = append(want, rule)
			}
			switch only := of.Only(eval.PointerTo(in)); only {
			case Ask:
				counts[name+" ask"]++
				assert.True(t, !found || len(want) > 1, skill)
			case None:
				counts[name+" none"]++
				assert.Empty(t, want, skill)
			default:
				counts[name+" one"]++
				assert.Equal(t, []int{only}, want, skill)
			}
		}
	}
	for _, name := range []string{"pairs ask", "pairs none", "lone none", "lone one"} {
		assert.Positive(t, counts[name], "%s of %v", name, counts)
	}
	mixed := built(append(list[:20:20], []*tree.Node{w.tree(`csatRank == 3`)}))
	assert.Equal(t, Ask, mixed.Only(eval.PointerTo(&input{Skill: "Skill-01"})), "there is more than one table")
}
