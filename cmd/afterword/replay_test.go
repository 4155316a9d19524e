package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
)

func TestExitCodesOfReplay(t *testing.T) {
	t.Parallel()
	for in, code := range map[string]int{
		"":                             exitFindings,
		"{}\n":                         exitGood,
		"{\n":                          exitFindings,
		`{"v":1,"fired":[],"count":0}`: exitFindings,
		`{"v":1,"fired":[],"count":0,"event":{}}`:    exitGood,
		`{"v":1,"fired":["x"],"count":0,"event":{}}`: exitFindings,
		strings.Repeat(" ", 11<<20) + "{}":           exitFindings,
		`{"csatRank": 1, "agentName": "x"}`:          exitGood,
	} {
		for _, form := range []string{asText, asJSON, asNDJSON} {
			got := runWith(t.Context(), strings.NewReader(in), "replay", "-", exampleRules, "-o", form)
			assert.Equal(t, code, got.code, "%.40s %s", in, got.errors)
		}
	}
	assert.Equal(t, exitTrouble, runWith(t.Context(), nil, "replay", "nowhere", exampleRules).code)
	assert.Equal(t, exitTrouble, runWith(t.Context(), nil, "replay", "-").code)
	got := runWith(t.Context(), failingReader{}, "replay", "-", exampleRules)
	assert.Equal(t, exitTrouble, got.code)
	assert.Equal(t, "afterword: standard input: the cable is cut\n", got.errors)

	full := ran{code: run(t.Context(), []string{"replay", "-", exampleRules, "-o", "ndjson"}, strings.NewReader(strings.Repeat("{}\n", 5000)), &broken{room: 5000}, io.Discard)}
	assert.Equal(t, exitTrouble, full.code)
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errCable }

var errCable = fmt.Errorf("the cable is %s", "cut")

// surveys are some lines, of which the last can be told from the others.
func surveys(n int) []byte {
	var out bytes.Buffer
	for i := range n {
		fmt.Fprintf(&out, `{"csatRank": %d, "skillName": "Skill %d", "questionWithAnswers": [{"question": "Why?", "answer": "%x"}]}`+"\n", 1+i%5, i%7, i*i*i)
	}
	return out.Bytes()
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func zstandard(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll(data, nil)
}

func written(t *testing.T, name string, data []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, data, 0o600))
	return name
}

// TestPackedRecordings wants the same of a recording however it is packed, from a
// file and from standard input.
func TestPackedRecordings(t *testing.T) {
	t.Parallel()
	data := surveys(3000)
	want := runWith(t.Context(), bytes.NewReader(data), "replay", "-", exampleRules)
	require.Equal(t, exitGood, want.code, want.errors)
	skipped := append([]byte{0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0}, "abc"...)
	for name, packed := range map[string][]byte{
		"plain":          data,
		"gzip":           gzipped(t, data),
		"gzip in two":    append(gzipped(t, data[:50_000]), gzipped(t, data[50_000:])...),
		"zstd":           zstandard(t, data),
		"zstd in two":    append(zstandard(t, data[:50_000]), zstandard(t, data[50_000:])...),
		"zstd and a tag": append(skipped, zstandard(t, data)...),
	} {
		assert.Equal(t, want, runWith(t.Context(), nil, "replay", written(t, "events", packed), exampleRules), name)
		assert.Equal(t, want, runWith(t.Context(), bytes.NewReader(packed), "replay", "-", exampleRules), name)
	}
}

// TestPackedRecordingsThatFail keeps what was done.
func TestPackedRecordingsThatFail(t *testing.T) {
	t.Parallel()
	data := surveys(60_000)
	damaged := func(packed []byte) []byte {
		packed = bytes.Clone(packed)
		packed[len(packed)/2] ^= 0xff
		return packed
	}
	zipped, zst := gzipped(t, data), zstandard(t, data)
	for name, c := range map[string]struct {
		packed []byte
		want   string
	}{
		"gzip, cut":     {zipped[:len(zipped)/2], "the file is cut off"},
		"gzip, its sum": {append(bytes.Clone(zipped[:len(zipped)-8]), make([]byte, 8)...), "the file is damaged: gzip: invalid checksum"},
		"gzip, damaged": {damaged(zipped), ""},
		"gzip, more":    {append(bytes.Clone(zipped), "more"...), "behind what is packed, there is something else"},
		"gzip, zeros":   {append(bytes.Clone(zipped), make([]byte, 1000)...), "behind what is packed, there is something else"},
		"gzip, less":    {append(bytes.Clone(zipped), 0x1f), "the file is cut off"},
		"gzip, begun":   {append(bytes.Clone(zipped), 0x1f, 0x8b, 8), "the file is cut off"},
		"gzip, third":   {append(append(bytes.Clone(zipped), zipped...), 'x'), "behind what is packed, there is something else"},
		"zstd, more":    {append(bytes.Clone(zst), "more"...), "behind what is packed, there is something else"},
		"zstd, cut":     {zst[:len(zst)/2], "the file is cut off"},
		"zstd, damaged": {damaged(zst), ""},
	} {
		file := written(t, "events", c.packed)
		got := runWith(t.Context(), nil, "replay", file, exampleRules, "-o", "json")
		assert.Equal(t, exitTrouble, got.code, name)
		assert.Contains(t, got.errors, "afterword: "+file+": line ", name)
		assert.Contains(t, got.errors, c.want, name)
		assert.Equal(t, 1, strings.Count(got.errors, "\n"), "%s: %s", name, got.errors)
		assert.Contains(t, got.out, `"complete": false`, name)
		assert.NotContains(t, got.out, `"events": 0,`, name)
	}
	for name, packed := range map[string][]byte{"gzip": zipped[:5], "gzip and nonsense": append([]byte{0x1f, 0x8b}, "abcdefghijkl"...)} {
		got := runWith(t.Context(), nil, "replay", written(t, "events", packed), exampleRules)
		assert.Equal(t, exitTrouble, got.code, name)
		assert.Empty(t, got.out, name)
	}
}

// TestWindowOfZstandard crosses the bound of the memory that unpacking takes.
func TestWindowOfZstandard(t *testing.T) {
	t.Parallel()
	frame := func(window byte) []byte { // RFC 8878: no size, a window of 2 to the power of so much, one raw block
		return append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0, (window - 10) << 3, 3<<3 | 1, 0, 0}, "{}\n"...)
	}
	good := runWith(t.Context(), nil, "replay", written(t, "events", frame(27)), exampleRules)
	assert.Equal(t, exitGood, good.code, good.errors)
	assert.Contains(t, good.out, "1 event,")
	bad := runWith(t.Context(), nil, "replay", written(t, "events", frame(28)), exampleRules)
	assert.Equal(t, exitTrouble, bad.code)
	assert.Contains(t, bad.errors, "to unpack it takes more than 128 MiB of memory")
}

// TestRecordingThatSwells has a small file of which very much comes out.
func TestRecordingThatSwells(t *testing.T) {
	t.Parallel()
	bomb := append(gzipped(t, []byte("{}\n")), gzipped(t, make([]byte, 100<<20))...)
	got := runWith(t.Context(), nil, "replay", written(t, "events", bomb), exampleRules)
	assert.Equal(t, exitTrouble, got.code)
	assert.Contains(t, got.errors, "line 2: it swells to more than 1000 times its size")
	assert.Contains(t, got.out, "1 event,")

	var packed atomic.Int64
	packed.Store(100)
	at := &unpackedReader{from: zeros{}, packed: &packed, out: 101*unpackRatio - 1}
	_, err := at.Read(make([]byte, 1))
	require.NoError(t, err, "little may come out of anything")
	packed.Store(unpackFree / unpackRatio)
	at.out = unpackFree + unpackRatio
	_, err = at.Read(make([]byte, 1))
	require.ErrorContains(t, err, "swells")
	packed.Add(2)
	_, err = at.Read(make([]byte, 1))
	require.NoError(t, err)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestInterruptedReplay tells what was done so far, while nobody goes on writing.
func TestInterruptedReplay(t *testing.T) {
	t.Parallel()
	for _, form := range []string{asText, asJSON, asNDJSON} {
		ctx, cancel := context.WithCancel(t.Context())
		in, out := io.Pipe()
		go func() {
			// A pipe whose reader is gone shows in what the verb says.
			_, _ = out.Write(surveys(10))
			_, _ = out.Write([]byte(" ")) // the first ten are being read by now
			cancel()
		}()
		got := runWith(ctx, in, "replay", "-", exampleRules, "-o", form)
		assert.Equal(t, exitTrouble, got.code)
		assert.Regexp(t, `^afterword: interrupted behind \d+ events?: this is what was done until then\n$`, got.errors)
		if form == asJSON {
			assert.Contains(t, got.out, `"complete": false`)
		}
		require.NoError(t, in.Close())
	}
}

func TestReplayIsSignalled(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Log("a process cannot be interrupted by another there")
		return
	}
	command, err := exec.LookPath("afterword")
	require.NoError(t, err)
	run := exec.Command(command, "replay", "-", "-o", "ndjson", exampleRules)
	var errs bytes.Buffer
	run.Stderr = &errs
	stdin, err := run.StdinPipe()
	require.NoError(t, err)
	stdout, err := run.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	_, err = stdin.Write(surveys(200))
	require.NoError(t, err)
	_, err = io.ReadFull(stdout, make([]byte, 4096)) // it has decided some
	require.NoError(t, err)
	require.NoError(t, run.Process.Signal(os.Interrupt))
	_, err = io.Copy(io.Discard, stdout)
	require.NoError(t, err)
	require.Error(t, run.Wait())
	assert.Equal(t, exitTrouble, run.ProcessState.ExitCode())
	assert.Regexp(t, `^afterword: interrupted behind \d+ events: this is what was done until then\n$`, errs.String())
}

func TestProgress(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, 1000} {
		for _, colour := range []bool{false, true} {
			var shown bytes.Buffer
			of := &recording{size: size}
			bar := newProgress(&shown, colour, of)
			bar.show(1)
			assert.Empty(t, shown.String(), "it is too early")
			for i, read := range []int64{300, 1000} {
				of.read.Store(read)
				bar.began = time.Now().Add(-10 * time.Second)
				bar.shown = bar.began
				bar.show(500 * (i + 1))
			}
			assert.Contains(t, shown.String(), "500 events, 50/s")
			assert.Contains(t, shown.String(), "1000 events, 100/s")
			assert.Equal(t, size > 0, strings.Contains(shown.String(), "99%"), "%q", shown.String())
			assert.Equal(t, colour && size > 0, strings.Contains(shown.String(), "\x1b["), "%q", shown.String())
			assert.NotContains(t, shown.String(), "\n")
			bar.end()
			assert.True(t, strings.HasSuffix(shown.String(), " \r"), "the line is empty again")
		}
	}
	c := &cli{err: new(bytes.Buffer)}
	assert.Nil(t, c.progressFor(asText, &recording{}), "there is no terminal")
}

// TestReplayTablesAreBounded has more near misses and errors than are told.
func TestReplayTablesAreBounded(t *testing.T) {
	t.Parallel()
	s := &replay.Summary{Events: 1, Unreadable: 12, Lines: []replay.LineError{{Line: 1, Message: "a\x1b\nb"}}}
	for i := range mostMisses + 1 {
		parts := []replay.PartSummary{{PartInfo: rules.PartInfo{Text: strings.Repeat("x\n", 300)}, Missed: i + 1}, {}}
		s.Rules = append(s.Rules, replay.RuleSummary{RuleInfo: rules.RuleInfo{Name: fmt.Sprint("rule-", i)}, Parts: parts})
	}
	var out bytes.Buffer
	c := &cli{out: bufio.NewWriter(&out)}
	require.NoError(t, c.tellReplay(asText, s, true))
	require.NoError(t, c.out.Flush())
	assert.Contains(t, out.String(), "and 1 part more: see them with -o json\n")
	assert.Contains(t, out.String(), `  line 1: a\x1b; b`+"\n  and 11 more\n")
	assert.NotContains(t, out.String(), strings.Repeat("x ", 60))
	assert.Equal(t, mostMisses, strings.Count(out.String(), "…"))
	s.Groups.Others, s.Outcomes = 5, 5
	s.Rules[0].Groups.Others = 5
	require.NoError(t, c.tellReplay(asText, s, true))
	require.NoError(t, c.out.Flush())
	assert.Contains(t, out.String(), "(others)   rule-0  5")
}
