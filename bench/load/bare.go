package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// These are written out anew: the bare handler has nothing of the library.
type (
	bareEnvelope struct {
		Timestamp int64 `json:"timestamp"`
		Headers   []struct {
			Key   string `json:"key"`
			Value string `json:"value"`
		} `json:"headers"`
		Payload bareSurvey `json:"payload"`
	}
	bareSurvey struct {
		CSATRank  *int   `json:"csatRank"`
		SkillName string `json:"skillName"`
		AgentName string `json:"agentName"`
		Answers   []struct {
			Question string `json:"question"`
			Answer   string `json:"answer"`
		} `json:"questionWithAnswers"`
	}
	bareEmail struct {
		TargetEmail string `json:"targetEmail"`
		SenderName  string `json:"senderName"`
		SenderEmail string `json:"senderEmail"`
		Subject     string `json:"subject"`
	}
	bareResult struct {
		UUID      string      `json:"uuid"`
		Timestamp string      `json:"timestamp"`
		Result    []bareEmail `json:"result"`
	}
)

// bareID stands for the ID of the function.
const bareID = "4f0d2a52-6d0a-4a3c-9f3c-0a6f3c1d2b7e"

// bare is a handler that makes the same decision, as one would write it
// without the library: it keeps a bound on the body, and no other promises.
func bare() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/account/{account}/events/{event}/invoke", func(w http.ResponseWriter, r *http.Request) {
		var env bareEnvelope
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 256<<10)).Decode(&env); err != nil {
			http.Error(w, "the body cannot be read", http.StatusBadRequest)
			return
		}
		body, err := json.Marshal([]bareResult{{
			UUID: bareID, Timestamp: time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), Result: env.Payload.decide(),
		}})
		if err != nil {
			http.Error(w, "the result cannot be written", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body) // a client that is gone wants no answer
	})
	return mux
}

func (s bareSurvey) decide() []bareEmail {
	if s.CSATRank == nil || *s.CSATRank > 3 || !strings.EqualFold(s.SkillName, "CustomerCare") {
		return []bareEmail{}
	}
	return []bareEmail{{
		TargetEmail: "care-leads@example.com",
		SenderName:  "Example Contact Centre",
		SenderEmail: "no-reply@example.com",
		Subject:     fmt.Sprintf("Rating %d for %s", *s.CSATRank, s.AgentName),
	}}
}
