package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What was due while nothing was served is made up for at the next start, each
// time once.
func TestServeKeepsSchedules(t *testing.T) {
	t.Parallel()
	set := settings{data: t.TempDir(), grace: time.Minute}
	ran := make(chan time.Time, 10)
	note := faas.NoEvent("note", func(_ context.Context, e events.Event[struct{}]) (string, error) {
		ran <- e.Timestamp
		return "ok", nil
	})
	h := host(t, set, note)
	var functions []struct{ UUID string }
	require.NoError(t, json.Unmarshal([]byte(h.good(t, "GET", ofAccount+"/functions", "")), &functions))
	require.Len(t, functions, 1)
	h.good(t, "POST", ofAccount+"/schedules", `{"functionUuid": "`+functions[0].UUID+`", "cronExpression": "0 0 * * *"}`)
	h.stop()
	require.NoError(t, <-h.gone)
	assert.Empty(t, ran)

	// The process was down at midnight.
	midnight := time.Now().UTC().Truncate(24 * time.Hour)
	files, err := filepath.Glob(filepath.Join(set.data, "schedules", "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	data, err := os.ReadFile(files[0])
	require.NoError(t, err)
	var record map[string]any
	require.NoError(t, json.Unmarshal(data, &record))
	fields := record["schedule"].(map[string]any)
	fields["next"], fields["settled"] = midnight.Format(time.RFC3339), midnight.Add(-time.Hour).Format(time.RFC3339)
	data, err = json.Marshal(record)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(files[0], data, 0o600))

	h = host(t, set, note)
	assert.Equal(t, midnight, <-ran)
	require.Eventually(t, func() bool { return strings.Contains(h.errors.String(), "ran as scheduled") }, 20*time.Second, time.Millisecond)
	var all []struct {
		LastExecution, NextExecution time.Time
		DidLastExecutionFail         bool
		MissedExecutions             int
	}
	require.Eventually(t, func() bool {
		require.NoError(t, json.Unmarshal([]byte(h.good(t, "GET", ofAccount+"/schedules", "")), &all))
		return len(all) == 1 && all[0].LastExecution.Equal(midnight)
	}, 20*time.Second, time.Millisecond)
	assert.True(t, all[0].NextExecution.Equal(midnight.Add(24*time.Hour)))
	assert.False(t, all[0].DidLastExecutionFail)
	h.stop()
	require.NoError(t, <-h.gone)
	assert.Empty(t, ran)
	assert.NotContains(t, h.errors.String(), `"error"`)
}
