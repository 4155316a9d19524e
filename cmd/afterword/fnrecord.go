package main

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/afterword-go/afterword/internal/nearest"
)

// A fnRecord is a function in the gateway's words, as far as anybody here wants
// to know. The verbs print it in JSON as well.
type fnRecord struct {
	UUID        string         `json:"uuid"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	EventID     string         `json:"eventId"`
	Skills      []string       `json:"skills,omitempty"`
	State       string         `json:"state"`
	CreatedAt   string         `json:"createdAt"`
	CreatedBy   string         `json:"createdBy,omitempty"`
	UpdatedAt   string         `json:"updatedAt"`
	UpdatedBy   string         `json:"updatedBy,omitempty"`
	Last        *fnDeployment  `json:"lastDeployment,omitempty"`
	Manifest    *fnManifest    `json:"manifest,omitempty"` // not in lists
	Deployments []fnDeployment `json:"deployments,omitempty"`
	Problem     string         `json:"problem,omitempty"`
}

type fnManifest struct {
	Version int    `json:"version"`
	Code    string `json:"code"`
}

// A fnDeployment is one time that a function was put into service.
type fnDeployment struct {
	ID           string `json:"id"`
	Version      int    `json:"manifestVersion"`
	State        string `json:"deploymentState"`
	CreatedBy    string `json:"createdBy,omitempty"`
	DeployedAt   string `json:"deployedAt,omitempty"`
	UndeployedAt string `json:"undeployedAt,omitempty"`
}

// serves tells whether the deployment is the one in service.
func (d *fnDeployment) serves() bool {
	return d != nil && d.DeployedAt != "" && d.UndeployedAt == ""
}

// The states that verbs tell apart.
const (
	stateProductive  = "Productive"
	stateBuildError  = "Build Error"
	stateDeployError = "Deploy Error"
)

// functions lists the functions that a query asks for.
func (c *client) functions(ctx context.Context, query url.Values) ([]fnRecord, error) {
	var all []fnRecord
	err := c.fetch(ctx, ask{method: http.MethodGet, path: []string{"functions"}, query: query}, &all)
	return all, err
}

// on has a verb do something with a function.
func (r *remote) on(ctx context.Context, name string, do func(context.Context, *client, fnRecord) error) error {
	return r.use(ctx, func(ctx context.Context, gate *client) error {
		f, err := gate.find(ctx, name)
		if err != nil {
			return err
		}
		return do(ctx, gate, f)
	})
}

// find finds a function by its name or its UUID.
func (c *client) find(ctx context.Context, name string) (fnRecord, error) {
	all, err := c.functions(ctx, nil)
	if err != nil {
		return fnRecord{}, err
	}
	for _, f := range all {
		if f.Name == name || strings.EqualFold(f.UUID, name) {
			return f, nil
		}
	}
	unknown := fmt.Errorf("function %.60q: there is none on %s", name, c.server)
	if known, ok := nearest.To(name, namesOf(all)); ok {
		unknown = fmt.Errorf("%w (did you mean %s?)", unknown, known)
	}
	return fnRecord{}, &findingsError{unknown}
}

func namesOf(functions []fnRecord) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range functions {
			if !yield(f.Name) {
				return
			}
		}
	}
}

// show fetches all there is about a function.
func (c *client) show(ctx context.Context, id string) (fnRecord, error) {
	var f fnRecord
	if err := c.fetch(ctx, ask{method: http.MethodGet, path: []string{"functions", id}}, &f); err != nil {
		return f, err
	}
	var err error
	if f.Deployments, err = c.deployments(ctx, id); err != nil {
		return f, err
	}
	f.Problem, err = c.problem(ctx, f)
	return f, err
}

// deployments lists the last deployments of a function, the newest first.
func (c *client) deployments(ctx context.Context, id string) ([]fnDeployment, error) {
	var all []fnDeployment
	err := c.fetch(ctx, ask{method: http.MethodGet, path: []string{"deployments", id}}, &all)
	return all, err
}

// problem fetches what kept a function from being deployed, one line each. Only
// the first generation of the routes has it so.
func (c *client) problem(ctx context.Context, f fnRecord) (string, error) {
	if f.State != stateBuildError && f.State != stateDeployError {
		return "", nil
	}
	var list []struct {
		Last *struct {
			Error *struct {
				Message string `json:"errorMsg"`
			} `json:"deploymentError"`
		} `json:"lastDeployment"`
	}
	err := c.fetch(ctx, ask{method: http.MethodGet, path: []string{"lambdas", f.UUID}}, &list)
	if err != nil || len(list) != 1 || list[0].Last == nil || list[0].Last.Error == nil {
		return "", err
	}
	return list[0].Last.Error.Message, nil
}
