package objects

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	// signedFor is how long signed addresses are good for: an upload has to
	// have begun by then.
	signedFor = 5 * time.Minute
	// uploadType is the type of every upload: what is in it shows when it is
	// read, and no browser is to make anything of it.
	uploadType = "application/octet-stream"
)

// A signer signs addresses by a clock of ours.
type signer struct{ now func() time.Time }

func (s signer) PresignHTTP(ctx context.Context, credentials aws.Credentials, r *http.Request,
	payloadHash, service, region string, _ time.Time, options ...func(*v4.SignerOptions),
) (string, http.Header, error) {
	return v4.NewSigner().PresignHTTP(ctx, credentials, r, payloadHash, service, region, s.now(), options...)
}

// sum is a SHA-256 as S3 writes it.
func sum(body []byte) string {
	digest := sha256.Sum256(body)
	return base64.StdEncoding.EncodeToString(digest[:])
}

// checksumOf is a SHA-256 in hex as S3 writes it.
func checksumOf(digest string) (string, error) {
	raw, err := hex.DecodeString(digest)
	if err != nil || len(raw) != sha256.Size {
		return "", errors.New("not a SHA-256 in hex")
	}
	return base64.StdEncoding.EncodeToString(raw), nil
}

// disposition has a browser save a file under a name.
func disposition(name string) string {
	if text := mime.FormatMediaType("attachment", map[string]string{"filename": strings.ToValidUTF8(name, "")}); text != "" {
		return text
	}
	return "attachment"
}
