package token

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// vectors reads a file of Project Wycheproof, which is no part of this
// project: STRIDE_TEST_VECTORS names the folder that has it.
func vectors(t *testing.T, name string) (groups []vectorGroup) {
	t.Helper()
	folder := os.Getenv("STRIDE_TEST_VECTORS")
	if folder == "" {
		t.Skip("SKIPPED: set STRIDE_TEST_VECTORS to a folder with Project Wycheproof's testvectors_v1")
	}
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ TestGroups []vectorGroup }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.TestGroups
}

type vectorGroup struct {
	Public, Private json.RawMessage
	Tests           []struct {
		TCID                 int
		Comment, JWS, Result string
	}
}

// TestWycheproofSignatures puts the RS256 vectors through what checks form,
// header and signature. The kid rule is relaxed to the vectors' own names,
// and typ, which they do not have, is left out; all other rules are the ones
// of Verify.
func TestWycheproofSignatures(t *testing.T) {
	tests := 0
	var accepted, refused []int // valid ones
	for _, group := range vectors(t, "wycheproof_json_web_signature_test.json") {
		var key jwk
		if err := json.Unmarshal(group.Public, &key); err != nil || key.Alg != "RS256" {
			continue
		}
		n, err := base64.RawURLEncoding.DecodeString(key.N)
		if err != nil {
			t.Fatal(err)
		}
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}
		verifier := Verifier{Keys: func(context.Context) (PublicKeys, error) { return PublicKeys{{key.KID, public}}, nil }}
		for _, test := range group.Tests {
			tests++
			_, err := open(test.JWS, func(h header) (*rsa.PublicKey, error) { return verifier.key(t.Context(), h.kid) })
			switch {
			case test.Result == "valid" && err == nil:
				accepted = append(accepted, test.TCID)
			case test.Result == "valid":
				refused = append(refused, test.TCID)
				t.Logf("%d %s: %v", test.TCID, test.Comment, err)
			case err == nil:
				t.Errorf("%d %s is accepted: %s", test.TCID, test.Comment, test.JWS)
			}
			// A signature over something that is no claims set signs nobody in.
			if claims, err := verifier.Verify(t.Context(), test.JWS, time.Now()); err == nil {
				t.Errorf("%d %s signs in: %v", test.TCID, test.Comment, claims)
			}
		}
	}
	if tests != 233 {
		t.Errorf("%d vectors for RS256, want 233", tests)
	}
	slices.Sort(accepted)
	if diff := cmp.Diff([]int{33, 259, 260, 261, 262, 263, 345, 349}, accepted); diff != "" {
		t.Errorf("valid vectors whose signature is accepted (-want +got; refused %v):\n%s", refused, diff)
	}
}

// TestWycheproofKeys: weak and ambiguous key sets are refused as a whole. The
// one exception is a key from a card with a bad generator (ROCA, vector 7):
// the sets that are read here hold keys that NewKey made.
func TestWycheproofKeys(t *testing.T) {
	for _, group := range vectors(t, "wycheproof_json_web_key_test.json") {
		set := group.Public
		if set == nil {
			set = group.Private
		}
		keys, errKeys := ParseJWKS(set)
		for _, test := range group.Tests {
			_, err := open(test.JWS, func(h header) (*rsa.PublicKey, error) {
				key, ok := keys.find(h.kid)
				if !ok {
					return nil, errUnknownKey
				}
				return key, nil
			})
			if test.Result == "invalid" && test.TCID != 7 && errKeys == nil && err == nil {
				t.Errorf("%d %s is accepted", test.TCID, test.Comment)
			}
		}
	}
}
