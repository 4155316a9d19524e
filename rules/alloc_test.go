//go:build !race && !afterword_safe

package rules_test

import "testing"

// TestTextsOfConditionsAllocateNothing is not run with the race detector, which
// empties pools, nor without package unsafe, where texts are copies.
func TestTextsOfConditionsAllocateNothing(t *testing.T) {
	allocateNothing(t,
		`lower(agentName) != "x"`, `upper(agentName) contains "JÖHN"`, `lower(trim(agentName)) in ["jöhn doe", "x"]`,
		`any(questions, lower(.answer) == "late")`, `skillName + "/" + agentName == "x"`, `string(csatRank * 1000) + "x" != agentName`,
		`join(map(questions, .answer), ",") != "x" or true`,
		`len(filter(questions, .answer contains "late")) > 1`, `sum(map(questions, len(.answer ?? ""))) > 7`,
	)
}
