// Package gateway is the HTTP face of the functions runtime: the routes, the
// bodies and the errors that today's clients of the functions platform know.
//
// # Usage
//
//	key, err := gateway.SecretKey("main", secret)
//	…
//	handler, err := gateway.New(rt, gateway.Config{
//		Account: "12345678",
//		Auth: &gateway.Auth{
//			Signer:  key,
//			Clients: []gateway.Client{{ID: "chat", Secret: …, Scopes: []string{gateway.InvokeScope}}},
//		},
//	})
//	…
//	server := handler.Server()
//	server.Addr = ":8443"
//	err = server.ListenAndServeTLS(certFile, keyFile)
//
// In a ServeMux of one's own, a Handler goes under /api/, /sentinel/, /healthz and
// /readyz; below a prefix, with http.StripPrefix around it.
//
// Server sets the limits without which slow clients hold up all; a server of
// one's own needs them too. To end, call Drain, wait until no requests come any
// more, and call the server's Shutdown.
//
// # Routes
//
// All routes of an account begin with /api/account/{account}, and may end with a
// slash. There are two generations of clients. Paths with functions, and counts,
// are of the second one; paths with lambdas, runtimes and logs are of the first;
// on invocations, events, deployments and the other reports, v=1 in the query
// says that the first generation is meant. A parameter of the query without a
// value counts as not given.
//
//	POST   /events/{event}/invoke           runs the functions of an event: [{uuid, timestamp, result}]
//	POST   /lambdas/{uuid}/invoke           runs one function: its result
//	GET    /events/{event}/isImplemented    {"implemented": true}, or false
//	GET    /lambdas, /functions             lists functions, by eventId, state, name or functionName
//	GET    /lambdas/{uuid}                  a list of one
//	GET    /functions/{uuid}                a function with its manifest
//	POST   /lambdas, /functions             creates a function; its code is a rule file, say
//	PUT    /lambdas/{uuid}                  changes a function; 304 if there is nothing to change
//	PUT    /functions/{uuid}[/manifest]     changes a function, or its code
//	DELETE /lambdas/{uuid}, /functions/…    removes a function that is not deployed
//	POST   /functions/{uuid}/test           runs a function as it is now: {result, logs}
//	GET    /deployments[/{uuid}]            the last deployment of all functions, or the last five of one
//	POST   /deployments/{uuid}              deploys a function; so does PATCH
//	DELETE /deployments/{uuid}              undeploys it
//	POST   /deployments/{uuid}/rollback     deploys again what a {deployment} had in service
//	GET    /schedules[/{uuid}]              the schedules, if there is a scheduler; times are in UTC
//	POST   /schedules                       has a function in service run at times
//	PUT    /schedules/{uuid}                changes a schedule; DELETE removes it
//	GET    /events, /runtimes               what functions can be made for
//	GET    /logs/export?lambdaUUID=…        what a function logged, as text with semicolons
//	GET    /functions/{uuid}/logs/export    the same
//	GET    /reports/invocations/{uuid}      how its invocations ended, in buckets of time
//	GET    /reports/{limit,lambda,invocation}Counts, /functions/count, /deployments/count
//
// Beside the accounts there are POST /sentinel/api/account/{account}/app/token,
// /healthz, and /readyz, which is 503 once Drain was called.
//
// A request ID or a message that begins with =, +, -, @, a tab or a carriage
// return gets a ' in front in an export of logs, so that no spreadsheet takes it
// for a formula; so does one that begins with ' and goes on like that.
//
// # Errors
//
// The first generation gets {"errorCode", "errorMsg"}, and the second one
// {"code", "message"}, with the codes and statuses of faas.Code; 901 says that a
// function has failed. The text of a function's own error goes through as it
// is. No other text repeats what a client sent in its body.
//
// # Requests that are repeated
//
// The answer carries the X-Request-ID of the request, or a new one. If an
// invocation comes again with the same ID, from the same caller, for the same
// thing and with the same body, it does not run again, but gets the first
// answer; if the first one still runs, it waits. So it is for the answers of
// functions alone, good ones and 901: after any other error a repeated request
// runs anew. Such an invocation goes on when its client gives up, for the client
// comes back. A change that is repeated is made again: a schedule is there twice
// then. Callers are told apart by the name and the issuer in their tokens,
// and without a name by the token itself. What is kept is bounded: see Retries. It is kept in the process,
// so that several gateways need a balancer that sends one client to one of them.
//
// # Callers
//
// Callers prove who they are with a JSON Web Token, signed with HS256, RS256 or
// ES256; see Auth. A key goes with one algorithm alone. The token's audience is
// the account, and it must have an end. The scope faas.lambda.invoke or the role
// FaaS-Invocation lets it invoke; FaaS-Developer lets it change, try, deploy and
// schedule functions and read their logs as well; FaaS-Admin lets it schedule
// them; and each role lets it read what there is, but not what a schedule gives
// its function. Without a token that counts the answer is 401, and without the
// role or for another account it is 403.
//
// Clients with a secret fetch tokens at the token route, with a form in the body
// or, as one of the platform's clients does, in the query. Whoever logs requests
// then logs secrets: leave out the query. Nothing slows down those who guess
// secrets; let them be long and random.
//
// Without authentication (NoAuth) anybody who reaches the gateway may do
// anything: let no network reach it. Pages in a browser are kept from it: those
// of other origins may change nothing, and a request must be sent to localhost
// or to an IP address, so that no page can have a name that comes to point here.
//
// # Limits
//
// An envelope has at most 256 KiB (else 413), the body of a change 1 MiB, a token 8 KiB
// and an X-Request-ID 128 characters. Lists and objects nest at most 64 levels
// deep. An invocation lasts at most 35 seconds, or Config.Timeout (else 408).
// Bodies must say that they are application/json (else 415).
//
// # What differs from the platform
//
// There are no secrets and no domains: functions in Go are given theirs when
// they are built. Environment variables and dependencies are skipped. A deployment has
// ended when it is answered. A change that changes nothing is 304 for the first
// generation, and for the second one 400 with a code of its own, for its clients
// read the code. Limits of accounts are reported as the platform's documents
// have them, and not enforced. Tokens for DPoP are refused. There is no service
// discovery: clients are pointed at the gateway by their settings.
//
// # Concurrency
//
// A Handler may be used by several goroutines at once. It starts none but that
// of Serve, which ends with it.
package gateway
