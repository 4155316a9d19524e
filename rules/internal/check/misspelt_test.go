package check_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

type survey struct {
	Rank  int    `json:"csatRank"`
	Skill string `json:"skillName"`
	Idle  struct {
		Label string `json:"label"`
	} `json:"idle"`
}

func TestMisspelt(t *testing.T) {
	env := &check.Env{Input: tree.TypeOf(reflect.TypeFor[survey]()), Vars: &check.Var{}}
	for _, c := range []struct {
		text    string
		at      int
		message string
	}{
		{"rated {{csatRank}}", 6, "{{csatRank}} is not replaced: write ${csatRank}"},
		{"Ü {{ csatRank }}", 2, "{{ csatRank }} is not replaced: write ${csatRank}"},
		{"{csatRank}", 0, "{csatRank} is not replaced: write ${csatRank}"},
		{"$csatRank.", 0, "$csatRank is not replaced: write ${csatRank}"},
		{"$(csatRank)", 0, "$(csatRank) is not replaced: write ${csatRank}"},
		{"{{idle.label}}", 0, "{{idle.label}} is not replaced: write ${idle.label}"},
		{"$idle.label.", 0, "$idle.label is not replaced: write ${idle.label}"},
		{"{vars.name}", 0, "{vars.name} is not replaced: write ${vars.name}"},
		{`${skillName ?? "}"} of {csatRank}`, 23, "{csatRank} is not replaced: write ${csatRank}"},
		{"${skillName} $${csatRank} $csatRank", 26, "$csatRank is not replaced: write ${csatRank}"},
		{"$skillNam {csatRank}", 10, "{csatRank} is not replaced: write ${csatRank}"},
		{"", 0, ""},
		{"plain", 0, ""},
		{"csatRank", 0, ""},
		{"${csatRank}", 0, ""},
		{"$${csatRank}", 0, ""},
		{"$${csatRank} $${skillName}", 0, ""},
		{`${"{csatRank} $csatRank"}`, 0, ""},
		{"$5, {name}, {{first}}, $(date), $csatRanks", 0, ""},
		{"${csatRank", 0, ""},
		{"{csatRank", 0, ""},
		{"$", 0, ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			at, message, found := check.Misspelt(c.text, env)
			assert.Equal(t, c.message != "", found)
			assert.Equal(t, c.message, message)
			assert.Equal(t, c.at, at)
		})
	}
	_, _, found := check.Misspelt("{vars.name}", &check.Env{Input: env.Input})
	assert.False(t, found, "there are no constants")
}
