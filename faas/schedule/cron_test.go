package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A model is what a cron expression means, as crontab(5) says it: for each field
// the numbers that it takes, and whether a day field begins with a star.
type model struct {
	takes             [5]map[int]bool
	anyDay, anyOfWeek bool
}

// modelOf reads an expression that is known to be right.
func modelOf(expression string) model {
	bounds := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}
	words := map[string]int{}
	for i, name := range strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec") {
		words[name] = i + 1
	}
	for i, name := range strings.Fields("sun mon tue wed thu fri sat") {
		words[name] = i
	}
	number := func(word string) int {
		if n, ok := words[strings.ToLower(word)]; ok {
			return n
		}
		n, _ := strconv.Atoi(word)
		return n
	}
	m := model{}
	for i, field := range strings.Fields(expression) {
		m.takes[i] = map[int]bool{}
		for item := range strings.SplitSeq(field, ",") {
			span, stepped, hasStep := strings.Cut(item, "/")
			step := 1
			if hasStep {
				step = number(stepped)
			}
			first, last, isRange := strings.Cut(span, "-")
			from, to := number(first), number(first)
			if isRange {
				to = number(last)
			}
			if span == "*" {
				from, to = bounds[i][0], bounds[i][1]
				m.anyDay = m.anyDay || i == 2 && step == 1
				m.anyOfWeek = m.anyOfWeek || i == 4 && step == 1
			}
			for n := from; n <= to; n += step {
				if i == 4 {
					m.takes[i][n%7] = true
				} else {
					m.takes[i][n] = true
				}
			}
		}
	}
	return m
}

func (m model) day(month, day, weekday int) bool {
	if !m.takes[3][month] {
		return false
	}
	byDay, byWeek := m.takes[2][day], m.takes[4][weekday]
	if m.anyDay || m.anyOfWeek {
		return byDay && byWeek
	}
	return byDay || byWeek
}

// walk goes from minute to minute, and gives the due times after one time up to
// another. It keeps a calendar of its own.
func (m model) walk(from, to time.Time, yield func(time.Time) bool) {
	year, month, day, weekday := from.Year(), int(from.Month()), from.Day(), int(from.Weekday())
	hour, minute := from.Hour(), from.Minute()
	today := m.day(month, day, weekday)
	for at := from.Truncate(time.Minute); ; {
		minute, at = minute+1, at.Add(time.Minute)
		if minute == 60 {
			minute, hour = 0, hour+1
		}
		if hour == 24 {
			hour, day, weekday = 0, day+1, (weekday+1)%7
			length := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
			if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
				length = 29
			}
			if day > length {
				day, month = 1, month+1
			}
			if month == 13 {
				month, year = 1, year+1
			}
			today = m.day(month, day, weekday)
		}
		if at.After(to) {
			return
		}
		if today && m.takes[0][minute] && m.takes[1][hour] && !yield(at) {
			return
		}
	}
}

// anyExpression makes one up.
func anyExpression(random *rand.Rand) string {
	bounds := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}
	names := [5][]string{3: strings.Fields("- jan FEB Mar apr may jun jul aug sep oct nov dec"), 4: strings.Fields("sun MON Tue wed thu fri sat")}
	var fields []string
	for i, b := range bounds {
		word := func(n int) string {
			if n < len(names[i]) && random.IntN(3) == 0 {
				return names[i][n]
			}
			return strconv.Itoa(n)
		}
		var items []string
		for range 1 + random.IntN(3)*random.IntN(2) {
			from := b[0] + random.IntN(b[1]-b[0]+1)
			to := from + random.IntN(b[1]-from+1)
			step := ""
			if to-from > 2 && random.IntN(2) == 0 {
				step = fmt.Sprint("/", 1+random.IntN(to-from))
			}
			switch random.IntN(6) {
			case 0, 1:
				items = append(items, word(from))
			case 2:
				items = append(items, word(from)+"-"+strconv.Itoa(to)+step)
			case 3:
				items = append(items, fmt.Sprint("*/", 1+random.IntN(b[1]-b[0])))
			default:
				items = append(items, "*")
			}
		}
		fields = append(fields, strings.Join(items, ","))
	}
	return strings.Join(fields, " ")
}

// Any expression is due when the model says so, and counted as it is due.
func TestDueTimes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 8))
	many, found := 400, 0
	if testing.Short() || racing {
		many = 40
	}
	for range many {
		expression := anyExpression(random)
		p, text, err := parse(expression)
		if err != nil && strings.Contains(err.Error(), "never fires") {
			continue // see TestNeverFires
		}
		require.NoError(t, err, expression)
		require.Equal(t, expression, text)
		from := time.Unix(random.Int64N(140*365*86_400), random.Int64N(1e9)).UTC()
		to := from.Add(time.Duration(random.IntN(400*24)) * time.Hour)
		due := p.after(from)
		first, n := due, int64(0)
		modelOf(expression).walk(from, to, func(want time.Time) bool {
			if !assert.Equal(t, want, due, "%s after %v", expression, from) {
				return false
			}
			n++
			due = p.after(due)
			if n == 2000 { // enough of this one
				to = want
			}
			return n < 2000
		})
		require.True(t, due.After(to), "%s is due at %v", expression, due)
		require.Equal(t, n, p.count(first, to.Add(1)), "%s from %v up to %v", expression, from, to)
		found += int(n)
	}
	assert.Greater(t, found, many*50)
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 2, 27, 22, 58, 30, 0, time.UTC)
	for expression, want := range map[string]string{
		"* * * * *":                "2026-02-27 22:59",
		"\t*  * * *\n* ":           "2026-02-27 22:59",
		"0 0 29 2 *":               "2028-02-29 00:00",
		"59 23 31 12 *":            "2026-12-31 23:59",
		"0 12 * * 7":               "2026-03-01 12:00",
		"0 12 * * 0":               "2026-03-01 12:00",
		"0 12 * * Sun":             "2026-03-01 12:00",
		"0 0 13 * fri":             "2026-03-06 00:00", // the 13th, and Fridays
		"0 0 */2 * MON":            "2026-03-01 00:00", // every second day, and Mondays
		"0 0 * * MON":              "2026-03-02 00:00",
		"0 0 *,5 * MON":            "2026-03-02 00:00",
		"*/20 3-5/2 * jan,DEC 1-5": "2026-12-01 03:00",
		"05 007 1 1 *":             "2027-01-01 07:05",
	} {
		p, text, err := parse(expression)
		require.NoError(t, err, expression)
		assert.Same(t, time.UTC, p.spec.Location, "whatever becomes of time.Local")
		assert.Equal(t, want, p.after(from).Format("2006-01-02 15:04"), expression)
		assert.Equal(t, strings.Join(strings.Fields(expression), " "), text)
	}
}

// The year 2100 has no 29 February: it takes eight years from one to the next.
func TestEightYears(t *testing.T) {
	t.Parallel()
	p, _, err := parse("0 0 29 2 *")
	require.NoError(t, err)
	assert.Equal(t, time.Date(2104, 2, 29, 0, 0, 0, 0, time.UTC), p.after(time.Date(2096, 2, 29, 0, 0, 0, 0, time.UTC)))
}

func TestRefusedExpressions(t *testing.T) {
	t.Parallel()
	const list = " must be a list of numbers, of ranges such as 9-17, and of steps such as */5 or 9-17/2"
	for expression, want := range map[string]string{
		"":                             "has 0 fields",
		"* * * *":                      "has 4 fields",
		"0 * * * * *":                  "has 6 fields",
		"0 * * * * * 2026":             "has 7 fields",
		"@daily":                       "names such as @daily",
		"@every 5m":                    "names such as @daily",
		"TZ=UTC * * * * *":             "times are in UTC",
		"CRON_TZ=Asia/Tokyo * * * * *": "times are in UTC",
		"TZ=0":                         "times are in UTC",
		"60 * * * *":                   `minute "60" must be made of`,
		"* 24 * * *":                   `hour "24" must be made of`,
		"* * 0 * *":                    `day of the month "0" must be made of`,
		"* * 32 * *":                   `day of the month "32" must be made of`,
		"* * * 0 *":                    `month "0" must be made of`,
		"* * * 13 *":                   `month "13" must be made of`,
		"* * * * 8":                    `day of the week "8" must be made of`,
		"* * * foo *":                  `month "foo" must be made of`,
		"mon * * * *":                  `minute "mon" must be made of`,
		"* * L * *":                    `day of the month "L" must be made of`,
		"* * 15W * *":                  `day of the month "15W" must be made of`,
		"* * * * FRI#3":                `day of the week "FRI#3"` + list,
		"H * * * *":                    `minute "H" must be made of`,
		"H/5 * * * *":                  `minute "H/5"` + list,
		"? * * * *":                    `minute "?"` + list,
		"5,,6 * * * *":                 `minute "5,,6"` + list,
		", * * * *":                    `minute ","` + list,
		"+5 * * * *":                   `minute "+5"` + list,
		"-5 * * * *":                   `minute "-5"` + list,
		"*-5 * * * *":                  `minute "*-5"` + list,
		"*-5/2 * * * *":                `minute "*-5/2"` + list,
		"5/10 * * * *":                 `minute "5/10"` + list,
		"1-2-3 * * * *":                `minute "1-2-3"` + list,
		"*/2/3 * * * *":                `minute "*/2/3"` + list,
		"*/0 * * * *":                  `minute "*/0" must be made of`,
		"*/60 * * * *":                 `minute "*/60" must be made of`,
		"* 22-2 * * *":                 `hour "22-2" has a range that runs backwards`,
		"* * * * FRI-MON":              `day of the week "FRI-MON" has a range that runs backwards`,
		"* * * nov-feb *":              `month "nov-feb" has a range that runs backwards`,
		"* * * * fri-sun":              `day of the week "fri-sun" has a range that runs backwards`,
		"0 0 30 2 *":                   "never fires: there is no such day",
		"0 0 31 4,6,9,11 *":            "never fires: there is no such day",
		"0 0 30-31 feb *":              "never fires: there is no such day",
		"٣ * * * *":                    `minute "٣"` + list,
		"1" + strings.Repeat(" ", 113) + "* * * *": "has 121 characters; keep it to 120",
	} {
		_, _, err := parse(expression)
		require.Error(t, err, expression)
		assert.Contains(t, err.Error(), want, expression)
	}
	_, _, err := parse("1" + strings.Repeat(" ", 112) + "* * * *")
	require.NoError(t, err, "120 characters")
	_, _, err = parse("60 24 0 13 8")
	assert.Len(t, strings.Split(err.Error(), "\n"), 5, "all that is wrong: %v", err)
}

// Exactly those expressions are refused that the model never finds due, in a leap
// year.
func TestNeverFires(t *testing.T) {
	t.Parallel()
	for day := 29; day <= 31; day++ {
		for month := 1; month <= 12; month++ {
			expression := fmt.Sprintf("0 0 %d %d *", day, month)
			due := false
			modelOf(expression).walk(at(0, 0), at(0, 0).AddDate(1, 0, 0), func(time.Time) bool { due = true; return false })
			_, _, err := parse(expression)
			assert.Equal(t, due, err == nil, expression)
		}
	}
}

// A count of a long time does not take long.
func TestCountOfCenturies(t *testing.T) {
	t.Parallel()
	p, _, err := parse("* * * * *")
	require.NoError(t, err)
	from, to := at(0, 0), time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)
	assert.Equal(t, (to.Unix()-from.Unix())/60, p.count(from, to))
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"* * * * *", "0 0 29 2 *", "*/5 9-17 * * MON-FRI", "0 0 13 * 5", "@daily", "@every 1s", "TZ=0 * * * * *", "CRON_TZ=UTC * * * * *",
		"0 0 30 2 *", "*-5 * * * *", "5,,6 * * * *", "22-2 * * * *", "0 0 * * 5-7", "1-59/2,0 */23 1,31 jan-dec sun,7", "+1 * * * *", "? ? ? ? ?", "H H H H H", "0 0 L * *",
	} {
		f.Add(seed, int64(1_800_000_000))
	}
	f.Fuzz(func(t *testing.T, expression string, second int64) {
		p, text, err := parse(expression)
		if err != nil {
			require.NotContains(t, err.Error(), "\x00")
			return
		}
		_, again, err := parse(text)
		require.NoError(t, err)
		require.Equal(t, text, again)
		require.LessOrEqual(t, len(text), 120)
		from := time.Unix(second%4_000_000_000, 0).UTC()
		due := p.after(from)
		require.True(t, due.After(from))
		require.Zero(t, due.Second()+due.Nanosecond())
		m := modelOf(text)
		to := from.Add(31 * 24 * time.Hour)
		var want []time.Time
		m.walk(from, to, func(at time.Time) bool { want = append(want, at); return len(want) < 50 })
		for _, w := range want {
			require.Equal(t, w, due, text)
			due = p.after(due)
		}
		if len(want) < 50 {
			require.True(t, due.After(to))
		}
		require.True(t, slices.IsSortedFunc(want, time.Time.Compare))
	})
}
