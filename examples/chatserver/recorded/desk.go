package main

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// An envelope is a survey as it comes in.
type envelope struct {
	Timestamp int64    `json:"timestamp"` // in milliseconds
	Headers   []header `json:"headers"`
	Payload   survey   `json:"payload"`
}

type header struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type survey struct {
	Rank    json.RawMessage `json:"csatRank,omitempty"`
	Skill   string          `json:"skillName,omitempty"`
	Agent   string          `json:"agentName,omitempty"`
	Answers []answer        `json:"questionWithAnswers"`
}

type answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// A desk is a contact centre whose customers answer surveys, one after the
// other.
type desk struct {
	random *rand.Rand
	now    time.Time
}

func newDesk(seed uint64) *desk {
	return &desk{rand.New(rand.NewPCG(seed, 0)), time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)}
}

// next is the next survey.
func (d *desk) next() envelope {
	d.wait()
	skill := d.skill()
	agent := skill.agents[d.random.IntN(len(skill.agents))]
	mood := d.mood(skill.mood + agent.mood)
	out := envelope{Timestamp: d.now.UnixMilli(), Headers: d.headers()}
	out.Payload = survey{Rank: d.rank(mood), Skill: d.spelt(skill.name), Agent: agent.name, Answers: d.answers(skill, mood)}
	if d.chance(0.04) {
		out.Payload.Agent = "" // a bot, or a chat that nobody took
	}
	return out
}

// wait lets time pass until the next survey: a minute or so by day, longer at
// night and on Sundays.
func (d *desk) wait() {
	pace := 1.0
	if hour := d.now.Hour(); hour < 7 || hour > 20 {
		pace = 12
	}
	if d.now.Weekday() == time.Sunday {
		pace *= 3
	}
	seconds := d.random.ExpFloat64() * 70 * pace
	d.now = d.now.Add(time.Duration(seconds*1000) * time.Millisecond)
}

// chance is true with a probability.
func (d *desk) chance(p float64) bool { return d.random.Float64() < p }

// about is a number around 0. It and other products are rounded before anything
// is added, so that no processor does both at once and gets another sum.
func (d *desk) about(spread float64) float64 { return float64(d.random.NormFloat64() * spread) }

// one is one of a list.
func (d *desk) one(list []string) string { return list[d.random.IntN(len(list))] }

// skill is the skill of a chat, busy ones more often.
func (d *desk) skill() skill {
	at := d.random.IntN(100)
	for _, s := range skills {
		if at -= s.share; at < 0 {
			return s
		}
	}
	return skills[0]
}

// spelt is a skill as surveys name it.
func (d *desk) spelt(name string) string {
	switch p := d.random.Float64(); {
	case p < 0.02:
		return ""
	case p < 0.05:
		return strings.ToLower(name)
	}
	return name
}

// mood is how content a customer is, from 1 to 5, around an average. A few are
// beside themselves whatever the average is.
func (d *desk) mood(average float64) float64 {
	if d.chance(0.03) {
		return 1
	}
	return min(max(average+d.about(1.15), 1), 5)
}

// rank is the rank that a customer gives, if any.
func (d *desk) rank(mood float64) json.RawMessage {
	switch p := d.random.Float64(); {
	case p < 0.07:
		return nil
	case p < 0.08:
		return json.RawMessage("null")
	case p < 0.09:
		return json.RawMessage("0")
	case p < 0.095:
		return json.RawMessage("-1")
	}
	return json.RawMessage(strconv.Itoa(int(math.Round(mood))))
}

func (d *desk) headers() []header {
	switch p := d.random.Float64(); {
	case p < 0.03:
		return []header{{"X-Customer-Tier", "gold"}}
	case p < 0.12:
		return []header{{"X-Customer-Tier", "silver"}}
	}
	return []header{}
}

// answers are those to the questions that a customer did not skip.
func (d *desk) answers(of skill, mood float64) []answer {
	out := []answer{}
	add := func(question, text string) { out = append(out, answer{question, text}) }
	if d.chance(0.7) {
		add("How would you rate our service?", d.service(mood))
	}
	if mood < 3 && d.chance(0.5) {
		add("What went wrong?", d.several(wrong))
	}
	if d.chance(0.55) {
		add("How likely are you to recommend us, from 0 to 10?", d.recommends(mood))
	}
	if d.chance(0.3) {
		add("What else would you like to tell us?", d.comment(of, mood))
	}
	return out
}

// service are one or two neighbouring grades.
func (d *desk) service(mood float64) string {
	at := min(max(int(math.Round(mood))-1, 0), len(grades)-1)
	if d.chance(0.25) && at > 0 {
		return grades[at-1] + ";" + grades[at]
	}
	return grades[at]
}

// several are some of a list, as a multi-select answer has them.
func (d *desk) several(list []string) string {
	var chosen []string
	for _, choice := range list {
		if d.chance(0.35) {
			chosen = append(chosen, choice)
		}
	}
	if len(chosen) == 0 {
		chosen = append(chosen, d.one(list))
	}
	return strings.Join(chosen, ";")
}

func (d *desk) recommends(mood float64) string {
	if d.chance(0.02) {
		return d.one([]string{"nine", "maybe", "10/10", "-", "of course"})
	}
	return strconv.Itoa(min(max(int(math.Round(float64((mood-1)*2.4)+d.about(1))), 0), 10))
}

// comment is what a customer writes, in one or a few sentences.
func (d *desk) comment(of skill, mood float64) string {
	switch p := d.random.Float64(); {
	case p < 0.02:
		return ""
	case p < 0.023:
		return d.one(likeMail)
	}
	sentences := neutral
	switch {
	case mood < 2.5:
		sentences = unhappy
	case mood > 4:
		sentences = happy
	}
	parts := []string{d.one(sentences)}
	if mood < 2.5 && d.chance(of.refunds) {
		parts = append(parts, d.one(refunds))
	}
	for d.chance(0.3) && len(parts) < 5 {
		parts = append(parts, d.one(neutral))
	}
	between := " "
	if d.chance(0.1) {
		between = "\n"
	}
	return strings.Join(parts, between)
}
