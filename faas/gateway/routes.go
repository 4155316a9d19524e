package gateway

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A generation is one of the two ways to speak that the platform's clients
// have.
type generation uint8

// The generations.
const (
	asked  generation = iota // as the request says: the first with v=1, else the second
	first                    // lambdas; errors with errorCode and errorMsg
	second                   // functions; errors with code and message
)

// base is where the routes of an account begin.
const base = "/api/account/{account}"

// A route is what a gateway answers.
type route struct {
	method string
	path   string
	speaks generation
	needs  permission
	run    func(*Handler, *request) (answer, error)
}

// routes are all that a gateway answers (platform documentation and public
// clients; the rollback is this library's own).
func routes() []route {
	return []route{
		{"POST", base + "/lambdas/{uuid}/invoke", asked, toInvoke, (*Handler).invokeFunction},
		{"POST", base + "/events/{event}/invoke", asked, toInvoke, (*Handler).invokeEvent},
		{"GET", base + "/events/{event}/isImplemented", asked, toInvoke, (*Handler).isImplemented},

		{"GET", base + "/lambdas", first, toRead, (*Handler).listLambdas},
		{"GET", base + "/lambdas/{uuid}", first, toRead, (*Handler).lambda},
		{"POST", base + "/lambdas", first, toChange, (*Handler).createLambda},
		{"PUT", base + "/lambdas/{uuid}", first, toChange, (*Handler).updateLambda},
		{"DELETE", base + "/lambdas/{uuid}", first, toChange, (*Handler).remove},

		{"GET", base + "/functions", second, toRead, (*Handler).listFunctions},
		{"GET", base + "/functions/count", second, toRead, (*Handler).countFunctions},
		{"GET", base + "/functions/{uuid}", second, toRead, (*Handler).function},
		{"POST", base + "/functions", second, toChange, (*Handler).createFunction},
		{"PUT", base + "/functions/{uuid}", second, toChange, (*Handler).updateFunction},
		{"PUT", base + "/functions/{uuid}/manifest", second, toChange, (*Handler).updateManifest},
		{"DELETE", base + "/functions/{uuid}", second, toChange, (*Handler).remove},
		{"POST", base + "/functions/{uuid}/test", second, toChange, (*Handler).test},

		{"GET", base + "/deployments", asked, toRead, (*Handler).listDeployments},
		{"GET", base + "/deployments/count", second, toRead, (*Handler).countDeployments},
		{"GET", base + "/deployments/{uuid}", asked, toRead, (*Handler).deployments},
		{"POST", base + "/deployments/{uuid}", asked, toChange, (*Handler).deploy},
		{"PATCH", base + "/deployments/{uuid}", asked, toChange, (*Handler).deploy},
		{"DELETE", base + "/deployments/{uuid}", asked, toChange, (*Handler).undeploy},
		{"POST", base + "/deployments/{uuid}/rollback", asked, toChange, (*Handler).rollback},

		{"GET", base + "/events", asked, toRead, (*Handler).listEvents},
		{"GET", base + "/runtimes", first, toRead, (*Handler).listRuntimes},

		{"GET", base + "/logs/export", first, toChange, (*Handler).exportLogs},
		{"GET", base + "/functions/{uuid}/logs/export", second, toChange, (*Handler).exportLogs},
		{"GET", base + "/reports/invocations/{uuid}", asked, toRead, (*Handler).reportInvocations},
		{"GET", base + "/reports/limitCounts", first, toRead, (*Handler).reportLimits},
		{"GET", base + "/reports/lambdaCounts", first, toRead, (*Handler).reportLambdas},
		{"GET", base + "/reports/invocationCounts", asked, toRead, (*Handler).reportCounts},

		{"POST", "/sentinel" + base + "/app/token", second, nothing, (*Handler).token},
		{"GET", "/healthz", second, nothing, (*Handler).healthy},
		{"GET", "/readyz", second, nothing, (*Handler).ready},
	}
}

// scheduleRoutes are what a gateway answers that has a scheduler.
func scheduleRoutes() []route {
	return []route{
		{"GET", base + "/schedules", asked, toRead, (*Handler).listSchedules},
		{"POST", base + "/schedules", asked, toSchedule, (*Handler).createSchedule},
		{"GET", base + "/schedules/{uuid}", asked, toRead, (*Handler).schedule},
		{"PUT", base + "/schedules/{uuid}", asked, toSchedule, (*Handler).updateSchedule},
		{"DELETE", base + "/schedules/{uuid}", asked, toSchedule, (*Handler).removeSchedule},
	}
}

// A place is a path with the routes that begin there, by method.
type place struct {
	path    string
	speaks  generation
	methods map[string]route
}

// connect puts the routes where requests look for them. Clients write some
// paths with a slash at the end: all may have one.
func (h *Handler) connect(routes []route) {
	places := map[string]place{}
	for _, r := range routes {
		if _, ok := places[r.path]; !ok {
			places[r.path] = place{r.path, r.speaks, map[string]route{}} // the routes of a place agree
		}
		places[r.path].methods[r.method] = r
		if r.method == http.MethodGet {
			places[r.path].methods[http.MethodHead] = r
		}
	}
	for path, p := range places {
		serve := func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, p) }
		h.mux.HandleFunc(path, serve)
		h.mux.HandleFunc(path+"/{$}", serve)
	}
}

// allow lists the methods of a place.
func (p place) allow() string { return strings.Join(slices.Sorted(maps.Keys(p.methods)), ", ") }

// generation is that of a request at this place.
func (p place) generation(r *http.Request, v string) generation {
	g := p.speaks
	if g == asked && (v == "1" || strings.Contains(r.URL.Path, "/lambdas") && p.path == "") {
		return first
	}
	if g == asked {
		return second
	}
	return g
}
