package keyrotate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

// A version is one of the secret's.
type version struct {
	value   secrets.Value
	version string
}

func (k Keeper) read(ctx context.Context, stage string) (version, error) {
	return k.get(ctx, &secretsmanager.GetSecretValueInput{SecretId: &k.Secret, VersionStage: &stage})
}

func (k Keeper) readVersion(ctx context.Context, id string) (version, error) {
	return k.get(ctx, &secretsmanager.GetSecretValueInput{SecretId: &k.Secret, VersionId: &id})
}

func (k Keeper) get(ctx context.Context, in *secretsmanager.GetSecretValueInput) (version, error) {
	out, err := k.Manager.GetSecretValue(ctx, in)
	if err != nil {
		return version{}, fmt.Errorf("read the secret: %w", err)
	}
	if out.SecretString == nil || out.VersionId == nil {
		return version{}, errors.New("read the secret: it has no text")
	}
	value, err := secrets.Parse(*out.SecretString)
	return version{value, *out.VersionId}, err
}

// missing says whether a version, or the secret, is not there.
func missing(err error) bool {
	_, is := errors.AsType[*types.ResourceNotFoundException](err)
	return is
}

// put stores a value as a version, under an id of its own where none is
// given.
func (k Keeper) put(ctx context.Context, value secrets.Value, id string, stages ...string) error {
	if id == "" {
		id = uuid.NewString()
	}
	text, err := value.Text()
	if err != nil {
		return err
	}
	_, err = k.Manager.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &k.Secret, SecretString: &text, ClientRequestToken: &id, VersionStages: stages,
	})
	if err != nil {
		return fmt.Errorf("store the secret: %w", err)
	}
	return nil
}

// parse reads the signing keys of a value, the private one as well: what could
// not sign is not put in force.
func parse(v secrets.Value) (token.Keys, error) {
	previous := ""
	if v.SigningKeys.Previous != nil {
		previous = v.SigningKeys.Previous.PEM
	}
	keys, err := token.ParseKeys(previous, v.SigningKeys.Current.PEM, v.SigningKeys.Next.PEM)
	if err != nil {
		return token.Keys{}, err
	}
	_, err = keys.Signer()
	return keys, err
}

// publish writes the documents for the keys in force and, while a rotation is
// under way, those that come after them: whatever step was cut off, each key
// that may sign, or whose tokens may live, is there.
func (k Keeper) publish(ctx context.Context) error {
	var public token.PublicKeys
	for _, stage := range []string{current, pending} {
		v, err := k.read(ctx, stage)
		if stage == pending && missing(err) {
			continue // no rotation is under way
		}
		if err != nil {
			return err
		}
		keys, err := parse(v.value)
		if err != nil {
			return err
		}
		for _, key := range keys.Public {
			if !slices.ContainsFunc(public, func(p token.PublicKey) bool { return p.KID == key.KID }) {
				public = append(public, key)
			}
		}
	}
	return k.write(ctx, public)
}

// write publishes keys, and then where they are.
func (k Keeper) write(ctx context.Context, public token.PublicKeys) error {
	if err := k.Documents.Put(ctx, jwksPath, public.JWKS()); err != nil {
		return err
	}
	return k.Documents.Put(ctx, discoveryPath, token.Discovery(k.Issuer, k.API))
}
