package transcript

import (
	"context"
	"io"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/rules/replay"
)

// DiffOptions say how recorded surveys are compared. The zero value is ready for
// use.
type DiffOptions struct {
	// Examples is how many examples there are for each kind of a rule. 0 is 3;
	// less is none.
	Examples int
	// Payloads asks for examples with their events and e-mails, and for every
	// recipient by its address: the diff quotes the surveys then.
	Payloads bool
	// Progress is told now and then, by the goroutine that has called Diff, how many
	// lines there have been. Nil: nobody is told.
	Progress func(lines int)
}

// The names of the groupings of a diff, in their order.
const (
	ByRecipient = "recipient"
	ByDomain    = "domain"
)

// Diff decides recorded surveys, one a line as DecodeRecorded reads it, with old
// rules and with those of the set, and tells what differs: by rule, by recipient
// and by the recipient's domain. An error of a rule is taken as those who run the
// rules take it: nothing is sent then.
//
// An address that depends on the survey is told as *@ and its domain, unless
// payloads are asked for. The error is as that of diff.Run.
func (s *RuleSet) Diff(ctx context.Context, old *RuleSet, recorded io.Reader, opts DiffOptions) (diff.Diff, error) {
	known := map[string]bool{}
	for _, set := range []*RuleSet{old, s} {
		for _, address := range set.constantRecipients() {
			known[address] = true
		}
	}
	recipient := func(e events.TranscriptEmail) string {
		if opts.Payloads || known[e.TargetEmail] {
			return e.TargetEmail
		}
		return "*@" + DomainOf(e)
	}
	return diff.Run(ctx, recorded, old.ReplayedRecords(), s.ReplayedRecords(), diff.Options[Recorded, events.TranscriptEmail]{
		Reading:   replay.Reading[Recorded]{Decode: DecodeRecorded, Empty: EmptySurvey},
		Same:      func(a, b events.TranscriptEmail) bool { return a == b },
		Groupings: []diff.Grouping[events.TranscriptEmail]{{Name: ByRecipient, Of: recipient}, {Name: ByDomain, Of: DomainOf}},
		Withhold:  true,
		Examples:  opts.Examples,
		Values:    opts.Payloads,
		Progress:  opts.Progress,
	})
}

// DomainOf is the domain of the recipient, in small letters: what is behind the
// last @ of the address, and nothing if there is none. It fits
// replay.Config.Group.
func DomainOf(e events.TranscriptEmail) string {
	at := strings.LastIndexByte(e.TargetEmail, '@')
	if at < 0 {
		return ""
	}
	return strings.ToLower(e.TargetEmail[at+1:])
}
