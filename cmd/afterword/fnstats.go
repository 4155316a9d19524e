package main

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// A fnBucket counts the invocations of a span of time by how they ended.
type fnBucket struct {
	From     int64 `json:"from"` // milliseconds since 1970
	To       int64 `json:"to"`
	Good     int64 `json:"SUCCEEDED"`
	Coding   int64 `json:"CODING_FAILURE"`
	Timeout  int64 `json:"TIMEOUT"`
	Platform int64 `json:"PLATFORM_FAILURE"`
	Unknown  int64 `json:"UNKNOWN"`
}

func (b fnBucket) failed() int64 { return b.Coding + b.Timeout + b.Platform + b.Unknown }

func newFnStats(c *cli, r *remote) *cobra.Command {
	since, width := ago(24*time.Hour), ago(time.Hour)
	verb := &cobra.Command{
		Use:   "stats NAME",
		Short: "Count the invocations of a function over time",
		Long: `Stats counts how the invocations of a function ended, in buckets of time; those
without any are left out. In the bars, # is what succeeded and ! what failed: the
function itself (failed), for want of time (timeout), or anything else (other).

In JSON, the output is a list of buckets in the words of the platform: {"from",
"to", "SUCCEEDED", "CODING_FAILURE", "TIMEOUT", "PLATFORM_FAILURE", "UNKNOWN"},
with times in milliseconds since 1970.`,
		Example: `  afterword fn stats transcripts
  afterword fn stats transcripts --since 7d --bucket 24h -o json`,
		Args: oneFunction,
	}
	verb.Flags().Var(&since, "since", "how far back: a `time` such as 90m, 24h or 7d")
	verb.Flags().Var(&width, "bucket", "the `time` that is counted together: 5m, 1h or 24h")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		seconds := strconv.Itoa(int(time.Duration(width) / time.Second))
		if seconds != "300" && seconds != "3600" && seconds != "86400" {
			return usagef("--bucket must be 5m, 1h or 24h")
		}
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			var report struct {
				Buckets []fnBucket `json:"invocationStatistics"`
			}
			query := url.Values{"bucketSize": {seconds}, "startTimestamp": {since.before(time.Now())}}
			if err := gate.fetch(ctx, ask{method: http.MethodGet, path: []string{"reports", "invocations", f.UUID}, query: query}, &report); err != nil {
				return err
			}
			return c.printStats(out.form, report.Buckets)
		})
	}
	return verb
}

func (c *cli) printStats(form string, buckets []fnBucket) error {
	if form == asJSON {
		return c.printJSON(append([]fnBucket{}, buckets...))
	}
	var most, good, failed int64
	for _, b := range buckets {
		most = max(most, b.Good+b.failed())
		good, failed = good+b.Good, failed+b.failed()
	}
	if len(buckets) > 0 {
		err := c.printTable(func(row func(cells ...any)) {
			row("FROM", "SUCCEEDED", "FAILED", "TIMEOUT", "OTHER", "RUNS")
			for _, b := range buckets {
				from := time.UnixMilli(b.From).UTC().Format(time.RFC3339)
				row(from, b.Good, b.Coding, b.Timeout, b.Platform+b.Unknown, bar(b.Good, b.failed(), most))
			}
		})
		if err != nil {
			return err
		}
	}
	c.printf("%d succeeded, %d failed\n", good, failed)
	return nil
}

// barWidth is the length of the longest bar.
const barWidth = 20

// bar draws what succeeded and what failed, out of the most there is: whatever
// is there has a mark at least.
func bar(good, failed, most int64) string {
	if most <= 0 || good < 0 || failed < 0 {
		return ""
	}
	marks := func(n int64) int {
		if n == 0 {
			return 0
		}
		return max(1, int(barWidth*min(float64(n)/float64(most), 1)))
	}
	return strings.Repeat("#", marks(good)) + strings.Repeat("!", marks(failed))
}
