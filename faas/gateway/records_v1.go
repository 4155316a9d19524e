package gateway

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A lambdaV1 is a function as the first generation has it (public command line
// and client). One of the clients takes no further fields in the objects
// within it.
type lambdaV1 struct {
	UUID           string           `json:"uuid"`
	Version        int              `json:"version"`
	Name           string           `json:"name"`
	Description    string           `json:"description"`
	EventID        string           `json:"eventId,omitempty"`
	Skills         []string         `json:"skills,omitempty"`
	SamplePayload  samplePayload    `json:"samplePayload"`
	State          faas.State       `json:"state"`
	Runtime        runtimeV1        `json:"runtime"`
	CreatedAt      string           `json:"createdAt"`
	UpdatedAt      string           `json:"updatedAt"`
	CreatedBy      string           `json:"createdBy"`
	UpdatedBy      string           `json:"updatedBy"`
	LastDeployment *deploymentV1    `json:"lastDeployment,omitempty"`
	Implementation implementationV1 `json:"implementation"`
}

type runtimeV1 struct {
	UUID          string `json:"uuid"`
	Name          string `json:"name"`
	BaseImageName string `json:"baseImageName"`
}

// thisRuntime is the only runtime there is.
func thisRuntime() runtimeV1 {
	return runtimeV1{UUID: "5b6c2f5e-0a0f-4a43-8a25-6d1f2c3f9d10", Name: runtimeName, BaseImageName: runtimeName}
}

const runtimeName = "afterword"

type implementationV1 struct {
	Code                 string     `json:"code"`
	Dependencies         []struct{} `json:"dependencies"`
	EnvironmentVariables []struct{} `json:"environmentVariables"`
}

// A deploymentV1 is the last time that a function was put into service, or
// failed to be.
type deploymentV1 struct {
	UUID            string             `json:"uuid"`
	Name            string             `json:"name"`
	LambdaUUID      string             `json:"lambdaUUID"`
	LambdaVersion   int                `json:"lambdaVersion"`
	ImageName       string             `json:"imageName"`
	DeploymentState string             `json:"deploymentState"`
	DeploymentError *deploymentErrorV1 `json:"deploymentError,omitempty"`
	CreatedAt       string             `json:"createdAt"`
	UpdatedAt       string             `json:"updatedAt"`
	DeployedAt      string             `json:"deployedAt,omitempty"`
	CreatedBy       string             `json:"createdBy"`
	UpdatedBy       string             `json:"updatedBy"`
}

type deploymentErrorV1 struct {
	Code    string     `json:"errorCode"`
	Message string     `json:"errorMsg"`
	Logs    []struct{} `json:"errorLogs"`
}

// A samplePayload is what an event could bring.
type samplePayload struct {
	Headers []events.Header `json:"headers"`
	Payload json.RawMessage `json:"payload"`
}

// samplePayloads are those of the kinds, by wire ID.
func samplePayloads(kinds *events.Registry) map[string]samplePayload {
	all := map[string]samplePayload{}
	for kind := range kinds.All() {
		sample := samplePayload{Headers: []events.Header{}, Payload: []byte("{}")}
		if env, err := events.DecodeEnvelope(kind.Sample()); err == nil { // a kind may have none
			sample.Payload = env.Payload
			sample.Headers = append(sample.Headers, env.Headers...)
		}
		all[kind.ID()] = sample
	}
	return all
}

// lambdaOf is a record in the words of the first generation.
func (h *Handler) lambdaOf(r faas.Record) lambdaV1 {
	sample, ok := h.samples[r.Event]
	if !ok { // the store has a function of an event that is no longer there
		sample = samplePayload{Headers: []events.Header{}, Payload: []byte("{}")}
	}
	return lambdaV1{
		UUID: r.ID, Version: r.Version, Name: r.Name, Description: r.Description, EventID: r.Event, Skills: r.Skills,
		SamplePayload: sample, State: r.State, Runtime: thisRuntime(),
		CreatedAt: isoTime(r.CreatedAt), UpdatedAt: isoTime(r.UpdatedAt), CreatedBy: r.CreatedBy, UpdatedBy: r.UpdatedBy,
		LastDeployment: lastDeploymentV1(r),
		Implementation: implementationV1{Code: r.Source, Dependencies: []struct{}{}, EnvironmentVariables: []struct{}{}},
	}
}

// lastDeploymentV1 is nil if nobody has tried to deploy the function.
func lastDeploymentV1(r faas.Record) *deploymentV1 {
	if len(r.Deployments) == 0 && r.Problem == "" {
		return nil
	}
	last := deploymentV1{
		UUID: r.ID, Name: r.Name, LambdaUUID: r.ID, LambdaVersion: r.Version, ImageName: runtimeName, DeploymentState: string(r.State),
		CreatedAt: isoTime(r.UpdatedAt), UpdatedAt: isoTime(r.UpdatedAt), CreatedBy: r.UpdatedBy, UpdatedBy: r.UpdatedBy,
	}
	if len(r.Deployments) > 0 {
		last = deploymentV1Of(r, r.Deployments[0])
	}
	if r.Problem != "" {
		last.DeploymentState = string(r.State)
		last.DeploymentError = &deploymentErrorV1{Code: faas.CodeBuildFailed.V1(), Message: r.Problem, Logs: []struct{}{}}
	}
	return &last
}

func deploymentV1Of(r faas.Record, d faas.Deployment) deploymentV1 {
	updated, state := d.DeployedAt, "Deployed"
	if !d.UndeployedAt.IsZero() {
		updated, state = d.UndeployedAt, "Undeployed"
	}
	return deploymentV1{
		UUID: d.ID, Name: r.Name, LambdaUUID: r.ID, LambdaVersion: d.Version, ImageName: runtimeName, DeploymentState: state,
		CreatedAt: isoTime(d.DeployedAt), UpdatedAt: isoTime(updated), DeployedAt: isoTime(d.DeployedAt),
		CreatedBy: d.DeployedBy, UpdatedBy: cmp.Or(d.DeployedBy, r.UpdatedBy),
	}
}

// isoTime writes a time as the clients read it: with milliseconds, in UTC.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
