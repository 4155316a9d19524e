package gateway

// RouteNames names the routes of accounts: the method and the path below the
// account.
func RouteNames() []string {
	var names []string
	for _, r := range append(routes(), scheduleRoutes()...) {
		if r.needs != nothing {
			names = append(names, r.method+" "+r.path[len(base):])
		}
	}
	return names
}
