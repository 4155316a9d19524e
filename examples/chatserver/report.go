package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// introduce says who decides.
func introduce(text *strings.Builder, d *desk, o options) {
	kind := events.ChatPostSurveyEmailTranscript
	fmt.Fprintf(text, "%s (%s)\n", kind.Name(), kind.ID())
	if d.live == nil {
		text.WriteString("No function is connected: the server's legacy rules decide.\n")
		return
	}
	from := "built in"
	if o.rules != "" {
		from = o.rules
	}
	fmt.Fprintf(text, "Decided by the function transcript_rules: %s, %s.\n", counted(ruleCount(d.live), "rule"), from)
}

func ruleCount(live *transcript.Live) int {
	return len(slices.Collect(live.Set().Rules()))
}

// explain says for one survey what it is, what follows from it, and why. It
// quotes the survey, so it is for a person who may read it, and not for a log.
func explain(text *strings.Builder, event events.Event[events.PostSurvey], made decision, failure error) {
	survey := event.Payload
	rank := "none"
	if survey.CSATRank != nil {
		rank = strconv.Itoa(*survey.CSATRank)
	}
	row(text, "rank", rank)
	row(text, "skill", shown(survey.SkillName))
	row(text, "agent", shown(survey.AgentName))
	for _, header := range event.Headers {
		row(text, "header", shown(header.Key)+"  "+strconv.Quote(header.Value))
	}
	for _, a := range survey.Answers {
		row(text, "answer", shown(a.Question)+"  "+strconv.Quote(a.Answer))
	}
	text.WriteString("\n")
	for _, e := range made.Emails {
		row(text, "e-mail", fmt.Sprintf("%s  %s", e.TargetEmail, strconv.Quote(e.Subject)))
		row(text, "", fmt.Sprintf("from %s <%s>", printable(e.SenderName), e.SenderEmail))
	}
	switch {
	case failure != nil:
		row(text, "e-mail", "none: the decision failed, and then nothing is sent")
	case len(made.Emails) == 0:
		row(text, "e-mail", "none: nobody is to be told")
	}
	text.WriteString("\n")
	why(text, made, failure == nil)
}

// why says what became of each rule and, if anything is sent, whom those that
// fired tell.
func why(text *strings.Builder, made decision, sent bool) {
	if made.By == byLegacy {
		row(text, "why", "the legacy rules do not say")
		return
	}
	width := 0
	for _, t := range made.Why {
		width = max(width, len(t.Name)) // names are ASCII
	}
	label := "why"
	for _, t := range made.Why {
		became := reason(t)
		if sent {
			became += targets(t)
		}
		for i, line := range folded(printable(became)) {
			name := t.Name
			if i > 0 {
				name = ""
			}
			row(text, label, fmt.Sprintf("%-*s  %s", width, name, line))
			label = ""
		}
	}
}

// reason is why a rule fired or did not. A rule in Go cannot say.
func reason(t transcript.RuleTrace) string {
	if t.File == "" && t.Outcome != rules.Failed {
		return t.Reason() + " (a rule in Go)"
	}
	return t.Reason()
}

// targets are whom the e-mails of a rule go to.
func targets(t transcript.RuleTrace) string {
	var all []string
	for _, e := range t.Emails {
		all = append(all, e.TargetEmail)
	}
	if len(all) == 0 {
		return ""
	}
	return " → " + strings.Join(all, ", ")
}

// reasonWidth is how long a reason may be before it is told in several lines.
const reasonWidth = 100

// parts finds where one part of a condition ends and the next begins.
var parts = regexp.MustCompile(`(\)| is (?:false|unknown)); `)

// folded breaks a long reason into lines: one for each part of the condition,
// and where that is long one for the part and one for what it read.
func folded(reason string) []string {
	if utf8.RuneCountInString(reason) <= reasonWidth || !strings.HasPrefix(reason, rules.NotFired.String()) {
		return []string{reason}
	}
	var lines []string
	for i, part := range strings.Split(parts.ReplaceAllString(reason, "$1;\n"), "\n") {
		if i > 0 {
			part = "  " + part
		}
		if at := strings.Index(part, " is false ("); at >= 0 && utf8.RuneCountInString(part) > reasonWidth {
			cut := at + len(" is false")
			lines = append(lines, part[:cut])
			part = "  " + part[cut+1:]
		}
		lines = append(lines, part)
	}
	return lines
}

func row(text *strings.Builder, label, content string) {
	fmt.Fprintf(text, "  %-7s %s\n", label, content)
}

// shown is a text of a survey as a terminal may show it.
func shown(value string) string {
	if value == "" {
		return "none"
	}
	if quoted := strconv.Quote(value); quoted != `"`+value+`"` {
		return quoted
	}
	return value
}

// printable escapes what would move a terminal's cursor, or turn the direction
// of a text around.
func printable(text string) string {
	var out strings.Builder
	for _, r := range text {
		if strconv.IsPrint(r) {
			out.WriteRune(r)
		} else {
			out.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return out.String()
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
