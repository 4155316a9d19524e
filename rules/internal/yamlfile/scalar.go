package yamlfile

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// whole matches whole numbers as people write them. YAML knows more ways, and
// reads 010 as 8.
var whole = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)

// scalar fills a value that is neither made of others nor free.
func (d *Decoder) scalar(n *yaml.Node, what string, into reflect.Value) {
	var err error
	switch into.Kind() {
	case reflect.String:
		if err = asText(n); err == nil {
			into.SetString(n.Value)
			if d.Text != nil {
				d.Text(n, into.Type())
			}
		}
	case reflect.Bool:
		var b bool
		if b, err = asBool(n); err == nil {
			into.SetBool(b)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		err = setInt(n, into)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		err = setUint(n, into)
	case reflect.Float32, reflect.Float64:
		var x float64
		if x, err = asFloat(n); err == nil && into.OverflowFloat(x) {
			err = errLarge
		}
		if err == nil {
			into.SetFloat(x)
		}
	default:
		d.unsupported(n, what, into.Type())
	}
	if err != nil {
		d.report(n, "%s %v", what, err)
	}
}

// What can be wrong with a scalar; each is the end of a sentence that begins
// with the name of the value.
var (
	errBool    = errors.New("must be true or false")
	errWhole   = errors.New("must be a whole number")
	errNumber  = errors.New("must be a number")
	errBare    = errors.New("must be a number: remove the quotes")
	errDecimal = errors.New("must be a number in decimal digits: no leading zeros, underscores or letters; if it is a text, put it in quotes")
	errLarge   = errors.New("is too large a number")
)

// asText is nil for a text that cannot be taken for anything else.
func asText(n *yaml.Node) error {
	switch {
	case n.Kind != yaml.ScalarNode:
		return fmt.Errorf("must be a text, not %s", kind(n))
	case n.Tag == "!!int" || n.Tag == "!!float":
		return errors.New("must be a text, and YAML reads this as a number: put it in quotes")
	case n.Tag == "!!bool":
		return errors.New("must be a text, and YAML reads this as true or false: put it in quotes")
	}
	return nil
}

func asBool(n *yaml.Node) (bool, error) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		return false, errBool
	}
	return strings.EqualFold(n.Value, "true"), nil
}

// asWhole is the text of a whole number, for the parsers of strconv.
func asWhole(n *yaml.Node) (string, error) {
	switch {
	case n.Kind != yaml.ScalarNode:
		return "", errWhole
	case n.Tag == "!!int" || n.Tag == "!!float":
		if whole.MatchString(n.Value) {
			return strings.TrimPrefix(n.Value, "+"), nil
		}
		if n.Tag == "!!int" {
			return "", errDecimal
		}
		return "", errWhole
	case whole.MatchString(n.Value):
		return "", errBare
	}
	return "", errWhole
}

func setInt(n *yaml.Node, into reflect.Value) error {
	text, err := asWhole(n)
	if err != nil {
		return err
	}
	bits := into.Type().Bits()
	i, err := strconv.ParseInt(text, 10, bits)
	if err != nil {
		return fmt.Errorf("must be between %d and %d", int64(-1)<<(bits-1), int64(math.MaxInt64)>>(64-bits))
	}
	into.SetInt(i)
	return nil
}

func setUint(n *yaml.Node, into reflect.Value) error {
	text, err := asWhole(n)
	if err != nil {
		return err
	}
	bits := into.Type().Bits()
	if text == "-0" {
		text = "0"
	}
	i, err := strconv.ParseUint(text, 10, bits)
	if err != nil {
		return fmt.Errorf("must be between 0 and %d", uint64(math.MaxUint64)>>(64-bits))
	}
	into.SetUint(i)
	return nil
}

func asFloat(n *yaml.Node) (float64, error) {
	x, err := strconv.ParseFloat(n.Value, 64)
	switch {
	case n.Kind != yaml.ScalarNode:
		return 0, errNumber
	case n.Tag == "!!int" && !whole.MatchString(n.Value) || n.Tag == "!!float" && strings.Contains(n.Value, "_"):
		return 0, errDecimal
	case n.Tag != "!!int" && n.Tag != "!!float" && err == nil:
		return 0, errBare
	case errors.Is(err, strconv.ErrRange):
		return 0, errLarge
	case err != nil || math.IsInf(x, 0) || math.IsNaN(x):
		return 0, errNumber
	}
	return x, nil
}

// free is the Go value that a node asks for by itself, or nil after a report.
func (d *Decoder) free(n *yaml.Node, what string, depth int) any {
	if d.Nulls && n != nil && n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if !d.sound(n, what, depth) {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		all := map[string]any{}
		for _, e := range entries(n) {
			if d.name(e.key, what) {
				all[e.key.Value] = d.free(e.value, what+"."+short(e.key.Value), depth+1)
			}
		}
		return all
	case yaml.SequenceNode:
		all := make([]any, len(n.Content))
		for i, child := range n.Content {
			all[i] = d.free(child, fmt.Sprintf("%s[%d]", what, i), depth+1)
		}
		return all
	}
	v, err := constant(n)
	if err != nil {
		d.report(n, "%s %v", what, err)
		return nil
	}
	return v
}

// constant is the value of a scalar by the look of it.
func constant(n *yaml.Node) (any, error) {
	switch n.Tag {
	case "!!bool":
		return asBool(n)
	case "!!int", "!!float":
		if n.Tag == "!!float" && !whole.MatchString(n.Value) {
			return asFloat(n)
		}
		text, err := asWhole(n)
		if err != nil {
			return nil, err
		}
		i, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err != nil:
			return nil, errLarge
		case int64(int(i)) != i:
			return i, nil
		}
		return int(i), nil
	}
	return n.Value, nil
}
