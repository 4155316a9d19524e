package logic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Key is a text that is the same for parts that are alike, wherever they
// stand, but for the order of the sides of and, or, ==, != and *.
func Key(n *tree.Node) string {
	var out strings.Builder
	writeKey(&out, n)
	return out.String()
}

func writeKey(out *strings.Builder, n *tree.Node) {
	switch n.Op {
	case tree.Const:
		out.WriteString(constantKey(n.Value))
		return
	case tree.GetField:
		if len(n.Kids) == 0 {
			out.WriteString("." + n.Field.Name)
			return
		}
		writeKey(out, n.Kids[0])
		// Elements of several lists may have a field of the name.
		f := n.Field
		fmt.Fprintf(out, ".%s%d%t%t", f.Name, n.Type.Kind, f.ZeroAbsent, f.EmptyAbsent)
		if f.Go != nil {
			out.WriteString(f.Go.String())
		}
		return
	case tree.Elem:
		fmt.Fprintf(out, "#%d%t", n.Type.Kind, n.Optional)
		return
	case tree.And, tree.Or:
		out.WriteString(strconv.Itoa(int(n.Op)) + chained(n))
		return
	case tree.Call:
		out.WriteString(n.Func.Name)
	case tree.Matches:
		out.WriteString("matches" + strconv.Quote(n.Pattern.String()))
	default:
		out.WriteString(strconv.Itoa(int(n.Op)))
	}
	if n.Op == tree.Eq || n.Op == tree.Ne || n.Op == tree.Mul {
		out.WriteString("(" + strings.Join(sortedKeys(n.Kids), ",") + ")")
		return
	}
	out.WriteString("(")
	for i, kid := range n.Kids {
		if i > 0 {
			out.WriteString(",")
		}
		writeKey(out, kid)
	}
	out.WriteString(")")
}

// chained is the key of a chain of and, or of or.
func chained(n *tree.Node) string {
	return "(" + strings.Join(slices.Compact(sortedKeys(Chain(n))), ",") + ")"
}

// Chain lists the parts of a chain of and, or of or.
func Chain(n *tree.Node) []*tree.Node {
	var out []*tree.Node
	for _, kid := range n.Kids {
		if kid.Op == n.Op {
			out = append(out, Chain(kid)...)
		} else {
			out = append(out, kid)
		}
	}
	return out
}

func sortedKeys(list []*tree.Node) []string {
	keys := make([]string, len(list))
	for i, n := range list {
		keys[i] = Key(n)
	}
	slices.Sort(keys)
	return keys
}

func constantKey(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case time.Time:
		return "date(" + v.UTC().Format(time.RFC3339Nano) + ")"
	case float64:
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return fmt.Sprint(value)
}
