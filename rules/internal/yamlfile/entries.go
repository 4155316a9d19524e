package yamlfile

import "go.yaml.in/yaml/v4"

// An entry is a key of a mapping with its value.
type entry struct{ key, value *yaml.Node }

// entries lists those of a mapping that Parse has not refused.
func entries(n *yaml.Node) []entry {
	all := make([]entry, 0, len(n.Content)/2)
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if refused(key) || seen[key.Value] {
			continue
		}
		seen[key.Value] = true
		all = append(all, entry{key, n.Content[i+1]})
	}
	return all
}

func refused(key *yaml.Node) bool {
	return key == nil || key.Kind != yaml.ScalarNode || tagged(key) || merges(key)
}

// incomplete tells whether a mapping has keys that Parse refused, so that what
// it lacks may be among them.
func incomplete(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if refused(n.Content[i]) {
			return true
		}
	}
	return false
}

// name tells whether a key is a text, and reports it if it is not.
func (d *Decoder) name(key *yaml.Node, what string) bool {
	switch key.Tag {
	case "!!null":
		d.report(key, "a key of %s is empty: write its name", what)
	case "!!int", "!!float", "!!bool":
		d.report(key, "a key of %s must be a text: put it in quotes", what)
	default:
		return true
	}
	return false
}
