package keyrotate

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/token"
)

// timeout is how long a document may take.
const timeout = 5 * time.Second

// FromEnvironment makes a Keeper of the settings: STRIDE_SECRET,
// STRIDE_ISSUER, STRIDE_ISSUER_DOCUMENTS (the bucket), STRIDE_AUDIENCE,
// STRIDE_API_ORIGIN. The error names every one that is missing.
func FromEnvironment(lookup func(string) (string, bool), log *slog.Logger) (Keeper, error) {
	config, errConfig := boot.ConfigFrom(lookup, boot.Production)
	secretsConfig, errSecrets := cloud.Config(lookup, config.Stage, cloud.SecretsManager)
	s3Config, errS3 := cloud.Config(lookup, config.Stage, cloud.S3)
	errs := []error{errConfig, errSecrets, errS3}
	require := func(name string) string {
		value, _ := lookup(name)
		if value == "" {
			errs = append(errs, fmt.Errorf("%s is not set", name))
		}
		return value
	}
	k := Keeper{
		Manager: secretsmanager.NewFromConfig(secretsConfig),
		Secret:  require("STRIDE_SECRET"),
		Documents: Bucket{
			S3: s3.NewFromConfig(s3Config, func(o *s3.Options) {
				o.UsePathStyle = s3Config.BaseEndpoint != nil // one name for all buckets
			}),
			Name: require("STRIDE_ISSUER_DOCUMENTS"),
			HTTP: &http.Client{Timeout: timeout},
		},
		Issuer:   require("STRIDE_ISSUER"),
		Audience: require("STRIDE_AUDIENCE"),
		API:      require("STRIDE_API_ORIGIN"),
		NewKey:   token.NewKey,
		Now:      time.Now,
		Log:      log,
		Report:   func(name string, value float64) { log.Info("key age", metric.Number(name, value)) },
	}
	return k, errors.Join(errs...)
}
