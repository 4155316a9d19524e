package witness

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Goal is a condition in two truth values, and what it shall be.
type Goal struct {
	Node *tree.Node
	Want bool
}

// A Problem asks for an input for which all goals are met.
type Problem struct {
	Input *tree.Type
	Goals []Goal
	// Decode makes a pointer to an input of a payload, a JSON object.
	Decode func(payload []byte) (any, error)
	// Meets decides whether the input is what is looked for. It has the last
	// word.
	Meets func(in any) bool
	// Steps bounds the work. Zero: [Steps].
	Steps int
	// From is what another problem led to. What is found then is as near to it
	// as can be, and not as small.
	From *Payload
	// Smallest asks for the sides of each "or" one by one, for the smallest
	// payload there is.
	Smallest bool
}

// A Payload is what a search led to.
type Payload struct {
	JSON []byte
	root record
}

// Steps is how many parts of conditions a search looks at, unless it is told
// otherwise. It takes about half a second.
const Steps = 800_000

// lookSteps is what it costs to copy and decode a payload.
const lookSteps = 50

// The bounds of a search.
const (
	mostRounds = 60 // from the beginning
	mostMoves  = 40 // of a round
	mostTried  = 48 // changes, before one is made
	mostNested = 3  // changes within changes
)

// Solve looks for a payload that meets the goals, as small as it can be made.
// The result is nil if none is found within the steps, or before the context
// ends.
func Solve(ctx context.Context, p Problem) *Payload {
	s := &search{Problem: p, ctx: ctx, steps: p.Steps, random: rand.New(rand.NewPCG(1, 2)), texts: map[*tree.Pattern][]string{}}
	if s.steps == 0 {
		s.steps = Steps
	}
	s.pool = poolOf(ctx, p.Goals)
	if s.ended() {
		return nil
	}
	if p.From != nil {
		if near := s.near(); near != nil {
			return near.payload()
		}
	}
	for s.round = range mostRounds {
		d := s.begin(s.round)
		if s.mend(d) || (s.round == 1 || s.round == 4) && d.sweep() {
			d.shrink()
			if s.Smallest {
				return smallest(ctx, p, d.payload())
			}
			return d.payload()
		}
		if s.ended() {
			return nil
		}
	}
	return nil
}

// near is what one change makes of the payload that the search begins with.
func (s *search) near() *draft {
	d := &draft{search: s, root: clone(s.From.root).(record)}
	v := d.look()
	if v == nil || d.met() {
		return d
	}
	for _, g := range s.Goals {
		for _, m := range v.moves(d, g.Node, g.Want, nil, 0) {
			if s.ended() {
				return nil
			}
			if next := d.copy(); m.made(next) && next.met() {
				return next
			}
		}
	}
	return nil
}

func (d *draft) payload() *Payload { return &Payload{encode(d.root, d.Input), d.root} }

// A search looks for one payload.
type search struct {
	Problem
	ctx    context.Context
	steps  int
	random *rand.Rand
	pool   pool
	round  int
	texts  map[*tree.Pattern][]string // see textsOf
	varied []string                   // see variety
}

func (s *search) ended() bool { return s.steps <= 0 || s.ctx.Err() != nil }

// A draft is a payload that is being mended.
type draft struct {
	*search
	root record
	seen *view // of the root as it is; nil: not decoded yet
	bad  bool  // the root cannot be decoded
}

// begin is what a round begins with: the emptiest payload, or nearly.
func (s *search) begin(round int) *draft {
	if s.From != nil && round%3 == 0 {
		return &draft{search: s, root: clone(s.From.root).(record)}
	}
	root := record{}
	root.require(nil, s.Input)
	d := &draft{search: s, root: root}
	if round%2 == 1 { // with something in it
		for _, at := range s.pool.fields {
			if s.random.IntN(3) == 0 {
				t, _ := typeAt(at)
				d.put(at, least(at, t))
			}
		}
	}
	return d
}

func (d *draft) copy() *draft {
	return &draft{search: d.search, root: clone(d.root).(record)}
}

// look decodes the payload. The result is nil if that fails.
func (d *draft) look() *view {
	if d.seen != nil || d.bad {
		return d.seen
	}
	d.steps -= lookSteps
	if !d.root.keeps(nil, d.Input) {
		d.bad = true
		return nil
	}
	in, err := d.Decode(encode(d.root, d.Input))
	if err != nil || in == nil || reflect.ValueOf(in).IsNil() {
		d.bad = true
		return nil
	}
	d.seen = &view{in: reflect.ValueOf(in).Elem(), input: in, of: d.search}
	return d.seen
}

// change says that the payload is not what it was.
func (d *draft) change() { d.seen, d.bad = nil, false }

// put sets a value, if the place takes it.
func (d *draft) put(p path, x any) bool {
	if !allowed(p, x) {
		return false
	}
	d.root.set(p, x)
	d.change()
	return true
}

func (d *draft) drop(p path) bool {
	d.root.drop(p)
	d.change()
	return true
}

// left is what is left to mend of all goals.
func (d *draft) left() float64 {
	v := d.look()
	if v == nil {
		return math.Inf(1)
	}
	sum := 0.0
	for _, g := range d.Goals {
		sum += v.cost(g.Node, g.Want, nil)
	}
	return sum
}

// met tells whether the payload is what is looked for.
func (d *draft) met() bool {
	v := d.look()
	return v != nil && d.Meets(v.input)
}

// mend changes the payload until it meets the goals.
func (s *search) mend(d *draft) bool {
	for range mostMoves {
		if s.ended() {
			return false
		}
		left := d.left()
		if left == 0 && d.met() {
			return true
		}
		v := d.look()
		if v == nil {
			return false
		}
		var moves []move
		for _, g := range s.Goals {
			moves = append(moves, v.moves(d, g.Node, g.Want, nil, 0)...)
		}
		next := d.best(moves, left == 0 || s.random.IntN(5) == 0, func(d *draft) float64 { return d.left() })
		if next == nil {
			return false
		}
		d.root = next.root
		d.change()
	}
	return d.left() == 0 && d.met()
}

// best is what the best of the moves makes of the draft, or any of them.
func (d *draft) best(moves []move, any bool, left func(*draft) float64) *draft {
	if d.round > 0 || len(moves) > mostTried {
		d.random.Shuffle(len(moves), func(i, j int) { moves[i], moves[j] = moves[j], moves[i] })
	}
	var best *draft
	least := math.Inf(1)
	for i, m := range moves {
		if i == mostTried || d.ended() {
			break
		}
		next := d.copy()
		if !m.made(next) {
			continue
		}
		if c := left(next); c < least {
			best, least = next, c
		}
		if best != nil && (any || least == 0) {
			break
		}
	}
	return best
}

// satisfy makes one part as it is wanted, by a few changes.
func (d *draft) satisfy(n *tree.Node, want bool, elem *item, depth int) bool {
	if depth >= mostNested {
		return false
	}
	cost := func(d *draft) float64 {
		v := d.look()
		if v == nil {
			return math.Inf(1)
		}
		return v.cost(n, want, elem)
	}
	for range 8 {
		left := cost(d)
		if left == 0 {
			return true
		}
		v := d.look()
		if v == nil || d.ended() {
			return false
		}
		next := d.best(v.moves(d, n, want, elem, depth+1), false, cost)
		if next == nil || cost(next) >= left {
			return false
		}
		d.root = next.root
		d.change()
	}
	return cost(d) == 0
}
