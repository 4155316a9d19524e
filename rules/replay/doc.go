// Package replay decides recorded events again, with the rules of today.
package replay
