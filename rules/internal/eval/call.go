package eval

import (
	"reflect"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A call is a compiled call of a registered function. The second result says
// whether the function's result is there.
type call[T any] func(*Frame) (T, bool)

// callOf compiles a call whose guard has seen a result.
func callOf(n *tree.Node) func(*Frame) reflect.Value { return sure(n, reflected(n)) }

// sure compiles a call whose guard has seen a result.
func sure[T any](n *tree.Node, run call[T]) func(*Frame) T {
	return func(f *Frame) T {
		v, ok := run(f)
		if !ok {
			fail(n, "calls the function %s, which does not always return the same: it must be pure", n.Func.Name)
		}
		return v
	}
}

// returns compiles the question whether a function has a result.
func returns(n *tree.Node) Bool {
	if n.Func.OfText != nil {
		run := ofText(n)
		return func(f *Frame) bool { _, ok := run(f); return ok }
	}
	run := reflected(n)
	return func(f *Frame) bool { _, ok := run(f); return ok }
}

// reflected compiles a call of any function.
func reflected(n *tree.Node) call[reflect.Value] {
	fn := n.Func
	in := fn.Go.Type()
	skip := 0
	if fn.TakesInput {
		skip = 1
	}
	args := make([]func(*Frame) reflect.Value, len(n.Kids))
	for i, kid := range n.Kids {
		args[i] = argument(kid, in.In(i+skip))
	}
	return func(f *Frame) (reflect.Value, bool) {
		f.step(1, n)
		call := make([]reflect.Value, 0, len(args)+skip)
		if fn.TakesInput {
			call = append(call, reflect.ValueOf(f.input))
		}
		for _, arg := range args {
			call = append(call, arg(f))
		}
		return result(n, called(n, call))
	}
}

// called calls the function and places its panic.
func called(n *tree.Node, args []reflect.Value) []reflect.Value {
	returned := false
	defer placed(n, &returned)
	out := n.Func.Go.Call(args)
	returned = true
	return out
}

// placed places the panic of a function that has not returned.
func placed(n *tree.Node, returned *bool) {
	if *returned {
		return
	}
	failure := Caught(recover())
	failure.Message, failure.At = "the function "+n.Func.Name+" panicked", n.Span
	panic(failure)
}

func result(n *tree.Node, out []reflect.Value) (reflect.Value, bool) {
	switch {
	case n.Func.MayBeAbsent:
		return out[0], out[1].Bool()
	case n.Func.MayFail:
		if err, ok := out[1].Interface().(error); ok {
			panic(&Failure{Message: "the function " + n.Func.Name + " failed", Err: err, At: n.Span})
		}
	}
	return out[0], true
}

// ofText compiles a call of a function that needs no reflection: see
// tree.Function.OfText.
func ofText(n *tree.Node) call[string] {
	text := textArgument(n.Kids[0])
	return func(f *Frame) (string, bool) {
		f.step(1, n)
		return calledOfText(n, f.input, text(f))
	}
}

func calledOfText(n *tree.Node, in any, text string) (out string, ok bool) {
	returned := false
	defer placed(n, &returned)
	out, ok = n.Func.OfText(in, text)
	returned = true
	return out, ok
}

// textHolds compiles a call of a function that says something of a text.
func textHolds(n *tree.Node, holds func(string) bool) Bool {
	text := textArgument(n.Kids[0])
	return func(f *Frame) bool {
		f.step(1, n)
		s := text(f)
		returned := false
		defer placed(n, &returned)
		out := holds(s)
		returned = true
		return out
	}
}

// textsHold is the same for a function of two texts.
func textsHold(n *tree.Node, hold func(a, b string) bool) Bool {
	a, b := textArgument(n.Kids[0]), textArgument(n.Kids[1])
	return func(f *Frame) bool {
		f.step(1, n)
		x, y := a(f), b(f)
		returned := false
		defer placed(n, &returned)
		out := hold(x, y)
		returned = true
		return out
	}
}

// textArgument compiles an argument that is a text.
func textArgument(arg *tree.Node) Text {
	text := TextOf(arg)
	return func(f *Frame) string {
		s := text(f)
		f.look(len(s), arg)
		return f.kept(s)
	}
}

// argument compiles an argument to a value of the parameter's Go type.
func argument(n *tree.Node, param reflect.Type) func(*Frame) reflect.Value {
	switch n.Type.Kind {
	case tree.Bool:
		b := Compile(n)
		return func(f *Frame) reflect.Value { return reflect.ValueOf(b(f)).Convert(param) }
	case tree.Int:
		i := intsOf(n)
		return func(f *Frame) reflect.Value { return reflect.ValueOf(i(f)).Convert(param) }
	case tree.Float:
		x := floatsOf(n)
		return func(f *Frame) reflect.Value { return reflect.ValueOf(x(f)).Convert(param) }
	case tree.Text:
		text := TextOf(n)
		return func(f *Frame) reflect.Value {
			s := text(f)
			f.look(len(s), n)
			return reflect.ValueOf(f.kept(s)).Convert(param)
		}
	case tree.Time:
		t := timesOf(n)
		return func(f *Frame) reflect.Value { return reflect.ValueOf(t(f)) }
	}
	items := listOf(n)
	return func(f *Frame) reflect.Value { return copied(f, n, items(f), param) }
}

// copied makes a slice of the parameter's type, which the function may keep.
func copied(f *Frame, n *tree.Node, l list, param reflect.Type) reflect.Value {
	f.afford(l.length, n)
	out := reflect.MakeSlice(param, l.length, l.length)
	kind := tree.TypeOf(param.Elem()).Kind
	for i := range l.length {
		f.step(1, n)
		e := l.at(i)
		switch kind {
		case tree.Bool:
			out.Index(i).SetBool(e.aBool())
		case tree.Int:
			out.Index(i).SetInt(e.anInt(n))
		case tree.Float:
			out.Index(i).SetFloat(e.aFloat(tree.Float, n))
		case tree.Time:
			out.Index(i).Set(reflect.ValueOf(e.aTime()))
		default:
			text := e.aText()
			f.look(len(text), n)
			out.Index(i).SetString(f.kept(text))
		}
	}
	return out
}
