package faas

import (
	"slices"
	"time"
)

// A State is where a function is in its life (platform documentation).
type State string

// The states.
const (
	StateDraft            State = "Draft"             // not deployed
	StateProductive       State = "Productive"        // deployed as it is
	StateModified         State = "Modified"          // deployed, and changed since: the deployed version serves
	StateMarkedUndeployed State = "Marked Undeployed" // taken out of service, and still running
	StateBuildError       State = "Build Error"       // the last deployment could not be built
	StateDeployError      State = "Deploy Error"      // the last deployment was built, and could not be connected
)

// A Record is what a runtime knows of a function.
type Record struct {
	// ID is a UUID. That of a function in Go is made of its name (version 5), so
	// that it is the same in every process; a name of its own is another function.
	ID          string   `json:"id"`
	Name        string   `json:"name"` // unique in the runtime
	Description string   `json:"description,omitempty"`
	Event       string   `json:"event"`            // the wire ID, empty if there is none; it never changes
	Skills      []string `json:"skills,omitempty"` // that the function is for; none is all of them
	// Source is the text that the event's builder makes the function of. A
	// function in Go has none.
	Source string `json:"source,omitempty"`
	InGo   bool   `json:"inGo,omitempty"` // made with On
	// Version counts the sources that there have been, from 1.
	Version int   `json:"version"`
	State   State `json:"state"`
	// Problem says, under StateBuildError and StateDeployError, what is wrong.
	Problem string `json:"problem,omitempty"`
	// Deployments are the last five that succeeded, the newest first.
	Deployments []Deployment `json:"deployments,omitempty"`
	// ConnectedAt is when the function began to serve: it keeps its place among
	// the functions of its event until it is undeployed.
	ConnectedAt time.Time `json:"connectedAt,omitzero"`
	CreatedAt   time.Time `json:"createdAt"`
	CreatedBy   string    `json:"createdBy,omitempty"`
	UpdatedAt   time.Time `json:"updatedAt"`
	UpdatedBy   string    `json:"updatedBy,omitempty"`
	// Revision counts the changes of the record, from 1.
	Revision int64 `json:"revision"`
}

// A Deployment is one time that a function was put into service.
type Deployment struct {
	ID           string    `json:"id"`      // a UUID
	Version      int       `json:"version"` // of the source
	Source       string    `json:"source,omitempty"`
	DeployedAt   time.Time `json:"deployedAt"`
	DeployedBy   string    `json:"deployedBy,omitempty"`
	UndeployedAt time.Time `json:"undeployedAt,omitzero"` // the zero time: not yet
}

// maxDeployments is how many deployments a record keeps (platform
// documentation).
const maxDeployments = 5

// Serving is the deployment in service, if there is one.
func (r Record) Serving() (Deployment, bool) {
	if len(r.Deployments) == 0 || !r.Deployments[0].UndeployedAt.IsZero() {
		return Deployment{}, false
	}
	return r.Deployments[0], true
}

// clone shares nothing with the record. No skills are nil, as a store has it.
func (r Record) clone() Record {
	r.Skills = append([]string(nil), r.Skills...)
	r.Deployments = slices.Clone(r.Deployments)
	return r
}

// A Draft is a function to be created.
type Draft struct {
	Name        string // 1 to 50 letters, digits and underscores
	Description string // at most 200 characters
	Event       string // its wire ID
	Skills      []string
	Source      string // at most 100,000 characters
}

// An Edit changes a function. Nil leaves things as they are.
type Edit struct {
	Name        *string
	Description *string
	Skills      *[]string // counts at once, without a deployment
	Source      *string   // counts when it is deployed
	// Revision is that of the record which the edit was made from: if there have
	// been changes since, it fails with CodeConflict. 0 is any.
	Revision int64
}

// A Filter chooses functions. The zero Filter chooses all.
type Filter struct {
	Event  string  // its wire ID; empty: any
	Name   string  // empty: any
	States []State // any of these; none: any
}

func (f Filter) matches(r Record) bool {
	return (f.Event == "" || f.Event == r.Event) && (f.Name == "" || f.Name == r.Name) &&
		(len(f.States) == 0 || slices.Contains(f.States, r.State))
}
