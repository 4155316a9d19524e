package workload

import "math/rand/v2"

// Hostile are events that look for disagreement: texts of the rules in other
// cases, with something around them, cut short, with letters that fold into
// ASCII, and fields at their bounds. With absent, fields may be absent.
func Hostile(s *Set, n int, absent bool) []Event {
	random := rand.New(rand.NewPCG(3, uint64(len(s.Rules))))
	out := make([]Event, n)
	for i := range out {
		from := s.Events[random.IntN(len(s.Events))]
		e := Event{CSATRank: new(1 + random.IntN(5)), Wait: new(1 + random.IntN(640))}
		e.SkillName, e.AgentName = twist(random, from.SkillName), twist(random, from.AgentName)
		if e.SkillName == "" {
			e.SkillName = "\u212a"
		}
		if e.AgentName == "" {
			e.AgentName = "\u017f"
		}
		if absent {
			e = thin(random, e)
		}
		out[i] = e
	}
	return out
}

// twist changes a text somehow.
func twist(random *rand.Rand, text string) string {
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case random.IntN(8) > 0:
		case r == 'k' || r == 'K':
			runes[i] = '\u212a' // the Kelvin sign
		case r == 's' || r == 'S':
			runes[i] = '\u017f' // the long s
		case 'a' <= r && r <= 'z':
			runes[i] = r - 'a' + 'A'
		case 'A' <= r && r <= 'Z':
			runes[i] = r - 'A' + 'a'
		}
	}
	switch random.IntN(8) {
	case 0:
		return "Ü" + string(runes)
	case 1:
		return string(runes) + " & more"
	case 2:
		return string(runes[:len(runes)/2])
	case 3:
		return "S" + string(runes) + text
	}
	return string(runes)
}

// thin leaves out fields.
func thin(random *rand.Rand, e Event) Event {
	if random.IntN(4) == 0 {
		e.CSATRank = nil
	}
	if random.IntN(4) == 0 {
		e.SkillName = ""
	}
	if random.IntN(4) == 0 {
		e.AgentName = ""
	}
	if random.IntN(4) == 0 {
		e.Wait = nil
	}
	return e
}
