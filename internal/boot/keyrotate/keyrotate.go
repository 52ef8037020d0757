// Package keyrotate keeps the signing keys: it makes them when it is first
// deployed, and goes on to the next one month by month, without a token being
// refused.
//
// A key is published a whole period before it signs, and for one after. So a
// verifier may keep what it has read for hours and never meets a token whose
// key it lacks. Every step can be cut off anywhere and repeated: it finds what
// was done and does the rest.
package keyrotate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

// The stages that a version of the secret may have.
const (
	current = "AWSCURRENT"
	pending = "AWSPENDING"
)

// published is how long a key has to be public before it signs. It is more
// than API Gateway keeps keys (2 h), the distribution (1 h at most) and the
// signers (secrets.MaxAge) together.
const published = 3*time.Hour + 15*time.Minute

// A manager is the part of Secrets Manager that keeping keys takes.
type manager interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
	CreateSecret(context.Context, *secretsmanager.CreateSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.CreateSecretOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error)
	UpdateSecretVersionStage(context.Context, *secretsmanager.UpdateSecretVersionStageInput, ...func(*secretsmanager.Options)) (*secretsmanager.UpdateSecretVersionStageOutput, error)
}

// A Keeper keeps the keys. All fields are required.
type Keeper struct {
	Manager   manager
	Secret    string // the secret's name or ARN
	Documents Documents
	Issuer    string // iss of the tokens; the documents are below it
	Audience  string // aud of the tokens
	API       string // the origin that serves /api
	NewKey    secrets.KeyMaker
	Now       func() time.Time
	Log       *slog.Logger
	// Report keeps a metric.
	Report func(name string, value float64)
}

// An Event is what starts the function. Secrets Manager sends a step, the
// daily schedule its source, an operator an action; a deployment sends
// nothing at all.
type Event struct {
	Step     string `json:"Step"`
	SecretID string `json:"SecretId"`
	Token    string `json:"ClientRequestToken"`
	Source   string `json:"source"`
	Action   string `json:"action"`
}

// Invoke answers Lambda. A deployment's call has no payload, or an empty one.
func (k Keeper) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event Event
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &event); err != nil {
			return nil, fmt.Errorf("read event: %w", err)
		}
	}
	return []byte("null"), k.Handle(ctx, event)
}

// Handle does what an event asks for.
func (k Keeper) Handle(ctx context.Context, event Event) error {
	var do func(context.Context) error
	name := event.Step
	switch {
	case event.Step != "":
		if event.SecretID != k.Secret {
			return fmt.Errorf("rotate secret %s: this function keeps %s", event.SecretID, k.Secret)
		}
		step, ok := map[string]func(context.Context, string) error{
			"createSecret": k.create, "setSecret": k.set, "testSecret": k.test, "finishSecret": k.finish,
		}[event.Step]
		if !ok {
			return fmt.Errorf("rotate secret: no step %.20q", event.Step)
		}
		do = func(ctx context.Context) error { return step(ctx, event.Token) }
	case event.Action == "replace":
		name, do = "replace", k.replace
	case event.Action != "":
		return fmt.Errorf("keep keys: no action %.20q", event.Action)
	default:
		name, do = "ensure", k.ensure
	}
	if err := do(ctx); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	k.Log.LogAttrs(ctx, slog.LevelInfo, "keys", slog.String("done", name))
	return nil
}

// ensure sees to it that there are keys and that they are published, says how
// old they are, and never replaces one.
func (k Keeper) ensure(ctx context.Context) error {
	_, err := secrets.Ensure(ctx, k.Manager, k.Secret, func() (secrets.Value, error) { return secrets.New(k.NewKey, k.Now()) })
	if err != nil {
		return err
	}
	v, err := k.read(ctx, current)
	if err != nil {
		return err
	}
	// The next key is made when the one before it begins to sign.
	k.Report(metric.KeyAge, k.Now().Sub(v.value.SigningKeys.Next.CreatedAt).Hours()/24)
	return k.publish(ctx)
}

// create makes the next generation and keeps it as pending. It refuses where
// the next key has not been public for long enough, since tokens would be
// refused then; whoever has to be rid of a key asks to replace.
func (k Keeper) create(ctx context.Context, version string) error {
	switch _, err := k.readVersion(ctx, version); {
	case err == nil:
		return nil // done before
	case !missing(err):
		return err
	}
	now, err := k.read(ctx, current)
	if err != nil {
		return err
	}
	if age := k.Now().Sub(now.value.SigningKeys.Next.CreatedAt); age < published {
		return fmt.Errorf("the next key is public for %s, and has to be for %s before it signs", age.Round(time.Second), published)
	}
	next, err := now.value.Rotate(k.NewKey, token.PublicPEM, k.Now())
	if err != nil {
		return err
	}
	err = k.put(ctx, next, version, pending)
	if _, raced := errors.AsType[*types.ResourceExistsException](err); raced {
		return nil // another attempt at this step came first; its keys are as good
	}
	return err
}

// set publishes the pending keys beside those in force.
func (k Keeper) set(ctx context.Context, version string) error {
	if _, err := k.readVersion(ctx, version); err != nil {
		return err
	}
	return k.publish(ctx)
}

// test signs a token with the key that is about to sign, and checks it by
// what the world can read.
func (k Keeper) test(ctx context.Context, version string) error {
	v, err := k.readVersion(ctx, version)
	if err != nil {
		return err
	}
	keys, err := parse(v.value)
	if err != nil {
		return err
	}
	public, err := k.Documents.Fetch(ctx, k.Issuer)
	if err != nil {
		return err
	}
	return k.tryOut(ctx, keys, public)
}

// finish puts the pending keys in force, and publishes what is left.
func (k Keeper) finish(ctx context.Context, version string) error {
	now, err := k.read(ctx, current)
	if err != nil {
		return err
	}
	if now.version != version {
		if _, err := k.readVersion(ctx, version); err != nil {
			return err
		}
		stage := current
		_, err := k.Manager.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
			SecretId: &k.Secret, VersionStage: &stage, MoveToVersionId: &version, RemoveFromVersionId: &now.version,
		})
		if err != nil {
			return fmt.Errorf("put version %s in force: %w", version, err)
		}
	}
	return k.publish(ctx)
}

// replace makes all keys anew, publishes these alone, and puts them in force
// at once: what was signed before is worth nothing from here on, for whoever
// reads the documents anew.
func (k Keeper) replace(ctx context.Context) error {
	now, err := k.read(ctx, current)
	if err != nil {
		return err
	}
	next, err := now.value.Replace(k.NewKey, k.Now())
	if err != nil {
		return err
	}
	keys, err := parse(next)
	if err != nil {
		return err
	}
	if err := k.write(ctx, keys.Public); err != nil {
		return err
	}
	// A rotation that is under way ends here: nothing of it may come back.
	return k.put(ctx, next, "", current, pending)
}
