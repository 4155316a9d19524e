package gateway_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// moody does as its first argument says.
func moody(ctx context.Context, c commandCall) (events.Reply, error) {
	switch c.Payload.Arguments[0] {
	case "fail":
		return events.Reply{}, errors.New("failed")
	case "wait":
		return waits(time.Hour)(ctx, c)
	}
	return events.Reply{}, nil
}

// Reports count how invocations ended, and when.
func TestReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(command, "moody", moody)}, Timeout: time.Minute})
		require.NoError(t, err)
		h := handler(t, rt, gateway.Config{NoAuth: true, Timeout: time.Hour})
		id := idOf(t, rt, "moody")
		start := time.Now() // midnight
		for _, mood := range []string{`"ok"`, `"ok"`, `"fail"`, `"wait"`} {
			ask(h, "POST", invokePath, strings.Replace(envelope, `"a"`, mood, 1))
		}
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		w := askWith(impatient, h, "POST", invokePath, strings.NewReader(strings.Replace(envelope, `"a"`, `"wait"`, 1)))
		require.Equal(t, 408, w.Code)
		time.Sleep(10 * time.Minute)
		ask(h, "POST", invokePath, envelope)

		at := func(d time.Duration) int64 { return start.Add(d).UnixMilli() }
		report := func(query string) string {
			w := ask(h, "GET", base+"/reports/invocations/"+id+"?"+query, "")
			require.Equal(t, 200, w.Code)
			return w.Body.String()
		}
		first := `{"CODING_FAILURE":1,"PLATFORM_FAILURE":1,"SUCCEEDED":2,"TIMEOUT":1,"%s":0,"from":%d,"to":%d}`
		all := `{"invocationStatistics":[{"CODING_FAILURE":1,"PLATFORM_FAILURE":1,"SUCCEEDED":3,"TIMEOUT":1,"%s":0,"from":%d,"to":%d}]}`
		later := fmt.Sprintf(`{"SUCCEEDED":1,"from":%d,"to":%d}`, at(10*time.Minute), at(15*time.Minute))
		assert.Equal(t, fmt.Sprintf(all, "UNKNOWN", at(0), at(time.Hour)), report(""))
		assert.Equal(t, fmt.Sprintf(all, "UNKOWN", at(0), at(24*time.Hour)), report("v=1&bucketSize=86400"))
		assert.Equal(t, `{"invocationStatistics":[`+fmt.Sprintf(first, "UNKNOWN", at(0), at(5*time.Minute))+`]}`,
			report(fmt.Sprintf("bucketSize=300&endTimestamp=%d", at(10*time.Minute))))
		assert.Equal(t, `{"invocationStatistics":[`+later+`]}`,
			report(fmt.Sprintf("bucketSize=300&invocationStates=SUCCEEDED&startTimestamp=%d", at(5*time.Minute))))
		assert.Equal(t, `{"invocationStatistics":[]}`, report(fmt.Sprintf("startTimestamp=%d", at(time.Hour))))

		count := func(query string) string {
			return ask(h, "GET", base+"/reports/invocationCounts?"+query, "").Body.String()
		}
		assert.Equal(t, `[{"uuid":"`+id+`","successfulInvocations":3,"failedInvocations":3}]`, count(""))
		assert.Equal(t, `{"successfulInvocations":3,"unsuccessfulInvocations":3}`, count("v=1"))
		assert.Equal(t, `{"successfulInvocations":1,"unsuccessfulInvocations":0}`, count(fmt.Sprintf("v=1&startTimestamp=%d", at(10*time.Minute))))
	})
}

// Exports hold what a function logged, of the times and levels asked for.
func TestExportLogs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		levels := []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelInfo + 1, slog.LevelWarn, slog.LevelError, slog.LevelError + 4}
		talk := func(ctx context.Context, _ commandCall) (events.Reply, error) {
			for i, level := range levels {
				faas.Log(ctx).Log(ctx, level, fmt.Sprintf("%d: \"a\";\nb", i))
			}
			return events.Reply{}, nil
		}
		rt := runtime(t, faas.On(command, "talk", talk))
		h := handler(t, rt, gateway.Config{NoAuth: true})
		start := time.Now()
		for i := range 150 {
			require.Equal(t, 200, ask(h, "POST", invokePath, envelope, "X-Request-ID", fmt.Sprint("r", i)).Code)
			time.Sleep(time.Second)
		}
		export := func(query string) [][]string {
			w := ask(h, "GET", base+"/functions/"+idOf(t, rt, "talk")+"/logs/export?"+query, "")
			require.Equal(t, 200, w.Code)
			require.Equal(t, "text/csv; charset=utf-8", w.Header().Get("Content-Type"))
			lines := csv.NewReader(w.Body)
			lines.Comma = ';'
			all, err := lines.ReadAll()
			require.NoError(t, err)
			require.Equal(t, []string{"lambdaUUID", "requestID", "timestamp", "level", "message", "extras"}, all[0])
			return all[1:]
		}
		assert.Len(t, export(""), 500)
		assert.Equal(t, "r149", export("")[499][1])
		assert.Empty(t, export("filterLevels=Debug")) // kept by nobody
		at := func(seconds int) string {
			return fmt.Sprint(start.Add(time.Duration(seconds) * time.Second).UnixMilli())
		}
		one := export("startTimestamp=" + at(149) + "&endTimestamp=" + at(150))
		require.Len(t, one, 5)
		var have []string
		for _, line := range one {
			have = append(have, line[3]+" "+line[4])
		}
		assert.Equal(t, []string{"Info 1: \"a\";\nb", "Info 2: \"a\";\nb", "Warn 3: \"a\";\nb", "Error 4: \"a\";\nb", "Error 5: \"a\";\nb"}, have)
		assert.Equal(t, "2000-01-01T00:02:29.000Z", one[0][2])
		some := export("startTimestamp=" + at(149) + "&filterLevels=Warn&filterLevels=Info")
		require.Len(t, some, 3)
		assert.Equal(t, "Warn", some[2][3])
	})
}

// Neither who invokes nor what a function logs has a spreadsheet compute.
func TestLogExportHasNoFormulas(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"'=1": "''=1", "''-": "'''-", "it's": "it's", "'quoted'": "'quoted'", "a=1": "a=1", "": "", "'": "'",
	} {
		rt := runtime(t, faas.On(command, "talk", func(ctx context.Context, _ commandCall) (events.Reply, error) {
			faas.Log(ctx).Info(text)
			return events.Reply{}, nil
		}))
		h := handler(t, rt, gateway.Config{NoAuth: true})
		require.Equal(t, 200, ask(h, "POST", invokePath, envelope, "X-Request-ID", "=cmd|'x'!A1").Code)
		lines := csv.NewReader(ask(h, "GET", base+"/functions/"+idOf(t, rt, "talk")+"/logs/export", "").Body)
		lines.Comma = ';'
		all, err := lines.ReadAll()
		require.NoError(t, err)
		require.Len(t, all, 2)
		assert.Equal(t, want, all[1][4])
		assert.Equal(t, "'=cmd|'x'!A1", all[1][1])
	}
}
