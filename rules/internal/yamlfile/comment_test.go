package yamlfile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// TestComment wants the comments behind plain scalars, and no others.
func TestComment(t *testing.T) {
	for _, c := range []struct {
		file string
		want string
	}{
		{"when: csatRank >= 1 # and csatRank <= 3\n", "1:21"},
		{"when: csatRank >= 1 \t # and csatRank <= 3", "1:23"},
		{"subject: chät # ${csatRank}\r\n", "1:15"},
		{"when: any(list, # != nil)\n", "1:17"},
		{"when: [a, b # c\n ]\n", "1:13"},
		{"when: {a: b # c\n}\n", "1:13"},
		{"- a\n- b # c\n", "2:5"},
		{"when: a\n  and b # c\n", "2:9"},
		{"when: 5 # five\n", "1:9"},
		{"# a\nwhen: a\n# b\n", ""},
		{"when: a\n\n  # b\n", ""},
		{"when: # a\n  b\n", ""},
		{"when: a#b\n", ""},
		{"when: a\n", ""},
		{"when: a", ""},
		{"when: 'a' # b\n", ""},
		{"when: \"a\" # b\n", ""},
		{"when: >\n  a # b\n", ""},
		{"when: | # b\n  a\n", ""},
		{"when: # b\n", ""},
		{"when: [a] # b\n", ""},
		{"when: a\n  b\nx: [] # c\n", ""},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, problems := Parse([]byte(c.file), 0)
			require.Empty(t, problems)
			got := ""
			walk(f.Root(), func(n *yaml.Node) {
				if at, ok := f.Comment(n); ok {
					require.Empty(t, got)
					got = at.String()
				}
			})
			assert.Equal(t, c.want, got)
		})
	}
	_, ok := (&File{}).Comment(&yaml.Node{Kind: yaml.ScalarNode, Value: "a"})
	assert.False(t, ok)
	_, ok = (&File{}).Comment(nil)
	assert.False(t, ok)
}
