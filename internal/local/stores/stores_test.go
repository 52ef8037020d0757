package stores_test

import (
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/local/stores"
	"github.com/stride-run/stride/internal/storetest"
)

func open(t *testing.T, folder string, env map[string]string) (*stores.Stores, error) {
	t.Helper()
	storetest.Need(t)
	lookup := func(name string) (string, bool) {
		if value, ok := env[name]; ok {
			return value, true
		}
		return os.LookupEnv(name)
	}
	config := boot.Config{Stage: boot.Local, Data: folder, Table: "test" + strings.ReplaceAll(folder, "/", "."), Secret: "stride", Uploads: "uploads"}
	return stores.Open(t.Context(), lookup, config, slog.New(slog.DiscardHandler))
}

// secret reads the secret as programs do that are told of the stores.
func secret(t *testing.T, s *stores.Stores) string {
	t.Helper()
	config, err := cloud.Config(s.Lookup, boot.Local, cloud.SecretsManager)
	if err != nil {
		t.Fatal(err)
	}
	out, err := secretsmanager.NewFromConfig(config).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: new("stride")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.SecretString
}

func TestStores(t *testing.T) {
	folder := t.TempDir()
	s, err := open(t, folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	made := secret(t, s)
	if other, err := open(t, folder, nil); err == nil {
		t.Error("two have the folder")
		other.Stop()
	} else if !strings.Contains(err.Error(), "STRIDE_DATA") {
		t.Errorf("%v does not say what to do", err)
	}
	select {
	case <-s.Ended():
		t.Error("ended before it was stopped")
	default:
	}
	s.Stop()
	s.Stop()
	if err := s.Err(); err != nil {
		t.Error(err)
	}

	again, err := open(t, folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Stop()
	if secret(t, again) != made {
		t.Error("the keys of the first start are gone")
	}
}

// TestStoresKeepTheEnvironmentOut: programs get addresses on this machine and
// credentials that are none, whatever is set outside.
func TestStoresKeepTheEnvironmentOut(t *testing.T) {
	endpoint := storetest.Need(t).Endpoint
	s, err := open(t, t.TempDir(), map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_SECRET_ACCESS_KEY": "real", "AWS_SESSION_TOKEN": "real", "AWS_REGION": "eu-west-1",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://secrets.example", "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
		"AWS_CA_BUNDLE": "/etc/bundle.pem",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	other, err := open(t, t.TempDir(), map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": endpoint})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Stop()
	got := s.Environment()
	if secrets := got["AWS_ENDPOINT_URL_SECRETS_MANAGER"]; !strings.HasPrefix(secrets, "http://127.0.0.1:") {
		t.Errorf("secrets at %s", secrets)
	}
	if key := got["AWS_SECRET_ACCESS_KEY"]; len(key) < 20 || key == other.Environment()["AWS_SECRET_ACCESS_KEY"] {
		t.Errorf("the key of the bucket is %q", key)
	}
	for _, service := range []string{"S3", "SQS"} {
		if at := got["AWS_ENDPOINT_URL_"+service]; !strings.HasPrefix(at, "http://127.0.0.1:") {
			t.Errorf("%s at %s", service, at)
		}
	}
	want := map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_REGION": "us-east-1",
		"AWS_ENDPOINT_URL_DYNAMODB": endpoint, "AWS_CA_BUNDLE": "/etc/bundle.pem",
		"STRIDE_UPLOADS": "uploads", "STRIDE_SWEEP_QUEUE": got["AWS_ENDPOINT_URL_SQS"] + "/000000000000/sweep",
	}
	maps.DeleteFunc(got, func(name, _ string) bool {
		return name == "AWS_SECRET_ACCESS_KEY" || name != "AWS_ENDPOINT_URL_DYNAMODB" && strings.HasPrefix(name, "AWS_ENDPOINT_URL_")
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
