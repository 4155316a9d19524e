package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func unpack(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	packed, err := gzip.NewReader(file)
	require.NoError(t, err)
	assert.True(t, packed.ModTime.IsZero())
	data, err := io.ReadAll(packed)
	require.NoError(t, err)
	return data
}

// The recorded surveys are those that the program makes.
func TestRecorded(t *testing.T) {
	t.Parallel()
	var made bytes.Buffer
	require.NoError(t, run(nil, &made, io.Discard))
	require.Equal(t, 5000, bytes.Count(made.Bytes(), []byte("\n")))
	require.True(t, bytes.Equal(made.Bytes(), unpack(t, "surveys.ndjson.gz")), "run: go generate ./examples/chatserver/recorded")

	name := filepath.Join(t.TempDir(), "again.ndjson.gz")
	require.NoError(t, run([]string{"-o", name}, io.Discard, io.Discard))
	assert.Equal(t, made.Bytes(), unpack(t, name))
	plain := filepath.Join(t.TempDir(), "plain.ndjson")
	require.NoError(t, run([]string{"-n", "3", "-o", plain}, io.Discard, io.Discard))
	data, err := os.ReadFile(plain)
	require.NoError(t, err)
	assert.True(t, bytes.HasPrefix(made.Bytes(), data))
	var other bytes.Buffer
	require.NoError(t, write(&other, 2, 3))
	assert.NotEqual(t, string(data), other.String())
}

// Every survey is sound, and in all of them is what surveys have.
func TestSurveys(t *testing.T) {
	t.Parallel()
	var made bytes.Buffer
	require.NoError(t, write(&made, 1, 5000))
	ranks, skills := map[int]int{}, map[string]int{}
	var several, lines, gold int
	var before int64
	for line := range strings.Lines(made.String()) {
		envelope, err := events.DecodeEnvelope([]byte(line))
		require.NoError(t, err, line)
		event, err := events.ChatPostSurveyEmailTranscript.Decode(envelope)
		require.NoError(t, err, line)
		var at struct{ Timestamp int64 }
		require.NoError(t, json.Unmarshal([]byte(line), &at))
		require.GreaterOrEqual(t, at.Timestamp, before)
		before = at.Timestamp
		rank := 0
		if event.Payload.CSATRank != nil {
			rank = *event.Payload.CSATRank
		}
		ranks[rank]++
		skills[event.Payload.SkillName]++
		gold += len(event.Headers)
		for _, answer := range event.Payload.Answers {
			several += strings.Count(answer.Answer, ";")
			lines += strings.Count(answer.Answer, "\n")
		}
	}
	for rank := range 6 {
		assert.Greater(t, ranks[rank], 200, rank)
	}
	assert.Len(t, skills, 2*len(skillsOf())+1)
	for _, n := range []int{several, lines, gold, skills[""], skills["billing"]} {
		assert.Greater(t, n, 30)
	}
}

func skillsOf() []skill { return skills }

func TestFlags(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"stray argument x": {"x"},
		"from 0 on":        {"-n", "-1"},
		"not defined":      {"-nope"},
		"no such file":     {"-o", filepath.Join(t.TempDir(), "none", "x")},
	} {
		assert.ErrorContains(t, run(args, io.Discard, io.Discard), want)
	}
}
