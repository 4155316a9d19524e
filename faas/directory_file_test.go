package faas

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// told is all that an error of a file may say.
var told = regexp.MustCompile(`^f\.json(:\d+:\d+: (is not JSON|is not a function, or one of a later version): put back a copy of it, or move it elsewhere` +
	`|: has format -?\d+, and this version reads 1: open it with the version that wrote it` +
	`|: holds another function than its name says: give it back its name` +
	`|: has (no revision from 1 on|more than \d+ bytes): put back a copy of it, or move it elsewhere)$`)

// FuzzDirectoryFile reads any file: what can be read can be written and read
// again, and errors quote nothing.
func FuzzDirectoryFile(f *testing.F) {
	const id = "5f0c2a9e-7a52-4e0e-8d11-0c8f1e1d2a3b"
	at := time.Date(2026, 2, 28, 23, 59, 58, 123456789, time.UTC)
	form := recordForm()
	full, err := form.Encode(Record{
		ID: id, Name: "care", Description: "d", Event: "e", Skills: []string{"s"}, Source: "<\u2028>", InGo: true, Version: 2, State: StateModified, Problem: "p",
		Deployments: []Deployment{{ID: id, Version: 1, Source: "s", DeployedAt: at, DeployedBy: "b", UndeployedAt: at}},
		ConnectedAt: at, CreatedAt: at, CreatedBy: "c", UpdatedAt: at, UpdatedBy: "u", Revision: 7,
	})
	require.NoError(f, err)
	plain, err := form.Encode(Record{ID: id, Revision: 1})
	require.NoError(f, err)
	for _, seed := range []string{
		string(full), string(plain), "", "null", "[]", `{"format":1}`, `{"format":2,"function":{}}`, `{"format":1e999}`,
		strings.Replace(string(plain), "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+14:00", 1),
		strings.Replace(string(plain), "0001-01-01T00:00:00Z", "0000-01-01T00:00:00-23:59", 1),
		strings.Repeat(`{"function":`, 20_000),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := form.Decode("f.json", id, data)
		if err != nil {
			require.Regexp(t, told, err.Error())
			return
		}
		again, err := form.Encode(r)
		require.NoError(t, err)
		second, err := form.Decode("f.json", id, again)
		require.NoError(t, err)
		third, err := form.Encode(second)
		require.NoError(t, err)
		assert.Equal(t, string(again), string(third))
		assert.Equal(t, id, second.ID)
	})
}
