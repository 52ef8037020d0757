package cloud_test

import (
	"context"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
)

func env(change ...string) func(string) (string, bool) {
	all := map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"}
	for i := 0; i < len(change); i += 2 {
		all[change[i]] = change[i+1]
	}
	return func(name string) (string, bool) {
		value, ok := all[name]
		return value, ok
	}
}

func TestConfig(t *testing.T) {
	const endpoint = "AWS_ENDPOINT_URL_DYNAMODB"
	for _, tt := range []struct {
		name  string
		env   func(string) (string, bool)
		stage boot.Stage
		wrong []string // names in the error; none: no error
	}{
		{"as Lambda sets it", env("AWS_SESSION_TOKEN", "token"), boot.Production, nil},
		{"endpoint in the cloud", env(endpoint, "https://127.0.0.1:9297"), boot.Production, nil},
		{"local", env(endpoint, "http://127.0.0.1:8000"), boot.Local, nil},
		{"local, elsewhere by name", env(endpoint, "http://dynamodb.example:8000"), boot.Local, nil},
		{"local, no endpoint", env(), boot.Local, []string{endpoint}},
		{"local, endpoint set to nothing", env(endpoint, ""), boot.Local, []string{endpoint}},
		{"local, another service's", env("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"), boot.Local, []string{endpoint}},
		{"no URL", env(endpoint, "127.0.0.1:8000"), boot.Production, []string{endpoint}},
		{"other scheme", env(endpoint, "ftp://127.0.0.1"), boot.Production, []string{endpoint}},
		{
			"nothing", env("AWS_ACCESS_KEY_ID", "", "AWS_SECRET_ACCESS_KEY", "", "AWS_REGION", ""), boot.Production,
			[]string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"},
		},
		{"bundle that is not there", env(endpoint, "https://127.0.0.1", "AWS_CA_BUNDLE", "/nowhere"), boot.Local, []string{"AWS_CA_BUNDLE"}},
		{"bundle of nothing", env(endpoint, "https://127.0.0.1", "AWS_CA_BUNDLE", os.DevNull), boot.Local, []string{"AWS_CA_BUNDLE"}},
		{"bundle that nobody needs", env(endpoint, "http://127.0.0.1", "AWS_CA_BUNDLE", "/nowhere"), boot.Local, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config, err := cloud.Config(tt.env, tt.stage, cloud.DynamoDB)
			if len(tt.wrong) > 0 {
				for _, name := range tt.wrong {
					if err == nil || !strings.Contains(err.Error(), name) {
						t.Errorf("error %v, want one that names %s", err, name)
					}
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			credentials, err := config.Credentials.Retrieve(context.Background())
			token, _ := tt.env("AWS_SESSION_TOKEN")
			if err != nil || credentials.AccessKeyID != "id" || credentials.SecretAccessKey != "secret" || credentials.SessionToken != token {
				t.Errorf("credentials %+v, %v", credentials, err)
			}
			wanted, _ := tt.env(endpoint)
			if config.Region != "eu-central-1" || (config.BaseEndpoint == nil) != (wanted == "") || wanted != "" && *config.BaseEndpoint != wanted {
				t.Errorf("region %s, endpoint %v; want eu-central-1, %q", config.Region, config.BaseEndpoint, wanted)
			}
		})
	}
}

// TestCallThroughBundle makes a real call to an https endpoint whose
// certificate only the bundle knows, with the SDK's traps set.
func TestCallThroughBundle(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"SecretString": "`+r.Header.Get("X-Amz-Target")+`"}`)
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "bundle.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, block, 0o600); err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{"AWS_ENDPOINT_URL_SECRETS_MANAGER": server.URL, "AWS_CA_BUNDLE": path, "AWS_PROFILE": "none"}
	var pairs []string
	for name, value := range maps.All(vars) {
		t.Setenv(name, value)
		pairs = append(pairs, name, value)
	}
	config, err := cloud.Config(env(pairs...), boot.Local, cloud.SecretsManager)
	if err != nil {
		t.Fatal(err)
	}
	out, err := secretsmanager.NewFromConfig(config).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: new("stride")})
	if err != nil || *out.SecretString != "secretsmanager.GetSecretValue" {
		t.Errorf("GetSecretValue = %+v, %v", out, err)
	}
}
