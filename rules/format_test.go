package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// formatCases are small files with what becomes of them.
var formatCases = []struct{ name, in, want string }{
	{"line ends", "\uFEFFversion:  1\r\nevent:\tsurvey \r\n\r\n\r\n# a \t\r\nrules: []", "version: 1\nevent: survey\n\n# a\nrules: []\n"},
	{"old line ends", "version: 1\rrules:\r- a\r", "version: 1\nrules:\n  - a\n"},
	{"markers", "%YAML 1.1\n# a\n---\n# b\na: 1\n...\n# c\n", "# a\n# b\na: 1\n# c\n"},
	{"a text alone", "  a\n  b # c\n", "a b # c\n"},
	{"a block alone", "|\n a\n  b\n", "|\n  a\n   b\n"},
	{"JSON", `{"version": 1, "rules": [{"name": "a", "when": "true", "then": {"to": "a"}}], "a": null}`, "{version: 1, rules: [{name: a, when: \"true\", then: {to: a}}], a: null}\n"},
	{"JSON in lines", "{\n  \"version\": 1,\n\n  \"a\": {\"b\": [1, \"2\"]}\n}", "version: 1\n\na: {b: [1, \"2\"]}\n"},
}

func TestFormat(t *testing.T) {
	for _, c := range formatCases {
		t.Run(c.name, func(t *testing.T) {
			got, err := rules.Format("x.rules.yaml", []byte(c.in))
			require.NoError(t, err)
			assert.Equal(t, c.want, string(got))
			checkFormat(t, c.in)
		})
	}
}

// TestFormatGolden compares the files X.in.yaml of testdata/format, formatted,
// with X.out.yaml; with UPDATE_GOLDEN in the environment, it writes those.
func TestFormatGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/format/*.in.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			got, err := rules.Format(name, data)
			require.NoError(t, err)
			golden := strings.Replace(name, ".in.", ".out.", 1)
			if os.Getenv("UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(golden, got, 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got))
			checkFormat(t, string(data))
		})
	}
}
