package yamlfile

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

func seed(f *testing.F) {
	for _, s := range scalars {
		f.Add(s.text)
	}
	for _, name := range []string{"problems.txt", "decode.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		for part := range strings.SplitSeq(string(data), "\n-- ") {
			if _, body, ok := strings.Cut(part, " --\n"); ok {
				f.Add(body)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		file, problems := Parse([]byte(text), 0)
		require.True(t, slices.IsSortedFunc(problems, func(a, b Problem) int { return a.Compare(b.Position) }))
		for _, p := range problems {
			require.GreaterOrEqual(t, p.Line, 1)
			require.GreaterOrEqual(t, p.Column, 1)
			if file.Root() != nil {
				_, ok := file.text.offset(p.Position)
				require.True(t, ok, "%v", p)
			}
			require.LessOrEqual(t, p.Line, 1+strings.Count(text, "\n")+strings.Count(text, "\r"))
			require.NotEmpty(t, p.Message)
			require.NotContains(t, p.Message, "\n")
			require.True(t, utf8.ValidString(p.Message))
		}
		if len(problems) == 0 {
			require.NotNil(t, file.Root())
			var again yaml.Node
			require.NoError(t, yaml.Unmarshal([]byte(text), &again))
		}
		_, short := Parse([]byte(text), max(1, len(text)-1))
		require.True(t, len(text) < 2 || len(short) == 1)
	})
}

func FuzzRunes(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		file, _ := Parse([]byte(text), 0)
		if file.Root() == nil {
			return
		}
		walk(file.Root(), func(n *yaml.Node) { checkRunes(t, file, n) })
	})
}

func FuzzDecode(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		file, _ := Parse([]byte(text), 0)
		for _, into := range targets() {
			var at []Position
			d := Decoder{
				Report: func(n *yaml.Node, message string) {
					at = append(at, file.At(n))
					require.NotContains(t, message, "\n")
				},
				Text: func(n *yaml.Node, to reflect.Type) {
					require.Equal(t, yaml.ScalarNode, n.Kind)
					require.Equal(t, reflect.String, to.Kind())
				},
			}
			d.Decode(file.Root(), "it", reflect.New(into))
			require.True(t, slices.IsSortedFunc(at, Position.Compare), "%v", at)
		}
	})
}
