package rules

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"math"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// setHash is the hash of a set, which is worked out once.
type setHash struct {
	once sync.Once
	text string
}

// Hash names what the set decides: "sha256:" and 64 hexadecimal digits. Sets of
// one hash decide alike, as long as the Go code behind them is the same.
//
// It counts the policy, the constants and, in their order, the rules: their
// names, modes, conditions and outcomes. It does not count comments,
// descriptions, tests, the names of files, nor how YAML and expressions are laid
// out. Go functions count by name alone: a function that expressions call as
// they spell it, a condition or an outcome in Go as its rule. Sets may decide
// alike and differ in their hashes: it compares how rules are written, and not
// what they mean.
//
// The first call reads all conditions, which takes microseconds for each; the
// others take nothing. It is the same in every process and on every machine. A
// later version of this package may work it out otherwise, and then begins it
// with another word.
func (s *Set[In, Then]) Hash() string {
	s.hash.once.Do(func() {
		d := digest{hash: sha256.New()}
		d.text("hit", s.hit.String())
		d.vars(s.env())
		for i := range s.rules {
			s.rules[i].hash(d)
		}
		s.hash.text = d.sum()
	})
	return s.hash.text
}

// env is what conditions and texts may read: all of them share one. Where there
// are none, it has no constants and no functions; it is nil if the input is no
// struct.
func (s *Set[In, Then]) env() *check.Env {
	for i := range s.rules {
		r := &s.rules[i]
		if len(r.conditions) > 0 {
			return r.conditions[0].env
		}
		for _, t := range r.templates {
			for _, part := range t.parts {
				if part.env != nil {
					return part.env
				}
			}
		}
	}
	env, _ := newEnv[In](nil, nil)
	return env
}

func (r *compiled[In, Then]) hash(d digest) {
	d.text("rule", r.Name)
	d.text("mode", r.Mode.String())
	if r.inGo != nil {
		d.text("when", "a Go function")
	}
	for i := range r.conditions {
		d.expression("when", r.conditions[i].text)
	}
	d.been = &visits{seen: map[pointed]*visit{}}
	d.value("then", reflect.ValueOf(&r.Then).Elem())
}

// A digest takes in things one after the other. Each comes with its kind and
// its length, so that no two lists of things are taken for one another.
type digest struct {
	hash hash.Hash
	been *visits // through an outcome; nil: what is taken in leads nowhere
}

func (d digest) sum() string { return "sha256:" + hex.EncodeToString(d.hash.Sum(nil)) }

// text takes in a text of some kind.
func (d digest) text(kind, text string) {
	var length [2 * binary.MaxVarintLen64]byte
	n := binary.PutUvarint(length[:], uint64(len(kind)))
	n += binary.PutUvarint(length[n:], uint64(len(text)))
	// A hash never fails to take something in.
	_, _ = d.hash.Write(length[:n])
	_, _ = d.hash.Write([]byte(kind))
	_, _ = d.hash.Write([]byte(text))
}

func (d digest) number(kind string, n uint64) {
	d.text(kind, string(binary.AppendUvarint(nil, n)))
}

// spellings are the operators that are written in two ways.
var spellings = map[string]string{"&&": "and", "||": "or", "!": "not"}

// expression takes in the tokens of an expression. What is none, such as in a
// text that is in no field with a JSON name, is taken in letter by letter.
func (d digest) expression(kind, text string) {
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		d.text(kind, text)
		return
	}
	d.number(kind, uint64(len(tokens)))
	for _, t := range tokens {
		value := t.Value
		if word, ok := spellings[value]; ok && t.Kind == lexer.Operator {
			value = word
		}
		d.text(string(t.Kind), value)
	}
}

// insertions takes in a text with ${…} in it.
func (d digest) insertions(text string) {
	segments, problem := split(text)
	if problem != nil {
		d.text("text", text)
		return
	}
	d.number("text", uint64(len(segments)))
	for _, s := range segments {
		if s.inserted {
			d.expression("insert", s.text)
		} else {
			d.text("literal", s.text)
		}
	}
}

// vars takes in the constants.
func (d digest) vars(env *check.Env) {
	if env != nil && env.Vars != nil {
		d.constant("vars", env.Vars)
	}
}

func (d digest) constant(name string, v *check.Var) {
	if v.Value != nil {
		d.literal(name, v.Value)
		return
	}
	d.number("group "+name, uint64(len(v.Group)))
	for _, member := range slices.Sorted(maps.Keys(v.Group)) {
		d.constant(member, v.Group[member])
	}
}

func (d digest) literal(name string, n *tree.Node) {
	if n.Op != tree.MakeList {
		d.value(name, reflect.ValueOf(n.Value))
		return
	}
	d.number("list "+name, uint64(len(n.Kids)))
	for _, kid := range n.Kids {
		d.literal("", kid)
	}
}

// mostParts bounds the parts of an outcome that are taken in once more wherever
// something leads to them. Beyond, they are taken in once.
const mostParts = 100_000

// Visits are where a digest has been: outcomes may lead back to themselves.
type visits struct {
	seen  map[pointed]*visit
	parts int
}

// A visit is that to one place.
type visit struct {
	number uint64 // in the order of the first visits, from 0
	inside bool   // the digest is inside of it
}

// A pointed place is what a pointer, a map or a slice leads to.
type pointed struct {
	at  uintptr
	len int
	of  reflect.Type
}

// enter begins to take in what v leads to. Where that was taken in before and
// need not be again, it gives the visit.
func (w *visits) enter(v reflect.Value) (leave func(), before *visit) {
	if w == nil {
		return func() {}, nil
	}
	r := pointed{at: v.Pointer(), of: v.Type()}
	if v.Kind() != reflect.Pointer {
		r.len = v.Len()
	}
	w.parts++
	at := w.seen[r]
	switch {
	case at == nil:
		at = &visit{number: uint64(len(w.seen))}
		w.seen[r] = at
	case at.inside, w.parts > mostParts:
		return nil, at
	}
	at.inside = true
	return func() { at.inside = false }, nil
}

// value takes in a part of an outcome.
func (d digest) value(name string, v reflect.Value) {
	kind := "invalid"
	if v.IsValid() {
		kind = v.Kind().String()
	}
	d.text("name", name)
	d.text("kind", kind)
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		leave, before := d.been.enter(v)
		if before != nil {
			d.number("again", before.number)
			return
		}
		defer leave()
	}
	switch v.Kind() {
	case reflect.Struct:
		d.group(v)
	case reflect.Slice, reflect.Array:
		d.number("length", uint64(v.Len()))
		for i := range v.Len() {
			d.value("", v.Index(i))
		}
	case reflect.Map:
		d.pairs(v)
	case reflect.Interface:
		if !v.IsNil() {
			d.value(v.Elem().Type().String(), v.Elem())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			d.value("", v.Elem())
		}
	default:
		d.scalar(v)
	}
}

func (d digest) group(v reflect.Value) {
	if v.CanInterface() {
		if at, ok := v.Interface().(time.Time); ok {
			d.text("time", at.UTC().Format(time.RFC3339Nano))
			return
		}
	}
	for i := range v.NumField() {
		d.value(v.Type().Field(i).Name, v.Field(i))
	}
}

// pairs takes in a map, whose order is none.
func (d digest) pairs(v reflect.Value) {
	pairs := make([][]byte, 0, v.Len())
	for _, key := range sortedMapKeys(v) {
		pair := digest{sha256.New(), d.been}
		pair.value("key", key)
		pair.value("value", v.MapIndex(key))
		pairs = append(pairs, pair.hash.Sum(nil))
	}
	slices.SortFunc(pairs, bytes.Compare)
	d.number("length", uint64(len(pairs)))
	for _, pair := range pairs {
		d.text("pair", string(pair))
	}
}

// scalar takes in a value without parts. Of a function or a channel, it is
// whether there is one.
func (d digest) scalar(v reflect.Value) {
	switch {
	case !v.IsValid():
	case v.Type() == reflect.TypeFor[Text]():
		d.insertions(v.String())
	case v.Kind() == reflect.String:
		d.text("string", v.String())
	case v.Kind() == reflect.Bool:
		d.text("bool", map[bool]string{true: "true", false: "false"}[v.Bool()])
	case v.CanInt():
		d.number("int", uint64(v.Int()))
	case v.CanUint():
		d.number("uint", v.Uint())
	case v.CanFloat():
		d.number("float", math.Float64bits(v.Float()))
	case v.CanComplex():
		d.number("real", math.Float64bits(real(v.Complex())))
		d.number("imaginary", math.Float64bits(imag(v.Complex())))
	default:
		d.text("there", map[bool]string{true: "yes", false: "no"}[!v.IsNil()])
	}
}
