package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/schedule"
)

// stores keep functions and their schedules.
type stores struct {
	functions faas.Store
	schedules schedule.Store
	close     func() error
}

// openStores opens what keeps the functions and their schedules: a folder with
// another one in it, or memory.
func (s settings) openStores() (stores, error) {
	if s.data == "" {
		return stores{faas.NewMemory(), schedule.NewMemory(), func() error { return nil }}, nil
	}
	functions, err := faas.OpenDirectory(s.data)
	if err != nil {
		return stores{}, err
	}
	schedules, err := schedule.OpenDirectory(filepath.Join(s.data, "schedules"))
	if err != nil {
		return stores{}, errors.Join(err, functions.Close())
	}
	return stores{functions, schedules, func() error { return errors.Join(schedules.Close(), functions.Close()) }}, nil
}

// scheduler makes what runs functions at times.
func (w *watch) scheduler(ctx context.Context, rt *faas.Runtime, store schedule.Store) (*schedule.Scheduler, error) {
	return schedule.New(ctx, schedule.Config{Functions: rt, Store: store, Observe: w.scheduled, Report: w.unscheduled})
}

// scheduled logs a run of a schedule, but no text of an error: a function's own
// may quote what it got.
func (w *watch) scheduled(run schedule.Run) {
	attrs := []slog.Attr{
		slog.String("schedule", run.Schedule), slog.String("id", run.Function), slog.Time("due", run.Due),
		slog.Float64("seconds", run.End.Sub(run.Start).Seconds()), slog.String("request", run.RequestID),
	}
	level := slog.LevelInfo
	if run.Err != nil { // as an error, a nil *faas.Error would be one
		level = slog.LevelWarn
		attrs = append(attrs, causes(run.Err)...)
	}
	w.log.LogAttrs(context.Background(), level, "ran as scheduled", attrs...)
}

// unscheduled logs that the store of the schedules has failed.
func (w *watch) unscheduled(err error) {
	w.log.Error("schedules wait for their store", "error", err.Error())
}
