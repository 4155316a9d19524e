package schedule

import (
	"errors"
	"fmt"
	"math/bits"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/netresearch/go-cron"
)

const (
	maxCron = 120 // characters (public client)
	// horizon is how many years ahead due times are looked for: of all
	// expressions that fire at all, 29 February may take longest, eight years
	// around 2100.
	horizon = 10
)

// A plan is a cron expression that can be followed.
type plan struct{ spec *cron.SpecSchedule }

// parse reads a cron expression, or tells all that is wrong with it. The text is
// the expression with one blank between its fields.
func parse(expression string) (p plan, text string, err error) {
	if n := utf8.RuneCountInString(expression); n > maxCron {
		return plan{}, "", fmt.Errorf("the cron expression has %d characters; keep it to %d", n, maxCron)
	}
	fields := strings.Fields(expression)
	switch {
	case strings.HasPrefix(expression, "@"):
		return plan{}, "", errors.New("the cron expression must have five fields: names such as @daily and @every are not known here")
	case strings.Contains(expression, "="):
		return plan{}, "", errors.New("the cron expression must have five fields alone: times are in UTC")
	case len(fields) != len(fieldNames):
		return plan{}, "", fmt.Errorf("the cron expression has %d fields; it must have five: minute, hour, day of the month, month, day of the week", len(fields))
	}
	parser, err := cron.TryNewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.DowOrDom)
	if err != nil {
		return plan{}, "", err
	}
	parser = parser.WithMaxSearchYears(horizon)
	var faults []error
	for i, field := range fields {
		if err := checkField(parser, i, field); err != nil {
			faults = append(faults, fmt.Errorf("the cron expression's %s %.120q %w", fieldNames[i], field, err))
		}
	}
	if len(faults) > 0 {
		return plan{}, "", errors.Join(faults...)
	}
	text = strings.Join(fields, " ")
	parsed, err := parser.Parse(text)
	spec, ok := parsed.(*cron.SpecSchedule)
	if err != nil || !ok {
		return plan{}, "", fmt.Errorf("the cron expression %q cannot be followed", text)
	}
	spec.Location = time.UTC
	p = plan{spec}
	if p.after(time.Unix(0, 0)).IsZero() {
		return plan{}, "", fmt.Errorf("the cron expression %q never fires: there is no such day", text)
	}
	return p, text, nil
}

var (
	fieldNames = [...]string{"minute", "hour", "day of the month", "month", "day of the week"}
	// allowed are what the items of each field are made of.
	allowed = [...]string{"0 to 59", "0 to 23", "1 to 31", "1 to 12 or jan to dec", "0 to 7 or sun to sat"}
	// item is what lists in a field are made of. The library takes more, and
	// what of it means something else elsewhere.
	item = regexp.MustCompile(`^(?:(?:\*|(\w{1,3})-(\w{1,3}))(?:/[0-9]{1,2})?|\w{1,3})$`)
)

// checkField tells what is wrong with a field of a cron expression.
func checkField(parser cron.Parser, place int, field string) error {
	for one := range strings.SplitSeq(field, ",") {
		parts := item.FindStringSubmatch(one)
		if parts == nil {
			return errors.New("must be a list of numbers, of ranges such as 9-17, and of steps such as */5 or 9-17/2")
		}
		if value(place, parts[1]) > value(place, parts[2]) {
			return errors.New("has a range that runs backwards: make two of it, such as 22-23,0-2")
		}
	}
	alone := []string{"*", "*", "*", "*", "*"}
	alone[place] = field
	if _, err := parser.Parse(strings.Join(alone, " ")); err != nil {
		return fmt.Errorf("must be made of %s", allowed[place])
	}
	return nil
}

// value is the number of a word in a field: 0 if it is none.
func value(place int, word string) int {
	if n, err := strconv.Atoi(word); err == nil || word == "" {
		return n
	}
	names := map[int]string{3: "---janfebmaraprmayjunjulaugsepoctnovdec", 4: "sunmontuewedthufrisat"}
	return max(strings.Index(names[place], strings.ToLower(word)), 0) / 3
}

// after is the first due time after a time.
func (p plan) after(t time.Time) time.Time { return p.spec.Next(t.UTC()) }

// count counts the due times from one, which is the first, up to a limit, which
// is left out. It may have to count those of years.
func (p plan) count(due, limit time.Time) (n int64) {
	const star = 1 << 63 // the library marks fields with it
	perDay := int64(bits.OnesCount64(p.spec.Minute&^star) * bits.OnesCount64(p.spec.Hour&^star))
	for !due.IsZero() && due.Before(limit) {
		day := due.Truncate(24 * time.Hour)
		end := day.Add(24 * time.Hour)
		if !end.After(limit) && p.after(day.Add(-1)).Equal(due) {
			n += perDay
			due = p.after(end.Add(-1))
			continue
		}
		n++
		due = p.after(due)
	}
	return n
}
