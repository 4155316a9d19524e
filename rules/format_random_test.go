package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// TestFormatRandom formats random files in random styles, with comments and
// blank lines wherever they may stand.
func TestFormatRandom(t *testing.T) {
	sound := 0
	for seed := range uint64(3000 / patience) {
		g := &layoutGenerator{rand.New(rand.NewPCG(seed, 1)), 0}
		file := g.file()
		if _, problems := yamlfile.Parse([]byte(file), 0); len(problems) == 0 {
			sound++
		}
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { checkFormat(t, file) }) {
			t.Fatalf("%s", file)
		}
	}
	if sound < 1000/patience {
		t.Errorf("only %d files are YAML", sound)
	}
}

// A layoutGenerator writes files nobody would write.
type layoutGenerator struct {
	*rand.Rand
	keys int
}

func (g *layoutGenerator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g *layoutGenerator) often(percent int) bool { return g.IntN(100) < percent }

func (g *layoutGenerator) file() string {
	var out strings.Builder
	out.WriteString(g.one("", "", "", "\uFEFF", "---\n", "# head\n---\n", "\n# head\n\n"))
	if g.often(10) {
		out.WriteString(g.flow(3) + g.behind() + "\n")
	} else {
		out.WriteString(g.group(0, 4, []string{"version", "event", "rules", "vars", "tests", "fixtures", "hit"}))
	}
	out.WriteString(g.between(0) + g.one("", "", "...\n", "# end", "  # end"))
	text := out.String()
	if g.often(10) {
		text = strings.ReplaceAll(text, "\n", g.one("\r\n", "\r"))
	}
	return text
}

// between is what stands between two lines.
func (g *layoutGenerator) between(indent int) string {
	var out strings.Builder
	for g.often(20) {
		g.keys++
		out.WriteString(g.one("\n", "  \n", fmt.Sprintf("%s# c%d\n", strings.Repeat(" ", max(0, indent+g.IntN(7)-3)), g.keys), "# left 'é\" \n"))
	}
	return out.String()
}

// behind is what stands behind a value in its line.
func (g *layoutGenerator) behind() string {
	if g.keys++; g.often(15) {
		return fmt.Sprintf("%s# b%d%s", g.one(" ", "  ", "\t"), g.keys, g.one("", " ", "\t", ": x"))
	}
	return g.one("", "", "", " ")
}

func (g *layoutGenerator) key(known []string) string {
	if len(known) > 0 && g.often(70) {
		return known[g.IntN(len(known))]
	}
	g.keys++
	return fmt.Sprintf(g.one("k%d", "k%d", "'k %d'", `"k: %d"`, "%d", `"[k] %d"`), g.keys)
}

func (g *layoutGenerator) group(indent, depth int, known []string) string {
	var out strings.Builder
	used := map[string]bool{}
	for range 1 + g.IntN(4) {
		key := g.key(known)
		if used[key] {
			continue
		}
		used[key] = true
		if out.Len() > 0 || indent == 0 {
			out.WriteString(g.between(indent) + strings.Repeat(" ", indent))
		}
		if g.often(4) {
			out.WriteString("? " + key + g.behind() + "\n" + strings.Repeat(" ", indent) + ":" + g.value(indent, depth, key))
			continue
		}
		out.WriteString(key + g.one(":", ":", ":", " :") + g.value(indent, depth, key))
	}
	return out.String()
}

// below are the keys of what stands below a key.
var below = map[string][]string{
	"rules": {"name", "when", "then", "mode", "description"},
	"tests": {"name", "given", "base", "set", "unset", "expect", "cases"}, "cases": {"name", "set", "unset", "expect"},
}

// value is what stands behind a key or hyphen, with its line break.
func (g *layoutGenerator) value(indent, depth int, key string) string {
	deeper := indent + 1 + g.IntN(4)
	switch n := g.IntN(12); {
	case depth > 0 && n < 2, depth > 2 && n < 4:
		inner := g.behind() + "\n" + g.between(deeper) + strings.Repeat(" ", deeper) + g.group(deeper, depth-1, below[key])
		return inner
	case depth > 0 && n < 7:
		at := deeper - 1
		return g.behind() + "\n" + g.between(at) + g.list(at, depth-1, key)
	case n == 7:
		return g.behind() + "\n"
	case n == 8:
		return " " + g.block(indent)
	case n == 9 && depth > 0:
		return " " + g.flow(depth) + g.behind() + "\n"
	case n == 10:
		return g.behind() + "\n" + g.between(deeper) + strings.Repeat(" ", deeper) + g.scalar(deeper) + g.behind() + "\n"
	}
	return g.one(" ", "  ", "\t") + g.scalar(deeper) + g.behind() + "\n"
}

func (g *layoutGenerator) list(indent, depth int, key string) string {
	var out strings.Builder
	for i := range 1 + g.IntN(4) {
		if i > 0 {
			out.WriteString(g.between(indent))
		}
		out.WriteString(strings.Repeat(" ", indent) + "-")
		if g.often(40) {
			gap := 1 + g.IntN(3)
			out.WriteString(strings.Repeat(" ", gap) + g.group(indent+1+gap, depth, below[key]))
			continue
		}
		out.WriteString(g.value(indent, depth, key))
	}
	return out.String()
}

// block is a text below its indicator.
func (g *layoutGenerator) block(indent int) string {
	out := g.one("|", ">") + g.one("", "", "-", "+") + g.behind() + "\n"
	own := strings.Repeat(" ", indent+1+g.IntN(3))
	for range 1 + g.IntN(4) {
		out += g.one("\n", own+g.one("", "", "", "  ", "\t")+g.one("text", "# no comment", "a   &&  b", "x  ", "é: y")+"\n", own+"x\n", own+"a<=3\n")
	}
	return out
}

// scalar is a value, some of which are broken into lines.
func (g *layoutGenerator) scalar(indent int) string {
	next := "\n" + g.one("", "", "\n", "  \n") + strings.Repeat(" ", indent+1)
	return g.one("a", "1", "1.50", "true", "~", "null", "yes", "2026-01-31", "'a  b'", `"é\n\t"`, `"a # b"`, "'it''s'", "''", `"1"`, "a: b", "a<=3&&b", "'a  and !b'", "x in [ 1,2 ]", "${a  ??  'b'}",
		"a  and"+next+"b", "'a"+next+"b'", `"a \`+next+`b"`, `"a `+next+`b"`, "a "+strings.Repeat("long ", 30)+next+"b", "[a", "-x", "?x", ":x", "a#b", `"\\"`, `'"'`, "csatRank   <= 3")
}

// flow is a list or group in brackets.
func (g *layoutGenerator) flow(depth int) string {
	pause := func() string {
		g.keys++
		return g.one("", "", "", "", " ", " ", " ", "  ", "\n  ", fmt.Sprintf(" # f%d\n ", g.keys), "\n\n\n   # a\n  ")
	}
	open, closing := "[", "]"
	group := g.often(50)
	if group {
		open, closing = "{", "}"
	}
	var items []string
	for range g.IntN(5) {
		item := g.one("a", "'b'", "1", `"x, y"`, "~", strings.Repeat("w", 40), "a  &&  b", "k: v", `"k": v`, "? k")
		if depth > 0 && g.often(40) {
			item = g.flow(depth - 1)
		}
		if group {
			item = g.one("name", "when", "k") + fmt.Sprint(len(items)) + ":" + g.one(" ", "  ", "\n  ", " # m\n  ") + g.one("a", "'b'", "", item)
		}
		items = append(items, pause()+item+pause())
	}
	return open + strings.Join(items, ",") + pause() + closing
}
