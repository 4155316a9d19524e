package diff_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/diff"
)

func TestGate(t *testing.T) {
	t.Parallel()
	d := diff.Diff{Tally: diff.Tally{Added: 3, Removed: 1, Changed: 1}, Kept: 95, ErrorsGained: 2}
	for _, test := range []struct {
		name string
		gate diff.Gate
		want string
	}{
		{"none", diff.Gate{}, ""},
		{"at the bounds", diff.Gate{MaxAdded: new(3), MaxRemoved: new(1), MaxChange: new(0.05)}, ""},
		{"added", diff.Gate{MaxAdded: new(2)}, "3 outcomes added, and 2 may be: 1 too many"},
		{"removed", diff.Gate{MaxRemoved: new(0)}, "1 outcome removed, and 0 may be: 1 too many"},
		{"errors", diff.Gate{MaxErrorsGained: new(0)}, "2 errors gained, and 0 may be: 2 too many"},
		{"as many errors", diff.Gate{MaxErrorsGained: new(2)}, ""},
		{"change", diff.Gate{MaxChange: new(0.04)}, "5% of all outcomes differ, and 4% may: 1 point too many"},
		{"a fraction", diff.Gate{MaxChange: new(0.705 / 100)}, "5% of all outcomes differ, and 0.705% may: 4.29 points too many"},
		{"close", diff.Gate{MaxChange: new(0.0499999)}, "5% of all outcomes differ, and 4.99999% may: 1e-05 points too many"},
		{"all", diff.Gate{MaxAdded: new(0), MaxChange: new(0.0)}, "3 outcomes added, and 0 may be: 3 too many\n5% of all outcomes differ, and 0% may: 5 points too many"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := test.gate.Check(d)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.want)
		})
	}
	require.NoError(t, diff.Gate{MaxAdded: new(0), MaxRemoved: new(0), MaxChange: new(0.0)}.Check(diff.Diff{}))
	var crossed *diff.GateError
	require.ErrorAs(t, diff.Gate{MaxAdded: new(2)}.Check(d), &crossed)
	assert.Equal(t, "3 e-mails added, and 2 may be: 1 too many", crossed.Crossings[0].Of("e-mail"))
}
