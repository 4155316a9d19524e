package rules

import (
	"context"
)

// A Proof says what is known of whether a rule can fire.
type Proof uint8

// The proofs.
const (
	CanFire       Proof = iota // there is an input for which it fires
	CannotFire                 // there surely is none
	NotDetermined              // none was found, and none could be ruled out
)

// String is the proof in words.
func (p Proof) String() string {
	switch p {
	case CanFire:
		return "can fire"
	case CannotFire:
		return "cannot fire"
	}
	return "not determined"
}

// A Witness shows what a rule does with inputs made for it. Every input in it
// has been decided by the rule: it is as it says. Payloads are JSON, made of
// the rule alone, so they may be shown to anybody who may see the rules.
type Witness struct {
	RuleInfo
	Proof Proof
	// Reason says in one line why the rule cannot fire, or what stands in the
	// way of finding out. It is empty for a rule that can fire. At is the part
	// of the conditions to blame; its Line is 0 where there is none.
	Reason string
	At     PartInfo
	// Fires is a smallest payload for which the rule fires. Nil if the rule is
	// not known to fire.
	Fires []byte
	// Fails says that the rule fires for it, but that its outcome is an error:
	// no payload was found for which it is none.
	Fails bool
	// Misses are payloads for which the rule just does not fire, for one part
	// after the other, and NoMisses are the parts for which there is none. Both
	// are of the first 100 parts.
	Misses   []Miss
	NoMisses []NoMiss
	// Skips are payloads for which the rule is skipped, since it reads what is
	// absent.
	Skips []Skip
	// NoSkips says in one line why Skips is empty: nothing that the rule reads
	// can be absent, say, or none was found. It is empty if Skips is not, and for
	// a rule that is not known to fire.
	NoSkips string
}

// A Miss is a payload for which all parts of a rule's conditions are true but
// one.
type Miss struct {
	Part PartInfo
	// Truth is what the part is: False, or Unknown if it cannot be false by
	// itself.
	Truth   Truth
	Payload []byte
}

// A NoMiss is a part that is not known to keep a rule from firing by itself.
type NoMiss struct {
	Part PartInfo
	// Reason says why in one line: the part is true whenever the others are, say,
	// or none was found.
	Reason string
}

// A Skip is a payload for which a rule's conditions are unknown.
type Skip struct {
	// Absent names the absent fields that make them so, as a [RuleTrace] does.
	Absent  []string
	Payload []byte
}

// The bounds of a witness.
const (
	mostMisses = 100 // parts that are looked at
	mostSkips  = 50  // reads that are looked at
	sideSteps  = 250_000
)

// Witness looks for payloads that show what a rule does, whatever its mode and
// the rules in front of it: one for which it fires, one for each part that
// keeps it from firing, and those for which it is skipped. They are worked out
// from the rule's conditions, decoded with the tester's Decode, and then
// evaluated. If the context ends, what was found until then is what there is.
//
// The same rule always has the same witness. The second result is false if the
// set has no rule of that name.
func (s *Set[In, Then]) Witness(ctx context.Context, rule string, tester Tester[In, Then]) (Witness, bool) {
	i, ok := s.find(rule)
	if !ok {
		return Witness{}, false
	}
	return s.witness(ctx, i, tester), true
}

// Witnesses are those of all rules, in their order. When the context ends, the
// rules that are left are not determined.
func (s *Set[In, Then]) Witnesses(ctx context.Context, tester Tester[In, Then]) []Witness {
	out := make([]Witness, len(s.rules))
	inParallel(len(out), func(i int) { out[i] = s.witness(ctx, i, tester) })
	return out
}

func (s *Set[In, Then]) witness(ctx context.Context, i int, tester Tester[In, Then]) Witness {
	r := &s.rules[i]
	w := &witnessing[In, Then]{set: s, rule: r, ctx: ctx, tester: tester}
	w.out.RuleInfo = r.info()
	w.out.Proof = NotDetermined
	switch {
	case ctx.Err() != nil:
		w.out.Reason = cutShort
	case r.inGo != nil:
		w.out.Reason = "its condition is a Go function, which cannot be looked into"
	case !w.read():
		w.out.Reason = "its conditions are too large to be looked into"
	default:
		w.look()
	}
	return w.out
}
