package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules/replay"
	"github.com/afterword-go/afterword/transcript"
)

// asNDJSON is a form of output: a line for each event.
const asNDJSON = "ndjson"

func newReplay(c *cli) *cobra.Command {
	var l loading
	verb := &cobra.Command{
		Use:   "replay EVENTS FILE...",
		Short: "Decide recorded surveys again, and count what follows",
		Long: `Replay decides recorded surveys with rules as they are now, and counts what follows:
how often each rule fired, did not, was skipped for an absent field and failed, the
e-mails by rule and domain of the recipient, the rules that never fired, and near
misses: how often one part of a condition alone kept its rule from firing. If a rule
fails for a survey, no e-mail follows from it, as on a server. Nothing is sent.

` + recordedHelp + `
A log of decisions is read as well: its records that hold the event are decided again,
and compared with what was decided then; those that do not are counted. Compared are the
rules that fired, those that failed, and the e-mails as far as the log tells. A log masks
its e-mails: of addresses, it has the first letter and the domain, and of subjects and
senders' names nothing. Whether these are as they were is not seen, and nor is lead@ that
became leads@. Where a rule failed, then or now, e-mails are not compared.

` + filesHelp + `

Lines that are no events are counted, and told with their numbers, without values. The
exit code is 1 if there are any, if a rule fails for an event, if an event is decided
otherwise than the log says, or if no event was decided. An interrupt ends it with what
was done until then, and the exit code 2; a second one at once, which it takes where
nobody reads the output.

Events without any field of a survey are decided, and counted: a recording of something
else shows as that. Names count as they are written.

In JSON, the output is {"complete", "events", "unreadable": {"count", "first"},
"noEvent", "empty", "firstEmpty", "failing", "emails", "domains", "alike", "differing":
{"count", "first"}, "rules"}; what is first is a list of {"line", "message"}, and domains are a list of
{"domain", "emails"}. A rule is {"name", "description", "file", "line", "column", "mode",
"fired", "notFired", "skipped", "failed", "notReached", "emails", "domains", "parts":
[{"text", "line", "column", "missed"}], "errors"}.

With -o ndjson, it prints no summary, but a line of JSON for each event: {"line",
"fired", "shadow", "skipped", "errors": [{"rule", "message"}], "emails": [{"rule",
"targetEmail", "senderName", "senderEmail", "subject"}], "otherwise"}, or {"line",
"error"}. Otherwise is a list of what was decided otherwise then.`,
		Example: `  echo '{"csatRank": 1}' | afterword replay - examples/chatserver/rules
  echo '{"csatRank": 1}' | gzip | afterword replay - -o ndjson examples/chatserver/rules`,
	}
	l.addFlags(verb)
	verb.Args = eventsAndFiles
	out := addOutput(verb, asJSON, asNDJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		return c.replay(verb.Context(), out.form, &l, args[0], args[1:])
	}
	return verb
}

// eventsAndFiles wants recorded events, and rules.
func eventsAndFiles(_ *cobra.Command, args []string) error {
	if len(args) < 2 {
		return usagef("give a file of recorded events, and behind it a rule file, a folder of rule files or a pattern")
	}
	return nil
}

// replay decides recorded events and tells what came of it.
func (c *cli) replay(ctx context.Context, form string, l *loading, name string, files []string) error {
	loaded, err := l.load(ctx, files)
	recording, wrong := openRecording(ctx, name, c.in)
	if err := errors.Join(wrong, err); err != nil {
		if wrong == nil {
			err = errors.Join(err, recording.Close())
		}
		return err
	}
	if loaded.set == nil {
		if err := recording.Close(); err != nil {
			return err
		}
		if form == asNDJSON {
			return onlyErrors(loaded)
		}
		return c.unsound(form, loaded)
	}
	c.lasting = true // an interrupt is told here
	summary, err := c.decideAgain(ctx, form, loaded.set, recording)
	err = errors.Join(err, recording.Close())
	complete := err == nil
	if form != asNDJSON {
		if wrong := c.tellReplay(form, summary, complete); wrong != nil {
			return wrong
		}
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted behind %s: this is what was done until then", counted(linesOf(summary), "event"))
	case err != nil:
		return fmt.Errorf("%s: %w", recording.shown(), err)
	}
	return verdictOf(form, summary)
}

// decideAgain runs a replay.
func (c *cli) decideAgain(ctx context.Context, form string, set *transcript.RuleSet, from *recording) (*replay.Summary, error) {
	of := set.ReplayedRecords()
	cfg := replay.Config[transcript.Recorded, events.TranscriptEmail]{
		Reading:  replay.Reading[transcript.Recorded]{Decode: transcript.DecodeRecorded, Empty: transcript.EmptySurvey},
		Group:    transcript.DomainOf,
		Then:     func(r *transcript.Recorded) *replay.Then[events.TranscriptEmail] { return r.Then },
		Differ:   transcript.EmailDifferences,
		Withhold: true,
	}
	if form == asNDJSON {
		cfg.Append, cfg.Output = replayLines(of.Rules()), c.out
	}
	if bar := c.progressFor(form, from); bar != nil {
		cfg.Progress = bar.show
		defer bar.end()
	}
	return replay.Run(ctx, from, of, cfg)
}

// linesOf is how many lines were read that are not blank.
func linesOf(s *replay.Summary) int { return s.Events + s.Unreadable + s.NoEvent }

// verdictOf is the error that ends the verb, if there is one. What it says, the
// summary has told, if there is one.
func verdictOf(form string, s *replay.Summary) error {
	trouble := troubleOf(s)
	if form != asNDJSON { // it has been told
		trouble = nil
	}
	switch {
	case s.Events == 0:
		trouble = append(trouble, nothingDecided(s.NoEvent))
	case s.Differing > 0 && form == asNDJSON:
		trouble = append(trouble, counted(s.Differing, "event")+" decided otherwise than then")
	case s.Differing+s.Unreadable+s.Failing == 0:
		return nil
	}
	if len(trouble) == 0 {
		return &findingsError{}
	}
	return &findingsError{errors.New(strings.Join(trouble, ", "))}
}

// nothingDecided says that a recording, which may have lines that hold no survey,
// has none to decide.
func nothingDecided(noEvent int) string {
	if noEvent > 0 {
		return "no survey was decided: the log holds none; serve keeps them with --decision-log-payloads"
	}
	return "no survey was decided: there is none in the recording"
}

// troubleOf says what went wrong, and is empty if nothing did.
func troubleOf(s *replay.Summary) []string {
	var parts []string
	if s.Unreadable > 0 {
		parts = append(parts, counted(s.Unreadable, "line")+" could not be read")
	}
	if s.Failing > 0 {
		parts = append(parts, "rules failed for "+counted(s.Failing, "event"))
	}
	return parts
}
