package decisionlog

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const least = `{"v":1,"time":"2026-01-31T18:00:00Z","rules":{},"fired":[],"count":0,"tookNs":0`

// readAll reads a log: the IDs of its records, and what is said of lines that
// are none.
func readAll(r io.Reader) (ids []string, wrong []error) {
	for record, err := range Read[string](r) {
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		ids = append(ids, record.ID)
	}
	return ids, wrong
}

func TestReadGoesOnBehindWhatIsNoRecord(t *testing.T) {
	t.Parallel()
	const secret = "jane.roe@example.com"
	for name, c := range map[string]struct {
		line, want string
		is         error
	}{
		"not JSON":           {secret, "line 2: it is not a record: a record is one JSON object in one line", nil},
		"a list":             {`["` + secret + `"]`, "line 2: it is not a record: a record is one JSON object in one line", nil},
		"cut short":          {least, "line 2: it is not a record: a record is one JSON object in one line", nil},
		"a key twice":        {least + `,"v":1}`, "line 2: it is not a record: a record is one JSON object in one line", nil},
		"not UTF-8":          {least + `,"id":"` + "\xff" + `"}`, "line 2: it is not a record: a record is one JSON object in one line", nil},
		"two in a line":      {least + `}` + least + `}`, "line 2: it is not a record: a record is one JSON object in one line", nil},
		"no form":            {`{"event":"` + secret + `"}`, "line 2: its form is not 1: read it with the version of this package that wrote it, or a later one", ErrForm},
		"another form":       {`{"v":2}`, "line 2: its form is not 1: read it with the version of this package that wrote it, or a later one", ErrForm},
		"a form of no kind":  {`{"v":"` + secret + `"}`, "line 2: it is not a record: a record is one JSON object in one line", nil},
		"a misfit":           {least + `,"outcomes":[{"value":{"` + secret + `":1}}]}`, "line 2: its field outcomes is not as a record has it", nil},
		"a time of its kind": {`{"v":1,"time":"` + secret + `"}`, "line 2: its field time is not as a record has it", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids, wrong := readAll(strings.NewReader(least + `,"id":"a"}` + "\n" + c.line + "\r\n\n  \n" + least + `,"id":"b","new":[]}`))
			assert.Equal(t, []string{"a", "b"}, ids)
			require.Len(t, wrong, 1)
			assert.EqualError(t, wrong[0], c.want)
			if c.is != nil {
				assert.ErrorIs(t, wrong[0], c.is)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	line := []byte(" " + least + `,"id":"a","event":{"n":1}}` + "\r\n")
	record, err := Decode[string](line)
	require.NoError(t, err)
	clear(line)
	assert.Equal(t, "a", record.ID)
	assert.JSONEq(t, `{"n":1}`, string(record.Event))
	for text, want := range map[string]error{
		"": errNoRecord, " \n": errNoRecord, "null": errNoRecord, least: errNoRecord, least + "}" + least + "}": errNoRecord,
		"{}": ErrForm, `{"v":2}`: ErrForm, least + `,"id":"` + strings.Repeat("x", MaxRecord) + `"}`: ErrTooLarge,
	} {
		record, err := Decode[string]([]byte(text))
		require.ErrorIs(t, err, want, "%.40s", text)
		assert.Zero(t, record, "%.40s", text)
	}
}

func TestReadBoundsLines(t *testing.T) {
	t.Parallel()
	long := least + `,"id":"` + strings.Repeat("x", MaxRecord-len(least)-len(`,"id":""}`)) + `"}`
	require.Len(t, long, MaxRecord)
	ids, wrong := readAll(strings.NewReader(long + "\n" + strings.Replace(long, "x", "xx", 1) + "\n" + least + `,"id":"c"}`))
	require.Len(t, ids, 2)
	assert.Equal(t, "c", ids[1])
	require.Len(t, wrong, 1)
	assert.EqualError(t, wrong[0], "line 2: the record has more than 4194304 bytes")
	assert.ErrorIs(t, wrong[0], ErrTooLarge)

	ids, wrong = readAll(strings.NewReader(strings.Replace(long, "x", "xx", 1)))
	assert.Zero(t, len(ids))
	require.Len(t, wrong, 1, "at the end of the log")
	assert.ErrorIs(t, wrong[0], ErrTooLarge)
}

func TestReadEndsWithItsReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	ids, wrong := readAll(io.MultiReader(strings.NewReader(least+`,"id":"a"}`+"\n"+least), iotest.ErrReader(broken)))
	assert.Equal(t, []string{"a"}, ids)
	require.Len(t, wrong, 1)
	assert.EqualError(t, wrong[0], "line 2: the disk is gone")
	assert.ErrorIs(t, wrong[0], broken)

	ids, wrong = readAll(strings.NewReader(""))
	assert.Empty(t, ids)
	assert.Empty(t, wrong)
}

func TestReadStopsWhenNobodyWantsMore(t *testing.T) {
	t.Parallel()
	read := 0
	for range Read[string](strings.NewReader(strings.Repeat(least+"}\n", 3))) {
		read++
		break
	}
	assert.Equal(t, 1, read)
}

func FuzzRead(f *testing.F) {
	f.Add(least + `,"id":"a","outcomes":[{"rule":"r","value":"x"}],"event":{"payload":{}},"skipped":[{"rule":"s","absent":["a.b"]}]}` + "\n")
	f.Add("{}\n\n[1]\n" + least + "}")
	f.Add(least + `,"tookNs":1e3}` + "\x00\n\xff")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		seen := 0
		for record, err := range Read[string](strings.NewReader(text)) {
			seen++
			if err != nil {
				var line int
				_, wrong := fmt.Sscanf(err.Error(), "line %d: ", &line)
				require.NoError(t, wrong)
				require.LessOrEqual(t, line, lines)
				continue
			}
			again, err := encode(record)
			require.NoError(t, err)
			for back, err := range Read[string](strings.NewReader(string(again))) {
				require.NoError(t, err)
				twice, err := encode(back)
				require.NoError(t, err)
				require.Equal(t, string(again), string(twice))
			}
		}
		require.LessOrEqual(t, seen, lines)
	})
}
