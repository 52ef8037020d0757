package activity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	handlers "github.com/stride-run/stride/internal/api/activity"
	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/fittest"
	"github.com/stride-run/stride/internal/storetest"
)

// announce is the request for an import of files.
func announce(files ...[]byte) string {
	all := make([]string, len(files))
	for i, content := range files {
		all[i] = fmt.Sprintf(`{"name":"run-%d.fit","size":%d,"sha256":"%s"}`, i, len(content), digest(content))
	}
	return `{"files":[` + strings.Join(all, ",") + `]}`
}

// verdicts are those on the files of an import, with reasons.
func verdicts(i handlers.Import) string {
	var all []string
	for _, f := range i.Files {
		all = append(all, strings.TrimSpace(string(f.Verdict)+" "+f.Reason))
	}
	return strings.Join(all, ", ")
}

// TestImport takes files of every kind to their verdicts.
func TestImport(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	had, _ := w.upload(t, ada, run(0, 5000, 300))
	files := [][]byte{run(0, 5000, 300), run(1, 10_000, 330), []byte("no recording at all"), fittest.Settings(), run(1, 10_000, 330), run(2, 1000, 300)}
	body := announce(files...)
	a := w.must(t, 201, ada, "POST", "/api/imports", body, "Idempotency-Key", "k")
	begun := apitest.Decode[handlers.Import](t, a)
	if got := verdicts(begun); got != "duplicate, upload, upload, upload, upload, upload" || begun.Status != "waiting" || begun.Done != 1 || begun.Total != 6 {
		t.Fatalf("%s %+v", got, begun)
	}
	if a.Header.Get("Location") != "/api/imports/"+begun.ID || begun.Files[0].SessionID != had.ID || a.Header.Get("Idempotency-Replayed") != "" {
		t.Errorf("%v %+v", a.Header, begun.Files[0])
	}
	for n, f := range begun.Files[1:] {
		if f.URL == "" || f.ExpiresAt == nil || f.Headers["x-sha256"] != digest(files[n+1]) {
			t.Errorf("%+v", f)
		}
	}
	at := "/api/imports/" + begun.ID
	for n, f := range begun.Files {
		if n == 0 || n == 5 {
			continue
		}
		if err := w.objects.Put(t.Context(), storetest.KeyOf(f.URL), "", files[n]); err != nil {
			t.Fatal(err)
		}
		if err := w.service.Ingest(t.Context(), storetest.KeyOf(f.URL), now); err != nil {
			t.Fatal(err)
		}
	}
	i := apitest.Decode[handlers.Import](t, w.must(t, 200, ada, "GET", at, ""))
	if got := verdicts(i); got != "duplicate, imported, failed not_fit, skipped no_activity, duplicate, pending" || i.Status != "running" || i.Done != 5 {
		t.Errorf("%s %+v", got, i)
	}
	if f := i.Files[1]; len(f.Receipts) != 1 || f.Receipts[0].ImportID != begun.ID || f.SessionID == "" || f.SessionID != i.Files[4].SessionID || f.URL != "" {
		t.Errorf("%+v", f)
	}
	renewed := apitest.Decode[handlers.Import](t, w.must(t, 200, ada, "POST", at+"/urls", ""))
	if got := verdicts(renewed); got != "duplicate, imported, failed not_fit, skipped no_activity, duplicate, upload" || renewed.Files[5].URL == "" {
		t.Error(got)
	}

	// The same request again is the same import, as it is now.
	before := w.table.Dump(t)
	a = w.must(t, 201, ada, "POST", "/api/imports", body, "Idempotency-Key", "k")
	if again := apitest.Decode[handlers.Import](t, a); again.ID != begun.ID || again.Files[5].URL == "" || a.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%+v", again)
	}
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("a replay has an effect:\n%s", diff)
	}
	w.refuses(t, 422, "idempotency_mismatch", ada, "POST", "/api/imports", announce(files[1]), "Idempotency-Key", "k")
	bob := w.runner(t)
	if theirs := apitest.Decode[handlers.Import](t, w.must(t, 201, bob, "POST", "/api/imports", body, "Idempotency-Key", "k")); theirs.ID == begun.ID {
		t.Error("a key belongs to one runner")
	}
}

// TestImportsRefused says all that is wrong at once, and begins nothing.
func TestImportsRefused(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	sum := strings.Repeat("0", 64)
	good := `{"name":"a.fit","size":100,"sha256":"` + sum + `"}`
	for body, faults := range map[string]string{
		`{}`:           "/files required",
		`{"files":{}}`: "/files wrong_type",
		`{"files":[]}`: "/files out_of_range",
		`{"files":[` + strings.Repeat(good+",", 50) + good + `]}`: "/files out_of_range",
		`{"files":[1,` + good + `],"id":"x"}`:                     "/files/0 wrong_type, /id unknown_field",
		`{"files":[{"name":"../a.fit","size":0,"sha256":"` + strings.ToUpper("a") + sum[1:] + `"},{"name":7,"size":1.5,"url":""}]}`: "/files/1/name wrong_type, /files/1/size wrong_type, /files/1/sha256 required, /files/1/url unknown_field, /files/0/name invalid_format, /files/0/size out_of_range, /files/0/sha256 invalid_format",
		`{"files":[{"name":"a.fit","size":20971521,"sha256":"` + sum + `"}]}`:                                                       "/files/0/size out_of_range",
	} {
		if a := w.refuses(t, 422, "validation", ada, "POST", "/api/imports", body); a.Faults() != faults {
			t.Errorf("%.200s: %s, want %s", body, a.Faults(), faults)
		}
	}
	w.refuses(t, 422, "validation", ada, "POST", "/api/imports", `{"files":[`+good+`]}`, "Idempotency-Key", "with space")
	w.refuses(t, 400, "malformed_json", ada, "POST", "/api/imports", `{"files":`)
	w.refuses(t, 415, "unsupported_media_type", ada, "POST", "/api/imports", good, "Content-Type", fit)
	w.refuses(t, 413, "body_too_large", ada, "POST", "/api/imports", `"`+strings.Repeat("x", 64<<10)+`"`)
}
