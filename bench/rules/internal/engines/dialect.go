package engines

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// A dialect writes conditions in the language of an engine. The languages are
// much alike; what differs is here.
type dialect struct {
	and, or string
	is      string                                     // of field and quoted text
	oneOf   func(field string, values []string) string // values are quoted
	matches func(field, pattern string) string
	length  string // of a field
	// guarded asks for a number only where it is there: absent ones are 0.
	guarded bool
}

// with is the dialect for a set, which may have fields that are absent.
func (d dialect) with(s *workload.Set) dialect {
	d.guarded = s.Absent
	return d
}

// write writes a condition. What stands in it needs no brackets in a
// conjunction.
func (d dialect) write(c workload.Condition) string {
	switch c := c.(type) {
	case workload.All:
		return d.join(c, d.and)
	case workload.Either:
		return "(" + d.join(c, d.or) + ")"
	case workload.AtMost:
		return d.there(c.Field) + fmt.Sprintf("%s <= %d", c.Field, c.Limit)
	case workload.Between:
		return fmt.Sprintf("%s >= %d%s%s <= %d", c.Field, c.Low, d.and, c.Field, c.High)
	case workload.Is:
		return fmt.Sprintf(d.is, c.Field, strconv.Quote(c.Value))
	case workload.OneOf:
		return d.oneOf(string(c.Field), quoted(c.Values))
	case workload.Matches:
		return d.matches(string(c.Field), c.Pattern())
	case workload.SumOver:
		there := d.there(workload.CSATRank)
		if d.guarded {
			there += `skillName != ""` + d.and
		}
		return there + fmt.Sprintf("%s * %d + %s > %d", workload.CSATRank, c.Factor, fmt.Sprintf(d.length, workload.SkillName), c.Limit)
	}
	panic(fmt.Sprintf("no way to write %T", c))
}

func (d dialect) join(parts []workload.Condition, operator string) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = d.write(part)
	}
	return strings.Join(texts, operator)
}

// there asks whether a number is there, if it may be absent.
func (d dialect) there(field workload.Number) string {
	if !d.guarded {
		return ""
	}
	return string(field) + " >= 1" + d.and
}

func quoted(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strconv.Quote(v)
	}
	return out
}
