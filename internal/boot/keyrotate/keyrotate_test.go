package keyrotate_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/boot/keyrotate"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

func TestEnsure(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	first, documents := s.value(), maps.Clone(s.written)
	if diff := cmp.Diff([]string{first.SigningKeys.Current.KID, first.SigningKeys.Next.KID}, s.published()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
	if want := token.Discovery(issuer, "https://stride.example"); !bytes.Equal(s.written[".well-known/openid-configuration"], want) {
		t.Errorf("discovery %s, want %s", s.written[".well-known/openid-configuration"], want)
	}
	s.now = s.now.Add(10 * 24 * time.Hour)
	s.must(keyrotate.Event{Source: "aws.events"}) // the daily call
	if diff := cmp.Diff(first, s.value()); diff != "" {
		t.Error("a second deployment changes the secret")
	}
	if diff := cmp.Diff(documents, s.written); diff != "" {
		t.Errorf("a second deployment changes the documents:\n%s", diff)
	}
	if got := s.reports["SigningKeyAgeDays"]; got != 10 {
		t.Errorf("age %v days, want 10", got)
	}
}

func TestRotate(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	before := s.value()
	s.now = s.now.Add(month)
	s.rotate(version(0))
	after := s.value()
	previous, current := after.SigningKeys.Previous, after.SigningKeys.Current
	if current != before.SigningKeys.Next || previous == nil || previous.KID != before.SigningKeys.Current.KID {
		t.Errorf("keys %+v after %+v", after.SigningKeys, before.SigningKeys)
	}
	if strings.Contains(previous.PEM, "PRIVATE") {
		t.Error("a key that will not sign again is kept")
	}
	if diff := cmp.Diff([]string{previous.KID, current.KID, after.SigningKeys.Next.KID}, s.published()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
	after.SigningKeys = before.SigningKeys
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error("a rotation changes more than the signing keys")
	}
	if bytes.Contains(s.written[".well-known/jwks.json"], []byte(`"d"`)) {
		t.Error("a private key is published")
	}
}

// TestTrial is what Secrets Manager does when a schedule is made that does not
// rotate at once: it makes a version that is pending, has it tested, and takes
// it away again.
func TestTrial(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	before, documents := s.value(), maps.Clone(s.written)
	value, err := before.Text()
	if err != nil {
		t.Fatal(err)
	}
	trial := version(9)
	if _, err := s.client.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{
		SecretId: new(secret), SecretString: &value, ClientRequestToken: &trial, VersionStages: []string{"AWSPENDING"},
	}); err != nil {
		t.Fatal(err)
	}
	s.must(keyrotate.Event{Step: "testSecret", SecretID: secret, Token: trial})
	s.must(keyrotate.Event{}) // a deployment, or the daily call, in between
	if diff := cmp.Diff(documents, s.written); diff != "" {
		t.Errorf("a trial changes the documents:\n%s", diff)
	}
	s.now = s.now.Add(month)
	s.rotate(version(0)) // though the trial's version may still be there
	if s.value().SigningKeys.Current != before.SigningKeys.Next {
		t.Error("after a trial, a rotation does not go on to the next key")
	}
}

// TestLoginsKeyIsPublished signs as login does, and checks by the documents
// that the authorizer's issuer names.
func TestLoginsKeyIsPublished(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	for n := range byte(3) {
		v := s.value()
		previous := ""
		if v.SigningKeys.Previous != nil {
			previous = v.SigningKeys.Previous.PEM
		}
		keys, err := token.ParseKeys(previous, v.SigningKeys.Current.PEM, v.SigningKeys.Next.PEM)
		if err != nil {
			t.Fatal(err)
		}
		signer := token.Issuer{Keys: func(context.Context) (token.Keys, error) { return keys, nil }, Issuer: issuer, Audience: audience}
		const id = "01931b66-7e00-7000-8000-000000000000"
		text, err := signer.Issue(t.Context(), id, id, s.now)
		if err != nil {
			t.Fatal(err)
		}
		verifier := token.Verifier{
			Keys:   func(ctx context.Context) (token.PublicKeys, error) { return s.Fetch(ctx, issuer) },
			Issuer: issuer, Audience: audience,
		}
		if _, err := verifier.Verify(t.Context(), text, s.now); err != nil {
			t.Error(err)
		}
		s.now = s.now.Add(month)
		s.rotate(version(n))
	}
}

// TestEveryStepCanBeCutOff cuts a rotation off before and after each of its
// changes, has a deployment in between, and repeats from the step that failed,
// as Secrets Manager does. At every moment the key that signs is published.
func TestEveryStepCanBeCutOff(t *testing.T) {
	for _, before := range []bool{true, false} {
		for _, deploys := range []bool{false, true} {
			for cutAt := 1; ; cutAt++ {
				cut := false
				t.Run(fmt.Sprintf("change %d, before %v, deployment %v", cutAt, before, deploys), func(t *testing.T) {
					cut = cutOff(t, cutAt, before, deploys)
				})
				if !cut { // there is no such change: all were tried
					if cutAt < 6 {
						t.Errorf("only %d changes were cut off", cutAt-1)
					}
					break
				}
			}
		}
	}
}

func cutOff(t *testing.T, cutAt int, before, deploys bool) (cut bool) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	old := s.value()
	s.now = s.now.Add(month)
	s.change, s.cutAt, s.before = 0, cutAt, before
	s.check = func() {
		v := s.value()
		for _, key := range []secrets.SigningKey{old.SigningKeys.Current, v.SigningKeys.Current} {
			if !isPublished(s, key.KID) {
				t.Errorf("key %s signs, or its tokens live, and it is not published", key.KID)
			}
		}
	}
	for _, step := range steps(version(0)) {
		for range 2 { // each once more, though it was done
			if s.do(step) == nil {
				continue
			}
			cut = true
			if deploys {
				s.must(keyrotate.Event{})
			}
			s.must(step)
		}
	}
	after := s.value()
	if after.SigningKeys.Current.KID != old.SigningKeys.Next.KID || after.SigningKeys.Previous.KID != old.SigningKeys.Current.KID {
		t.Errorf("not one generation on: %v after %v", after.SigningKeys, old.SigningKeys)
	}
	if diff := cmp.Diff([]string{after.SigningKeys.Previous.KID, after.SigningKeys.Current.KID, after.SigningKeys.Next.KID}, s.published()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(old.Peppers, after.Peppers); diff != "" {
		t.Error("peppers are not what they were")
	}
	return cut
}

func TestAbandonedRotationIsFollowedByAnother(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	old := s.value()
	s.now = s.now.Add(month)
	s.must(steps(version(0))[0])
	s.must(steps(version(0))[1])
	s.now = s.now.Add(24 * time.Hour)
	s.rotate(version(1))
	if v := s.value(); v.SigningKeys.Current.KID != old.SigningKeys.Next.KID || len(s.published()) != 3 {
		t.Errorf("current %s, published %v", v.SigningKeys.Current.KID, s.published())
	}
}

func TestRefuses(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	for _, tt := range []struct {
		name  string
		event keyrotate.Event
		want  string
	}{
		{"a key that is hardly public", steps(version(0))[0], "public for"},
		{"a version that is not there", steps(version(1))[1], "ResourceNotFound"},
		{"to test one", steps(version(1))[2], "ResourceNotFound"},
		{"to put one in force", steps(version(1))[3], "ResourceNotFound"},
		{"another secret", keyrotate.Event{Step: "createSecret", SecretID: "other", Token: version(0)}, "keeps"},
		{"another step", keyrotate.Event{Step: "deleteSecret", SecretID: secret, Token: version(0)}, "no step"},
		{"another action", keyrotate.Event{Action: "erase"}, "no action"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := s.value()
			if err := s.do(tt.event); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if diff := cmp.Diff(before, s.value()); diff != "" {
				t.Error("the secret was changed")
			}
		})
	}
}

// TestPublishedKeysAreTested takes the keys away between two steps.
func TestPublishedKeysAreTested(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	stale := maps.Clone(s.written)
	s.now = s.now.Add(month)
	all := steps(version(0))
	s.must(all[0])
	s.must(all[1])
	s.written[".well-known/jwks.json"] = []byte(`{"keys":[]}`)
	if err := s.do(all[2]); err == nil {
		t.Error("a key that nobody can read was about to sign")
	}
	s.written = stale // a cache has the documents of before: the next key is there
	s.must(all[2])
}

func TestReplace(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	s.now = s.now.Add(month)
	s.must(steps(version(0))[0]) // a rotation is under way
	s.must(steps(version(0))[1])
	leaked := s.value()
	s.must(keyrotate.Event{Action: "replace"})
	s.must(keyrotate.Event{}) // a deployment does not bring anything back
	after := s.value()
	if diff := cmp.Diff([]string{after.SigningKeys.Current.KID, after.SigningKeys.Next.KID}, s.published()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
	if isPublished(s, leaked.SigningKeys.Current.KID) || isPublished(s, leaked.SigningKeys.Next.KID) || bytes.Equal(after.RefreshKey, leaked.RefreshKey) {
		t.Error("a leaked key is good")
	}
	if !bytes.Equal(after.Peppers["p1"], leaked.Peppers["p1"]) {
		t.Error("the pepper is lost")
	}
	s.now = s.now.Add(month)
	s.rotate(version(2)) // and life goes on
}

func TestInvoke(t *testing.T) {
	s := newSite(t)
	for _, payload := range []string{"", "{}", "null", `{"version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}`} {
		if _, err := s.keeper().Invoke(t.Context(), []byte(payload)); err != nil {
			t.Errorf("%q: %v", payload, err)
		}
	}
	if _, err := s.keeper().Invoke(t.Context(), []byte("[")); err == nil {
		t.Error("an event that is none is taken")
	}
}
