package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

func newWitness(c *cli) *cobra.Command {
	var l loading
	var name string
	verb := &cobra.Command{
		Use:   "witness [--rule NAME] FILE...",
		Short: "Show surveys for which rules fire, just miss and are skipped",
		Long: `Witness works out from each rule's condition a smallest survey for which it fires,
for each part one that misses by that part alone, or why there is none, and those for
which the rule is skipped, since a field is absent. Every survey is a line of JSON that
eval and explain take with -e, and has been decided by the rule; other rules are not
asked. Events have timestamps of whole milliseconds: one that would need another is left
out.

A rule that cannot fire is told with the reason, and the exit code is 1. Of a rule that
is not determined, no survey was found: what stands in the way is told.

` + filesHelp + `

In JSON, the output is a list of rules: {"name", "description", "file", "line", "column",
"mode", "proof", "reason", "at": {"text", "line", "column"}, "fires", "fails", "misses":
[{"part": {"text", "line", "column"}, "truth", "event"}], "noMisses": [{"part", "reason"}],
"skips": [{"absent", "event"}], "noSkips"}. The proof is "can fire", "cannot fire" or
"not determined"; fires is the event, and fails says that the rule's outcome is an error for
it. A part that alone keeps the rule from firing for no survey is in noMisses, with the
reason. Where skips is empty, noSkips says why.`,
		Example: `  afterword witness examples/chatserver/rules
  afterword witness --rule worst-rating examples/chatserver/rules`,
	}
	l.addFlags(verb)
	verb.Flags().StringVar(&name, "rule", "", "look at the rule with this `name` only")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		loaded, err := l.load(verb.Context(), args)
		if err != nil {
			return err
		}
		if loaded.set == nil {
			return c.unsound(out.form, loaded)
		}
		if err := knownRule(loaded.set, name); err != nil {
			return err
		}
		witnesses := witnessesOf(verb.Context(), loaded.set, name)
		if err := verb.Context().Err(); err != nil {
			return err
		}
		return c.witness(out.form, witnesses)
	}
	return verb
}

// witnessesOf are those of all rules, or of the one with a name.
func witnessesOf(ctx context.Context, set *transcript.RuleSet, name string) []rules.Witness {
	if name == "" {
		return set.Witnesses(ctx)
	}
	w, _ := set.Witness(ctx, name)
	return []rules.Witness{w}
}

// witness tells witnesses; a rule that cannot fire ends the verb with an error.
func (c *cli) witness(form string, witnesses []rules.Witness) error {
	all := []witnessJSON{}
	never := false
	for i, w := range witnesses {
		never = never || w.Proof == rules.CannotFire
		if form == asJSON {
			all = append(all, witnessOf(w))
			continue
		}
		if i > 0 {
			c.printf("\n")
		}
		c.tellWitness(w)
	}
	if form == asJSON {
		if err := c.printJSON(all); err != nil {
			return err
		}
	}
	if never {
		return &findingsError{}
	}
	return nil
}

func (c *cli) tellWitness(w rules.Witness) {
	colour := map[rules.Proof]string{rules.CanFire: green, rules.CannotFire: red}[w.Proof]
	proof := w.Proof.String()
	if colour != "" {
		proof = c.paint(colour, proof)
	}
	if w.Reason != "" {
		proof += ": " + printable(w.Reason)
	}
	c.printf("%s: %s\n", w.Name, proof)
	at := placeOf(w.File, w.Line, w.Column)
	if w.At.Line > 0 {
		at = placeOf(w.File, w.At.Line, w.At.Column)
	}
	if at = strings.TrimSuffix(at, ": "); at != "" {
		c.printf("  %s%s\n", c.paint(faint, printable(at)), describe(w.Description))
	}
	if w.Fires != nil {
		fires := "fires for"
		if w.Fails {
			fires = "fires, but its outcome is an error, for"
		}
		c.tellPayload(fires, w.Fires)
	}
	for _, m := range w.Misses {
		text := "misses by " + printable(inOneLine(m.Part.Text)) + ", which is " + m.Truth.String()
		part := strings.TrimSuffix(placeOf(w.File, m.Part.Line, m.Part.Column), ": ")
		c.tellPayload(text+"  "+c.paint(faint, printable(part)), m.Payload)
	}
	for _, n := range w.NoMisses {
		part := strings.TrimSuffix(placeOf(w.File, n.Part.Line, n.Part.Column), ": ")
		c.printf("  no miss by %s: %s  %s\n", printable(inOneLine(n.Part.Text)), printable(n.Reason), c.paint(faint, printable(part)))
	}
	for _, s := range w.Skips {
		without := ""
		if len(s.Absent) > 0 {
			without = " without " + printable(strings.Join(s.Absent, ", "))
		}
		c.tellPayload("is skipped"+without, s.Payload)
	}
	if w.NoSkips != "" {
		c.printf("  no skip: %s\n", w.NoSkips)
	}
}

func (c *cli) tellPayload(what string, payload []byte) {
	c.printf("  %s\n    %s\n", what, eventText(payload))
}

// The witnesses in JSON.
type (
	witnessJSON struct {
		Name        string          `json:"name"`
		Description string          `json:"description,omitempty"`
		File        string          `json:"file,omitempty"`
		Line        int             `json:"line,omitempty"`
		Column      int             `json:"column,omitempty"`
		Mode        string          `json:"mode"`
		Proof       string          `json:"proof"`
		Reason      string          `json:"reason,omitempty"`
		At          *atJSON         `json:"at,omitempty"`
		Fires       json.RawMessage `json:"fires,omitempty"`
		Fails       bool            `json:"fails,omitempty"`
		Misses      []missJSON      `json:"misses"`
		NoMisses    []noMissJSON    `json:"noMisses,omitempty"`
		Skips       []skipJSON      `json:"skips"`
		NoSkips     string          `json:"noSkips,omitempty"`
	}
	atJSON struct {
		Text   string `json:"text"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	missJSON struct {
		Part  atJSON          `json:"part"`
		Truth string          `json:"truth"`
		Event json.RawMessage `json:"event,omitempty"`
	}
	noMissJSON struct {
		Part   atJSON `json:"part"`
		Reason string `json:"reason"`
	}
	skipJSON struct {
		Absent []string        `json:"absent,omitempty"`
		Event  json.RawMessage `json:"event,omitempty"`
	}
)

func witnessOf(w rules.Witness) witnessJSON {
	out := witnessJSON{
		Name: w.Name, Description: w.Description, File: w.File, Line: w.Line, Column: w.Column,
		Mode: w.Mode.String(), Proof: w.Proof.String(), Reason: w.Reason, Fails: w.Fails,
		Misses: []missJSON{}, Skips: []skipJSON{}, NoSkips: w.NoSkips,
	}
	if w.At.Line > 0 {
		out.At = &atJSON{w.At.Text, w.At.Line, w.At.Column}
	}
	if w.Fires != nil {
		out.Fires = eventOrNone(w.Fires)
	}
	for _, m := range w.Misses {
		out.Misses = append(out.Misses, missJSON{atJSON{m.Part.Text, m.Part.Line, m.Part.Column}, m.Truth.String(), eventOrNone(m.Payload)})
	}
	for _, n := range w.NoMisses {
		out.NoMisses = append(out.NoMisses, noMissJSON{atJSON{n.Part.Text, n.Part.Line, n.Part.Column}, n.Reason})
	}
	for _, s := range w.Skips {
		out.Skips = append(out.Skips, skipJSON{s.Absent, eventOrNone(s.Payload)})
	}
	return out
}
