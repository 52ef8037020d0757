package apitest

import (
	"strings"
	"testing"
)

// inside are words of the inside, which no answer to a failure has.
var inside = []string{"dynamodb", "arn:", "goroutine", "panic", "schema", "secretsmanager", ".go:", "RUNNER#", "LIMIT#"}

// Discreet fails if the answer to a request that failed tells how Stride is
// made. The kits of tests look at every answer.
func Discreet(t testing.TB, status int, body string) {
	t.Helper()
	if status < 400 {
		return
	}
	for _, word := range inside {
		if strings.Contains(strings.ToLower(body), strings.ToLower(word)) {
			t.Errorf("an answer %d has %q: %.300s", status, word, body)
		}
	}
}
