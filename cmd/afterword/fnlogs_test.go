package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLogsOfFunctions(t *testing.T) {
	t.Parallel()
	g := openChatty(t)
	for _, in := range []string{chattyGood, chattyBad} {
		g.tell(t, in, "fn", "invoke", "chatty", "-e", "-")
	}
	warn := `\S+Z Warn  said; it \{"words":2\} request=\w+\n`
	info := `\S+Z Info  plain request=\w+\n`
	failed := `\S+Z Error no \\x1b\[2J arguments; "none"\\nat all request=\w+\n`
	for level, want := range map[string]string{"": warn + info + failed, "Debug": warn + info + failed, "warn": warn + failed, "ERROR": failed} {
		got := g.ask(t, "fn", "logs", "chatty", "--level", level)
		assert.Equal(t, exitGood, got.code)
		assert.Regexp(t, "^"+want+"$", got.out, level)
		assert.Empty(t, got.errors)
	}
	got := g.ask(t, "fn", "logs", "chatty", "-o", "json", "--level", "warn")
	assert.Contains(t, got.out, `"extras": "{\"words\":2}"`)
	assert.Contains(t, got.out, `"message": "no \u001b[2J arguments; \"none\"\nat all"`)
	none := "afterword: transcripts has logged nothing in the last "
	assert.Equal(t, ran{exitGood, "", none + "1h\n"}, g.ask(t, "fn", "logs", "transcripts"))
	assert.Equal(t, ran{exitGood, "", none + "48h at the level warn or above\n"}, g.ask(t, "fn", "logs", "transcripts", "--since", "2d", "--level", "Warn"))
	assert.Equal(t, ran{exitGood, "[]\n", none + "1h\n"}, g.ask(t, "fn", "logs", "transcripts", "-o", "json"))
}

// What a gateway writes for spreadsheets reads as it was logged.
func TestLogsWithoutFormulas(t *testing.T) {
	t.Parallel()
	lines, err := logLines([]byte("lambdaUUID;requestID;timestamp;level;message;extras\nu;'-r;t;Info;''=1;{}\nu;r;t;Info;'quoted';\n"))
	require.NoError(t, err)
	assert.Equal(t, []fnLogLine{
		{Timestamp: "t", Level: "Info", RequestID: "-r", Message: "'=1", Extras: "{}"},
		{Timestamp: "t", Level: "Info", RequestID: "r", Message: "'quoted'"},
	}, lines)
}

// The time that is asked for is the one that was meant.
func TestSinceWhen(t *testing.T) {
	t.Parallel()
	var asked string
	g := foul(t, func(w http.ResponseWriter, r *http.Request) {
		body := `[{"uuid":"u","name":"f"}]`
		switch {
		case strings.Contains(r.URL.Path, "/logs/"):
			asked, body = r.URL.Query().Get("startTimestamp"), "lambdaUUID;requestID;timestamp;level;message;extras\n"
		case strings.Contains(r.URL.Path, "/reports/"):
			asked, body = r.URL.Query().Get("startTimestamp")+" "+r.URL.Query().Get("bucketSize"), `{"invocationStatistics":[]}`
		}
		answers(200, body)(w, r)
	})
	for _, c := range []struct {
		args  []string
		back  time.Duration
		after string
	}{
		{[]string{"logs", "f"}, time.Hour, ""},
		{[]string{"logs", "f", "--since", "90m"}, 90 * time.Minute, ""},
		{[]string{"logs", "f", "--since", "7d"}, 7 * 24 * time.Hour, ""},
		{[]string{"stats", "f"}, 24 * time.Hour, " 3600"},
		{[]string{"stats", "f", "--since", "30d", "--bucket", "1d"}, 30 * 24 * time.Hour, " 86400"},
		{[]string{"stats", "f", "--bucket", "5m"}, 24 * time.Hour, " 300"},
	} {
		before := time.Now().Add(-c.back).UnixMilli()
		got := g.ask(t, append([]string{"fn"}, c.args...)...)
		require.Equal(t, exitGood, got.code, got.errors)
		var from int64
		_, err := fmt.Sscan(asked, &from)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, from, before)
		assert.LessOrEqual(t, from, time.Now().Add(-c.back).UnixMilli())
		assert.Equal(t, c.after, strings.TrimLeft(asked, "0123456789"))
	}
}

func TestMoreLogs(t *testing.T) {
	t.Parallel()
	export := "lambdaUUID;requestID;timestamp;level;message;extras\n" + strings.Repeat("u;r;t;Info;m;\n", maxLogLines)
	g := foul(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/logs/") {
			answers(200, export)(w, r)
			return
		}
		answers(200, `[{"uuid":"u","name":"f"}]`)(w, r)
	})
	got := g.ask(t, "fn", "logs", "f")
	assert.Equal(t, exitGood, got.code)
	assert.Equal(t, strings.Repeat("t Info  m request=r\n", maxLogLines), got.out)
	assert.Equal(t, "afterword: there may be more: these are the last 500 entries\n", got.errors)
}

func TestLogsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, export := range []string{"", "<html>", "a;b\n", "a;b;c;d;e;f\na;b\n", "a;b;c;d;e;f\na;b;c;d;\"e;f\n"} {
		_, err := logLines([]byte(export))
		require.EqualError(t, err, "it is no export of logs", export)
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"90m": "1h30m", "24h": "24h", "1d": "24h", "30d": "720h", "1s": "1s", "5m": "5m", "10m0s": "10m", "1h0m1s": "1h0m1s"} {
		var a ago
		require.NoError(t, a.Set(text), text)
		assert.Equal(t, want, a.String())
	}
	for _, text := range []string{"", "0", "0s", "-1h", "31d", "-1d", "721h", "d", "1.5d", "99999999999999999999d", "9000000000d", "213504d", "x", "1", "hour"} {
		a := ago(7)
		require.Error(t, a.Set(text), text)
		assert.Equal(t, ago(7), a)
	}
}

func FuzzLogLines(f *testing.F) {
	f.Add([]byte("lambdaUUID;requestID;timestamp;level;message;extras\nu;r;t;Info;\"a;\"\"b\n\";{}\n"))
	f.Add([]byte(";;;;;\r\n;;;;;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := logLines(data)
		if err != nil {
			assert.Empty(t, lines)
			return
		}
		for _, line := range lines {
			assert.Equal(t, line.String(), printable(line.String()), "one line that can be printed")
		}
	})
}
