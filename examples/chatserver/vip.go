package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/afterword-go/afterword/events"
)

// vip is a rule in Go. It reads what rule files cannot see: the headers of the
// invocation, where this chat server says how dear a customer is. Whatever else
// Go can do it may do too, as long as it heeds its context.
//
// The error of such a rule reaches logs, so it must not quote the survey.
func vip(_ context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	rank := event.Payload.CSATRank
	if tier(event.Headers) != "gold" || rank == nil || *rank == 5 {
		return nil, nil
	}
	return []events.TranscriptEmail{{
		TargetEmail: "vip-desk@example.com",
		SenderName:  "Example Contact Centre",
		SenderEmail: "no-reply@example.com",
		Subject:     fmt.Sprintf("A gold customer rated us %d of 5", *rank),
	}}, nil
}

// tier is the customer's tier in lower case; empty if the server named none.
func tier(headers []events.Header) string {
	for _, header := range headers {
		if strings.EqualFold(header.Key, "X-Customer-Tier") {
			return strings.ToLower(header.Value)
		}
	}
	return ""
}
