// Package telemetry tells OpenTelemetry of the functions that a runtime runs:
// a span for each run, and metrics of all.
//
//	observe, err := telemetry.Observer(otel.GetTracerProvider(), otel.GetMeterProvider())
//	…
//	rt, err := faas.New(faas.Config{Functions: functions, Observe: []faas.Observer{observe}})
//
// A span is named after the function, and is a child of the span in the
// context of the invocation; what the function starts is a child of it. The
// metrics are those that the semantic conventions of OpenTelemetry have for
// functions: faas.invocations, faas.errors, faas.timeouts and the histogram
// faas.invoke_duration, in seconds.
//
// Attributes name the function, its ID, its event and, of a failure, its code.
// The request ID is on spans alone. Neither spans nor metrics hold the text of
// an error or anything of a payload. Trials have spans, and do not count.
package telemetry

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/afterword-go/afterword/faas"
)

const scope = "github.com/afterword-go/afterword/faas/telemetry"

// The attributes.
const (
	keyName      = attribute.Key("faas.name")
	keyID        = attribute.Key("afterword.function.id")
	keyEvent     = attribute.Key("afterword.event")
	keyRequest   = attribute.Key("afterword.request.id")
	keyTrial     = attribute.Key("afterword.trial")
	keyAbandoned = attribute.Key("afterword.abandoned")
	keyCode      = attribute.Key("error.type")
)

// instruments are what a run is measured with.
type instruments struct {
	tracer      trace.Tracer
	invocations metric.Int64Counter
	errors      metric.Int64Counter
	timeouts    metric.Int64Counter
	duration    metric.Float64Histogram
}

// Observer makes an observer that tells these providers. It may be used by
// several runtimes. The error joins those of the meter provider.
func Observer(traces trace.TracerProvider, metrics metric.MeterProvider) (faas.Observer, error) {
	meter := metrics.Meter(scope)
	i := &instruments{tracer: traces.Tracer(scope)}
	var errs [4]error
	i.invocations, errs[0] = meter.Int64Counter("faas.invocations", metric.WithUnit("{invocation}"), metric.WithDescription("Runs of functions that succeeded"))
	i.errors, errs[1] = meter.Int64Counter("faas.errors", metric.WithUnit("{error}"), metric.WithDescription("Runs of functions that failed"))
	i.timeouts, errs[2] = meter.Int64Counter("faas.timeouts", metric.WithUnit("{timeout}"), metric.WithDescription("Runs of functions whose time was over"))
	i.duration, errs[3] = meter.Float64Histogram("faas.invoke_duration", metric.WithUnit("s"), metric.WithDescription("How long functions ran"))
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return i.observe, nil
}

func (i *instruments) observe(ctx context.Context, run faas.Run) (context.Context, func(faas.End)) {
	shared := []attribute.KeyValue{keyName.String(run.Function), keyEvent.String(run.Event)}
	own := append(shared[:len(shared):len(shared)], keyID.String(run.ID))
	if run.RequestID != "" {
		own = append(own, keyRequest.String(run.RequestID))
	}
	if run.Trial {
		own = append(own, keyTrial.Bool(true))
	}
	inner, span := i.tracer.Start(ctx, run.Function,
		trace.WithTimestamp(run.Start), trace.WithSpanKind(trace.SpanKindInternal), trace.WithAttributes(own...))
	return inner, func(end faas.End) {
		if end.Err != nil {
			code := keyCode.String(end.Err.Code.String())
			shared = append(shared, code)
			span.SetAttributes(code)
			span.SetStatus(codes.Error, end.Err.Code.String())
		}
		if end.Abandoned {
			span.SetAttributes(keyAbandoned.Bool(true))
		}
		span.End(trace.WithTimestamp(run.Start.Add(end.Duration)))
		if !run.Trial {
			i.count(ctx, end, metric.WithAttributeSet(attribute.NewSet(shared...)))
		}
	}
}

// count counts a run. A timeout is an error as well.
func (i *instruments) count(ctx context.Context, end faas.End, of metric.MeasurementOption) {
	i.duration.Record(ctx, end.Duration.Seconds(), of)
	switch {
	case end.Err == nil:
		i.invocations.Add(ctx, 1, of)
		return
	case end.Err.Code == faas.CodeTimedOut:
		i.timeouts.Add(ctx, 1, of)
	}
	i.errors.Add(ctx, 1, of)
}
