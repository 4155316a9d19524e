package transcript_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

type event = events.Event[events.PostSurvey]

func rank(n int) *int { return &n }

// documented is the survey of the platform's documentation.
func documented() event {
	return event{Payload: events.PostSurvey{
		CSATRank: rank(3), SkillName: "CustomerCare", AgentName: "John Doe",
		Answers: []events.Answer{{Question: "How was it?", Answer: "Poor;Below Average"}},
	}}
}

// ruleFile is a file of rules, each written on one line: name, condition and
// the fields of the e-mail that differ from a sound one.
func ruleFile(hit string, lines ...string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "version: 1\nevent: denver_post_survey_email_transcript\nhit: %s\nrules:\n", hit)
	for _, line := range lines {
		name, rest, _ := strings.Cut(line, " | ")
		when, fields, _ := strings.Cut(rest, " | ")
		email := map[string]string{
			"targetEmail": name + "@example.com", "senderName": "Sender", "senderEmail": "no-reply@example.com", "subject": name,
		}
		for field := range strings.SplitSeq(fields, " | ") {
			if key, value, ok := strings.Cut(field, "="); ok {
				email[key] = value
			}
		}
		fmt.Fprintf(&out, "  - name: %s\n    when: '%s'\n    then:\n", name, strings.ReplaceAll(when, "'", "''"))
		for _, key := range []string{"targetEmail", "senderName", "senderEmail", "subject"} {
			fmt.Fprintf(&out, "      %s: '%s'\n", key, strings.ReplaceAll(email[key], "'", "''"))
		}
	}
	return out.String()
}

func parse(t *testing.T, file string, opts ...transcript.Option) *transcript.RuleSet {
	t.Helper()
	set, err := transcript.Parse("test.rules.yaml", []byte(file), opts...)
	require.NoError(t, err)
	return set
}

func subjects(emails []events.TranscriptEmail) []string {
	out := []string{}
	for _, e := range emails {
		out = append(out, e.Subject)
	}
	return out
}

func TestRulesReadTheSurvey(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 18, 0, 0, 0, time.UTC)
	for when, fires := range map[string]bool{
		`csatRank <= 3`: true,
		`csatRank == 3 and agentName == "John Doe"`: true,
		`ieq(skillName, "CUSTOMERCARE")`:            true,
		`ieq(skillName, "Customer")`:                false,
		`answer("How was it?") == "Poor"`:           false,
		`answer("How was it?") contains "Poor"`:     true,
		`answer("how was it?") contains "Poor"`:     false,
		`"Poor" in answers("How was it?")`:          true,
		`"Below Average" in answers("How was it?")`: true,
		`"Below" in answers("How was it?")`:         false,
		`"Poor" not in answers("Never asked")`:      false,
		`len(answers("How was it?")) == 2`:          true,
		`any(questionWithAnswers, .answer != nil)`:  true,
		`timestamp == date("2026-01-31T18:00:00Z")`: true,
		`timestamp < date("2026-01-31")`:            false,
		`(answers("Never asked") ?? []) |len() < 1`: true,
	} {
		e := documented()
		e.Timestamp = at
		emails, err := parse(t, ruleFile("collect", "it | "+when)).Decide(context.Background(), e)
		require.NoError(t, err, when)
		assert.Equal(t, fires, len(emails) == 1, when)
	}
}

func TestAnAbsentTimestampIsAbsent(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("collect", `it | timestamp < date("2027-01-01")`))
	assert.Equal(t, "skipped: timestamp is absent", set.Explain(context.Background(), documented()).Rules[0].Reason())
}

func TestARankBelowOneIsAbsent(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("collect", `it | csatRank <= 3`))
	for _, n := range []int{0, -1} {
		e := documented()
		e.Payload.CSATRank = rank(n)
		assert.Equal(t, "skipped: csatRank is absent", set.Explain(context.Background(), e).Rules[0].Reason())
		assert.Equal(t, n, *e.Payload.CSATRank, "the event is the caller's")
	}
}

func TestAWrongArgumentIsALoadError(t *testing.T) {
	t.Parallel()
	for when, message := range map[string]string{
		`answer(3) == "x"`:                 "argument 1 of answer is a text, not a whole number",
		`ieq(skillName) `:                  "ieq takes 2 arguments, not 1",
		`answers("Q") == "x"`:              "cannot compare a list of texts with a text",
		`ieq(skillName, csatRank)`:         "argument 2 of ieq is a text, not a whole number",
		`anser("Q") == "x"`:                "unknown function anser (did you mean answer?)",
		`customerName == "x"`:              "unknown name customerName",
		`csatRank <= 3 and skilName == ""`: "unknown name skilName (did you mean skillName?)",
	} {
		_, err := transcript.Parse("test.rules.yaml", []byte(ruleFile("collect", "it | "+when)))
		assert.ErrorContains(t, err, message, when)
	}
}

func TestEmailsKeepTheOrderOfRulesAndComeOnce(t *testing.T) {
	t.Parallel()
	same := "same | true | targetEmail=a@example.com | subject=a"
	set := parse(t, ruleFile("collect", "c | true", "a | true", "b | false", strings.Replace(same, "same", "d", 1)),
		transcript.Func("go", func(context.Context, event) ([]events.TranscriptEmail, error) {
			return []events.TranscriptEmail{
				{TargetEmail: "c@example.com", SenderName: "Sender", SenderEmail: "no-reply@example.com", Subject: "c"},
				{TargetEmail: "c@example.com", SenderName: "Sender", SenderEmail: "no-reply@example.com", Subject: "from Go"},
			}, nil
		}))
	emails, err := set.Decide(context.Background(), documented())
	require.NoError(t, err)
	assert.Equal(t, []string{"c", "a", "from Go"}, subjects(emails))
	assert.Equal(t, []string{"c", "a", "b", "d", "go"}, ruleNames(set))

	emails, err = parse(t, ruleFile("collect", "it | false")).Decide(context.Background(), documented())
	require.NoError(t, err)
	assert.NotNil(t, emails)
	assert.Empty(t, emails)
}

func TestFirstIsFirstOfAFileAndPassesOverWhatIsNoGood(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("first",
		`unknown | timestamp == nil and csatRank > 3 and answer("?") == "x"`,
		`skipped | answer("?") == "x"`,
		`failing | csatRank % 0 == 1`,
		`bad | true | subject=${answer("?")}`,
		`good | true`,
		`late | true`,
	), transcript.Func("go", func(context.Context, event) ([]events.TranscriptEmail, error) {
		return []events.TranscriptEmail{{TargetEmail: "x@example.com", SenderName: "x", SenderEmail: "x@example.com", Subject: "go"}}, nil
	}))
	emails, err := set.Decide(context.Background(), documented())
	assert.Equal(t, []string{"good", "go"}, subjects(emails))
	assert.EqualError(t, err, `test.rules.yaml:20:12: rule "failing": divides by zero`+"\n"+
		`test.rules.yaml:32:19: rule "bad": answer("?") is absent: give a default with ??`)

	explained := set.Explain(context.Background(), documented())
	assert.Equal(t, emails, explained.Emails)
	assert.Equal(t, err.Error(), explained.Err.Error())
	var outcomes []string
	for _, r := range explained.Rules {
		outcomes = append(outcomes, r.Name+" "+r.Outcome.String())
	}
	assert.Equal(t, []string{
		"unknown not fired", "skipped skipped", "failing failed", "bad failed", "good fired", "late not reached", "go fired",
	}, outcomes)
}

func TestRulesInGo(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	var seen event
	good := []events.TranscriptEmail{{TargetEmail: "x@example.com", SenderName: "x", SenderEmail: "x@example.com", Subject: "x"}}
	set, err := transcript.New(
		transcript.Func("sees", func(_ context.Context, e event) ([]events.TranscriptEmail, error) { seen = e; return good, nil }),
		transcript.Func("none", func(context.Context, event) ([]events.TranscriptEmail, error) { return nil, nil }),
		transcript.Func("fails", func(context.Context, event) ([]events.TranscriptEmail, error) { return good, boom }),
		transcript.Func("panics", func(_ context.Context, e event) ([]events.TranscriptEmail, error) {
			panic(e.Payload.AgentName)
		}),
		transcript.Func("bad", func(_ context.Context, e event) ([]events.TranscriptEmail, error) {
			return append(good, events.TranscriptEmail{TargetEmail: e.Payload.AgentName}), nil
		}),
	)
	require.NoError(t, err)
	given := documented()
	given.Timestamp = time.UnixMilli(1_700_000_000_000).UTC()
	given.Headers = []events.Header{{Key: "k", Value: "v"}}
	emails, err := set.Decide(context.Background(), given)
	assert.Equal(t, given, seen)
	assert.Equal(t, good, emails)
	require.ErrorIs(t, err, boom)
	var one *rules.RuleError
	require.ErrorAs(t, err, &one)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 3)
	assert.Equal(t, `rule "fails": boom`, lines[0])
	assert.Equal(t, `rule "panics": panicked`, lines[1])
	assert.Contains(t, lines[2], `rule "bad": e-mail 2: targetEmail: `)
	assert.NotContains(t, err.Error(), "John Doe")

	explained := set.Explain(context.Background(), given)
	assert.Equal(t, "not fired", explained.Rules[1].Reason())
	assert.Contains(t, explained.Rules[3].Detail, "John Doe")
	assert.Contains(t, explained.Rules[3].Detail, "goroutine")
}

func TestAddressesThatDependOnTheSurvey(t *testing.T) {
	t.Parallel()
	file := ruleFile("collect",
		`it | true | targetEmail=${agentName}@example.com`,
		`vars | true | subject=constant ${1 + 1} | senderEmail=x${2}@example.org`)
	_, err := transcript.Parse("f", []byte(file))
	require.EqualError(t, err, `f:8:21: rule "it": targetEmail depends on the survey, so a customer could choose it: write a constant, or have the program that loads the rules allow domains for it`)

	set := parse(t, file, transcript.RecipientDomains("EXAMPLE.com"))
	for agent, problem := range map[string]string{
		"john":                  "",
		"John Doe":              "targetEmail: would take in a text with white space; insert another value",
		"x@evil.example,y":      "targetEmail: holds 2 @ signs",
		"x@evil.example\n":      "white space",
		"a@b.example?x=":        "2 @ signs",
		"x@sub":                 "2 @ signs",
		strings.Repeat("x", 65): "more than 64 bytes before the @",
	} {
		e := documented()
		e.Payload.AgentName = agent
		emails, err := set.Decide(context.Background(), e)
		if problem == "" {
			require.NoError(t, err)
			assert.Equal(t, "john@example.com", emails[0].TargetEmail)
			continue
		}
		require.ErrorContains(t, err, problem, agent)
		assert.NotContains(t, err.Error(), "evil")
		assert.Equal(t, []string{"constant 2"}, subjects(emails), "the other rule is not affected")
	}

	whole := parse(t, ruleFile("collect", `it | true | targetEmail=${agentName}`, `from | true | senderEmail=${agentName}`), transcript.RecipientDomains("example.com"))
	e := documented()
	e.Payload.AgentName = "x@example.com"
	emails, err := whole.Decide(context.Background(), e)
	require.NoError(t, err)
	assert.Len(t, emails, 2)
	e.Payload.AgentName = "x@sub.example.com"
	emails, err = whole.Decide(context.Background(), e)
	assert.Empty(t, emails)
	assert.ErrorContains(t, err, `rule "it": targetEmail: depends on the survey, and its domain is not one of those that are allowed for it`)
	assert.ErrorContains(t, err, `rule "from": senderEmail: depends on the survey`)
}

func TestWhatPassesIntoASubject(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("collect", `it | true | subject=${agentName}: ${answer("Q")} | senderName=${agentName}`))
	for _, c := range []struct{ agent, answer, subject string }{
		{"Doe, John", "fine", "Doe, John: fine"},
		{"Jörg Müller-Lüdenscheidt", "Größe", "Jörg Müller-Lüdenscheidt: Größe"},
		{"Łukasz 👩‍👩‍👧", "👍🏽", "Łukasz 👩‍👩‍👧: 👍🏽"},
		{"A", "too slow\nand  wrong\r\n\tand rude", "A: too slow and wrong and rude"},
		{"A", "Note: it was late\nAgent: rude", "A: Note: it was late Agent: rude"},
	} {
		emails, err := set.Decide(context.Background(), event{Payload: events.PostSurvey{
			AgentName: c.agent, Answers: []events.Answer{{Question: "Q", Answer: c.answer}},
		}})
		require.NoError(t, err)
		assert.Equal(t, c.subject, emails[0].Subject)
		assert.Equal(t, c.agent, emails[0].SenderName)
	}
}

func TestLoadTakesFilesInOrderAndReportsAllProblems(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"b.rules.yaml": {Data: []byte(ruleFile("collect", "two | true"))},
		"a.rules.yaml": {Data: []byte(ruleFile("collect", "one | true"))},
		"notes.txt":    {Data: []byte("no rules")},
	}
	set, err := transcript.Load(fsys, "*.rules.yaml")
	require.NoError(t, err)
	assert.Equal(t, []string{"one", "two"}, ruleNames(set))

	fsys["c.rules.yaml"] = &fstest.MapFile{Data: []byte(ruleFile("collect", "one | true"))}
	_, err = transcript.Load(fsys, "*.rules.yaml", transcript.Func("two", func(context.Context, event) ([]events.TranscriptEmail, error) { return nil, nil }))
	require.EqualError(t, err, `c.rules.yaml:5:5: rule "one": a.rules.yaml has a rule of the same name`+"\n"+
		`rule "two": it is written in Go, but b.rules.yaml has a rule of the same name`)

	fsys["a.rules.yaml"] = &fstest.MapFile{Data: []byte(ruleFile("collect", "one | csatrank > 3", "four | skillName | subject=   "))}
	fsys["c.rules.yaml"] = &fstest.MapFile{Data: []byte("version: 1\n")}
	fsys["d.rules.yaml"] = &fstest.MapFile{Mode: fs.ModeDir}
	_, err = transcript.Load(fsys, "*.rules.yaml", transcript.Func("nil", nil), transcript.RecipientDomains("not a domain"))
	require.Error(t, err)
	for _, line := range []string{
		"d.rules.yaml: not a file of rules: d---------",
		`a.rules.yaml:6:12: rule "one": unknown name csatrank (did you mean csatRank?)`,
		`a.rules.yaml:13:12: rule "four": a condition is true or false, but this is a text`,
		`a.rules.yaml:18:17: rule "four": subject: `,
		"c.rules.yaml:1:1: ",
		`rule 1 in Go, "nil": its Go function is nil`,
		`recipient domain 1, "not a domain": `,
	} {
		assert.Contains(t, err.Error(), line)
	}
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
}

// Whatever is wrong with the options is said at once, and of which of them.
func TestNewReportsAllProblemsOfOptions(t *testing.T) {
	t.Parallel()
	_, err := transcript.New(transcript.Func("", nil), transcript.Func("a b", nil), transcript.RecipientDomains("@x.com", "*.x.com"),
		transcript.RecipientDomains("example.com", "", "localhost", "jane doe"))
	full := "is not a full domain of ASCII letters, digits, hyphens and single dots; give one such as example.com"
	require.EqualError(t, err, strings.Join([]string{
		`rule 1 in Go, "": its Go function is nil`,
		`rule 2 in Go, "a b": its Go function is nil`,
		`rule 1 has no name`,
		`rule "a b": a name is made of letters, digits, -, _ and ., at most 100 of them`,
		`recipient domain 1, "@x.com": has an @ sign; give the domain alone, such as example.com`,
		`recipient domain 2, "*.x.com": has a *; give each domain in full, such as example.com, and each subdomain`,
		`recipient domain 4, "": is empty; give a domain such as example.com`,
		`recipient domain 5, "localhost": ` + full,
		`recipient domain 6, "jane doe": ` + full,
	}, "\n"))
}

func TestLoadNeedsFiles(t *testing.T) {
	t.Parallel()
	_, err := transcript.Load(fstest.MapFS{}, "*.rules.yaml")
	require.EqualError(t, err, "rule files *.rules.yaml: no file matches")
	_, err = transcript.Load(fstest.MapFS{}, "[")
	require.EqualError(t, err, "rule files [: syntax error in pattern")
	_, err = transcript.Parse("f", []byte(ruleFile("collect", "a | true")), transcript.Functions(rules.Func("answer", strings.ToUpper)))
	require.EqualError(t, err, "f: function answer: it is registered twice")
}

func TestFunctionsOfOnesOwn(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("collect", `it | words("Q") > 2`), transcript.Functions(
		rules.Func("words", func(s *transcript.Survey, question string) (int, bool) {
			for _, a := range s.Answers {
				if a.Question == question {
					return len(strings.Fields(a.Answer)), true
				}
			}
			return 0, false
		})))
	emails, err := set.Decide(context.Background(), event{Payload: events.PostSurvey{Answers: []events.Answer{{Question: "Q", Answer: "a b c"}}}})
	require.NoError(t, err)
	assert.Len(t, emails, 1)
	assert.Equal(t, `skipped: words("Q") is absent`, set.Explain(context.Background(), documented()).Rules[0].Reason())
}

func TestACancelledContextIsAnError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	emails, err := parse(t, ruleFile("collect", "it | true")).Decide(ctx, documented())
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, emails)
}

func ruleNames(set *transcript.RuleSet) []string {
	var names []string
	for r := range set.Rules() {
		names = append(names, r.Name)
	}
	return names
}
