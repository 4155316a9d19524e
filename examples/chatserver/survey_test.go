package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

// documented is the survey of the platform's documents.
func documented(t *testing.T) string {
	t.Helper()
	data, err := builtInSurveys.ReadFile("surveys/01-documented.json")
	require.NoError(t, err)
	return string(data)
}

// hostile is a survey whose answer has a line that would be a mail header, so
// that the rule that puts it into a subject fails.
const hostile = `{"payload":{"csatRank":1,"agentName":"` + marker + `","questionWithAnswers":[
	{"question":"What else would you like to tell us?","answer":"` + marker + `\nBcc: ` + marker + `@example.com"}]}}`

// badSurveys are what no survey is, with the place of each problem.
var badSurveys = map[string]struct {
	text   string
	places []string
}{
	"empty":         {"", []string{"is empty"}},
	"not JSON":      {marker, []string{"is not JSON"}},
	"broken JSON":   {`{"payload":{"agentName":"` + marker + `"`, []string{""}},
	"a list":        {`["` + marker + `"]`, []string{"must be an object"}},
	"two documents": {`{"payload":{"agentName":"` + marker + `"}} {}`, []string{"must be followed by nothing"}},
	"two MiB":       {`{"payload":{"agentName":"` + strings.Repeat(marker, 2<<20/len(marker)) + `"}}`, []string{"is larger than 256 KiB"}},
	"no payload":    {`{"timestamp":1}`, []string{"payload: is missing"}},
	"null payload":  {`{"payload":null}`, []string{"payload: is missing"}},
	"no envelope":   {`{"csatRank":3,"agentName":"` + marker + `"}`, []string{"payload: is missing"}},
	"another case":  {`{"Payload":{"agentName":"` + marker + `"}}`, []string{"payload: is missing"}},
	"rank 9":        {`{"payload":{"csatRank":9,"agentName":"` + marker + `"}}`, []string{"payload.csatRank: "}},
	"half a rank":   {`{"payload":{"csatRank":3.5}}`, []string{"payload.csatRank: "}},
	"a key twice":   {`{"payload":{"` + marker + `":1,"` + marker + `":2}}`, []string{"payload: "}},
	"no UTF-8":      {`{"payload":{"agentName":"` + marker + "\xff" + `"}}`, []string{"payload"}},
	"a timestamp":   {`{"timestamp":"` + marker + `","payload":{"agentName":"` + marker + `"}}`, []string{"timestamp: "}},
	"wrong types": {
		`{"payload":{"csatRank":"` + marker + `","skillName":5,"agentName":{"` + marker + `":1},"questionWithAnswers":[{"question":"` + marker + `"},null,{"answer":["` + marker + `"]}]}}`,
		[]string{
			"payload.csatRank: ",
			"payload.skillName: ",
			"payload.agentName: ",
			"payload.questionWithAnswers[1]: ",
			"payload.questionWithAnswers[2].answer: ",
		},
	},
}

// assertPlaces wants one line for each place, which begins with it, and in none
// of them what stood there.
func assertPlaces(t *testing.T, places, lines []string) {
	t.Helper()
	if !assert.Len(t, lines, len(places), "%q", lines) {
		return
	}
	for i, place := range places {
		assert.Regexp(t, "^"+regexp.QuoteMeta(place), lines[i])
		assert.NotContains(t, lines[i], marker)
	}
}

func TestBadSurveys(t *testing.T) {
	for name, c := range badSurveys {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "survey.json")
			require.NoError(t, os.WriteFile(file, []byte(c.text), 0o600))
			for source, called := range map[string]string{"-": "standard input", file: file} {
				for _, args := range [][]string{nil, {"-json"}, {"-legacy"}} {
					got := execute(t, c.text, append(args, "-survey", source)...)
					assert.Equal(t, exitFailed, got.code)
					assert.Empty(t, got.stdout)
					var places []string
					for _, place := range c.places {
						places = append(places, called+": "+place)
					}
					assertPlaces(t, places, strings.Split(strings.TrimSuffix(got.stderr, "\n"), "\n"))
				}
			}
		})
	}
}

func TestFilesThatAreNoSurveys(t *testing.T) {
	got := execute(t, "", "-survey", "nowhere.json")
	assert.Equal(t, result{exitFailed, "", "survey: open nowhere.json: no such file or directory\n"}, got)
	dir := t.TempDir()
	got = execute(t, "", "-survey", dir, "-json")
	assert.Equal(t, result{exitFailed, "", dir + ": read the survey: read " + dir + ": is a directory\n"}, got)
}

func TestEventOfTheSurvey(t *testing.T) {
	for event, want := range map[string]string{
		"denver_post_survey_email_transcripts": `unknown event "denver_post_survey_email_transcripts"; did you mean denver_post_survey_email_transcript?`,
		"conversational_comand":                `unknown event "conversational_comand"; did you mean conversational_command?`,
		"controllerbot_messaging_ttr": "event controllerbot_messaging_ttr: no function is connected to it, " +
			"and the legacy rules decide only denver_post_survey_email_transcript",
	} {
		for _, args := range [][]string{nil, {"-json"}, {"-legacy"}} {
			got := execute(t, documented(t), append(args, "-survey", "-", "-event", event)...)
			assert.Equal(t, result{exitFailed, "", want + "\n"}, got)
		}
	}
	got := execute(t, documented(t), "-survey", "-", "-json", "-event", "denver_post_survey_email_transcript")
	assert.Equal(t, execute(t, documented(t), "-survey", "-", "-json"), got)
	assert.Equal(t, exitOK, got.code)
}

func TestBadRules(t *testing.T) {
	broken := writeRules(t, map[string]string{"a.rules.yaml": ruleWhen("a", "csatRnk == 1", "x"), "b.rules.yaml": ruleWhen("b", "true", "${agent}")})
	linked := t.TempDir()
	require.NoError(t, os.Symlink("nowhere", filepath.Join(linked, "a.rules.yaml")))
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "a.rules.yaml"), 0o750))
	empty := writeRules(t, map[string]string{"a.yaml": ruleNamed("a")})
	file := filepath.Join(empty, "a.yaml")
	taken := writeRules(t, map[string]string{"a.rules.yaml": ruleNamed("vip-rated-below-5")})
	for dir, want := range map[string]string{
		"nowhere": "rules: open nowhere: no such file or directory\n",
		file:      "rules: open " + file + ": not a directory\n",
		empty:     "rules: " + empty + ": no file is called *.rules.yaml\n",
		linked:    "stat a.rules.yaml: no such file or directory\n",
		folder:    "a.rules.yaml: not a file of rules: ",
		taken:     "rule \"vip-rated-below-5\": it is written in Go, but a.rules.yaml has a rule of the same name\n",
		broken:    "a.rules.yaml:5:11: rule \"a\": unknown name csatRnk",
	} {
		for _, args := range [][]string{nil, {"-survey", "-"}, {"-survey", "-", "-json"}, {"-listen", "127.0.0.1:0"}} {
			got := execute(t, documented(t), append(args, "-rules", dir)...)
			assert.Equal(t, exitFailed, got.code)
			assert.Empty(t, got.stdout)
			assert.Regexp(t, "^"+regexp.QuoteMeta(want), got.stderr, "%v", args)
			if dir == broken {
				assert.Regexp(t, `^.*\nb\.rules\.yaml:6:95: rule "b": unknown name agent.*\n$`, got.stderr)
			} else {
				assert.Equal(t, 1, strings.Count(got.stderr, "\n"))
			}
		}
	}
}

func TestRulesThatCannotBeRead(t *testing.T) {
	dir := writeRules(t, map[string]string{"a.rules.yaml": ruleNamed("a")})
	require.NoError(t, os.Chmod(filepath.Join(dir, "a.rules.yaml"), 0))
	if _, err := os.ReadFile(filepath.Join(dir, "a.rules.yaml")); err == nil {
		t.Skip("this user may read everything")
	}
	assert.Equal(t, result{exitFailed, "", "open a.rules.yaml: permission denied\n"}, execute(t, "", "-rules", dir))
}

func TestJSON(t *testing.T) {
	email := func(target, subject string) events.TranscriptEmail {
		return events.TranscriptEmail{TargetEmail: target, SenderName: "Example Contact Centre", SenderEmail: "no-reply@example.com", Subject: subject}
	}
	notification := email("care-leads@example.com", "Email Transcript Notification")
	for _, c := range []struct {
		survey string
		want   []events.TranscriptEmail
	}{
		{documented(t), []events.TranscriptEmail{notification, email("quality@example.com", "Service rated Poor and Below Average")}},
		{`{"payload":{"csatRank":3,"skillName":"cUsToMeRcArE","agentName":"john DOE"}}`, []events.TranscriptEmail{notification}},
		{`{"payload":{"csatRank":2,"skillName":"CustomerCare","agentName":"John Doe"}}`, []events.TranscriptEmail{notification}},
		{`{"payload":{"csatRank":4,"skillName":"CustomerCare","agentName":"John Doe"}}`, []events.TranscriptEmail{}},
		{`{"payload":{"csatRank":3,"skillName":"CustomerCare2","agentName":"John Doe"}}`, []events.TranscriptEmail{}},
		{`{"payload":{"csatRank":3,"skillName":"CustomerCare","agentName":"Johnny Doe"}}`, []events.TranscriptEmail{}},
		{`{"payload":{"csatRank":3,"skillName":"CustomerCare"}}`, []events.TranscriptEmail{}},
		{`{"payload":{}}`, []events.TranscriptEmail{}},
	} {
		got := execute(t, c.survey, "-survey", "-", "-json")
		require.Equal(t, exitOK, got.code)
		require.Empty(t, got.stderr)
		var emails []events.TranscriptEmail
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &emails))
		assert.Equal(t, c.want, emails, c.survey)
	}
	assert.Equal(t, "[]\n", execute(t, `{"payload":{}}`, "-survey", "-", "-json").stdout)
	assert.Contains(t, execute(t, documented(t), "-survey", "-", "-json").stdout,
		`{"targetEmail":"care-leads@example.com","senderName":"Example Contact Centre","senderEmail":"no-reply@example.com","subject":"Email Transcript Notification"}`)
}

func TestJSONOfLegacyRules(t *testing.T) {
	got := execute(t, documented(t), "-survey", "-", "-json", "-legacy")
	assert.Equal(t, result{exitOK, `[{"targetEmail":"supervisors@example.com","senderName":"Example Chat Server","senderEmail":"no-reply@example.com","subject":"A chat was rated 3 or less"}]` + "\n", ""}, got)
	assert.Equal(t, "[]\n", execute(t, `{"payload":{}}`, "-survey", "-", "-json", "-legacy").stdout)
}

// The explanation of one survey is that of the whole play.
func TestOneSurveyIsExplainedAsInThePlay(t *testing.T) {
	names, err := fs.Glob(builtInSurveys, "surveys/*.json")
	require.NoError(t, err)
	require.Len(t, names, 10)
	play := execute(t, "").stdout
	for _, name := range names {
		got := execute(t, "", "-survey", name)
		require.Equal(t, exitOK, got.code)
		_, body, found := strings.Cut(got.stdout, "\n\n"+name+"\n")
		require.True(t, found)
		assert.Contains(t, play, "\n\n"+strings.TrimSuffix(filepath.Base(name), ".json")+"\n"+body)
	}
}

func TestARuleFails(t *testing.T) {
	got := execute(t, hostile, "-survey", "-", "-json")
	assert.Equal(t, exitFailed, got.code)
	assert.Empty(t, got.stdout)
	assert.Regexp(t, `^standard input: transcripts\.rules\.yaml:\d+:\d+: rule "in-their-own-words": .*\n$`, got.stderr)
	assert.NotContains(t, got.stderr, marker)

	explained := execute(t, hostile, "-survey", "-")
	assert.Equal(t, exitFailed, explained.code)
	assert.Equal(t, got.stderr, explained.stderr)
	assert.Contains(t, explained.stdout, "\n  e-mail  none: the decision failed, and then nothing is sent\n")
	assert.Contains(t, explained.stdout, "in-their-own-words  failed: transcripts.rules.yaml:")
	assert.NotContains(t, explained.stdout, "duty-manager@example.com")

	faulty := writeRules(t, map[string]string{
		"a.rules.yaml": ruleWhen("a", "1 / (csatRank - csatRank) > 0", "x"),
		"b.rules.yaml": ruleWhen("b", "true", "${agentName}"),
	})
	got = execute(t, `{"payload":{"csatRank":3}}`, "-survey", "-", "-json", "-rules", faulty)
	assert.Equal(t, exitFailed, got.code)
	assert.Empty(t, got.stdout)
	assert.Regexp(t, `^standard input: a\.rules\.yaml:.* rule "a": .*\nstandard input: b\.rules\.yaml:.* rule "b": .*\n$`, got.stderr)
}
