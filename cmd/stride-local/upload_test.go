package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/fittest"
)

// put sends a file to a signed address, as it says.
func put(t *testing.T, upload map[string]any, content []byte) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, upload["url"].(string), bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range upload["headers"].(map[string]any) {
		r.Header.Set(name, value.(string))
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// begin begins an import of files and returns its id and the files' uploads.
func (p *program) begin(t *testing.T, token string, files [][]byte) (string, []map[string]any) {
	t.Helper()
	var declared []map[string]any
	for n, content := range files {
		sum := sha256.Sum256(content)
		declared = append(declared, map[string]any{"name": fmt.Sprintf("run %d.fit", n), "size": len(content), "sha256": hex.EncodeToString(sum[:])})
	}
	body, err := json.Marshal(map[string]any{"files": declared})
	if err != nil {
		t.Fatal(err)
	}
	status, answer := p.ask(t, "POST", "/api/imports", token, string(body))
	if status != 201 {
		t.Fatalf("import: %d %v", status, answer)
	}
	var uploads []map[string]any
	for _, f := range answer["files"].([]any) {
		uploads = append(uploads, f.(map[string]any))
	}
	return answer["id"].(string), uploads
}

// done waits until an import is done, and returns how many files got which
// verdict.
func (p *program) done(t *testing.T, token, id string) map[string]int {
	t.Helper()
	for n := 0; ; n++ {
		status, answer := p.ask(t, "GET", "/api/imports/"+id, token, "")
		if status != 200 || n == 600 {
			t.Fatalf("import: %d %v", status, answer)
		}
		if answer["status"] == "done" {
			verdicts := map[string]int{}
			for _, f := range answer["files"].([]any) {
				verdicts[f.(map[string]any)["verdict"].(string)]++
			}
			return verdicts
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// TestUploadsSurviveAKill kills the server right after the last upload was
// acknowledged, while others are still being read.
func TestUploadsSurviveAKill(t *testing.T) {
	start, data := build(t), "STRIDE_DATA="+t.TempDir()
	p := start(data)
	_, account := p.ask(t, "POST", "/api/register", "", credentials)
	token, _ := account["access_token"].(string)

	const many = 20
	var files [][]byte
	for n := range many {
		files = append(files, fittest.File(fittest.Run{
			Start: time.Date(2026, 5, 1+n, 6, 0, 0, 0, time.UTC), Metres: 10_000, Pace: 300, HeartRate: 140 + n, Serial: uint32(n + 1),
		}))
	}
	id, uploads := p.begin(t, token, files)
	for n, upload := range uploads {
		if status := put(t, upload, files[n]); status != 200 {
			t.Fatalf("upload: %d", status)
		}
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
	left, err := filepath.Glob(filepath.Join(strings.TrimPrefix(data, "STRIDE_DATA="), "queues", "ingest", "*.json"))
	t.Logf("%d of %d were not read when it was killed; %v", len(left), many, err)

	p = start(data)
	_, account = p.ask(t, "POST", "/api/login", "", credentials)
	token, _ = account["access_token"].(string)
	if verdicts := p.done(t, token, id); verdicts["imported"] != many {
		t.Errorf("after a kill: %v, want %d imported", verdicts, many)
	}
	if status, list := p.ask(t, "GET", "/api/sessions?limit=100", token, ""); status != 200 || len(list["items"].([]any)) != many {
		t.Errorf("%d: %d sessions, want %d", status, len(list["items"].([]any)), many)
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
}

// TestUploadsAreHeldToTheirWord sends other things to signed addresses than
// were declared.
func TestUploadsAreHeldToTheirWord(t *testing.T) {
	p := build(t)("STRIDE_DATA=" + t.TempDir())
	_, account := p.ask(t, "POST", "/api/register", "", credentials)
	token, _ := account["access_token"].(string)
	content := fittest.File(fittest.Run{Start: time.Date(2026, 5, 1, 6, 0, 0, 0, time.UTC), Metres: 5000, Pace: 300})
	settings := fittest.Settings()
	id, uploads := p.begin(t, token, [][]byte{content, settings})
	other := bytes.Clone(content)
	other[100]++
	for _, tt := range []struct {
		name    string
		content []byte
		status  int
	}{
		{"longer", append(bytes.Clone(content), 0), 403},
		{"other content", other, 400},
		{"as declared", content, 200},
		{"once more", content, 412},
	} {
		if status := put(t, uploads[0], tt.content); status != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, status, tt.status)
		}
	}
	if status := put(t, uploads[1], settings); status != 200 {
		t.Errorf("settings: %d", status)
	}
	if verdicts := p.done(t, token, id); verdicts["imported"] != 1 || verdicts["skipped"] != 1 {
		t.Errorf("verdicts %v", verdicts)
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
}
