// Package schedule runs functions at times that cron expressions tell.
//
// # Usage
//
// A scheduler stands beside a runtime. Its schedules may be created, changed and
// deleted at any time; Run is what runs them:
//
//	s, err := schedule.New(ctx, schedule.Config{Functions: rt, Store: store})
//	report, err := s.Create(faas.As(ctx, "ann"), schedule.Draft{
//		Function: function.ID, Cron: "0 9 * * MON-FRI", Active: true, Payload: []byte(`{"to": "care"}`),
//	})
//	err = s.Run(ctx) // until the context ends
//
// Any function may be scheduled that is in service when it is. Most are made with
// faas.NoEvent, and others get their event from nobody but the schedule.
//
// # Expressions
//
// An expression has the five fields of crontab: minute, hour, day of the month,
// month, day of the week, in UTC. A field is a list, parted by commas, of *, of
// numbers, of ranges such as 9-17, and of steps such as */5 and 9-17/2. Months
// and days of the week have English names of three letters, too; Sunday is 0 and
// 7. If both day fields say something, either is enough: 0 0 13 * FRI is each
// 13th and each Friday. A day field says nothing if * is in its list.
//
// Refused are fields of seconds and of years, time zones, names such as @daily
// and @every, ranges that run backwards, the letters that other crons know, and
// days that never come, such as 30 February.
//
// # Meaning of a run
//
// A run is known by its schedule and its due time. Each due time comes to one of
// two ends: it is run once, or it is counted as missed. It is missed if it is
// older than Config.CatchUp, a day mostly, when it is noticed, or if it waits for
// its run when its schedule becomes inactive or gets another expression. All that
// are not so old are run, one after the other, however many. While a schedule is
// not active there are no due times.
//
// Before a run starts, the store has it as begun, and after it how it ended. If
// the store fails at the first, the run waits until it does not. Nothing is run
// twice: not if the function fails, not if it has no place among those that run,
// and not if its process ends.
//
// The function gets the due time as the timestamp of its envelope, and a request
// ID that is made of the schedule's ID and the due time.
//
// A schedule tells whether its last run has failed and with which code. A
// function that is not in service fails, and is asked again when it is due again;
// one that is there no longer makes the schedule inactive.
//
// # Limits
//
// There are 10 schedules, or Config.Limit. Nothing runs more often than once a
// minute. An expression has at most 120 characters, a description 200, a payload
// 8,000 as JSON without blanks; all of this the platform says. The headers have
// at most 8,000 characters. How long a run may take the runtime says, which also
// counts it among its invocations.
//
// # Clock
//
// Due times are the wall clock's. Run looks at it at least twice a minute, and so
// notices when it is changed. Put back, it repeats nothing: schedules wait until
// it has come to where it was. Put forward, it makes up for what it has passed.
// If it was put forward by mistake, and far, schedules would wait long after it
// is put right: create those anew.
//
// # Restarts
//
// The store keeps all there is to know. What came due while nothing ran is made
// up for, as above. A run that had begun when the process ended has failed with
// CodeInterrupted, and is not repeated, since nobody knows how far it came. When
// the context of Run ends, no more runs start, and those that have begun may end.
//
// A store serves one scheduler at a time. If it has another schedule than the
// scheduler knows, for somebody else has changed it, the change that was to be
// made fails with faas.CodeConflict, and the store's counts.
//
// # Concurrency
//
// A Scheduler may be used by several goroutines at once. Runs of several
// schedules go on at once, those of one never do: one that is late waits, and so
// do those after it. (A function that its runtime has abandoned no longer
// counts.) All goroutines are those of Run, one for each run. Whoever looks at
// schedules or changes them waits for the store.
//
// # Errors
//
// Errors of Schedule, Create, Update and Delete are a *faas.Error. Those of the
// store within Run are told to Config.Report.
//
// # Testing
//
// Time follows the clock of package testing/synctest, and Config.Now.
package schedule
