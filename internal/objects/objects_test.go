package objects_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/local/s3"
	"github.com/stride-run/stride/internal/objects"
)

const bucketName = "uploads"

var store *s3.Store

func TestMain(m *testing.M) {
	var err error
	store, err = s3.Open(context.Background(), s3.Config{
		Bucket: bucketName, Region: "us-east-1", Key: "local", Secret: "secret", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		slog.Error("start", slog.Any("cause", err))
		os.Exit(1)
	}
	code := m.Run()
	store.Stop()
	os.Exit(code)
}

// config reaches the store through transport; nil: as it is.
func config(t *testing.T, transport http.RoundTripper) aws.Config {
	t.Helper()
	env := map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": store.Endpoint,
	}
	c, err := cloud.Config(func(name string) (string, bool) { return env[name], env[name] != "" }, boot.Local, cloud.S3)
	if err != nil {
		t.Fatal(err)
	}
	if transport != nil {
		c.HTTPClient = &http.Client{Transport: transport}
	}
	return c
}

func open(t *testing.T) (*objects.Bucket, *sdk.Client) {
	t.Helper()
	c := config(t, nil)
	return objects.New(c, bucketName), sdk.NewFromConfig(c, func(o *sdk.Options) { o.UsePathStyle = true })
}

// key is one that nobody has.
func key() string { return "runner-" + rand.Text() + "/files/one" }

func hexSum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func TestPutAndGet(t *testing.T) {
	b, api := open(t)
	k, body := key(), bytes.Repeat([]byte("stride"), 100_000)
	if err := b.Put(t.Context(), k, "application/json", body); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), k, "application/json", []byte("something else")); err != nil {
		t.Errorf("a key that is taken: %v", err)
	}
	got, err := b.Get(t.Context(), k, int64(len(body)))
	if err != nil || !bytes.Equal(got, body) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := b.Get(t.Context(), k, int64(len(body)-1)); !errors.Is(err, fault.TooLarge) || errors.Is(err, fault.Unavailable) {
		t.Errorf("above the limit: %v", err)
	}
	if _, err := b.Get(t.Context(), key(), 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("nothing there: %v", err)
	}
	head, err := api.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: new(bucketName), Key: &k})
	if err != nil || aws.ToString(head.ContentType) != "application/json" {
		t.Errorf("type %q, %v", aws.ToString(head.ContentType), err)
	}
}

func TestPutAtTheSameTime(t *testing.T) {
	b, _ := open(t)
	k, body := key(), []byte("the same for all")
	var group sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		group.Go(func() { errs[i] = b.Put(t.Context(), k, "text/plain", body) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if got, err := b.Get(t.Context(), k, 100); err != nil || !bytes.Equal(got, body) {
		t.Errorf("%q, %v", got, err)
	}
}

// send makes a request as a client does that was given an address.
func send(t *testing.T, method, address string, headers map[string]string, body []byte) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(answer)
}

func TestSignedUpload(t *testing.T) {
	b, _ := open(t)
	body := []byte("a recorded run")
	signed := func() (string, string, map[string]string) {
		k := key()
		up, err := b.SignUpload(t.Context(), k, int64(len(body)), hexSum(body))
		if err != nil {
			t.Fatal(err)
		}
		if left := time.Until(up.ExpiresAt); left < 4*time.Minute || left > 5*time.Minute {
			t.Errorf("good for %v", left)
		}
		return k, up.URL, up.Headers
	}
	with := func(headers map[string]string, name, value string) map[string]string {
		changed := maps.Clone(headers)
		for old := range changed {
			if strings.EqualFold(old, name) {
				delete(changed, old)
			}
		}
		if value != "" {
			changed[name] = value
		}
		return changed
	}
	other := []byte("another good run")
	for _, tt := range []struct {
		name   string
		status int
		send   func(address string, headers map[string]string) (int, string)
	}{
		{"as signed", 200, func(a string, h map[string]string) (int, string) { return send(t, "PUT", a, h, body) }},
		{"longer", 403, func(a string, h map[string]string) (int, string) { return send(t, "PUT", a, h, append(body, '!')) }},
		{"shorter", 403, func(a string, h map[string]string) (int, string) { return send(t, "PUT", a, h, body[1:]) }},
		{"other content", 400, func(a string, h map[string]string) (int, string) { return send(t, "PUT", a, h, other[:len(body)]) }},
		{"other content, other digest", 403, func(a string, h map[string]string) (int, string) {
			sum := sha256.Sum256(other[:len(body)])
			return send(t, "PUT", a, with(h, "X-Amz-Checksum-Sha256", base64.StdEncoding.EncodeToString(sum[:])), other[:len(body)])
		}},
		{"without digest", 403, func(a string, h map[string]string) (int, string) {
			return send(t, "PUT", a, with(h, "X-Amz-Checksum-Sha256", ""), body)
		}},
		{"without condition", 403, func(a string, h map[string]string) (int, string) {
			return send(t, "PUT", a, with(h, "If-None-Match", ""), body)
		}},
		{"other type", 403, func(a string, h map[string]string) (int, string) {
			return send(t, "PUT", a, with(h, "Content-Type", "text/html"), body)
		}},
		{"other key", 403, func(a string, h map[string]string) (int, string) {
			return send(t, "PUT", strings.Replace(a, "/files/one", "/files/two", 1), h, body)
		}},
		{"other method", 403, func(a string, h map[string]string) (int, string) { return send(t, "GET", a, h, nil) }},
		{"longer life", 403, func(a string, h map[string]string) (int, string) {
			return send(t, "PUT", strings.Replace(a, "X-Amz-Expires=300", "X-Amz-Expires=3000", 1), h, body)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k, address, headers := signed()
			status, answer := tt.send(address, headers)
			if status != tt.status {
				t.Errorf("status %d, want %d: %s", status, tt.status, answer)
			}
			_, err := b.Get(t.Context(), k, 100)
			if stored := err == nil; stored != (tt.status == 200) {
				t.Errorf("stored: %v, %v", stored, err)
			}
		})
	}
	t.Run("a second time", func(t *testing.T) {
		_, address, headers := signed()
		first, _ := send(t, "PUT", address, headers, body)
		second, _ := send(t, "PUT", address, headers, body)
		if first != 200 || second != 412 {
			t.Errorf("status %d, then %d, want 200, 412", first, second)
		}
	})
	t.Run("too late", func(t *testing.T) {
		objects.SetClock(b, func() time.Time { return time.Now().Add(-301 * time.Second) })
		defer objects.SetClock(b, time.Now)
		up, err := b.SignUpload(t.Context(), key(), int64(len(body)), hexSum(body))
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := send(t, "PUT", up.URL, up.Headers, body); status != 403 {
			t.Errorf("status %d, want 403", status)
		}
	})
	if _, err := b.SignUpload(t.Context(), key(), 1, "not hex"); err == nil {
		t.Error("a digest that is none was signed")
	}
}

// TestUploadHeaders holds what a page can send: the bucket's rule for pages
// allows these and no others.
func TestUploadHeaders(t *testing.T) {
	b, _ := open(t)
	up, err := b.SignUpload(t.Context(), key(), 1, hexSum([]byte("a")))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"content-type": true, "if-none-match": true, "x-amz-checksum-sha256": true}
	for name := range up.Headers {
		if !want[strings.ToLower(name)] {
			t.Errorf("header %s", name)
		}
		delete(want, strings.ToLower(name))
	}
	if len(want) > 0 {
		t.Errorf("without %v", want)
	}
	u, err := url.Parse(up.URL)
	if err != nil || u.Query().Get("X-Amz-SignedHeaders") != "content-length;content-type;host;if-none-match;x-amz-checksum-sha256" {
		t.Errorf("signed %q, %v", u.Query().Get("X-Amz-SignedHeaders"), err)
	}
}

// TestRolesSignToo: the credentials of a role have a token, which is part of
// the address, so that no page has to send it.
func TestRolesSignToo(t *testing.T) {
	c := config(t, nil)
	c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "role", SecretAccessKey: "secret", SessionToken: "token"}, nil
	})
	b := objects.New(c, bucketName)
	up, err := b.SignUpload(t.Context(), key(), 1, hexSum([]byte("a")))
	if err != nil {
		t.Fatal(err)
	}
	down, err := b.SignDownload(t.Context(), key(), "a.fit")
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{up.URL, down} {
		if u, err := url.Parse(address); err != nil || u.Query().Get("X-Amz-Security-Token") != "token" || len(up.Headers) != 3 {
			t.Errorf("%s, %v, %v", address, up.Headers, err)
		}
	}
}

func TestSignedDownload(t *testing.T) {
	b, _ := open(t)
	k, body := key(), []byte("a recorded run")
	if err := b.Put(t.Context(), k, "application/octet-stream", body); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, want string }{
		{"morning run.fit", `attachment; filename="morning run.fit"`},
		{"läuft\r\nX: y.fit", `attachment; filename*=utf-8''l%C3%A4uft%0D%0AX%3A%20y.fit`},
		{"", `attachment; filename=""`},
	} {
		address, err := b.SignDownload(t.Context(), k, tt.name)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != 200 || !bytes.Equal(got, body) || response.Header.Get("Content-Disposition") != tt.want {
			t.Errorf("%q: status %d, %q, %q", tt.name, response.StatusCode, got, response.Header.Get("Content-Disposition"))
		}
		if status, _ := send(t, "GET", strings.Replace(address, "/files/one", "/files/two", 1), nil, nil); status != 403 {
			t.Errorf("another key: status %d", status)
		}
	}
}

func TestKeep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	b, api := open(t)
	runner := "runner-" + rand.Text()
	const many = 200_000
	address, expires, err := b.Keep(t.Context(), runner, "stride-export.json", func(w io.Writer) error {
		for n := range many {
			if _, err := fmt.Fprintln(w, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(expires); left < 4*time.Minute || left > 5*time.Minute {
		t.Errorf("good for %v", left)
	}
	status, content := send(t, "GET", address, nil, nil)
	if status != 200 || strings.Count(content, "\n") != many || !strings.HasSuffix(content, fmt.Sprintf("%d\n", many-1)) {
		t.Errorf("status %d, %d bytes", status, len(content))
	}
	out, err := api.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: new(bucketName), Prefix: new(runner + "/exports/")})
	if err != nil || len(out.Contents) != 1 {
		t.Fatalf("%d objects, %v", len(out.Contents), err)
	}
	tags, err := api.GetObjectTagging(t.Context(), &sdk.GetObjectTaggingInput{Bucket: new(bucketName), Key: out.Contents[0].Key})
	if err != nil || len(tags.TagSet) != 1 || *tags.TagSet[0].Key != "ends" || *tags.TagSet[0].Value != "after_a_day" {
		t.Errorf("tags %+v, %v: nothing would remove it", tags.TagSet, err)
	}
	broken := errors.New("half of it")
	if _, _, err := b.Keep(t.Context(), runner, "x", func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if n := versions(t, api, runner); n != 1 {
		t.Errorf("%d exports: half of one was kept", n)
	}
	if files, _ := os.ReadDir(os.Getenv("TMPDIR")); len(files) > 0 {
		t.Errorf("files are left: %v", files)
	}
}

func TestDelete(t *testing.T) {
	b, api := open(t)
	k := key()
	if err := b.Delete(t.Context(), k); err != nil {
		t.Errorf("nothing there: %v", err)
	}
	// Three versions, a mark that it was deleted, and neighbours.
	for range 3 {
		if _, err := api.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: new(bucketName), Key: &k, Body: strings.NewReader(rand.Text())}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := api.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: new(bucketName), Key: &k}); err != nil {
		t.Fatal(err)
	}
	for _, neighbour := range []string{k + "1", k + "/below"} {
		if err := b.Put(t.Context(), strings.Replace(neighbour, "one/below", "on/below", 1), "text/plain", []byte("stays")); err != nil {
			t.Fatal(err)
		}
	}
	if n := versions(t, api, k); n != 5 {
		t.Fatalf("%d versions and marks below %s, want 5", n, k)
	}
	if err := b.Delete(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	if n := versions(t, api, k); n != 1 {
		t.Errorf("%d versions and marks are left, want the neighbour", n)
	}
	if got, err := b.Get(t.Context(), k+"1", 100); err != nil || string(got) != "stays" {
		t.Errorf("neighbour: %q, %v", got, err)
	}
}

func versions(t *testing.T, api *sdk.Client, prefix string) int {
	t.Helper()
	out, err := api.ListObjectVersions(t.Context(), &sdk.ListObjectVersionsInput{Bucket: new(bucketName), Prefix: &prefix})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Versions) + len(out.DeleteMarkers)
}

// hurried is a context that is about to end and never does.
type hurried struct{ context.Context }

func (hurried) Deadline() (time.Time, bool) { return time.Now().Add(time.Second), true }

func TestDeleteAll(t *testing.T) {
	b, api := open(t)
	prefix, other := "runner-"+rand.Text()+"/", "runner-"+rand.Text()+"/"
	const many = 1100 // more than a page
	for i := range many {
		k := prefix + []string{"files/", "streams/", "exports/"}[i%3] + rand.Text()
		if err := b.Put(t.Context(), k, "text/plain", []byte("x")); err != nil {
			t.Fatal(err)
		}
		if i%100 == 0 {
			if _, err := api.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: new(bucketName), Key: &k}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := b.Put(t.Context(), other+"files/one", "text/plain", []byte("stays")); err != nil {
		t.Fatal(err)
	}
	more, err := b.DeleteAll(hurried{t.Context()}, prefix)
	if left := versions(t, api, prefix); err != nil || !more || left == 0 || left > many/2 {
		t.Errorf("with little time: more %v, %d left, %v; want the first page gone", more, left, err)
	}
	if more, err = b.DeleteAll(t.Context(), prefix); more || err != nil {
		t.Errorf("more %v, %v", more, err)
	}
	if left := versions(t, api, prefix); left > 0 {
		t.Errorf("%d left", left)
	}
	if left := versions(t, api, other); left != 1 {
		t.Error("another runner's objects are gone")
	}
}
