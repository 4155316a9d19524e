package main

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestStatsOfFunctions(t *testing.T) {
	t.Parallel()
	g := openChatty(t)
	assert.Equal(t, ran{exitGood, "0 succeeded, 0 failed\n", ""}, g.ask(t, "fn", "stats", "chatty"))
	assert.Equal(t, ran{exitGood, "[]\n", ""}, g.ask(t, "fn", "stats", "chatty", "-o", "json"))
	for _, in := range []string{chattyGood, chattyBad, chattyGood, chattyGood} {
		g.tell(t, in, "fn", "invoke", "chatty", "-e", "-")
	}
	got := g.ask(t, "fn", "stats", "chatty", "--bucket", "24h") // unless it is midnight just now, one bucket
	assert.Regexp(t, `^FROM +SUCCEEDED +FAILED +TIMEOUT +OTHER +RUNS
(\d{4}-\d\d-\d\dT00:00:00Z +\d +\d +0 +0 +#+!*
)+3 succeeded, 1 failed
$`, got.out)
	got = g.ask(t, "fn", "stats", "chatty", "-o", "json")
	assert.Contains(t, got.out, `"CODING_FAILURE": 1`)
}

func TestBars(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		good, failed, most int64
		want               string
	}{
		{4, 0, 4, strings.Repeat("#", 20)},
		{2, 2, 4, strings.Repeat("#", 10) + strings.Repeat("!", 10)},
		{1, 1, 4, "#####!!!!!"},
		{1, 0, 1000, "#"},
		{999, 1, 1000, strings.Repeat("#", 19) + "!"},
		{0, 0, 4, ""},
		{0, 0, 0, ""},
		{-1, 0, 4, ""},
		{math.MaxInt64, math.MaxInt64, 1, strings.Repeat("#", 20) + strings.Repeat("!", 20)},
		{math.MaxInt64, 0, math.MaxInt64, strings.Repeat("#", 20)},
	} {
		assert.Equal(t, c.want, bar(c.good, c.failed, c.most), "%+v", c)
	}
}
