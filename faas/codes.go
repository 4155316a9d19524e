package faas

// A Code tells what kind of failure an Error is. The zero Code is
// CodeGeneral.
type Code string

// The codes. Their texts do not change, and may label metrics.
const (
	CodeGeneral        Code = ""                // none of the others
	CodeBadInput       Code = "bad input"       // the payload could not be decoded
	CodeUnknownEvent   Code = "unknown event"   // the registry has no such kind
	CodeNotImplemented Code = "not implemented" // no function serves the call
	CodeFailed         Code = "failed"          // the function returned an error
	CodeCrashed        Code = "crashed"         // the function panicked or ended its goroutine
	CodeTimedOut       Code = "timed out"       // the function took longer than it may
	CodeCanceled       Code = "canceled"        // the caller's context ended first
	CodeBadResult      Code = "bad result"      // the function's result could not be encoded
	CodeLogLimit       Code = "log limit"       // the function logged more than it may
	CodeOutOfService   Code = "out of service"  // the function ignored its time limit too often
	CodeTooMany        Code = "too many"        // too many invocations at once

	// Of managing functions, and of calling one by its ID.
	CodeUnknownFunction Code = "unknown function" // there is no such function
	CodeNotDeployed     Code = "not deployed"     // the function is not in service
	CodeInvalid         Code = "invalid"          // a name, an event, a text or skills are not as they must be
	CodeBuildFailed     Code = "build failed"     // the event's builder refuses the source
	CodeLimit           Code = "limit"            // the event's places are taken
	CodeDeployed        Code = "deployed"         // what is asked for takes a function that is not in service
	CodeUnchanged       Code = "unchanged"        // there is nothing to change
	CodeConflict        Code = "conflict"         // somebody else has changed the function meanwhile
	CodeStore           Code = "store"            // the store failed
	CodeUnknownSchedule Code = "unknown schedule" // there is no such schedule
)

// A wire is how a code is said to the platform's clients.
type wire struct {
	v1, v2 string
	status int
}

// statusFailed is the platform's own HTTP status for functions that failed.
const statusFailed = 901

// wire is the table of codes (platform documentation and public clients; what
// those leave open is marked).
func (c Code) wire() wire {
	switch c {
	case CodeBadInput:
		return wire{"com.liveperson.faas.es.badinput", "com.liveperson.faas.evg.invalid", 400}
	case CodeUnknownEvent, CodeNotImplemented:
		return wire{"com.liveperson.faas.es.missinglambda", "com.liveperson.faas.function.not-found", 404}
	case CodeFailed:
		return wire{"com.liveperson.faas.handler.custom-failure", "com.customer.faas.function.threw-error", statusFailed}
	case CodeCrashed, CodeBadResult: // a bad result is not documented
		return wire{"com.liveperson.faas.handler.runtime-exception", "com.customer.faas.function.js-runtime-error", statusFailed}
	case CodeLogLimit:
		return wire{"com.liveperson.faas.handler.log-limit-reached", "com.liveperson.faas.function.runtime.limit-reached", statusFailed}
	case CodeTooMany: // the codes are not documented
		return wire{"com.liveperson.faas.es.general", "com.liveperson.faas.evg.general", 429}
	case CodeUnknownFunction, CodeUnknownSchedule: // the second is not documented
		return wire{"com.liveperson.faas.es.missinglambda", "com.liveperson.faas.function.not-found", 404}
	case CodeNotDeployed, CodeOutOfService: // the second is not documented
		return wire{"com.liveperson.faas.es.notdeployed", "com.liveperson.faas.function.not-found", 404}
	case CodeInvalid, CodeBuildFailed, CodeLimit, CodeDeployed: // of the rest of these codes only a word is documented
		return wire{"com.liveperson.faas.fm.contract-error", "com.liveperson.faas.function.validation", 400}
	case CodeUnchanged:
		return wire{"com.liveperson.faas.fm.unchanged", "com.liveperson.faas.function.unchanged", 304}
	case CodeConflict:
		return wire{"com.liveperson.faas.fm.general", "com.liveperson.faas.function.conflict", 409}
	case CodeStore:
		return wire{"com.liveperson.faas.fm.unavailable", "com.liveperson.faas.evg.general", 502}
	case CodeTimedOut:
		return wire{"com.liveperson.faas.handler.executiontime-exceeded", "com.customer.faas.function.execution-exceeded", statusFailed}
	case CodeCanceled: // not documented
		return wire{"com.liveperson.faas.es.general", "com.liveperson.faas.evg.general", 408}
	default:
		return wire{"com.liveperson.faas.es.general", "com.liveperson.faas.evg.general", 500}
	}
}

// String gives the code in words, lower case.
func (c Code) String() string {
	if c == CodeGeneral {
		return "failure"
	}
	return string(c)
}

// V1 is the error code that clients of the platform's first generation know.
func (c Code) V1() string { return c.wire().v1 }

// V2 is the error code that clients of the platform's second generation know.
func (c Code) V2() string { return c.wire().v2 }

// Status is the HTTP status of an answer with this code. Where the function
// has failed, it is the platform's own 901, which HTTP does not know.
func (c Code) Status() int { return c.wire().status }
