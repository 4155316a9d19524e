package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	json2 "github.com/go-json-experiment/json"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/schedule"
)

// A scheduleV1 is a schedule as the first generation has it (public command
// line), and with what this library knows beside.
type scheduleV1 struct {
	UUID       string `json:"uuid"`
	LambdaUUID string `json:"lambdaUUID"`
	scheduleFacts
}

// A scheduleV2 is a schedule as the second generation has it.
type scheduleV2 struct {
	ID           string          `json:"id"`
	FunctionUUID string          `json:"functionUuid"`
	TimeZone     string          `json:"timeZone"`
	Body         *invocationBody `json:"invocationBody,omitempty"` // for those who may schedule
	scheduleFacts
}

// scheduleFacts are what both have. Times that there are not are null.
type scheduleFacts struct {
	Cron        string    `json:"cronExpression"`
	Active      bool      `json:"isActive"`
	Description string    `json:"description"`
	LastFailed  bool      `json:"didLastExecutionFail"`
	LastCode    faas.Code `json:"lastExecutionCode,omitempty"`
	Missed      int64     `json:"missedExecutions"`
	Running     bool      `json:"isRunning"`
	Last        *string   `json:"lastExecution"`
	Next        *string   `json:"nextExecution"`
	CreatedAt   string    `json:"createdAt"`
	CreatedBy   string    `json:"createdBy"`
	UpdatedAt   string    `json:"updatedAt"`
	UpdatedBy   string    `json:"updatedBy"`
}

// An invocationBody is what a scheduled function gets. The headers are a map
// there; of several headers with one name it has the last.
type invocationBody struct {
	Headers map[string]string `json:"headers"`
	Payload json.RawMessage   `json:"payload"`
}

// timeZone is that of all schedules.
const timeZone = "Etc/UTC"

func factsOf(s schedule.Schedule) scheduleFacts {
	return scheduleFacts{
		Cron: s.Cron, Active: s.Active, Description: s.Description, LastFailed: s.LastFailed, LastCode: s.LastCode,
		Missed: s.Missed, Running: s.Running, Last: timeOrNull(s.Last), Next: timeOrNull(s.Next),
		CreatedAt: isoTime(s.CreatedAt), CreatedBy: s.CreatedBy, UpdatedAt: isoTime(s.UpdatedAt), UpdatedBy: s.UpdatedBy,
	}
}

func timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := isoTime(t)
	return &text
}

// scheduleOf is a schedule in the words of the request's generation. What its
// function gets is shown to those alone who may schedule.
func (h *Handler) scheduleOf(req *request, s schedule.Schedule) any {
	if req.generation == first {
		return scheduleV1{s.ID, s.Function, factsOf(s)}
	}
	shown := scheduleV2{s.ID, s.Function, timeZone, nil, factsOf(s)}
	if h.auth == nil || req.caller.may(toSchedule) {
		shown.Body = bodyOf(s)
	}
	return shown
}

func bodyOf(s schedule.Schedule) *invocationBody {
	body := &invocationBody{Headers: map[string]string{}, Payload: s.Payload}
	for _, header := range s.Headers {
		body.Headers[header.Key] = header.Value
	}
	if body.Payload == nil {
		body.Payload = []byte("{}")
	}
	return body
}

func (h *Handler) listSchedules(req *request) (answer, error) {
	all := []any{}
	for _, s := range h.schedules.Schedules() {
		all = append(all, h.scheduleOf(req, s))
	}
	return asJSON(http.StatusOK, all)
}

func (h *Handler) schedule(req *request) (answer, error) {
	s, err := h.schedules.Schedule(req.PathValue("uuid"))
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, h.scheduleOf(req, s))
}

// A scheduleBody is what the clients send to create or to change a schedule, in
// either generation. What is not there stays as it is.
type scheduleBody struct {
	Lambda      *string   `json:"lambdaUUID"`
	Function    *string   `json:"functionUuid"`
	Cron        *string   `json:"cronExpression"`
	Active      *bool     `json:"isActive"`
	Description *string   `json:"description"`
	TimeZone    *string   `json:"timeZone"`
	Body        *givenRun `json:"invocationBody"`
}

type givenRun struct {
	Headers *givenHeaders   `json:"headers"`
	Payload json.RawMessage `json:"payload"`
}

// givenHeaders are headers by name. The names are the client's words: an error
// about one of the texts is one about them all, which repeats no name.
type givenHeaders map[string]string

// UnmarshalJSON reads an object of texts.
func (h *givenHeaders) UnmarshalJSON(data []byte) error {
	if json2.Unmarshal(data, (*map[string]string)(h)) != nil {
		return errors.New("must be an object of texts")
	}
	return nil
}

// readSchedule reads the body of a request.
func (r *request) readSchedule() (schedule.Edit, error) {
	var body scheduleBody
	if err := r.decode(&body); err != nil {
		return schedule.Edit{}, err
	}
	if zone := value(body.TimeZone); zone != "" && zone != timeZone && zone != "UTC" {
		return schedule.Edit{}, refuse(faas.CodeInvalid, "the time zone must be %s: times of schedules are in UTC", timeZone)
	}
	edit := schedule.Edit{Function: body.Function, Cron: body.Cron, Active: body.Active, Description: body.Description}
	if r.generation == first {
		edit.Function = body.Lambda
	}
	if body.Body != nil {
		if body.Body.Headers != nil {
			headers := headersOf(*body.Body.Headers)
			edit.Headers = &headers
		}
		if p := body.Body.Payload; p != nil && string(p) != "null" {
			edit.Payload = &body.Body.Payload
		}
	}
	return edit, nil
}

// headersOf are headers by name, in the order of the names.
func headersOf(named map[string]string) []events.Header {
	headers := []events.Header{}
	for key, value := range named {
		headers = append(headers, events.Header{Key: key, Value: value})
	}
	slices.SortFunc(headers, func(a, b events.Header) int { return strings.Compare(a.Key, b.Key) })
	return headers
}

// createSchedule makes a schedule, which is active unless the client says
// otherwise.
func (h *Handler) createSchedule(req *request) (answer, error) {
	given, err := req.readSchedule()
	if err != nil {
		return answer{}, err
	}
	s, err := h.schedules.Create(req.Context(), schedule.Draft{
		Function: value(given.Function), Cron: value(given.Cron), Description: value(given.Description),
		Active: given.Active == nil || *given.Active, Headers: value(given.Headers), Payload: value(given.Payload),
	})
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, h.scheduleOf(req, s))
}

func (h *Handler) updateSchedule(req *request) (answer, error) {
	edit, err := req.readSchedule()
	if err != nil {
		return answer{}, err
	}
	s, err := h.schedules.Update(req.Context(), req.PathValue("uuid"), edit)
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, h.scheduleOf(req, s))
}

func (h *Handler) removeSchedule(req *request) (answer, error) {
	if err := h.schedules.Delete(req.Context(), req.PathValue("uuid"), 0); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, nil
}
