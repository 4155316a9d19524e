// Package decisionlog writes down what rules decide, as NDJSON, and reads it
// back.
package decisionlog
