package nearest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/internal/nearest"
)

func TestTo(t *testing.T) {
	for _, test := range []struct{ name, among, want string }{
		{"csatrank", "csatRank skillName", "csatRank"},
		{"CSATRANK", "csatRank skillName", "csatRank"},
		{"csatRnk", "skillName csatRank", "csatRank"},
		{"csatRnak", "csatRank", "csatRank"},
		{"subjcet", "subject", "subject"},
		{"wehn", "name when then", "when"},
		{"thn", "when then", "then"},
		{"skilName", "skillName agentName", "skillName"},
		{"agentname", "skillName agentName", "agentName"},
		{"größe", "grosse Größe", "Größe"},
		{"grüße", "größe", "größe"},
		{"tehn", "then when", "then"},
		{"ruels", "rules rule", "rules"},
		{"vasr", "vars", "vars"},
		{"ab", "ac ad", "ac"},
		{"timestampUTCmillis", "timestamp", ""},
		{"name", "name", ""},
		{"name", "name names", "names"},
		{"x", "y", ""},
		{"x", "xy", "xy"},
		{"when", "then", "then"},
		{"when", "hit", ""},
		{"", "a b", ""},
		{"colour", "", ""},
		{strings.Repeat("a", 101), strings.Repeat("a", 100), ""},
		{"abcdefghijkl", "ABCDEFGHIxyz", "ABCDEFGHIxyz"},
		{"abcdefghijkl", "ABCDEFGHwxyz", ""},
	} {
		got, ok := nearest.To(test.name, slices.Values(strings.Split(test.among, " ")))
		assert.Equal(t, test.want, got, "%s among %s", test.name, test.among)
		assert.Equal(t, test.want != "", ok, "%s among %s", test.name, test.among)
	}
}

func FuzzTo(f *testing.F) {
	f.Add("csatRnk", "csatRank skillName")
	f.Add("\xff", "\xfe")
	f.Fuzz(func(t *testing.T, name, among string) {
		names := strings.Fields(among)
		got, ok := nearest.To(name, slices.Values(names))
		if !ok {
			assert.Empty(t, got)
			return
		}
		assert.Contains(t, names, got)
		assert.NotEqual(t, name, got)
	})
}
