package yamlfile

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A Comment is a comment in a line of a file.
type Comment struct {
	Position        // of its #
	Text     string // behind the mark, without white space around it
	// Above is, of a comment that has its line to itself but for the hyphen of a
	// list, the line below it and all comments under it; 0 of a comment behind
	// something.
	Above int
}

// Comments lists the comments that begin with a mark, white space aside, in
// file order.
func (f *File) Comments(mark string) []Comment {
	if f.text == nil || !bytes.Contains(f.text.data, []byte(mark)) {
		return nil
	}
	var out []Comment
	below := 0
	for i := range f.text.lines {
		line := f.text.line(i)
		for from := 0; ; {
			at := strings.IndexByte(line[from:], '#')
			if at < 0 {
				break
			}
			at += from
			from = at + 1
			text, ok := strings.CutPrefix(strings.TrimLeft(line[from:], " \t"), mark)
			if !ok || at > 0 && line[at-1] != ' ' && line[at-1] != '\t' {
				continue
			}
			c := Comment{Position: Position{i + 1, 1 + starts([]byte(line[:at]))}, Text: strings.TrimSpace(text)}
			if strings.Trim(line[:at], " \t-") == "" { // it may stand behind the hyphen of what is below
				if below <= i+1 { // else it is the same for all comments in front of it
					below = f.text.below(i)
				}
				c.Above = below
			}
			out = append(out, c)
			break
		}
	}
	return f.outside(out)
}

// line is a line without its end.
func (t *text) line(i int) string {
	end := len(t.data)
	if i+1 < len(t.lines) {
		end = t.lines[i+1]
	}
	return strings.TrimRight(string(t.data[t.lines[i]:end]), "\r\n")
}

// below is the first line, from 1, under line i that is not a comment.
func (t *text) below(i int) int {
	for i++; i < len(t.lines) && strings.HasPrefix(strings.TrimLeft(t.line(i), " \t"), "#"); {
		i++
	}
	return i + 1
}

// outside leaves out what looks like a comment but lies within a text.
func (f *File) outside(all []Comment) []Comment {
	if len(all) == 0 {
		return nil
	}
	inside := make([]bool, len(all))
	f.scalars(f.root, func(n *yaml.Node) {
		places, ok := f.places(n)
		if !ok {
			return
		}
		begin, end := f.At(n), places[len(places)-1]
		i, found := slices.BinarySearchFunc(all, begin, func(c Comment, at Position) int { return c.Compare(at) })
		if found {
			i++
		}
		for ; i < len(all) && all[i].Compare(end) < 0; i++ {
			inside[i] = true
		}
	})
	var out []Comment
	for i, c := range all {
		if !inside[i] {
			out = append(out, c)
		}
	}
	return out
}

// scalars calls use for the scalars that may hold a # behind white space.
func (f *File) scalars(n *yaml.Node, use func(*yaml.Node)) {
	if n == nil {
		return
	}
	if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "#") {
		use(n)
	}
	for _, kid := range n.Content {
		f.scalars(kid, use)
	}
}
