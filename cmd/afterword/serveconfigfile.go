package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules"
)

// maxConfig bounds a configuration, and each file that it names, in bytes.
const maxConfig = 1 << 20

// A configFile is a configuration that is being read.
type configFile struct {
	name     string
	problems []rules.Problem
}

// A setter takes the value of a key.
type setter func(*yaml.Node)

// openConfig reads a file as YAML. The error has all that is wrong with the
// YAML: rule files allow no more of it, so that their reader says so.
func openConfig(name string) (*configFile, *yaml.Node, error) {
	data, err := readSmall(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, reason(err))
	}
	if _, err := rules.Format(name, data); err != nil {
		return nil, nil, unquoted(err)
	}
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil || len(document.Content) == 0 {
		return nil, nil, fmt.Errorf("%s: cannot be read as YAML", name)
	}
	return &configFile{name: name}, document.Content[0], nil
}

// unquoted is an error about YAML without the names of aliases, anchors and
// tags: a secret that is not in quotes may look like one.
func unquoted(err error) error {
	var load *rules.LoadError
	if !errors.As(err, &load) {
		return err
	}
	problems := slices.Clone(load.Problems)
	for i := range problems {
		problems[i].Message = yamlName.ReplaceAllString(problems[i].Message, "$1 are")
	}
	return &rules.LoadError{Problems: problems}
}

// yamlName is where such a name is in a message.
var yamlName = regexp.MustCompile(`^(aliases|anchors|tags) \(.*\) are`)

// readSmall reads a file of at most maxConfig bytes.
func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := readBounded(f, maxConfig)
	if err == nil && len(data) > maxConfig {
		err = fmt.Errorf("is larger than %d KiB", maxConfig>>10)
	}
	return data, err
}

// fault tells what is wrong at a place, and never what is there.
func (c *configFile) fault(n *yaml.Node, format string, args ...any) {
	c.problems = append(c.problems, rules.Problem{File: c.name, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
}

func (c *configFile) err() error {
	if len(c.problems) == 0 {
		return nil
	}
	return &rules.LoadError{Problems: c.problems}
}

// group takes a group with these keys and no others.
func (c *configFile) group(keys map[string]setter) setter {
	return func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			c.fault(n, "a group of keys is expected here")
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if set, ok := keys[key.Value]; ok {
				set(n.Content[i+1])
				continue
			}
			hint := ""
			if known, ok := nearest.To(key.Value, maps.Keys(keys)); ok {
				hint = fmt.Sprintf(" (did you mean %s?)", known)
			}
			c.fault(key, "unknown key %.60q%s", key.Value, hint)
		}
	}
}

// list takes a list of what a setter takes.
func (c *configFile) list(entry setter) setter {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			c.fault(n, "a list is expected here")
			return
		}
		for _, one := range n.Content {
			entry(one)
		}
	}
}

// scalar takes a single value, which may not be empty.
func (c *configFile) scalar(take func(*yaml.Node) error) setter {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
			c.fault(n, "a single value is expected here")
			return
		}
		if err := take(n); err != nil {
			c.fault(n, "%v", err)
		}
	}
}

// text takes a text, or a number as it is written.
func (c *configFile) text(to *string) setter {
	return c.scalar(func(n *yaml.Node) error {
		*to = n.Value
		return nil
	})
}

// texts takes one more text of a list.
func (c *configFile) texts(to *[]string) setter {
	return c.scalar(func(n *yaml.Node) error {
		*to = append(*to, n.Value)
		return nil
	})
}

// path takes the path of a file or a folder.
func (c *configFile) path(to *string) setter {
	return c.scalar(func(n *yaml.Node) error {
		*to = c.within(n.Value)
		return nil
	})
}

// paths takes one more path of a list.
func (c *configFile) paths(to *[]string) setter {
	return c.scalar(func(n *yaml.Node) error {
		*to = append(*to, c.within(n.Value))
		return nil
	})
}

// within is a path as seen from the folder of the configuration.
func (c *configFile) within(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.name), path)
}

// file takes a file, by its path.
func (c *configFile) file(take func(path string, data []byte) error) setter {
	return c.scalar(func(n *yaml.Node) error {
		path := c.within(n.Value)
		data, err := readSmall(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, reason(err))
		}
		if err := take(path, data); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
}

// secret takes a file that holds a secret, and maybe a line break behind it.
func (c *configFile) secret(take func(path, secret string) error) setter {
	return c.file(func(path string, data []byte) error {
		secret := strings.TrimRight(string(data), "\r\n")
		if secret == "" {
			return errors.New("holds no secret")
		}
		return take(path, secret)
	})
}
