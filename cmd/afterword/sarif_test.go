package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// What the schema of SARIF 2.1.0 requires is there.
func TestSARIF(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "ä b.rules.yaml")
	write(t, name, "version: 1\nevent: x\nrules:\n  - {name: a, when: csatRnk == 1}\n", 0o644)
	got := runWith(t.Context(), nil, "check", "-o", "sarif", name)
	assert.Equal(t, exitFindings, got.code)

	var log map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.out), &log))
	assert.Equal(t, "2.1.0", log["version"])
	run := log["runs"].([]any)[0].(map[string]any)
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	assert.Equal(t, "afterword", driver["name"])
	assert.Equal(t, "unicodeCodePoints", run["columnKind"])
	ids := driver["rules"].([]any)
	results := run["results"].([]any)
	require.Len(t, results, 3)
	for _, r := range results {
		r := r.(map[string]any)
		assert.Equal(t, ids[int(r["ruleIndex"].(float64))].(map[string]any)["id"], r["ruleId"])
		assert.Contains(t, []any{"error", "warning", "note"}, r["level"])
		assert.NotEmpty(t, r["message"].(map[string]any)["text"])
		place := r["locations"].([]any)[0].(map[string]any)["physicalLocation"].(map[string]any)
		uri := place["artifactLocation"].(map[string]any)["uri"].(string)
		assert.True(t, strings.HasPrefix(uri, "file:///") && strings.HasSuffix(uri, "/%C3%A4%20b.rules.yaml"), uri)
		region := place["region"].(map[string]any)
		assert.Positive(t, region["startLine"])
		assert.Positive(t, region["startColumn"])
	}

	// Nothing found is a run with an empty list, not one that did not happen.
	got = runWith(t.Context(), nil, "check", "-o", "sarif", exampleRules)
	assert.Equal(t, exitGood, got.code)
	assert.Contains(t, got.out, `"results": []`)
}

func TestSARIFWithoutPlaces(t *testing.T) {
	t.Parallel()
	none, err := json.Marshal(result{id: "x", level: levelNote, message: "m"}.sarif(0))
	require.NoError(t, err)
	assert.JSONEq(t, `{"ruleId": "x", "ruleIndex": 0, "level": "note", "message": {"text": "m"}}`, string(none))
	file, err := json.Marshal(result{id: "x", level: levelNote, message: "m", file: "a:b/c d.yaml"}.sarif(0).Locations)
	require.NoError(t, err)
	assert.JSONEq(t, `[{"physicalLocation": {"artifactLocation": {"uri": "./a:b/c%20d.yaml"}}}]`, string(file))
}

// JUnit counts what it lists, and is XML whatever tests are called.
func TestJUnit(t *testing.T) {
	t.Parallel()
	one := func(file, name string, failures ...string) rules.TestResult {
		return rules.TestResult{Test: rules.Test{File: file, Name: name, Line: 3}, Failures: failures}
	}
	suites := testSuites([]rules.TestResult{
		one("a.yaml", "x"), one("a.yaml", "<y>\x00\x1b", "it\nfailed ]]>"), one("b.yaml", "z"), one("a.yaml", "w", "no"),
	})
	text, err := xml.Marshal(suites)
	require.NoError(t, err)
	var got junitSuites
	require.NoError(t, xml.Unmarshal(text, &got))
	assert.Equal(t, []int{4, 2, 0}, []int{got.Tests, got.Failures, got.Errors})
	require.Len(t, got.Suites, 2)
	assert.Equal(t, []int{3, 2, 0}, []int{got.Suites[0].Tests, got.Suites[0].Failures, got.Suites[0].Errors})
	failed := got.Suites[0].Cases[1]
	assert.Equal(t, "<y>\ufffd\ufffd", failed.Name)
	assert.Equal(t, "it", failed.Failure.Message)
	assert.Contains(t, failed.Failure.Text, "failed ]]>")
	assert.Nil(t, got.Suites[0].Cases[0].Failure)
}

// Many files are told in the order of their names, however they are compiled.
func TestOrderOfManyFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for i := range 60 {
		text := fmt.Sprintf("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n  - {name: r%d, when: csatRnk == 1}\n", i)
		write(t, filepath.Join(folder, fmt.Sprintf("%d", i%7), fmt.Sprintf("%02d.rules.yaml", i)), text, 0o644)
	}
	first := runWith(t.Context(), nil, "check", folder)
	assert.Equal(t, exitFindings, first.code)
	var names []string
	for line := range strings.Lines(first.out) {
		if name, _, ok := strings.Cut(line, ".rules.yaml:"); ok && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	require.Len(t, names, 60)
	assert.IsNonDecreasing(t, names)
	for range 5 {
		assert.Equal(t, first, runWith(t.Context(), nil, "check", folder))
	}
	require.NoError(t, os.RemoveAll(folder))
}
