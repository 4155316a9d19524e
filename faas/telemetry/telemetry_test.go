package telemetry_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/telemetry"
)

const secret = "what the customer said"

// A station records what a runtime with four functions tells.
type station struct {
	*faas.Runtime
	spans  *tracetest.SpanRecorder
	reader *sdkmetric.ManualReader
	tracer trace.Tracer
}

func newStation(t *testing.T) station {
	t.Helper()
	s := station{spans: tracetest.NewSpanRecorder(), reader: sdkmetric.NewManualReader()}
	traces := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(s.spans))
	s.tracer = traces.Tracer("test")
	observe, err := telemetry.Observer(traces, sdkmetric.NewMeterProvider(sdkmetric.WithReader(s.reader)))
	require.NoError(t, err)
	on := func(name, skill string, fn func(context.Context) error) faas.Function {
		return faas.On(events.MessagingTTR, name, func(ctx context.Context, _ events.Event[events.Messaging]) (events.Commands, error) {
			return nil, fn(ctx)
		}, faas.Skills(skill))
	}
	s.Runtime, err = faas.New(faas.Config{Timeout: 20 * time.Millisecond, Observe: []faas.Observer{observe}, Functions: []faas.Function{
		on("fine", "1", func(ctx context.Context) error {
			_, span := s.tracer.Start(ctx, "inside")
			span.End()
			return nil
		}),
		on("broken", "2", func(context.Context) error { return errors.New(secret) }),
		on("slow", "3", func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}),
	}})
	require.NoError(t, err)
	return s
}

func (s station) invoke(ctx context.Context, skill string) error {
	_, err := s.Invoke(ctx, events.MessagingTTR.ID(), events.Envelope{}, faas.ForSkill(skill), faas.WithRequestID("r1"))
	return err
}

func TestSpans(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	ctx, outer := s.tracer.Start(t.Context(), "outer")
	require.NoError(t, s.invoke(ctx, "1"))
	require.Error(t, s.invoke(ctx, "2"))
	outer.End()

	inside, fine, broken := s.spans.Ended()[0], s.spans.Ended()[1], s.spans.Ended()[2]
	assert.Equal(t, []string{"inside", "fine", "broken"}, []string{inside.Name(), fine.Name(), broken.Name()})
	assert.Equal(t, fine.SpanContext().SpanID(), inside.Parent().SpanID())
	assert.Equal(t, outer.SpanContext().SpanID(), fine.Parent().SpanID())
	assert.Equal(t, codes.Unset, fine.Status().Code)
	assert.Equal(t, sdktrace.Status{Code: codes.Error, Description: "failed"}, broken.Status())
	id := s.Functions(faas.Filter{Name: "broken"})[0].ID
	assert.ElementsMatch(t, []attribute.KeyValue{
		attribute.String("faas.name", "broken"), attribute.String("afterword.event", events.MessagingTTR.ID()),
		attribute.String("afterword.function.id", id), attribute.String("afterword.request.id", "r1"), attribute.String("error.type", "failed"),
	}, broken.Attributes())
	assert.Empty(t, broken.Events())
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	for _, skill := range []string{"1", "1", "2", "3"} {
		err := s.invoke(t.Context(), skill)
		assert.Equal(t, skill == "1", err == nil)
	}
	trial, err := s.Try(t.Context(), s.Functions(faas.Filter{Name: "fine"})[0].ID, events.Envelope{})
	require.NoError(t, err)
	require.Nil(t, trial.Err)

	var got metricdata.ResourceMetrics
	require.NoError(t, s.reader.Collect(t.Context(), &got))
	text, err := json.Marshal(got)
	require.NoError(t, err)
	assert.NotContains(t, string(text), secret)
	assert.Equal(t, []string{
		"faas.errors broken failed 1", "faas.errors slow timed out 1",
		"faas.invocations fine  2",
		"faas.invoke_duration broken failed 1", "faas.invoke_duration fine  2", "faas.invoke_duration slow timed out 1",
		"faas.timeouts slow timed out 1",
	}, counts(got))
}

// counts lists what was measured: the metric, the function, the code and how
// often.
func counts(got metricdata.ResourceMetrics) []string {
	var out []string
	add := func(name string, of attribute.Set, n any) {
		function, _ := of.Value("faas.name")
		code, _ := of.Value("error.type")
		out = append(out, fmt.Sprintf("%s %s %s %d", name, function.AsString(), code.AsString(), n))
	}
	for _, m := range got.ScopeMetrics[0].Metrics {
		switch data := m.Data.(type) {
		case metricdata.Sum[int64]:
			for _, p := range data.DataPoints {
				add(m.Name, p.Attributes, p.Value)
			}
		case metricdata.Histogram[float64]:
			for _, p := range data.DataPoints {
				add(m.Name, p.Attributes, p.Count)
			}
		}
	}
	slices.Sort(out)
	return out
}

// brokenMeters makes no instruments.
type brokenMeters struct{ noop.MeterProvider }

func (brokenMeters) Meter(string, ...metric.MeterOption) metric.Meter { return brokenMeter{} }

type brokenMeter struct{ noop.Meter }

func (brokenMeter) Int64Counter(string, ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	return nil, errors.New("no counter")
}

func TestWithoutInstruments(t *testing.T) {
	t.Parallel()
	_, err := telemetry.Observer(sdktrace.NewTracerProvider(), brokenMeters{})
	assert.EqualError(t, err, "no counter\nno counter\nno counter")
}
