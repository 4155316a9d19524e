package gateway

import (
	"net/http"

	"github.com/afterword-go/afterword/faas"
)

// A deployed answers a deployment.
type deployed struct {
	Message string `json:"message"`
	UUID    string `json:"uuid"` // of the function
}

func (h *Handler) deploy(req *request) (answer, error) {
	r, err := h.rt.Deploy(req.Context(), req.PathValue("uuid"))
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, deployed{"function " + r.Name + " is deployed", r.ID})
}

func (h *Handler) undeploy(req *request) (answer, error) {
	r, err := h.rt.Undeploy(req.Context(), req.PathValue("uuid"))
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, deployed{"function " + r.Name + " is undeployed", r.ID})
}

// rollback deploys again what an earlier deployment had in service.
func (h *Handler) rollback(req *request) (answer, error) {
	var body rollbackBody
	if err := req.decode(&body); err != nil {
		return answer{}, err
	}
	r, err := h.rt.Rollback(req.Context(), req.PathValue("uuid"), body.Deployment)
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, deployed{"function " + r.Name + " is deployed as it was", r.ID})
}

// listDeployments lists the last deployment of every function.
func (h *Handler) listDeployments(req *request) (answer, error) {
	functions := h.rt.Functions(req.filter())
	if req.generation == first {
		all := []deploymentV1{}
		for _, r := range functions {
			if d := lastDeploymentV1(r); d != nil {
				all = append(all, *d)
			}
		}
		return asJSON(http.StatusOK, all)
	}
	all := []deploymentV2{}
	for _, r := range functions {
		if d := lastDeploymentV2(r); d != nil {
			all = append(all, *d)
		}
	}
	return asJSON(http.StatusOK, all)
}

// deployments lists the deployments of a function that one can go back to, the
// newest first.
func (h *Handler) deployments(req *request) (answer, error) {
	r, err := h.rt.Function(req.PathValue("uuid"))
	if err != nil {
		return answer{}, err
	}
	if req.generation == first {
		return asJSON(http.StatusOK, mapped(r, deploymentV1Of))
	}
	return asJSON(http.StatusOK, mapped(r, deploymentV2Of))
}

func mapped[D any](r faas.Record, of func(faas.Record, faas.Deployment) D) []D {
	all := make([]D, len(r.Deployments))
	for i, d := range r.Deployments {
		all[i] = of(r, d)
	}
	return all
}

func (h *Handler) countDeployments(*request) (answer, error) {
	_, deployed := h.counts()
	return asJSON(http.StatusOK, deployed)
}

func (h *Handler) countFunctions(*request) (answer, error) {
	total, _ := h.counts()
	return asJSON(http.StatusOK, total)
}

// counts counts the functions, and those in service.
func (h *Handler) counts() (total, deployed int) {
	functions := h.rt.Functions(faas.Filter{})
	for _, r := range functions {
		if _, serving := r.Serving(); serving {
			deployed++
		}
	}
	return len(functions), deployed
}
