package decisionlog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestForm(t *testing.T) {
	t.Parallel()
	text, err := encode(Record[string]{
		V: Form, Time: time.Date(2026, 1, 31, 18, 0, 0, 120_000_000, time.UTC), ID: "r-1", Rules: Rules{"sha256:00", "v7"},
		Fired: []string{"unhappy"}, Shadow: []string{"trial"}, Skipped: []Skip{{"sales", []string{"skillName"}}},
		Errors: []Failure{{"bad", "care.rules.yaml", 9, 4, "division by zero"}}, Count: 1,
		Outcomes: []Outcome[string]{{"unhappy", "***"}}, Took: 1500 * time.Nanosecond, Event: []byte(`{"payload":{"csatRank":2}}`),
	})
	require.NoError(t, err)
	assert.Equal(t, `{"v":1,"time":"2026-01-31T18:00:00.12Z","id":"r-1","rules":{"hash":"sha256:00","version":"v7"},`+
		`"fired":["unhappy"],"shadow":["trial"],"skipped":[{"rule":"sales","absent":["skillName"]}],`+
		`"errors":[{"rule":"bad","file":"care.rules.yaml","line":9,"column":4,"message":"division by zero"}],`+
		`"count":1,"outcomes":[{"rule":"unhappy","value":"***"}],"tookNs":1500,"event":{"payload":{"csatRank":2}}}`+"\n", string(text))

	text, err = encode(Record[string]{V: Form})
	require.NoError(t, err)
	assert.Equal(t, `{"v":1,"time":"0001-01-01T00:00:00Z","rules":{},"fired":[],"count":0,"tookNs":0}`+"\n", string(text), "the least")
}
