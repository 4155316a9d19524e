package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// A scheduleRecord is a schedule in the gateway's words. The verbs print it in
// JSON as well.
type scheduleRecord struct {
	ID          string          `json:"id"`
	Function    string          `json:"functionUuid"`
	Name        string          `json:"functionName,omitempty"` // looked up here; empty: there is no such function any more
	Cron        string          `json:"cronExpression"`
	Active      bool            `json:"isActive"`
	Description string          `json:"description"`
	Failed      bool            `json:"didLastExecutionFail"`
	Code        string          `json:"lastExecutionCode,omitempty"`
	Missed      int64           `json:"missedExecutions"`
	Last        string          `json:"lastExecution,omitempty"`
	Next        string          `json:"nextExecution,omitempty"`
	Body        json.RawMessage `json:"invocationBody,omitempty"`
}

// schedules lists the schedules with the names of their functions.
func (c *client) schedules(ctx context.Context) ([]scheduleRecord, error) {
	var all []scheduleRecord
	if err := c.fetch(ctx, ask{method: http.MethodGet, path: []string{"schedules"}}, &all); err != nil {
		return nil, err
	}
	functions, err := c.functions(ctx, url.Values{})
	names := map[string]string{}
	for _, f := range functions {
		names[f.UUID] = f.Name
	}
	for i, s := range all {
		all[i].Name = names[s.Function]
	}
	return all, err
}

// schedule finds a schedule by its ID, or by the function that has no other.
func (c *client) schedule(ctx context.Context, name string) (scheduleRecord, error) {
	all, err := c.schedules(ctx)
	if err != nil {
		return scheduleRecord{}, err
	}
	var found []scheduleRecord
	for _, s := range all {
		if strings.EqualFold(s.ID, name) {
			return s, nil
		}
		if s.Name == name {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return scheduleRecord{}, &findingsError{fmt.Errorf("schedule %.60q: there is none on %s: list them with afterword fn schedule list", name, c.server)}
	}
	return scheduleRecord{}, &findingsError{fmt.Errorf("function %.60q has %d schedules: give the ID of one", name, len(found))}
}

// onSchedule has a verb do something with a schedule.
func (r *remote) onSchedule(ctx context.Context, name string, do func(context.Context, *client, scheduleRecord) error) error {
	return r.use(ctx, func(ctx context.Context, gate *client) error {
		s, err := gate.schedule(ctx, name)
		if err != nil {
			return err
		}
		return do(ctx, gate, s)
	})
}
