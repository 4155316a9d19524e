package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
)

func newFnSchedule(c *cli, r *remote) *cobra.Command {
	verb := &cobra.Command{
		Use:   "schedule VERB",
		Short: "Have functions run at times",
		Long: `Schedule lists, creates, changes and removes the schedules of a gateway. A schedule
runs a function that is in service at times in UTC, not more often than once a minute.

The times are five fields: minute, hour, day of the month, month, day of the week. So
"*/15 8-17 * * 1-5" is every quarter of an hour from 8:00 to 17:45, on working days.
To pause a schedule, and to resume it, is to update it.`,
		Example: `  afterword fn schedule list`,
		RunE: func(verb *cobra.Command, args []string) error {
			if len(args) == 0 {
				return verb.Help()
			}
			return unknownVerb(verb, args)
		},
	}
	verb.AddCommand(newScheduleList(c, r), newScheduleCreate(c, r), newScheduleUpdate(c, r), newScheduleDelete(c, r))
	return verb
}

func newScheduleList(c *cli, r *remote) *cobra.Command {
	verb := &cobra.Command{
		Use:   "list",
		Short: "List the schedules",
		Long: `List lists the schedules with their last and their next run, and how the last one
ended. A time that was not run because it was noticed too late is counted as missed.

In JSON, the output is a list of the gateway's schedules, each with "functionName" if the
function is still there.`,
		Example: `  afterword fn schedule list -o json`,
		Args:    noArguments,
	}
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, _ []string) error {
		return r.use(verb.Context(), func(ctx context.Context, gate *client) error {
			all, err := gate.schedules(ctx)
			if err != nil {
				return err
			}
			return c.listSchedules(out.form, all)
		})
	}
	return verb
}

func (c *cli) listSchedules(form string, all []scheduleRecord) error {
	if form == asJSON {
		return c.printJSON(append([]scheduleRecord{}, all...))
	}
	return c.printTable(func(row func(cells ...any)) {
		row("ID", "FUNCTION", "TIMES", "NEXT", "LAST", "OUTCOME", "MISSED")
		for _, s := range all {
			row(printable(s.ID), orDash(printable(s.Name)), printable(s.Cron), s.next(), second(s.Last), s.outcome(), s.Missed)
		}
	})
}

func (s scheduleRecord) next() string {
	if !s.Active {
		return "paused"
	}
	return second(s.Next)
}

// outcome is how the last run ended.
func (s scheduleRecord) outcome() string {
	switch {
	case s.Failed:
		return printable(strings.TrimSpace("failed " + s.Code))
	case s.Last == "":
		return "-"
	}
	return "succeeded"
}

// A scheduleBody is what to send of a schedule.
type scheduleBody struct {
	Function    *string         `json:"functionUuid,omitempty"`
	Cron        *string         `json:"cronExpression,omitempty"`
	Active      *bool           `json:"isActive,omitempty"`
	Description *string         `json:"description,omitempty"`
	Body        json.RawMessage `json:"invocationBody,omitempty"`
}

// A scheduleFlags is what the flags say of a schedule.
type scheduleFlags struct {
	times, description string
	input              given
}

func (s *scheduleFlags) addFlags(verb *cobra.Command) {
	verb.Flags().StringVar(&s.times, "times", "", "run at these `times` in UTC: five fields, as cron has them")
	verb.Flags().StringVar(&s.description, "description", "", "what the schedule is for, in at most 200 characters")
	verb.Flags().StringVarP(&s.input.name, "event", "e", "", "run with this event: a `FILE` of JSON, an envelope or a payload by itself; - is standard input")
}

// body is what to send: only what was given.
func (s *scheduleFlags) body(verb *cobra.Command, c *cli) (scheduleBody, error) {
	var body scheduleBody
	if verb.Flags().Changed("times") {
		body.Cron = &s.times
	}
	if verb.Flags().Changed("description") {
		body.Description = &s.description
	}
	if s.input.name == "" {
		return body, nil
	}
	data, err := s.input.data(verb.Context(), c.in)
	if err != nil {
		return body, fmt.Errorf("%s: %w", s.input.shown(), reason(err))
	}
	if body.Body, err = scheduledRun(data); err != nil {
		return body, inFront(s.input.shown()+": ", err)
	}
	return body, nil
}

// scheduledRun is what a schedule keeps of an envelope, or of a payload by
// itself: all but the time.
func scheduledRun(data []byte) (json.RawMessage, error) {
	data, err := enveloped(data, time.UnixMilli(0))
	if err != nil {
		return nil, err
	}
	env, err := events.DecodeEnvelope(data)
	if err != nil {
		return nil, err
	}
	headers := map[string]string{}
	for _, h := range env.Headers {
		headers[h.Key] = h.Value
	}
	return encoded(struct {
		Headers map[string]string `json:"headers"`
		Payload json.RawMessage   `json:"payload,omitempty"`
	}{headers, env.Payload})
}

func newScheduleCreate(c *cli, r *remote) *cobra.Command {
	var flags scheduleFlags
	var paused bool
	verb := &cobra.Command{
		Use:   "create NAME --times TIMES",
		Short: "Have a function run at times",
		Long: `Create has a function that is in service run at times in UTC. Each run gets the event,
or an empty one, with the time that the run is for as its timestamp.

In JSON, the output is the schedule.`,
		Example: `  afterword fn schedule create transcripts --times "0 6 * * *" -e examples/chatserver/surveys/01-documented.json`,
		Args:    oneFunction,
	}
	flags.addFlags(verb)
	verb.Flags().BoolVar(&paused, "paused", false, "do not run it before it is resumed")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if flags.times == "" {
			return usagef(`give the times in UTC, such as --times "0 6 * * *" for every day at six`)
		}
		body, err := flags.body(verb, c)
		if err != nil {
			return err
		}
		active := !paused
		body.Active = &active
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			body.Function = &f.UUID
			s := scheduleRecord{}
			if err := gate.change(ctx, http.MethodPost, []string{"schedules"}, body, &s); err != nil {
				return err
			}
			s.Name = f.Name
			return c.tellSchedule(out.form, "created", s)
		})
	}
	return verb
}

// tellSchedule says what a schedule is, now that something was done to it.
func (c *cli) tellSchedule(form, done string, s scheduleRecord) error {
	if form == asJSON {
		return c.printJSON(s)
	}
	next := "paused"
	if s.Active {
		next = "next at " + second(s.Next)
	}
	c.printf("%s: %s, %s, %s\n", c.paint(green, done), printable(s.ID), orDash(printable(s.Name)), next)
	return nil
}

func newScheduleUpdate(c *cli, r *remote) *cobra.Command {
	var flags scheduleFlags
	var pause, resume bool
	verb := &cobra.Command{
		Use:   "update ID [--times TIMES]",
		Short: "Change a schedule",
		Long: `Update changes what its flags say, and leaves the rest as it is. With other times, or
when it is resumed, the function runs next after now. It is no failure if there is
nothing to change. The name of a function will do for the ID of its only schedule.

In JSON, the output is the schedule.`,
		Example: `  afterword fn schedule create transcripts --times "0 6 * * *"
  afterword fn schedule update transcripts --times "0 7 * * 1-5"`,
		Args: oneSchedule,
	}
	flags.addFlags(verb)
	verb.Flags().BoolVar(&pause, "pause", false, "do not run any more")
	verb.Flags().BoolVar(&resume, "resume", false, "run again")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if pause && resume {
			return usagef("give --pause or --resume, not both")
		}
		body, err := flags.body(verb, c)
		if err != nil {
			return err
		}
		if pause || resume {
			body.Active = &resume
		}
		if body.Cron == nil && body.Description == nil && body.Active == nil && body.Body == nil {
			return usagef("give what to change: --times, --event, --description, --pause or --resume")
		}
		return r.onSchedule(verb.Context(), args[0], func(ctx context.Context, gate *client, s scheduleRecord) error {
			done, name := "updated", s.Name
			err := gate.change(ctx, http.MethodPut, []string{"schedules", s.ID}, body, &s)
			var no *refusal
			if errors.As(err, &no) && no.code == codeUnchanged {
				done, err = "unchanged", nil
			}
			if err != nil {
				return err
			}
			s.Name = name
			return c.tellSchedule(out.form, done, s)
		})
	}
	return verb
}

// oneSchedule wants the ID of a schedule, and nothing else.
func oneSchedule(_ *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return usagef("give the ID of a schedule, or the name of its function")
	}
	return nil
}

func newScheduleDelete(c *cli, r *remote) *cobra.Command {
	return &cobra.Command{
		Use:   "delete ID",
		Short: "Remove a schedule",
		Long: `Delete removes a schedule for good. A run that has begun goes on. The name of a
function will do for the ID of its only schedule.`,
		Example: `  afterword fn schedule create transcripts --times "0 6 * * *"
  afterword fn schedule delete transcripts`,
		Args: oneSchedule,
		RunE: func(verb *cobra.Command, args []string) error {
			return r.onSchedule(verb.Context(), args[0], func(ctx context.Context, gate *client, s scheduleRecord) error {
				if _, err := gate.send(ctx, ask{method: http.MethodDelete, path: []string{"schedules", s.ID}}); err != nil {
					return err
				}
				c.printf("%s: %s\n", c.paint(green, "deleted"), printable(s.ID))
				return nil
			})
		},
	}
}
