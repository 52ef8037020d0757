package secretsmanager_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stride-run/stride/internal/local/secretsmanager"
)

// wire hands the client's requests to a handler without a socket.
type wire struct{ handler http.Handler }

func (w wire) Do(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

func client(handler http.Handler) *sdk.Client {
	return sdk.New(sdk.Options{
		Region:       "local",
		BaseEndpoint: new("http://127.0.0.1"),
		HTTPClient:   wire{handler},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
		RetryMaxAttempts: 1,
	})
}

func open(t *testing.T) (*sdk.Client, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "secrets")
	return client(secretsmanager.New(folder, slog.New(slog.DiscardHandler))), folder
}

// id returns a version's id that is long enough.
func id(name string) *string { return new(name + strings.Repeat("0", 32-len(name))) }

func create(t *testing.T, c *sdk.Client, version, value string) {
	t.Helper()
	_, err := c.CreateSecret(t.Context(), &sdk.CreateSecretInput{Name: new("stride"), ClientRequestToken: id(version), SecretString: &value})
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, c *sdk.Client, version, value string, stages ...string) error {
	t.Helper()
	_, err := c.PutSecretValue(t.Context(), &sdk.PutSecretValueInput{
		SecretId: new("stride"), ClientRequestToken: id(version), SecretString: &value, VersionStages: stages,
	})
	return err
}

func move(t *testing.T, c *sdk.Client, stage string, from, to *string) error {
	t.Helper()
	_, err := c.UpdateSecretVersionStage(t.Context(), &sdk.UpdateSecretVersionStageInput{
		SecretId: new("stride"), VersionStage: &stage, RemoveFromVersionId: from, MoveToVersionId: to,
	})
	return err
}

// value returns what a stage of the secret holds; "" for nothing.
func value(t *testing.T, c *sdk.Client, stage string) string {
	t.Helper()
	out, err := c.GetSecretValue(t.Context(), &sdk.GetSecretValueInput{SecretId: new("stride"), VersionStage: &stage})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return *out.SecretString
}

func state(t *testing.T, c *sdk.Client) string {
	t.Helper()
	return fmt.Sprint("current ", value(t, c, "AWSCURRENT"), ", previous ", value(t, c, "AWSPREVIOUS"), ", pending ", value(t, c, "AWSPENDING"))
}

func want(t *testing.T, c *sdk.Client, wanted string) {
	t.Helper()
	if got := state(t, c); got != wanted {
		t.Errorf("%s; want %s", got, wanted)
	}
}

func TestCreateAndGet(t *testing.T) {
	c, folder := open(t)
	const text = `{"pem": "-----BEGIN PRIVATE KEY-----\nMII…\n", "a": "<&>"}`
	create(t, c, "v1", text)
	byName, err := c.GetSecretValue(t.Context(), &sdk.GetSecretValueInput{SecretId: new("stride")})
	if err != nil {
		t.Fatal(err)
	}
	byARN, err := c.GetSecretValue(t.Context(), &sdk.GetSecretValueInput{SecretId: byName.ARN, VersionId: id("v1")})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(byName, byARN, cmpopts.IgnoreFields(sdk.GetSecretValueOutput{}, "ResultMetadata"), cmpopts.IgnoreUnexported(sdk.GetSecretValueOutput{})); diff != "" {
		t.Errorf("by name and by ARN:\n%s", diff)
	}
	if *byName.SecretString != text || *byName.VersionId != *id("v1") || *byName.Name != "stride" || byName.CreatedDate == nil {
		t.Errorf("GetSecretValue = %+v", byName)
	}
	// The value is a file of its own, as it was given, for its owner alone.
	found := false
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			t.Error(err)
			return err
		}
		info, err := entry.Info()
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v (%v)", path, info.Mode(), err)
		}
		if content, err := os.ReadFile(path); err == nil && string(content) == text {
			found = true
		}
		return nil
	})
	if !found {
		t.Error("no file has the value")
	}
}

func TestRotation(t *testing.T) {
	c, folder := open(t)
	create(t, c, "v1", "one")
	want(t, c, "current one, previous , pending ")
	if err := put(t, c, "v2", "two", "AWSPENDING"); err != nil {
		t.Fatal(err)
	}
	want(t, c, "current one, previous , pending two")
	if err := put(t, c, "v2", "two", "AWSPENDING"); err != nil { // rotation's first step may run twice
		t.Errorf("the same again: %v", err)
	}
	if err := put(t, c, "v2", "other", "AWSPENDING"); err == nil {
		t.Error("a version's value was changed")
	}
	if err := move(t, c, "AWSCURRENT", id("v1"), id("v2")); err != nil {
		t.Fatal(err)
	}
	want(t, c, "current two, previous one, pending two")
	if err := move(t, c, "AWSCURRENT", id("v1"), id("v2")); err != nil { // as may its last
		t.Errorf("the same again: %v", err)
	}
	if err := move(t, c, "AWSPENDING", id("v2"), nil); err != nil {
		t.Fatal(err)
	}
	if err := put(t, c, "v3", "three"); err != nil {
		t.Fatal(err)
	}
	want(t, c, "current three, previous two, pending ")

	out, err := c.DescribeSecret(t.Context(), &sdk.DescribeSecretInput{SecretId: new("stride")})
	if err != nil {
		t.Fatal(err)
	}
	stages := map[string][]string{*id("v3"): {"AWSCURRENT"}, *id("v2"): {"AWSPREVIOUS"}}
	if diff := cmp.Diff(stages, out.VersionIdsToStages); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
	if files, _ := filepath.Glob(filepath.Join(folder, "*", "*")); len(files) != 3 {
		t.Errorf("files %q, want two values and an index", files)
	}
	// All of it is on disk.
	again := client(secretsmanager.New(folder, slog.New(slog.DiscardHandler)))
	want(t, again, state(t, c))
}

func TestRefusals(t *testing.T) {
	c, _ := open(t)
	create(t, c, "v1", "one")
	ctx := t.Context()
	for _, tt := range []struct {
		name string
		call func() error
		want string
	}{
		{"unknown secret", func() error {
			_, err := c.GetSecretValue(ctx, &sdk.GetSecretValueInput{SecretId: new("other")})
			return err
		}, "ResourceNotFoundException"},
		{"a path for a name", func() error {
			_, err := c.GetSecretValue(ctx, &sdk.GetSecretValueInput{SecretId: new("../secret-stride")})
			return err
		}, "ResourceNotFoundException"},
		{"unknown version", func() error {
			_, err := c.GetSecretValue(ctx, &sdk.GetSecretValueInput{SecretId: new("stride"), VersionId: id("v9")})
			return err
		}, "ResourceNotFoundException"},
		{"a version under another stage", func() error {
			_, err := c.GetSecretValue(ctx, &sdk.GetSecretValueInput{SecretId: new("stride"), VersionId: id("v1"), VersionStage: new("AWSPENDING")})
			return err
		}, "ResourceNotFoundException"},
		{"value for an unknown secret", func() error {
			_, err := c.PutSecretValue(ctx, &sdk.PutSecretValueInput{SecretId: new("other"), SecretString: new("x")})
			return err
		}, "ResourceNotFoundException"},
		{"same name again", func() error {
			_, err := c.CreateSecret(ctx, &sdk.CreateSecretInput{Name: new("stride"), SecretString: new("x")})
			return err
		}, "ResourceExistsException"},
		{"name that is none", func() error {
			_, err := c.CreateSecret(ctx, &sdk.CreateSecretInput{Name: new("a b"), SecretString: new("x")})
			return err
		}, "InvalidParameterException"},
		{"version id that is a path", func() error {
			_, err := c.PutSecretValue(ctx, &sdk.PutSecretValueInput{
				SecretId: new("stride"), SecretString: new("x"), ClientRequestToken: new("../../../../../../../../../../tmp/x"),
			})
			return err
		}, "InvalidParameterException"},
		{"binary", func() error {
			_, err := c.PutSecretValue(ctx, &sdk.PutSecretValueInput{SecretId: new("stride"), SecretBinary: []byte("x")})
			return err
		}, "InvalidParameterException"},
		{"stage taken from nobody", func() error {
			if err := put(t, c, "v2", "two", "AWSPENDING"); err != nil {
				return err
			}
			return move(t, c, "AWSCURRENT", nil, id("v2"))
		}, "InvalidParameterException"},
		{"stage to an unknown version", func() error { return move(t, c, "AWSCURRENT", id("v1"), id("v9")) }, "ResourceNotFoundException"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api, _ := errors.AsType[smithy.APIError](tt.call())
			if api == nil || api.ErrorCode() != tt.want {
				t.Errorf("error %v, want %s", api, tt.want)
			}
		})
	}
	want(t, c, "current one, previous , pending two")
}

func TestSecretWithoutValue(t *testing.T) {
	c, _ := open(t)
	if _, err := c.CreateSecret(t.Context(), &sdk.CreateSecretInput{Name: new("stride")}); err != nil {
		t.Fatal(err)
	}
	want(t, c, "current , previous , pending ")
	if err := put(t, c, "v1", "one"); err != nil {
		t.Fatal(err)
	}
	want(t, c, "current one, previous , pending ")
}

func TestUnknownOperationsAreLoud(t *testing.T) {
	var out bytes.Buffer
	c := client(secretsmanager.New(t.TempDir(), slog.New(slog.NewTextHandler(&out, nil))))
	_, err := c.DeleteSecret(t.Context(), &sdk.DeleteSecretInput{SecretId: new("stride")})
	api, _ := errors.AsType[smithy.APIError](err)
	if api == nil || api.ErrorCode() != "UnknownOperationException" {
		t.Errorf("error %v, want UnknownOperationException", err)
	}
	if log := out.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "secretsmanager.DeleteSecret") {
		t.Errorf("log %q", log)
	}
}

func TestDamageIsAnError(t *testing.T) {
	var out bytes.Buffer
	folder := t.TempDir()
	c := client(secretsmanager.New(folder, slog.New(slog.NewTextHandler(&out, nil))))
	create(t, c, "v1", "one")
	if err := os.WriteFile(filepath.Join(folder, "secret-stride", "index.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := c.GetSecretValue(t.Context(), &sdk.GetSecretValueInput{SecretId: new("stride")})
	api, _ := errors.AsType[smithy.APIError](err)
	if api == nil || api.ErrorCode() != "InternalServiceError" || !strings.Contains(out.String(), "index.json") {
		t.Errorf("error %v, log %q", err, out.String())
	}
	for _, request := range []*http.Request{
		httptest.NewRequest("GET", "/", nil),
		httptest.NewRequest("POST", "/", strings.NewReader("{")),
	} {
		request.Header.Set("X-Amz-Target", "secretsmanager.GetSecretValue")
		recorder := httptest.NewRecorder()
		secretsmanager.New(folder, slog.New(slog.DiscardHandler)).ServeHTTP(recorder, request)
		if recorder.Code != 400 {
			t.Errorf("%s: status %d", request.Method, recorder.Code)
		}
	}
}

func TestParallelCalls(t *testing.T) {
	c, _ := open(t)
	create(t, c, "v0", "0")
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			if err := put(t, c, fmt.Sprintf("p%02d-", n), fmt.Sprint(n)); err != nil {
				t.Error(err)
			}
			_ = state(t, c)
		})
	}
	all.Wait()
	out, err := c.DescribeSecret(t.Context(), &sdk.DescribeSecretInput{SecretId: new("stride")})
	if err != nil || len(out.VersionIdsToStages) != 2 {
		t.Errorf("versions %v, %v; want the current and the one before", out.VersionIdsToStages, err)
	}
}
