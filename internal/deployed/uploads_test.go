package deployed

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/fittest"
)

// run is a file of its own for each n.
func run(n int) []byte {
	return fittest.File(fittest.Run{Start: time.Date(2026, 5, 1+n, 6, 0, 0, 0, time.UTC), Metres: 10_000, Pace: 300 - float64(n), HeartRate: 150, Serial: uint32(n + 1)})
}

// An upload is where a file of an import goes.
type upload struct {
	URL     string
	Headers map[string]string
}

// begin begins an import of files.
func (c *cloud) begin(bearer string, files ...[]byte) (id string, uploads []upload) {
	c.t.Helper()
	type declared struct {
		Name   string `json:"name"`
		Size   int    `json:"size"`
		SHA256 string `json:"sha256"`
	}
	var all []declared
	for n, content := range files {
		sum := sha256.Sum256(content)
		all = append(all, declared{fmt.Sprintf("%d.fit", n), len(content), hex.EncodeToString(sum[:])})
	}
	body, err := json.Marshal(map[string]any{"files": all})
	if err != nil {
		c.t.Fatal(err)
	}
	answer := c.do("POST", "/api/imports", bearer, string(body), 201)
	text, _ := json.Marshal(answer["files"])
	if err := json.Unmarshal(text, &uploads); err != nil {
		c.t.Fatal(err)
	}
	return answer["id"].(string), uploads
}

// put sends a file to a signed address.
func (c *cloud) put(u upload, content []byte) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPut, u.URL, bytes.NewReader(content))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, value := range u.Headers {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	answer, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.StatusCode != 200 {
		c.t.Fatalf("upload: %d %s", response.StatusCode, answer)
	}
}

// ingest hands events of the bucket to the function, in one batch, and returns
// how many have to come again.
func (c *cloud) ingest(bodies ...string) int {
	c.t.Helper()
	var event events.SQSEvent
	for n, body := range bodies {
		event.Records = append(event.Records, events.SQSMessage{
			MessageId: strconv.Itoa(n), Body: body, Attributes: map[string]string{"ApproximateReceiveCount": "1"},
		})
	}
	var response events.SQSEventResponse
	if err := json.Unmarshal(c.invoke("ingest", event), &response); err != nil {
		c.t.Fatal(err)
	}
	return len(response.BatchItemFailures)
}

// record takes a runner through what there is about sessions. It returns an
// upload that was not made.
func (c *cloud) record(bearer string) upload {
	c.t.Helper()
	// A slow short run: it ends a best by hand that cannot be true beside it.
	c.do("POST", "/api/personal_bests", bearer, `{"distance_m": 1000, "time": "3:20", "date": "2026-04-01"}`, 201)
	slow := fittest.File(fittest.Run{Start: time.Date(2026, 4, 20, 6, 0, 0, 0, time.UTC), Metres: 500, Pace: 600})
	files := [][]byte{slow, run(1), fittest.Settings()}
	id, uploads := c.begin(bearer, append(files, run(2))...)
	for n, content := range files {
		c.put(uploads[n], content)
	}
	told := append(c.events, c.events...) // each twice
	if again := c.ingest(append(told, "nonsense", `{"Event": "s3:TestEvent"}`)...); again != 1 {
		c.t.Errorf("%d messages have to come again, want the one that is nonsense", again)
	}
	if again := c.ingest(c.events[2]); again != 0 { // its object is gone
		c.t.Errorf("an old event has to come again")
	}
	at, err := url.Parse(uploads[3].URL)
	if err != nil {
		c.t.Fatal(err)
	}
	early, _ := json.Marshal(events.S3Event{Records: []events.S3EventRecord{{
		EventSource: "aws:s3", EventName: "ObjectCreated:Put", S3: events.S3Entity{Object: events.S3Object{Key: strings.TrimPrefix(at.Path, "/uploads/")}},
	}}})
	if again := c.ingest(string(early)); again != 0 { // there is nothing yet
		c.t.Errorf("an event without an object has to come again")
	}
	answer := c.do("GET", "/api/imports/"+id, bearer, "", 200)
	if answer["done"] != 3.0 {
		c.t.Errorf("import %v", answer)
	}
	c.do("POST", "/api/imports/"+id+"/urls", bearer, "{}", 200)

	c.file(bearer, run(3), 201)
	list := c.do("GET", "/api/sessions", bearer, "", 200)["items"].([]any)
	if len(list) != 3 {
		c.t.Fatalf("%d sessions, want 3", len(list))
	}
	one := "/api/sessions/" + list[0].(map[string]any)["id"].(string)
	c.do("GET", one, bearer, "", 200)
	c.do("GET", one+"/streams?points=100", bearer, "", 200)
	c.do("GET", one+"/original", bearer, "", 307)
	c.do("PATCH", one, bearer, `{"name": "Morning"}`, 200)
	c.do("GET", "/api/personal_bests", bearer, "", 200)
	added := c.do("POST", "/api/personal_bests", bearer, `{"distance_m": 5000, "time": "20:00", "date": "2026-05-01"}`, 201)
	c.do("DELETE", "/api/personal_bests/"+added["result"].(map[string]any)["id"].(string), bearer, "", 204)
	c.do("DELETE", one, bearer, "", 204)
	return uploads[3]
}

// file sends a file in a request.
func (c *cloud) file(bearer string, content []byte, status int) {
	c.t.Helper()
	event := c.event("POST", "/api/sessions", bearer, base64.StdEncoding.EncodeToString(content))
	event.IsBase64Encoded = true
	event.Headers["content-type"] = "application/vnd.ant.fit"
	var answer events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(c.invoke("sessions", event), &answer); err != nil || answer.StatusCode != status {
		c.t.Fatalf("session: %d, want %d: %s, %v", answer.StatusCode, status, answer.Body, err)
	}
}

// late sends a file by an address that was signed before its runner's account
// was deleted: nothing of it may stay.
func (c *cloud) late(u upload) {
	c.t.Helper()
	before := len(c.events)
	c.put(u, run(2))
	if len(c.events) != before+1 || c.ingest(c.events[before]) != 0 {
		c.t.Errorf("%d events of a late upload", len(c.events)-before)
	}
	var told events.S3Event
	if err := json.Unmarshal([]byte(c.events[before]), &told); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.objects.Get(c.t.Context(), told.Records[0].S3.Object.URLDecodedKey, 1<<20); !errors.Is(err, fault.NotFound) {
		c.t.Errorf("a late upload stays: %v", err)
	}
}

// fetchExport follows the link to an export.
func (c *cloud) fetchExport(bearer string) {
	c.t.Helper()
	at, _ := c.do("GET", "/api/runners/me/export", bearer, "", 200)["url"].(string)
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, at, http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var export struct {
		Plans, Sessions []any
		Bests           map[string]any `json:"personal_bests"`
	}
	if err := json.NewDecoder(response.Body).Decode(&export); err != nil || len(export.Plans) != 2 || len(export.Sessions) != 2 || len(export.Bests) == 0 {
		c.t.Errorf("export: %d, %v, %d plans, %d sessions", response.StatusCode, err, len(export.Plans), len(export.Sessions))
	}
	if response.Header.Get("Content-Disposition") != "attachment; filename=stride-export.json" {
		c.t.Errorf("export is called %q", response.Header.Get("Content-Disposition"))
	}
}
