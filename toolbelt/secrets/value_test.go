package secrets_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

// shy is a secret that no output may have, in none of the usual ways to write it.
const shy = "hunter2!<xyzzy>"

// silent says that a text does not tell shy.
func silent(t *testing.T, text, where string) {
	t.Helper()
	bytesOf := strings.Trim(fmt.Sprint([]byte("hunter2")), "[]")
	for _, form := range []string{"hunter2", "xyzzy", fmt.Sprintf("%x", "hunter2"), fmt.Sprintf("%X", "hunter2"), fmt.Sprintf("% x", "hunter2"), bytesOf, strings.ReplaceAll(bytesOf, " ", ", "), "0x68, 0x75", "aHVudGVy"} {
		assert.NotContains(t, text, form, where)
	}
}

// shyValue is shy as a function gets it.
func shyValue(t testing.TB) secrets.Value {
	t.Helper()
	v := secrets.New()
	require.NoError(t, v.Create(t.Context(), "k", secrets.String, shy))
	value, err := v.For("k").Read(t.Context(), "k")
	require.NoError(t, err)
	require.Equal(t, shy, value.Reveal())
	return value
}

type (
	open   struct{ V secrets.Value }
	closed struct{ v secrets.Value } // fmt calls no methods in there
	deep   struct {
		P *secrets.Value
		p *secrets.Value
		c closed
		m map[string]closed
		a any
	}
)

// holders are a value in all the places where it may be.
func holders(v secrets.Value) map[string]any {
	c := closed{v}
	return map[string]any{
		"value": v, "pointer": &v, "struct": open{v}, "closed": c, "pointer to closed": &c,
		"slice": []secrets.Value{v}, "array": [1]secrets.Value{v}, "map": map[string]secrets.Value{"k": v},
		"slice of closed": []closed{c}, "slice of pointers": []*closed{&c}, "any": []any{v, &v, c},
		"deep": deep{&v, &v, c, map[string]closed{"k": c}, v}, "error": fmt.Errorf("%v: %w", v, fmt.Errorf("%s", v)),
	}
}

func TestValueIsNotPrinted(t *testing.T) {
	t.Parallel()
	for name, holder := range holders(shyValue(t)) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%b", "%c", "%U", "%t", "%e", "%g", "%p", "%T", "%w", "%!", "%z", "%10.3s", "%+q", "%#q", "%#x"} {
			silent(t, fmt.Sprintf(verb, holder), verb+" of "+name)
		}
		silent(t, fmt.Sprint(holder), "print "+name)
		silent(t, fmt.Sprintln(holder), "println "+name)
		silent(t, failureOf(holder), "a failed test with "+name)
	}
}

// failureOf is what a test says whose values differ.
func failureOf(v any) string {
	var said recorder
	assert.Equal(&said, v, "other")
	return said.text
}

type recorder struct{ text string }

func (r *recorder) Errorf(format string, args ...any) { r.text += fmt.Sprintf(format, args...) }

func TestValueShows(t *testing.T) {
	t.Parallel()
	for _, v := range []secrets.Value{shyValue(t), {}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			assert.Equal(t, "[secret]", fmt.Sprintf(verb, v))
			assert.Equal(t, "[secret]", fmt.Sprintf(verb, &v))
		}
		assert.Equal(t, "[secret]", v.String())
		assert.Equal(t, slog.StringValue("[secret]"), slog.AnyValue(v).Resolve(), "for handlers of all kinds")
		data, err := json.Marshal(map[string]any{"a": v, "b": &v})
		require.NoError(t, err)
		assert.JSONEq(t, `{"a":"[secret]","b":"[secret]"}`, string(data))
	}
	assert.Empty(t, secrets.Value{}.Reveal())
}

func TestValueIsNotLogged(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for name, holder := range holders(shyValue(t)) {
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			log := slog.New(h)
			log.Info("m", "k", holder)
			log.With("k", holder).WithGroup("g").Info("m", slog.Group("h", "k", holder))
			log.Info(fmt.Sprint(holder))
		}
		silent(t, out.String(), name)
	}
	assert.Contains(t, out.String(), "k=[secret]")
	assert.Contains(t, out.String(), `"k":"[secret]"`)
}

func TestValueIsNotEncoded(t *testing.T) {
	t.Parallel()
	told := 0
	for name, holder := range holders(shyValue(t)) {
		for form, encode := range map[string]func(any) ([]byte, error){
			"json": json.Marshal, "json 2": func(v any) ([]byte, error) { return jsonv2.Marshal(v) }, "yaml": func(v any) ([]byte, error) { return yaml.Marshal(v) }, "xml": xml.Marshal,
			"gob": func(v any) ([]byte, error) {
				var out bytes.Buffer
				err := gob.NewEncoder(&out).Encode(v)
				return out.Bytes(), err
			},
		} {
			data, err := encode(holder)
			silent(t, string(data), form+" of "+name)
			silent(t, fmt.Sprint(err), form+" of "+name)
			if bytes.Contains(data, []byte("[secret]")) {
				told++
			}
		}
	}
	assert.Greater(t, told, 20, "most forms show it")
}

// A process that panics with a value tells nothing.
func TestValueIsNotInPanics(t *testing.T) {
	t.Parallel()
	const inside = "AFTERWORD_TEST_PANIC"
	if name := os.Getenv(inside); name != "" {
		panic(holders(shyValue(t))[name])
	}
	for name := range holders(secrets.Value{}) {
		run := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this test itself
		run.Env = append(os.Environ(), inside+"="+name, "GORACE=atexit_sleep_ms=0")
		out, err := run.CombinedOutput()
		require.Error(t, err)
		assert.Contains(t, string(out), "panic: ")
		silent(t, string(out), "panic with "+name)
	}
}
