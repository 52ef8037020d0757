package api

import (
	"strings"

	"github.com/stride-run/stride/internal/fault"
)

// A Note is an adjustment or a warning on the wire.
type Note struct {
	Code    string `json:"code"`
	Field   string `json:"field"` // a pointer goes without its first slash
	Message string `json:"message"`
}

// Notes writes notes for the wire. None are an empty list.
func Notes(in []fault.Note) []Note {
	out := make([]Note, len(in))
	for i, n := range in {
		out[i] = Note(n)
		out[i].Field = strings.TrimPrefix(n.Field, "/")
	}
	return out
}
