package s3_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/stride-run/stride/internal/local/s3"
)

const page = "http://127.0.0.1:8080"

// parentVariable makes this test binary a program that opens a store and says
// where, until it is killed.
const parentVariable = "STRIDE_TEST_PARENT"

func TestMain(m *testing.M) {
	if folder := os.Getenv(parentVariable); folder != "" {
		store, err := s3.Open(context.Background(), settings(folder, nil))
		if err != nil {
			panic(err)
		}
		fmt.Println(store.Endpoint, s3.GatewayAddr(store))
		select {}
	}
	os.Exit(m.Run())
}

func settings(folder string, notify func(string) (func(bool) error, error)) s3.Config {
	return s3.Config{
		Folder: folder, Bucket: "uploads", Region: "us-east-1", Key: "local", Secret: "secret",
		Origins: []string{page}, Suffix: ".upload", Notify: notify, Log: slog.New(slog.DiscardHandler),
	}
}

func open(t *testing.T, folder string, notify func(string) (func(bool) error, error)) (*s3.Store, *sdk.Client) {
	t.Helper()
	store, err := s3.Open(t.Context(), settings(folder, notify))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Stop)
	return store, client(store.Endpoint, "secret")
}

func client(endpoint, secret string) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &endpoint, UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: secret}, nil
		}),
	})
}

func put(ctx context.Context, api *sdk.Client, key, content string) error {
	_, err := api.PutObject(ctx, &sdk.PutObjectInput{Bucket: new("uploads"), Key: &key, Body: strings.NewReader(content), IfNoneMatch: new("*")})
	return err
}

func get(t *testing.T, api *sdk.Client, key string) string {
	t.Helper()
	out, err := api.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: new("uploads"), Key: &key})
	if err != nil {
		return err.Error()
	}
	defer func() { _ = out.Body.Close() }()
	body, _ := io.ReadAll(out.Body)
	return string(body)
}

func TestObjectsStay(t *testing.T) {
	folder := t.TempDir()
	before, _ := os.Getwd()
	store, api := open(t, folder, nil)
	if err := put(t.Context(), api, "a/b", "kept"); err != nil {
		t.Fatal(err)
	}
	store.Stop()
	<-store.Ended()
	if err := store.Err(); err != nil {
		t.Errorf("after Stop: %v", err)
	}
	_, api = open(t, folder, nil)
	if got := get(t, api, "a/b"); got != "kept" {
		t.Errorf("after a restart: %s", got)
	}
	if after, _ := os.Getwd(); after != before {
		t.Errorf("the working directory is %s", after)
	}
}

func TestWrongSecretIsRefused(t *testing.T) {
	store, _ := open(t, "", nil)
	if err := put(t.Context(), client(store.Endpoint, "guessed"), "a", "x"); err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("error %v", err)
	}
	response, err := http.Get(store.Endpoint + "/uploads/a")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("without a signature: %d", response.StatusCode)
	}
}

func TestEvents(t *testing.T) {
	type told struct {
		event  string
		stored []bool
	}
	var all []*told
	var refuse error
	_, api := open(t, "", func(event string) (func(bool) error, error) {
		one := &told{event: event}
		all = append(all, one)
		return func(stored bool) error { one.stored = append(one.stored, stored); return nil }, refuse
	})
	key := "runner/files/läuft am 1+1.upload"
	if err := put(t.Context(), api, key, "four"); err != nil {
		t.Fatal(err)
	}
	if err := put(t.Context(), api, key, "again"); err == nil {
		t.Error("put twice")
	}
	if err := put(t.Context(), api, "runner/streams/one", "no event"); err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || fmt.Sprint(all[0].stored, all[1].stored) != "[true] [false]" {
		t.Fatalf("told %d, %v", len(all), all)
	}
	var event events.S3Event
	if err := json.Unmarshal([]byte(all[0].event), &event); err != nil {
		t.Fatal(err)
	}
	r := event.Records[0]
	if r.EventName != "ObjectCreated:Put" || r.EventSource != "aws:s3" || r.S3.Bucket.Name != "uploads" || r.S3.Object.URLDecodedKey != key || r.S3.Object.Size != 4 {
		t.Errorf("event %+v", r)
	}
	refuse = errors.New("disk full")
	if err := put(t.Context(), api, "other.upload", "x"); err == nil {
		t.Error("an object that nobody can be told of is stored")
	}
	if got := get(t, api, "other.upload"); !strings.Contains(got, "NoSuchKey") {
		t.Errorf("it is there: %s", got)
	}
}

func TestPages(t *testing.T) {
	store, api := open(t, "", nil)
	if err := put(t.Context(), api, "a", "x"); err != nil {
		t.Fatal(err)
	}
	ask := func(origin, method, headers string) (int, http.Header) {
		t.Helper()
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodOptions, store.Endpoint+"/uploads/a", http.NoBody)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", method)
		r.Header.Set("Access-Control-Request-Headers", headers)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode, response.Header
	}
	if status, h := ask(page, "PUT", "content-type,if-none-match, X-Amz-Checksum-Sha256"); status != 200 || h.Get("Access-Control-Allow-Origin") != page {
		t.Errorf("our page: %d, %v", status, h)
	}
	for _, tt := range [][3]string{
		{"https://evil.example", "PUT", "content-type"},
		{page + ".evil.example", "PUT", "content-type"},
		{"null", "PUT", ""},
		{page, "DELETE", ""},
		{page, "PUT", "authorization"},
	} {
		if status, h := ask(tt[0], tt[1], tt[2]); status != 403 || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v: %d, %v", tt, status, h)
		}
	}
	for origin, want := range map[string]string{page: page, "https://evil.example": ""} {
		address, err := sdk.NewPresignClient(api).PresignGetObject(t.Context(), &sdk.GetObjectInput{Bucket: new("uploads"), Key: new("a")})
		if err != nil {
			t.Fatal(err)
		}
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, address.URL, http.NoBody)
		r.Header.Set("Origin", origin)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got := response.Header.Values("Access-Control-Allow-Origin"); response.StatusCode != 200 || strings.Join(got, " ") != want {
			t.Errorf("%s: %d, %q", origin, response.StatusCode, got)
		}
	}
}

// TestGatewayDiesWithItsParent kills a program that has a store.
func TestGatewayDiesWithItsParent(t *testing.T) {
	folder := t.TempDir()
	parent := exec.CommandContext(t.Context(), os.Args[0])
	parent.Env = append(os.Environ(), parentVariable+"="+folder)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	endpoint, gateway, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err := put(t.Context(), client(endpoint, "secret"), "a", "kept"); err != nil {
		t.Fatal(err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	for n := 0; ; n++ {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", gateway)
		if err != nil {
			break
		}
		_ = connection.Close()
		if n == 500 {
			t.Fatal("the gateway lives on")
		}
		time.Sleep(10 * time.Millisecond)
	}
	_, api := open(t, folder, nil)
	if got := get(t, api, "a"); got != "kept" {
		t.Errorf("after a kill: %s", got)
	}
}

func TestGatewayThatEndsIsNoticed(t *testing.T) {
	store, _ := open(t, "", nil)
	s3.KillGateway(store)
	<-store.Ended()
	if err := store.Err(); err == nil || !strings.Contains(err.Error(), "ended by itself") {
		t.Errorf("error %v", err)
	}
}

func TestTemporaryFolderGoes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	store, _ := open(t, "", nil)
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) != 1 {
		t.Fatalf("folders %q", left)
	}
	store.Stop()
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) != 0 {
		t.Errorf("left %q", left)
	}
}
