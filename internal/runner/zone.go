package runner

import (
	_ "embed"
	"strings"
)

// zones are the names of all time zones that Go's tables know, aliases too,
// one on a line. The names alone are a fiftieth of the tables, which nothing
// here needs: a zone is kept for whoever shows times.
//
//go:embed zones.txt
var zones string

// IsTimeZone says whether a text is the IANA name of a time zone, in its one
// spelling, or empty.
func IsTimeZone(s string) bool {
	return s == "" || !strings.Contains(s, "\n") && strings.Contains("\n"+zones, "\n"+s+"\n")
}
