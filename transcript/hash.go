package transcript

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// setHash is the hash of a set, which is worked out once.
type setHash struct {
	once sync.Once
	text string
}

// Hash names what the set decides: "sha256:" and 64 hexadecimal digits. Sets of
// one hash decide alike, as long as the Go code behind them is the same.
//
// It counts the rules of each file, in their order and as rules.Set.Hash does,
// rules in Go by their names, and the domains of RecipientDomains. It does not
// count comments, layout, tests and the names of files.
//
// The first call takes microseconds for each rule; the others take nothing.
func (s *RuleSet) Hash() string {
	s.hash.once.Do(func() {
		var domains []string
		for _, domain := range s.domains {
			domains = append(domains, strings.ToLower(domain))
		}
		slices.Sort(domains)
		parts := slices.Compact(domains)
		parts = append(parts, strconv.Itoa(len(parts)))
		for _, set := range s.files {
			parts = append(parts, set.Hash())
		}
		parts = append(parts, s.funcs.Hash())
		whole := sha256.New()
		_, _ = io.WriteString(whole, strings.Join(parts, "\n")) // a hash takes in anything
		s.hash.text = "sha256:" + hex.EncodeToString(whole.Sum(nil))
	})
	return s.hash.text
}
