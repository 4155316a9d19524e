package outbound

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

const (
	maxName  = 253 // RFC 1035, 2.3.4: 255 on the wire, so 253 when written with dots
	maxLabel = 63  // RFC 1035, 2.3.4
)

// domains is the list of names that may be called, in lower case.
type domains struct {
	names   map[string]bool
	parents map[string]bool // of wildcards: example.org for *.example.org
}

// newDomains reads a list. The error tells all entries that are wrong.
func newDomains(entries []string) (domains, error) {
	d := domains{names: map[string]bool{}, parents: map[string]bool{}}
	first := map[string]int{}
	var faults []error
	for i, entry := range entries {
		place := fmt.Sprintf("Domains[%d]%s", i, shown(entry))
		name, wildcard, err := parseDomain(entry)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", place, err))
			continue
		}
		key := strings.ToLower(entry)
		if j, ok := first[key]; ok {
			faults = append(faults, fmt.Errorf("%s: is Domains[%d] again: leave one out", place, j))
			continue
		}
		first[key] = i
		if wildcard {
			d.parents[name] = true
		} else {
			d.names[name] = true
		}
	}
	return d, errors.Join(faults...)
}

// parseDomain reads an entry of the list. The name of a wildcard is what it
// stands before.
func parseDomain(entry string) (name string, wildcard bool, err error) {
	name, wildcard = strings.CutPrefix(entry, "*.")
	switch {
	case strings.Contains(name, "*"):
		return "", false, errors.New("has a wildcard that is not one whole label at the beginning: write it as in *.example.org")
	case wildcard && !strings.Contains(name, "."):
		return "", false, errors.New("has a wildcard right before the top-level domain: name the domain, as in *.example.org")
	case strings.HasSuffix(name, "."):
		return "", false, errors.New("ends in a dot: leave it out")
	case len(entry) > maxName:
		return "", false, fmt.Errorf("has %d characters, and a name at most %d", len(entry), maxName)
	}
	name, err = parseName(name)
	return name, wildcard, err
}

// parseName reads the name of a host that is neither an address nor of a single
// label, and returns it in lower case.
func parseName(name string) (string, error) {
	if name == "" {
		return "", errors.New("is empty: write a name, as in api.example.com")
	}
	if len(name) > maxName {
		return "", fmt.Errorf("has %d characters, and a name at most %d", len(name), maxName)
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if err := checkLabel(label); err != nil {
			return "", err
		}
	}
	if len(labels) == 1 {
		return "", errors.New("has one label only: write the whole name, as in api.example.com")
	}
	if isNumber(labels[len(labels)-1]) {
		return "", errors.New("ends in a number, as addresses do: write a name, as in api.example.com")
	}
	return strings.ToLower(name), nil // which is ASCII by now
}

func checkLabel(label string) error {
	switch {
	case label == "":
		return errors.New("has two dots in a row, or one at an end: leave it out")
	case len(label) > maxLabel:
		return fmt.Errorf("has a label of %d characters, and a label has at most %d", len(label), maxLabel)
	case label[0] == '-' || label[len(label)-1] == '-':
		return errors.New("has a label with a hyphen at an end: leave it out")
	}
	for _, r := range label {
		if !isPlain(r) {
			return errors.New("has a character that is no letter, digit, hyphen or dot: " +
				"write the name alone, without scheme, port and path, and international names in their xn-- form")
		}
	}
	return nil
}

func isPlain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-'
}

// isNumber tells of a label whether some C library would read it as part of an
// address: a decimal, octal or hexadecimal number.
func isNumber(label string) bool {
	if strings.EqualFold(label, "0x") {
		return true
	}
	if _, err := strconv.ParseUint(label, 0, 64); err == nil {
		return true
	}
	return strings.Trim(label, "0123456789") == ""
}

// has tells whether a name, in lower case, is listed.
func (d domains) has(name string) bool {
	_, parent, _ := strings.Cut(name, ".")
	return d.names[name] || d.parents[parent]
}

// shown quotes an entry for an error if it is no more than a name with stars;
// one who lists a URL may have a password in it.
func shown(entry string) string {
	plain := func(r rune) bool { return isPlain(r) || r == '.' || r == '*' || r == '_' }
	if len(entry) > maxName || strings.TrimFunc(entry, plain) != "" {
		return ""
	}
	return fmt.Sprintf(" %q", entry)
}
