package transcript_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// judgeRules gives a function that holds YAML against the schema.
func judgeRules(t *testing.T) func(text string) error {
	t.Helper()
	schema, err := transcript.Schema()
	require.NoError(t, err)
	var s jsonschema.Schema
	require.NoError(t, json.Unmarshal(schema, &s))
	resolved, err := s.Resolve(nil)
	require.NoError(t, err)
	return func(text string) error {
		var v, plain any
		require.NoError(t, yaml.Unmarshal([]byte(text), &v))
		data, err := json.Marshal(v)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &plain))
		return resolved.Validate(plain)
	}
}

const examples = "../examples/"

func TestSchemaTakesTheExamples(t *testing.T) {
	t.Parallel()
	check := judgeRules(t)
	for _, pattern := range []string{"embedded/*.yaml", "chatserver/rules/*.rules.yaml", "chatserver/rules/*_test.yaml"} {
		names, err := filepath.Glob(examples + pattern)
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			assert.NoError(t, check(string(text)), name)
		}
	}
}

func TestSchemaRefusesTypicalMistakes(t *testing.T) {
	t.Parallel()
	check := judgeRules(t)
	read := func(name string) string {
		text, err := os.ReadFile(examples + "chatserver/rules/" + name)
		require.NoError(t, err)
		return string(text)
	}
	for name, mistakes := range map[string][][2]string{
		"transcripts.rules.yaml": {
			{"version: 1", "version: 1.0.0"},
			{"event: denver_post", "event: devner_post"},
			{"event: denver_post_survey_email_transcript\n", ""},
			{"rules:\n", "rule:\n"},
			{"name: praise", "nam: praise"},
			{"name: praise", "name: high praise"},
			{"when: csatRank == 1", "wenn: csatRank == 1"},
			{"when: csatRank == 1", "mode: dry\n    when: csatRank == 1"},
			{"      subject: Email Transcript Notification\n", ""},
			{"subject: Email Transcript Notification", "subjekt: Email Transcript Notification"},
			{"subject: Email Transcript Notification", "subject: 5"},
			{"watched: [CustomerCare, Billing]", "watched: [CustomerCare, 5]"},
		},
		"transcripts_test.yaml": {
			{"version: 1", "version: 2"},
			{"csatRank: 3", "csatRank: 6"},
			{"csatRank: 3", "csatRank: three"},
			{"csatRank: 3", "CSATRank: 3"},
			{"answer: Poor;Below Average", "anwser: Poor;Below Average"},
			{"emails:", "mails:"},
			{"unset: [questionWithAnswers]", "unset: [questions]"},
			{"set: {csatRank: 4}", "set: {csatRank: 40}"},
			{"set: {csatRank: 4}", "set: {csat: 4}"},
			{"fired: [unrated]", "fired: unrated"},
			{"fixtures:", "vars: {}\nfixtures:"},
		},
	} {
		text := read(name)
		require.NoError(t, check(text))
		for _, m := range mistakes {
			require.Contains(t, text, m[0])
			assert.Error(t, check(strings.Replace(text, m[0], m[1], 1)), "%s instead of %s", m[1], m[0])
		}
	}
}

func TestSchemaKnowsTheEmailsAndTheTimestamp(t *testing.T) {
	t.Parallel()
	check := judgeRules(t)
	test := func(given, expect string) string {
		return "version: 1\ntests: [{name: a, given: {" + given + "}, expect: {" + expect + "}}]"
	}
	for given, sound := range map[string]bool{
		"csatRank: -1": true, "csatRank: 0": true, "csatRank: 5": true, "csatRank: 6": false,
		"timestamp: '2026-01-31T18:00:00Z'": true, "timestamp: 1700000000000": true, "timestamp: true": false,
		"questionWithAnswers: null": true, "skillName: null": true, "questionWithAnswers: [{question: a}]": true,
	} {
		assert.Equal(t, sound, check(test(given, "emails: []")) == nil, given)
	}
	assert.NoError(t, check(test("", "emails: {subject: x}")))
	assert.Error(t, check(test("", "outcomes: []")))
}

// The schema beside the example's rules is this one. UPDATE_GOLDEN=1 rewrites
// it.
func TestSchemaOfTheExampleIsCurrent(t *testing.T) {
	t.Parallel()
	schema, err := transcript.Schema()
	require.NoError(t, err)
	const name = examples + "chatserver/rules/transcripts.schema.json"
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		require.NoError(t, os.WriteFile(name, schema, 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(schema))
	with, err := transcript.Schema(transcript.RecipientDomains("example.com"), nil)
	require.NoError(t, err)
	assert.Equal(t, string(schema), string(with))
	for _, file := range []string{"transcripts.rules.yaml", "transcripts_test.yaml"} {
		text, err := os.ReadFile(examples + "chatserver/rules/" + file)
		require.NoError(t, err)
		first, _, _ := strings.Cut(string(text), "\n")
		assert.Equal(t, "# yaml-language-server: $schema=transcripts.schema.json", first, file)
	}
}

func TestReference(t *testing.T) {
	t.Parallel()
	ref, err := transcript.Reference(transcript.Functions(rules.Func("vip", func(*transcript.Survey) bool { return false }).Doc("Whether it is one.", "vip()")))
	require.NoError(t, err)
	for _, f := range ref.Fields {
		assert.NotEmpty(t, f.Meaning, f.Name)
		assert.Equal(t, f.Type == "list of groups", f.Example == "", f.Name)
		if f.Name != "questionWithAnswers" {
			assert.True(t, f.Optional, f.Name)
		}
	}
	assert.Len(t, ref.Fields, 7)
	for _, f := range ref.Functions {
		assert.NotEmpty(t, f.Meaning, f.Name)
		_, err := transcript.Parse("a.rules.yaml", []byte("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n  - name: a\n    when: '"+f.Example+
			"'\n    then: {targetEmail: a@example.com, senderName: a, senderEmail: a@example.com, subject: a}\n"),
			transcript.Functions(rules.Func("vip", func(*transcript.Survey) bool { return false })))
		assert.NoError(t, err, f.Example)
	}
	last := ref.Functions[len(ref.Functions)-1]
	assert.Equal(t, rules.FunctionInfo{Name: "vip", Signature: "vip() boolean", Meaning: "Whether it is one.", Example: "vip()"}, last)

	_, err = transcript.Reference(transcript.Functions(rules.Func("answer", 5)))
	assert.Error(t, err)
}
