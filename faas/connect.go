package faas

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/afterword-go/afterword/events"
)

// The longest name and description of a function, in characters (platform
// documentation, second generation).
const (
	maxName        = 50
	maxDescription = 200
)

// A connector collects the functions of a config and all that is wrong with
// them.
type connector struct {
	rt        *Runtime
	functions []Function
	owners    map[string]string          // who has a name, by name
	holders   map[string][]events.Holder // by event
	faults    []error
}

// connect gives all functions of a config, in order.
func (rt *Runtime) connect(config Config) ([]Function, error) {
	c := &connector{rt: rt, owners: map[string]string{}, holders: map[string][]events.Holder{}}
	c.bounds(config)
	c.builders(config.Builders)
	c.all("", config.Functions)
	for i, p := range config.Plugins {
		if p == nil {
			c.fault(fmt.Sprintf("plugin %d", i+1), errors.New("is nil"))
			continue
		}
		place := fmt.Sprintf("plugin %d (%T)", i+1, p)
		functions, failure := contributions(p)
		if failure != nil {
			c.fault(place, &Error{Code: CodeCrashed, crash: failure})
			continue
		}
		c.all(place+", ", functions)
	}
	return c.functions, errors.Join(c.faults...)
}

// bounds checks the numbers of a config.
func (c *connector) bounds(config Config) {
	if config.Timeout < 0 {
		c.fault("timeout", fmt.Errorf("%v is negative; zero is %v", config.Timeout, DefaultTimeout))
	}
	for _, event := range slices.Sorted(maps.Keys(config.Timeouts)) {
		if limit := config.Timeouts[event]; limit <= 0 {
			c.fault("timeout", fmt.Errorf("%v for event %s is not positive", limit, event))
		}
		if _, err := c.rt.registry.Lookup(event); err != nil {
			c.fault("timeout", err)
		}
	}
	if config.MaxAbandoned < 0 {
		c.fault("abandoned", fmt.Errorf("%d is negative; zero is %d", config.MaxAbandoned, DefaultMaxAbandoned))
	}
	var err error
	if c.rt.admission, err = newAdmission(config.Concurrency, config.Queue); err != nil {
		c.fault("concurrency", err)
	}
	for i, o := range config.Observe {
		if o == nil {
			c.fault(fmt.Sprintf("observer %d", i+1), errors.New("is nil"))
		}
	}
}

// builders takes the builders of a config.
func (c *connector) builders(builders []Builder) {
	for i, b := range builders {
		place := fmt.Sprintf("builder %d", i+1)
		if err := c.rt.holds(b.kind); err != nil {
			c.fault(place, err)
			continue
		}
		event := b.kind.ID()
		switch _, twice := c.rt.builders[event]; {
		case b.build == nil:
			c.fault(place, errors.New("has no Go function; make it with Build and a function that is not nil"))
		case twice:
			c.fault(place, fmt.Errorf("event %s has a builder already", event))
		default:
			c.rt.builders[event] = b
		}
	}
}

// all adds the functions of the config or of one plugin.
func (c *connector) all(source string, functions []Function) {
	for i, f := range functions {
		c.add(fmt.Sprintf("%sfunction %d", source, i+1), source, f)
	}
}

// add adds a function, or tells all that is wrong with it. A function takes
// its place on the event whatever else is wrong with it: so mending the one
// fault does not uncover another.
func (c *connector) add(place, source string, f Function) {
	holder := place
	named, taken := validName(f.name), ""
	if named {
		taken = c.owners[f.name]
		holder = f.name
		place = fmt.Sprintf("%sfunction %q", source, f.name)
	} else {
		c.fault(place, fmt.Errorf("the name %.60q must be 1 to %d letters, digits and underscores", f.name, maxName))
	}
	switch {
	case taken != "":
		c.fault(place, fmt.Errorf("%s has this name; give each its own", taken))
	case named:
		c.owners[f.name] = place
	}
	if f.call == nil {
		c.fault(place, errors.New("has no Go function; make it with On and a function that is not nil"))
	}
	if n := utf8.RuneCountInString(f.description); n > maxDescription {
		c.fault(place, fmt.Errorf("the description has %d characters; keep it to %d", n, maxDescription))
	}
	if err := c.rt.accepts(f); err != nil {
		c.fault(place, err)
		return
	}
	if taken != "" {
		return
	}
	if f.noEvent {
		c.functions = append(c.functions, f)
		return
	}
	candidate := events.Holder{Function: holder, Skills: f.skills}
	if err := events.CheckLimit(f.kind, c.holders[f.Event()], candidate); err != nil {
		c.fault(place, err)
		return
	}
	c.holders[f.Event()] = append(c.holders[f.Event()], candidate)
	c.functions = append(c.functions, f)
}

func (c *connector) fault(place string, err error) {
	c.faults = append(c.faults, fmt.Errorf("%s: %w", place, err))
}

// accepts tells why a function cannot be run at all: nil if it can.
func (rt *Runtime) accepts(f Function) error {
	switch {
	case !f.noEvent:
		return rt.holds(f.kind)
	case len(f.skills) > 0:
		return errors.Join(f.kind.Err(), errors.New("has skills, which go with an event: let it name none"))
	}
	return f.kind.Err()
}

// holds tells why a kind is not in the registry: nil if it is.
func (rt *Runtime) holds(kind events.AnyKind) error {
	if kind == nil {
		return errors.New("the event's kind is nil")
	}
	held, err := rt.registry.Lookup(kind.ID())
	if err != nil {
		return err
	}
	if held != kind {
		return fmt.Errorf("the registry holds another kind %s; use that one", kind.ID())
	}
	return nil
}

// validName says whether a function's name is one (platform's command line:
// ^\w+$, and no more than 50 characters).
func validName(name string) bool {
	bad := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_'
	}
	return name != "" && len(name) <= maxName && !strings.ContainsFunc(name, bad)
}
