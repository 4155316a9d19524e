package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/afterword-go/afterword/transcript"
)

// Whatever conditions and surveys say, what is told of them can be told.
func FuzzTelling(f *testing.F) {
	for _, seed := range [][2]string{
		{`csatRank <= 3 and ieq(skillName, "Care")`, `{"csatRank": 4}`},
		{`not (1 <= csatRank <= 3) or csatRank in 4..5`, `{"csatRank": 4, "skillName": "x"}`},
		{`any(questionWithAnswers, .answer contains "é\u202e") ?? true`, `{"questionWithAnswers": [{"question": "a", "answer": "b"}]}`},
		{"csatRank == 1\n  ? agentName == \"x\"\n  : !(skillName != \"y\")", `{}`},
		{`1 / csatRank > 0.5 || csatRank % 2 == 1`, `{"csatRank": 2}`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(_ *testing.T, condition, survey string) {
		event, err := transcript.DecodeEvent([]byte(survey))
		if err != nil {
			return
		}
		name, text := "x.rules.yaml", ruleWith(condition)
		set, err := transcript.Parse(name, text)
		if err != nil {
			return
		}
		ctx := context.Background()
		c := &cli{out: bufio.NewWriter(io.Discard), colour: true}
		explanation := set.Explain(ctx, *event)
		for _, form := range []string{asText, asJSON} {
			_ = c.explain(form, explanation, explanation.Rules) // an error is a rule that failed
		}
		c.tellCoverage(set.Coverage(ctx), []transcript.File{{Name: name, Data: text}})
	})
}

// ruleWith is a rule file with a condition and a test.
func ruleWith(condition string) []byte {
	when, err := json.Marshal(condition)
	if err != nil {
		return nil
	}
	return []byte("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n- name: a\n  when: " + string(when) + `
  then: {targetEmail: a@example.com, senderName: A, senderEmail: a@example.com, subject: "${csatRank ?? 0}"}
tests:
- {name: a, given: {csatRank: 1}, expect: {fired: [a]}}
`)
}
