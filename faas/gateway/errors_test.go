package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// checkError checks an error in the words of a generation.
func checkError(t *testing.T, w *httptest.ResponseRecorder, v1 bool, status int, code faas.Code, message string) {
	t.Helper()
	require.Equal(t, status, w.Code, w.Body.String())
	require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	require.NotEmpty(t, w.Header().Get("X-Request-ID"))
	require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	want := map[string]any{"code": code.V2(), "message": message}
	if v1 {
		want = map[string]any{"errorCode": code.V1(), "errorMsg": message}
	}
	var have map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &have))
	assert.Equal(t, want, have)
}

// Requests that nothing is done for.
func TestRefusals(t *testing.T) {
	t.Parallel()
	h := open(t, faas.On(command, "echo", echo))
	invoke := "POST /events/conversational_command/invoke"
	deep := strings.Repeat("[", 64) + strings.Repeat("]", 64)
	large := `{"payload":"` + strings.Repeat("a", events.MaxSize) + `"}`
	larger := `{"name":"` + strings.Repeat("a", 1<<20) + `"}`
	const noJSON = "the body must be application/json in UTF-8: say so in the header Content-Type"
	const noObject = "the body must be one JSON object in UTF-8, with each key once"
	for name, c := range map[string]struct {
		request string
		body    string
		headers []string
		status  int
		code    faas.Code
		message string
	}{
		"no path":           {"POST /lambdas/x/y/z", "", nil, 404, "", "there is no such path"},
		"root":              {"GET //", "", nil, 404, "", "there is no such path"},
		"dots":              {"GET //api/../healthz", "", nil, 404, "", "there is no such path"},
		"two slashes":       {"GET ///", "", nil, 404, "", "there is no such path"},
		"no event":          {"POST /events//invoke", "", nil, 404, "", "there is no such path"},
		"method":            {"PATCH /events/x/invoke", "", nil, 405, "", "the method must be POST"},
		"methods":           {"PATCH /functions/x", "", nil, 405, "", "the method must be DELETE, GET, HEAD, PUT"},
		"query":             {invoke + "?skillId=%zz", envelope, nil, 400, faas.CodeBadInput, "the query cannot be read: encode it as a form"},
		"semicolon":         {invoke + "?skillId=a;b", envelope, nil, 400, faas.CodeBadInput, "the query cannot be read: encode it as a form"},
		"request ID":        {invoke, envelope, []string{"X-Request-ID", "a b"}, 400, faas.CodeBadInput, "the header X-Request-ID must be at most 128 visible characters"},
		"long request ID":   {invoke, envelope, []string{"X-Request-ID", strings.Repeat("a", 129)}, 400, faas.CodeBadInput, "the header X-Request-ID must be at most 128 visible characters"},
		"no type":           {invoke, envelope, []string{"Content-Type", ""}, 415, faas.CodeBadInput, noJSON},
		"text":              {invoke, envelope, []string{"Content-Type", "text/plain"}, 415, faas.CodeBadInput, noJSON},
		"other alphabet":    {invoke, envelope, []string{"Content-Type", "application/json; charset=latin1"}, 415, faas.CodeBadInput, noJSON},
		"no body":           {invoke, "", nil, 400, faas.CodeBadInput, "is empty; send JSON"},
		"no envelope":       {invoke, "[]", nil, 400, faas.CodeBadInput, "must be an object, not a list"},
		"twice":             {invoke, `{"payload":{"a":1,"a":2}}`, nil, 400, faas.CodeBadInput, "payload: holds a key twice"},
		"too deep":          {invoke, `{"payload":` + deep + `}`, nil, 400, faas.CodeBadInput, "is nested deeper than 64 levels; send less"},
		"too large":         {invoke, large, nil, 413, faas.CodeBadInput, "the body is larger than 256 KiB; send less"},
		"much too large":    {"POST /functions", larger, nil, 413, faas.CodeBadInput, "the body is larger than 1024 KiB; send less"},
		"large test":        {"POST /functions/x/test", large, nil, 413, faas.CodeBadInput, "the body is larger than 256 KiB; send less"},
		"bad test":          {"POST /functions/x/test", "[]", nil, 400, faas.CodeBadInput, "must be an object, not a list"},
		"no function":       {"POST /functions", "", nil, 400, faas.CodeBadInput, "the body must be a JSON object"},
		"list":              {"POST /functions", "[]", nil, 400, faas.CodeBadInput, "the body must be a JSON object"},
		"two":               {"POST /functions", "{}{}", nil, 400, faas.CodeBadInput, noObject},
		"broken":            {"POST /functions", `{"secret":`, nil, 400, faas.CodeBadInput, noObject},
		"key twice":         {"POST /functions", `{"name":"a","name":"b"}`, nil, 400, faas.CodeBadInput, noObject},
		"unknown key twice": {"POST /functions", `{"secret":"a","secret":"b"}`, nil, 400, faas.CodeBadInput, noObject},
		"no UTF-8":          {"POST /functions", `{"name":"` + "\xff" + `"}`, nil, 400, faas.CodeBadInput, noObject},
		"deep":              {"POST /functions", `{"secret":` + deep + `}`, nil, 400, faas.CodeBadInput, "the body nests deeper than 64 levels"},
		"name":              {"POST /functions", `{"name":1}`, nil, 400, faas.CodeBadInput, "the body: name is not of the right type"},
		"skills":            {"POST /functions", `{"skills":["1",2]}`, nil, 400, faas.CodeBadInput, "the body: skills.1 is not of the right type"},
		"code":              {"PUT /functions/x", `{"manifest":{"code":{"secret":1}}}`, nil, 400, faas.CodeBadInput, "the body: manifest.code is not of the right type"},
		"manifest":          {"PUT /functions/x/manifest", `{"code":1}`, nil, 400, faas.CodeBadInput, "the body: code is not of the right type"},
		"deployment":        {"POST /deployments/x/rollback", `{"deployment":1}`, nil, 400, faas.CodeBadInput, "the body: deployment is not of the right type"},
		"nobody":            {"PUT /functions/x", `{}`, nil, 404, faas.CodeUnknownFunction, `unknown function: there is no function "x"`},
		"no manifest":       {"PUT /functions/x/manifest", `{}`, nil, 404, faas.CodeUnknownFunction, `unknown function: there is no function "x"`},
		"nothing to go to":  {"POST /deployments/x/rollback", `{}`, nil, 404, faas.CodeUnknownFunction, `unknown function: there is no function "x"`},
		"none deployed":     {"GET /deployments/x", "", nil, 404, faas.CodeUnknownFunction, `unknown function: there is no function "x"`},
		"no report":         {"GET /reports/invocations/x", "", nil, 404, faas.CodeUnknownFunction, `unknown function: there is no function "x"`},
		"no logs":           {"GET /functions/x/logs/export", "", nil, 404, faas.CodeUnknownFunction, `unknown function: there is no function "x"`},
		"no trial":          {"POST /functions/x/test", `{}`, nil, 404, faas.CodeUnknownFunction, `unknown function: there is no function "x"`},
		"bucket":            {"GET /reports/invocations/x?bucketSize=1", "", nil, 400, faas.CodeBadInput, "bucketSize must be 300, 3600 or 86400 seconds"},
		"start":             {"GET /reports/invocations/x?startTimestamp=a", "", nil, 400, faas.CodeBadInput, "startTimestamp must be milliseconds since 1970"},
		"end":               {"GET /reports/invocationCounts?endTimestamp=-1", "", nil, 400, faas.CodeBadInput, "endTimestamp must be milliseconds since 1970"},
		"far end":           {"GET /reports/invocationCounts?endTimestamp=253402300800000", "", nil, 400, faas.CodeBadInput, "endTimestamp must be milliseconds since 1970"},
		"end before start":  {"GET /reports/invocationCounts?startTimestamp=2&endTimestamp=1", "", nil, 400, faas.CodeBadInput, "endTimestamp lies before startTimestamp"},
		"other origin":      {invoke, envelope, []string{"Sec-Fetch-Site", "cross-site"}, 403, "", "pages of other origins may not do this"},
		"other account":     {"POST //api/account/87654321/events/x/invoke", envelope, nil, 403, "", "the account in the path is not the one that is served here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method, path, _ := strings.Cut(c.request, " ")
			target := base + path
			if absolute, ok := strings.CutPrefix(path, "//"); ok {
				target = "/" + absolute
			}
			w := ask(h, method, target, c.body, c.headers...)
			checkError(t, w, strings.Contains(path, "lambdas"), c.status, c.code, c.message)
			assert.Equal(t, c.status == 405, w.Header().Get("Allow") != "")
			if !strings.Contains(path, "functions") && !strings.Contains(path, "?") {
				checkError(t, ask(h, method, target+"?v=1", c.body, c.headers...), true, c.status, c.code, c.message)
			}
		})
	}
}

// Bodies that do not arrive.
func TestBodiesThatBreakOff(t *testing.T) {
	t.Parallel()
	h := open(t, faas.On(command, "echo", echo))
	for _, c := range []struct {
		err     error
		status  int
		code    faas.Code
		message string
	}{
		{os.ErrDeadlineExceeded, 408, faas.CodeCanceled, "the body took too long to arrive"},
		{io.ErrUnexpectedEOF, 400, faas.CodeBadInput, "the body broke off"},
	} {
		w := askWith(t.Context(), h, "POST", base+"/events/conversational_command/invoke", io.MultiReader(strings.NewReader("{"), iotest.ErrReader(c.err)))
		checkError(t, w, false, c.status, c.code, c.message)
	}
}

// How functions fail, in both generations.
func TestFunctionsThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fn      commandFunc
		status  int
		code    faas.Code
		message string
	}{
		"failed": {func(context.Context, commandCall) (events.Reply, error) {
			return events.Reply{}, errors.New("sold\nout")
		}, 901, faas.CodeFailed, "sold\nout"},
		"bad error":       {func(context.Context, commandCall) (events.Reply, error) { return events.Reply{}, badError{} }, 901, faas.CodeFailed, "(the error panics when asked for its text)"},
		"crashed":         {func(context.Context, commandCall) (events.Reply, error) { panic("secret") }, 901, faas.CodeCrashed, "event conversational_command: function f: crashed: it panicked"},
		"bad result":      {func(context.Context, commandCall) (events.Reply, error) { return events.TextReply("\xff"), nil }, 901, faas.CodeBadResult, "event conversational_command: function f: bad result: result: cannot be written as JSON: it holds invalid UTF-8, raw JSON that is not valid, or a type that has no JSON form"},
		"timed out":       {waits(time.Hour), 901, faas.CodeTimedOut, "event conversational_command: function f: timed out: longer than 10s: context deadline exceeded"},
		"logged too much": {logsMuch, 901, faas.CodeLogLimit, "event conversational_command: function f: log limit: more than 10 log entries, or more than 6000 characters in them: log less"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(command, "f", c.fn)}, Timeout: 10 * time.Second})
				require.NoError(t, err)
				h := handler(t, rt, gateway.Config{NoAuth: true})
				for _, path := range []string{"/events/conversational_command/invoke", "/lambdas/" + idOf(t, rt, "f") + "/invoke"} {
					checkError(t, ask(h, "POST", base+path+"?v=1", envelope), true, c.status, c.code, c.message)
					checkError(t, ask(h, "POST", base+path, envelope), false, c.status, c.code, c.message)
				}
			})
		})
	}
}

type badError struct{}

func (badError) Error() string { panic("no text") }

// waits waits for a time, or for the end of its context.
func waits(d time.Duration) commandFunc {
	return func(ctx context.Context, _ commandCall) (events.Reply, error) {
		select {
		case <-time.After(d):
			return events.TextReply("waited"), nil
		case <-ctx.Done():
			return events.Reply{}, ctx.Err()
		}
	}
}

func logsMuch(ctx context.Context, _ commandCall) (events.Reply, error) {
	for range 11 {
		faas.Log(ctx).Info("again")
	}
	return events.Reply{}, nil
}

// An invocation as a whole has an end, too.
func TestInvocationTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := open(t, faas.On(command, "a", waits(20*time.Second)), faas.On(command, "b", waits(20*time.Second)))
		for _, id := range []string{"", "given"} {
			start := time.Now()
			w := ask(h, "POST", base+"/events/conversational_command/invoke", envelope, "X-Request-ID", id)
			checkError(t, w, false, 408, faas.CodeCanceled, "event conversational_command: function b: canceled: context deadline exceeded")
			assert.Equal(t, gateway.DefaultTimeout, time.Since(start))
		}
		rt := runtime(t)
		record, err := rt.Create(t.Context(), faas.Draft{Name: "f", Event: command.ID(), Source: "wait"})
		require.NoError(t, err)
		start := time.Now()
		w := ask(handler(t, rt, gateway.Config{NoAuth: true, Timeout: time.Second}), "POST", base+"/functions/"+record.ID+"/test", envelope)
		checkError(t, w, false, 408, faas.CodeCanceled, "event conversational_command: function f: canceled: context deadline exceeded")
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// Beyond what may run at a time, clients are to come again.
func TestTooMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(command, "f", waits(time.Second))}, Concurrency: 1})
		require.NoError(t, err)
		h := handler(t, rt, gateway.Config{NoAuth: true})
		path := base + "/events/conversational_command/invoke"
		var first sync.WaitGroup
		first.Go(func() { assert.Equal(t, 200, ask(h, "POST", path, envelope).Code) })
		synctest.Wait()
		w := ask(h, "POST", path+"?v=1", envelope)
		checkError(t, w, true, 429, faas.CodeTooMany, "event conversational_command: too many: too many invocations at once: try again later")
		assert.Equal(t, "1", w.Header().Get("Retry-After"))
		first.Wait()
	})
}

// A store that fails is told of without the machine's secrets.
func TestStoreThatFails(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{Store: fullStore{}, Builders: []faas.Builder{faas.Build(command, built)}})
	require.NoError(t, err)
	var seen []gateway.Exchange
	h := handler(t, rt, gateway.Config{NoAuth: true, Observe: func(_ context.Context, e gateway.Exchange) { seen = append(seen, e) }})
	body := `{"name":"f","eventId":"conversational_command"}`
	checkError(t, ask(h, "POST", base+"/lambdas", body), true, 502, faas.CodeStore, "event conversational_command: function f: store")
	checkError(t, ask(h, "POST", base+"/functions", body), false, 502, faas.CodeStore, "event conversational_command: function f: store")
	require.Len(t, seen, 2)
	require.ErrorContains(t, seen[0].Err, "/disk/is/full")
}

type fullStore struct{}

func (fullStore) Load(context.Context) ([]faas.Record, error) { return nil, nil }
func (fullStore) Save(context.Context, faas.Record) error     { return errors.New("/disk/is/full") }
func (fullStore) Delete(context.Context, string, int64) error { return nil }

// Somebody else's change in between is a conflict.
func TestConflict(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{Store: rivalStore{}, Builders: []faas.Builder{faas.Build(command, built)}})
	require.NoError(t, err)
	w := ask(handler(t, rt, gateway.Config{NoAuth: true}), "POST", base+"/functions", `{"name":"f","eventId":"conversational_command"}`)
	checkError(t, w, false, 409, faas.CodeConflict, "event conversational_command: function f: conflict: the function has been changed meanwhile: look at it again")
}

type rivalStore struct{ fullStore }

func (rivalStore) Save(context.Context, faas.Record) error { return faas.ErrConflict }

// The limit of an event is kept, and who holds its places is told.
func TestLimit(t *testing.T) {
	t.Parallel()
	rt := runtime(t)
	h := handler(t, rt, gateway.Config{NoAuth: true})
	for i := range command.Limit() + 1 {
		w := ask(h, "POST", base+"/functions", fmt.Sprintf(`{"name":"f%d","eventId":"conversational_command","manifest":{"code":"say x"}}`, i))
		require.Equal(t, 200, w.Code)
		w = ask(h, "POST", base+"/deployments/"+idOf(t, rt, fmt.Sprintf("f%d", i)), "")
		if i < command.Limit() {
			require.Equal(t, 200, w.Code)
			continue
		}
		require.Equal(t, 400, w.Code)
		require.Contains(t, w.Body.String(), "holds 30 of 30 functions: f0, f1, ")
	}
	w := ask(h, "GET", base+"/lambdas?state=Deploy%20Error", "")
	require.Contains(t, w.Body.String(), `"deploymentError":{"errorCode":"com.liveperson.faas.fm.contract-error"`)
}

// HEAD is GET without a body.
func TestHead(t *testing.T) {
	t.Parallel()
	h := open(t)
	head, get := ask(h, "HEAD", base+"/events", ""), ask(h, "GET", base+"/events", "")
	assert.Equal(t, 200, head.Code)
	assert.Empty(t, head.Body.String())
	assert.Equal(t, fmt.Sprint(get.Body.Len()), get.Header().Get("Content-Length"))
	assert.Equal(t, get.Header().Get("Content-Length"), head.Header().Get("Content-Length"))
}

// Who sends requests elsewhere learns when.
func TestHealth(t *testing.T) {
	t.Parallel()
	h := open(t, faas.On(command, "echo", echo))
	for _, path := range []string{"/healthz", "/readyz"} {
		w := ask(h, "GET", path, "")
		assert.Equal(t, 200, w.Code)
		assert.JSONEq(t, `{"status":"ok"}`, w.Body.String())
	}
	h.Drain()
	w := ask(h, "GET", "/readyz", "")
	assert.Equal(t, 503, w.Code)
	assert.JSONEq(t, `{"status":"draining"}`, w.Body.String())
	assert.Equal(t, 200, ask(h, "GET", "/healthz", "").Code)
	assert.Equal(t, 200, ask(h, "POST", base+"/events/conversational_command/invoke", envelope).Code)
}

// Clients say which system they are, each generation in its own place.
func TestSource(t *testing.T) {
	t.Parallel()
	var seen gateway.Exchange
	h := handler(t, runtime(t), gateway.Config{NoAuth: true, Observe: func(_ context.Context, e gateway.Exchange) { seen = e }})
	for want, c := range map[string][2]string{
		"shop": {"", "shop"}, "bot": {"bot", ""}, "both": {"both", "one"}, "": {strings.Repeat("a", 129), ""},
		strings.Repeat("a", 128): {"", strings.Repeat("a", 128)},
	} {
		ask(h, "GET", base+"/events/x/isImplemented?externalSystem="+c[1], "", "LP-EventSource", c[0])
		assert.Equal(t, want, seen.Source)
	}
	ask(h, "GET", base+"/events/x/isImplemented?externalSystem=a%0ab", "")
	assert.Empty(t, seen.Source)
}

// Every request is observed, whatever becomes of it.
func TestObserve(t *testing.T) {
	t.Parallel()
	var seen []gateway.Exchange
	rt := runtime(t, faas.On(command, "echo", echo))
	h := handler(t, rt, gateway.Config{NoAuth: true, Observe: func(_ context.Context, e gateway.Exchange) { seen = append(seen, e) }})
	ask(h, "POST", base+"/events/conversational_command/invoke", envelope, "X-Request-ID", "r")
	ask(h, "POST", base+"/events/conversational_command/invoke", envelope, "X-Request-ID", "r")
	ask(h, "GET", base+"/nothing", "")
	ask(h, http.MethodPut, base+"/events", "")
	require.Len(t, seen, 4)
	assert.Positive(t, seen[0].Duration)
	for i := range seen {
		seen[i].Duration = 0
	}
	const route = "/api/account/{account}/events/{event}/invoke"
	assert.Equal(t, gateway.Exchange{Method: "POST", Route: route, Status: 200, RequestID: "r"}, seen[0])
	assert.Equal(t, gateway.Exchange{Method: "POST", Route: route, Status: 200, RequestID: "r", Repeated: true}, seen[1])
	assert.Equal(t, []int{404, 405}, []int{seen[2].Status, seen[3].Status})
	assert.Empty(t, seen[2].Route)
	require.Error(t, seen[2].Err)
	assert.False(t, slices.ContainsFunc(seen, func(e gateway.Exchange) bool { return e.RequestID == "" }))
}

// Without a scheduler, there are no routes to it.
func TestWithoutSchedules(t *testing.T) {
	t.Parallel()
	h, err := gateway.New(runtime(t), gateway.Config{Account: account, NoAuth: true})
	require.NoError(t, err)
	w := ask(h, "GET", base+"/schedules", "")
	assert.Equal(t, 404, w.Code)
	assert.Contains(t, w.Body.String(), "there is no such path")
}
