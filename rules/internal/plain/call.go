package plain

import (
	"reflect"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// callOf compiles a call of a registered function. The second result says
// whether the function's result is there.
func callOf(n *tree.Node) func(*Frame) (reflect.Value, bool) {
	fn := n.Func
	in := fn.Go.Type()
	skip := 0
	if fn.TakesInput {
		skip = 1
	}
	args := make([]refs, len(n.Kids))
	for i, kid := range n.Kids {
		args[i] = argument(kid, in.In(i+skip))
	}
	return func(f *Frame) (reflect.Value, bool) {
		f.step(1, n)
		call := make([]reflect.Value, 0, len(args)+skip)
		if fn.TakesInput {
			call = append(call, f.ptr)
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
	defer func() {
		if returned {
			return
		}
		failure := Caught(recover())
		failure.Message, failure.At = "the function "+n.Func.Name+" panicked", n.Span
		panic(failure)
	}()
	out := n.Func.Go.Call(args)
	returned = true
	return out
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

// argument compiles an argument to a value of the parameter's Go type.
func argument(n *tree.Node, param reflect.Type) refs {
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
			return reflect.ValueOf(s).Convert(param)
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
	out := reflect.MakeSlice(param, l.len(), l.len())
	kind := tree.TypeOf(param.Elem()).Kind
	for i := range l.len() {
		f.step(1, n)
		v := l.at(i)
		switch kind {
		case tree.Bool:
			out.Index(i).SetBool(v.aBool())
		case tree.Int:
			out.Index(i).SetInt(v.anInt(n))
		case tree.Float:
			out.Index(i).SetFloat(v.aFloat(tree.Float, n))
		case tree.Time:
			out.Index(i).Set(reflect.ValueOf(v.aTime()))
		default:
			text := v.aText()
			f.look(len(text), n)
			out.Index(i).SetString(text)
		}
	}
	return out
}
