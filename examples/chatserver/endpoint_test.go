package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

// A reply is what a request left: the answer, and the lines of the log.
type reply struct {
	*http.Response
	body, log string
}

func request(t *testing.T, d *desk, method, target string, body io.Reader) reply {
	t.Helper()
	var logged bytes.Buffer
	recorder := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), method, "/", body)
	var err error
	r.URL, err = url.Parse("http://example.com" + target) // NewRequest refuses some that a server gets
	require.NoError(t, err)
	(&endpoint{d, log.New(&logged, "", 0)}).ServeHTTP(recorder, r)
	assert.Equal(t, "application/json", recorder.Header().Get("Content-Type"))
	assert.True(t, json.Valid(recorder.Body.Bytes()))
	return reply{recorder.Result(), recorder.Body.String(), logged.String()}
}

// problems are those of a refusal.
func (r reply) problems(t *testing.T) []string {
	t.Helper()
	var refused refusal
	decoder := json.NewDecoder(strings.NewReader(r.body))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&refused))
	return refused.Problems
}

func connected(t *testing.T, o options) *desk {
	t.Helper()
	d, err := connect(o)
	require.NoError(t, err)
	return d
}

func TestPostASurvey(t *testing.T) {
	text := strings.Replace(documented(t), "John Doe", "john doe", 1)
	text = strings.Replace(text, "Below Average", "<"+marker+">", 1)
	got := request(t, connected(t, options{}), http.MethodPost, "/surveys", strings.NewReader(text))
	require.Equal(t, http.StatusOK, got.StatusCode)
	var a answer
	require.NoError(t, json.Unmarshal([]byte(got.body), &a))
	assert.Equal(t, byFunctions, a.DecidedBy)
	assert.Equal(t, []events.TranscriptEmail{
		{TargetEmail: "care-leads@example.com", SenderName: "Example Contact Centre", SenderEmail: "no-reply@example.com", Subject: "Email Transcript Notification"},
		{TargetEmail: "quality@example.com", SenderName: "Example Contact Centre", SenderEmail: "no-reply@example.com", Subject: "Service rated Poor and <" + marker + ">"},
	}, a.Emails)
	require.Len(t, a.Why, 8)
	assert.Equal(t, explained{"unhappy-with-john", "fired", "fired"}, a.Why[0])
	assert.Equal(t, explained{"worst-rating", "not fired", "not fired: csatRank == 1 is false (csatRank = 3)"}, a.Why[1])
	assert.Equal(t, explained{"in-their-own-words", "skipped", "skipped: answer(vars.questions.comment) is absent"}, a.Why[5])
	assert.Equal(t, "200: functions decided, 2 e-mails\n", got.log)
}

func TestNobodyIsToBeTold(t *testing.T) {
	got := request(t, connected(t, options{}), http.MethodPost, "/surveys", strings.NewReader(`{"payload":{}}`))
	assert.Equal(t, http.StatusOK, got.StatusCode)
	assert.Contains(t, got.body, `"emails": [],`)
	assert.Equal(t, "200: functions decided, 0 e-mails\n", got.log)
}

func TestPostToLegacyRules(t *testing.T) {
	got := request(t, connected(t, options{legacy: true}), http.MethodPost, "/surveys", strings.NewReader(documented(t)))
	assert.Equal(t, http.StatusOK, got.StatusCode)
	assert.JSONEq(t, `{"decidedBy":"legacy rules","emails":[
		{"targetEmail":"supervisors@example.com","senderName":"Example Chat Server","senderEmail":"no-reply@example.com","subject":"A chat was rated 3 or less"}]}`, got.body)
	got = request(t, connected(t, options{legacy: true}), http.MethodPost, "/surveys", strings.NewReader(`{"payload":{}}`))
	assert.JSONEq(t, `{"decidedBy":"legacy rules","emails":[]}`, got.body)
}

func TestPostBadSurveys(t *testing.T) {
	d := connected(t, options{})
	for name, c := range badSurveys {
		t.Run(name, func(t *testing.T) {
			got := request(t, d, http.MethodPost, "/surveys", strings.NewReader(c.text))
			want := http.StatusBadRequest
			if name == "two MiB" {
				want = http.StatusRequestEntityTooLarge
			}
			assert.Equal(t, want, got.StatusCode)
			lines := got.problems(t)
			assertPlaces(t, c.places, lines)
			assert.NotContains(t, got.log, marker)
			for _, line := range lines {
				assert.Contains(t, got.log, ": "+line+"\n")
			}
		})
	}
	cut := io.MultiReader(strings.NewReader(strings.Repeat(" ", events.MaxSize+1)), iotest.ErrReader(io.ErrUnexpectedEOF))
	got := request(t, d, http.MethodPost, "/surveys", cut)
	assert.Equal(t, http.StatusRequestEntityTooLarge, got.StatusCode)
	assert.Contains(t, got.log, "413: the rest could not be read: unexpected EOF\n")
	got = request(t, d, http.MethodPost, "/surveys", iotest.ErrReader(io.ErrUnexpectedEOF))
	assert.Equal(t, http.StatusBadRequest, got.StatusCode)
	assert.Equal(t, []string{"read the survey: unexpected EOF"}, got.problems(t))
}

func TestOtherRequests(t *testing.T) {
	d := connected(t, options{})
	for _, c := range []struct {
		method, target string
		status         int
		problem        string
	}{
		{http.MethodGet, "/surveys", http.StatusMethodNotAllowed, "no such method: surveys go to POST /surveys"},
		{http.MethodPut, "/surveys", http.StatusMethodNotAllowed, "no such method: surveys go to POST /surveys"},
		{http.MethodOptions, "/surveys", http.StatusMethodNotAllowed, "no such method: surveys go to POST /surveys"},
		{marker, "/surveys", http.StatusMethodNotAllowed, "no such method: surveys go to POST /surveys"},
		{http.MethodPost, "/", http.StatusNotFound, "no such path: surveys go to POST /surveys"},
		{http.MethodPost, "/surveys/", http.StatusNotFound, "no such path: surveys go to POST /surveys"},
		{http.MethodPost, "//surveys", http.StatusNotFound, "no such path: surveys go to POST /surveys"},
		{http.MethodGet, "/" + marker, http.StatusNotFound, "no such path: surveys go to POST /surveys"},
		{http.MethodPost, "/surveys?event=conversational_comand", http.StatusBadRequest, `unknown event "conversational_comand"; did you mean conversational_command?`},
		{
			http.MethodPost, "/surveys?event=controllerbot_messaging_ttr", http.StatusBadRequest,
			"event controllerbot_messaging_ttr: no function is connected to it, and the legacy rules decide only denver_post_survey_email_transcript",
		},
		{http.MethodPost, "/surveys?event=%" + marker, http.StatusBadRequest, "the query of the URL is broken"},
	} {
		got := request(t, d, c.method, c.target, strings.NewReader(documented(t)))
		assert.Equal(t, c.status, got.StatusCode, "%s %s", c.method, c.target)
		assert.Equal(t, []string{c.problem}, got.problems(t))
		assert.NotContains(t, got.log, marker)
		if c.status == http.StatusMethodNotAllowed {
			assert.Equal(t, http.MethodPost, got.Header.Get("Allow"))
		}
	}
	got := request(t, d, http.MethodPost, "/surveys?event=denver_post_survey_email_transcript", strings.NewReader(documented(t)))
	assert.Equal(t, http.StatusOK, got.StatusCode)
}

func TestARuleFailsBehindTheEndpoint(t *testing.T) {
	got := request(t, connected(t, options{}), http.MethodPost, "/surveys", strings.NewReader(hostile))
	assert.Equal(t, http.StatusInternalServerError, got.StatusCode)
	require.Len(t, got.problems(t), 1)
	assert.Regexp(t, `^transcripts\.rules\.yaml:\d+:\d+: rule "in-their-own-words": `, got.problems(t)[0])
	assert.NotContains(t, got.body+got.log, marker)
	assert.NotContains(t, got.body, "emails")
}

func TestPanicsOfTheServersOwnCode(t *testing.T) {
	d := connected(t, options{legacy: true})
	d.legacy = func(event events.Event[events.PostSurvey]) []events.TranscriptEmail { panic(event.Payload.AgentName) }
	got := request(t, d, http.MethodPost, "/surveys", strings.NewReader(hostile))
	assert.Equal(t, http.StatusInternalServerError, got.StatusCode)
	assert.Equal(t, []string{"the server panicked while it decided"}, got.problems(t))
	assert.NotContains(t, got.body+got.log, marker)
}
