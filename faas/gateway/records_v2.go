package gateway

import "github.com/afterword-go/afterword/faas"

// A metaV2 is a function as the second generation has it, without its source
// (public command line).
type metaV2 struct {
	UUID           string        `json:"uuid"`
	Name           string        `json:"name"`
	Description    string        `json:"description"`
	State          faas.State    `json:"state"`
	Skills         []string      `json:"skills,omitempty"`
	EventID        string        `json:"eventId,omitempty"`
	Size           string        `json:"size"`
	IsCompV1       bool          `json:"isCompV1"`
	CreatedAt      string        `json:"createdAt"`
	CreatedBy      string        `json:"createdBy"`
	UpdatedAt      string        `json:"updatedAt"`
	UpdatedBy      string        `json:"updatedBy"`
	LastDeployment *deploymentV2 `json:"lastDeployment,omitempty"`
}

// A functionV2 is a function with its source.
type functionV2 struct {
	metaV2
	Manifest manifestV2 `json:"manifest"`
}

type manifestV2 struct {
	ID                 string   `json:"id"`
	Version            int      `json:"version"`
	Runtime            string   `json:"runtime"`
	Spec               string   `json:"spec"`
	Code               string   `json:"code"`
	CustomDependencies struct{} `json:"customDependencies"`
	Environment        struct{} `json:"environment"`
}

// A deploymentV2 is one time that a function was put into service, or failed to
// be.
type deploymentV2 struct {
	ID              string `json:"id"`
	UUID            string `json:"uuid"`
	FunctionUUID    string `json:"functionUuid"`
	ManifestVersion int    `json:"manifestVersion"`
	DeploymentState string `json:"deploymentState"`
	CreatedAt       string `json:"createdAt"`
	UpdatedAt       string `json:"updatedAt"`
	DeployedAt      string `json:"deployedAt,omitempty"`
	UndeployedAt    string `json:"undeployedAt,omitempty"`
	CreatedBy       string `json:"createdBy"`
	UpdatedBy       string `json:"updatedBy"`
	FunctionSize    string `json:"functionSize"`
}

// The states of deployments that there are here: one takes no time.
const (
	deploymentSucceeded = "successful"
	deploymentFailed    = "failed"
)

// functionSize is that of all functions: none has a machine of its own.
const functionSize = "S"

// metaOf is a record in the words of the second generation, without its source.
func metaOf(r faas.Record) metaV2 {
	return metaV2{
		UUID: r.ID, Name: r.Name, Description: r.Description, State: r.State, Skills: r.Skills, EventID: r.Event, Size: functionSize,
		CreatedAt: isoTime(r.CreatedAt), CreatedBy: r.CreatedBy, UpdatedAt: isoTime(r.UpdatedAt), UpdatedBy: r.UpdatedBy,
		LastDeployment: lastDeploymentV2(r),
	}
}

// functionOf is a record in the words of the second generation.
func functionOf(r faas.Record) functionV2 { return functionV2{metaOf(r), manifestOf(r)} }

// manifestOf is the source of a function. It has the function's own ID: there
// is one at a time.
func manifestOf(r faas.Record) manifestV2 {
	return manifestV2{ID: r.ID, Version: r.Version, Runtime: runtimeName, Spec: "v1.0.0", Code: r.Source}
}

// lastDeploymentV2 is nil if nobody has tried to deploy the function.
func lastDeploymentV2(r faas.Record) *deploymentV2 {
	var last deploymentV2
	switch {
	case len(r.Deployments) > 0:
		last = deploymentV2Of(r, r.Deployments[0])
	case r.Problem != "":
		last = deploymentV2{
			ID: r.ID, UUID: r.ID, FunctionUUID: r.ID, ManifestVersion: r.Version, FunctionSize: functionSize,
			CreatedAt: isoTime(r.UpdatedAt), UpdatedAt: isoTime(r.UpdatedAt), CreatedBy: r.UpdatedBy, UpdatedBy: r.UpdatedBy,
		}
	default:
		return nil
	}
	if r.Problem != "" {
		last.DeploymentState = deploymentFailed
	}
	return &last
}

func deploymentV2Of(r faas.Record, d faas.Deployment) deploymentV2 {
	out := deploymentV2{
		ID: d.ID, UUID: d.ID, FunctionUUID: r.ID, ManifestVersion: d.Version, DeploymentState: deploymentSucceeded, FunctionSize: functionSize,
		CreatedAt: isoTime(d.DeployedAt), UpdatedAt: isoTime(d.DeployedAt), DeployedAt: isoTime(d.DeployedAt),
		CreatedBy: d.DeployedBy, UpdatedBy: d.DeployedBy,
	}
	if !d.UndeployedAt.IsZero() {
		out.UpdatedAt, out.UndeployedAt = isoTime(d.UndeployedAt), isoTime(d.UndeployedAt)
	}
	return out
}
