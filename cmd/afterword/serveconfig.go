package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/events"
)

// read reads a configuration into the settings. Paths in it begin at its
// folder. The error has everything that is wrong with it, each at its place.
func (s *settings) read(file string) error {
	c, root, err := openConfig(file)
	if err != nil {
		return err
	}
	c.group(map[string]setter{
		"listen":           c.text(&s.listen),
		"account":          c.text(&s.account),
		"data":             c.path(&s.data),
		"rules":            c.list(c.paths(&s.rules)),
		"recipientDomains": c.list(c.texts(&s.domains)),
		"auth":             c.auth(s),
		"decisionLog":      c.group(map[string]setter{"file": c.path(&s.decisions), "payloads": c.boolean(&s.decisionPayloads)}),
		"tls":              c.group(map[string]setter{"cert": c.path(&s.cert), "key": c.path(&s.key)}),
		"metrics":          c.group(map[string]setter{"listen": c.text(&s.metricsListen)}),
		"limits": c.group(map[string]setter{
			"timeout": c.duration(&s.timeout), "timeouts": c.timeouts(s), "invocation": c.duration(&s.invocation),
			"concurrency": c.count(&s.concurrency), "queue": c.count(&s.queue), "abandoned": c.count(&s.abandoned),
		}),
		"shutdown": c.group(map[string]setter{"drain": c.duration(&s.drain), "grace": c.duration(&s.grace)}),
	})(root)
	return c.err()
}

// timeouts takes a time for each of some events.
func (c *configFile) timeouts(s *settings) setter {
	return func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			c.fault(n, "limits.timeouts must be a group of events, each with its time")
			return
		}
		s.timeouts = map[string]time.Duration{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			event := n.Content[i]
			if _, err := events.Platform().Lookup(event.Value); err != nil {
				c.fault(event, "%v", err)
				continue
			}
			var limit time.Duration
			before := len(c.problems)
			if c.duration(&limit)(n.Content[i+1]); limit == 0 && len(c.problems) == before {
				c.fault(n.Content[i+1], "must be more than 0")
			}
			s.timeouts[event.Value] = limit
		}
	}
}

// duration takes a time such as 30s, which is not negative.
func (c *configFile) duration(to *time.Duration) setter {
	return c.scalar(func(n *yaml.Node) error {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d < 0 {
			return fmt.Errorf("must be a time such as 30s or 500ms")
		}
		*to = d
		return nil
	})
}

// boolean takes true or false.
func (c *configFile) boolean(to *bool) setter {
	return c.scalar(func(n *yaml.Node) error {
		if n.Tag != "!!bool" {
			return fmt.Errorf("must be true or false")
		}
		*to = strings.EqualFold(n.Value, "true")
		return nil
	})
}

// count takes a number from 0.
func (c *configFile) count(to *int) setter {
	return c.scalar(func(n *yaml.Node) error {
		number, err := strconv.Atoi(n.Value)
		if err != nil || number < 0 {
			return fmt.Errorf("must be a whole number from 0")
		}
		*to = number
		return nil
	})
}
