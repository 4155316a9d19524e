package faas_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

func TestFiltersAndTheOrderOfLists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := laboratory(t, faas.Config{})
		create(t, rt, faas.Draft{Name: "b", Event: "tenfold"})
		create(t, rt, faas.Draft{Name: "a", Event: "single"})
		time.Sleep(time.Second)
		deployed(t, rt, faas.Draft{Name: "c", Event: "tenfold"})
		deployed(t, rt, faas.Draft{Name: "0", Event: "single"})
		for want, filter := range map[string]faas.Filter{
			"a b 0 c": {},
			"b c":     {Event: "tenfold"},
			"c":       {Name: "c"},
			"":        {Name: "c", Event: "single"},
			"a b":     {States: []faas.State{faas.StateDraft}},
			"0 c":     {States: []faas.State{faas.StateModified, faas.StateProductive}},
		} {
			var names []string
			for _, r := range rt.Functions(filter) {
				names = append(names, r.Name)
			}
			assert.Equal(t, want, strings.Join(names, " "))
		}
	})
}

// What a runtime gives away and what it is given are the caller's.
func TestRecordsAreTheCallers(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	skills := []string{"1"}
	r := deployed(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: skills, Source: "s"})
	skills[0] = "changed"
	others := []string{"2"}
	edited(t, rt, r.ID, faas.Edit{Skills: &others})
	others[0] = "changed"
	want, err := json.Marshal(function(t, rt, r.ID))
	require.NoError(t, err)
	for _, r := range append(rt.Functions(faas.Filter{}), function(t, rt, r.ID)) {
		r.Skills[0], r.Deployments[0].Source = "changed", "changed"
	}
	got, err := json.Marshal(function(t, rt, r.ID))
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(got))
	assert.Equal(t, []string{`f: "s"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
}
