package server

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/local/stores"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/token"
)

const credentials = `{"email":"runner@example.org","password":"every mile counts"}`

// call sends JSON and reads JSON; authorization may be empty.
func call(t *testing.T, method, url, authorization, body string) (*http.Response, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s %s: %d %s", method, url, response.StatusCode, text)
		}
	}
	return response, answer
}

// signUp makes an account and returns its access token.
func signUp(t *testing.T, url string) string {
	t.Helper()
	response, answer := call(t, "POST", url+"/api/register", "", credentials)
	text, _ := answer["access_token"].(string)
	if response.StatusCode != 201 || text == "" {
		t.Fatalf("register: %d %v", response.StatusCode, answer)
	}
	return text
}

// TestTokensAreCheckedOnEveryRouteThatNeedsOne: the gateway lets nobody
// through without a good token, and a good one opens the route.
func TestTokensAreCheckedOnEveryRouteThatNeedsOne(t *testing.T) {
	url, stop := start(t)
	good := signUp(t, url)
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`))
	protected := 0
	for _, r := range route.Routes {
		if r.Auth != route.Token {
			continue
		}
		protected++
		path := strings.NewReplacer("{plan_id}", "019a0000-0000-7000-8000-000000000000", "{workout_id}", "w01-1",
			"{session_id}", "019a0000-0000-7000-8000-000000000000", "{import_id}", "019a0000-0000-7000-8000-000000000000",
			"{result_id}", "019a0000-0000-7000-8000-000000000000", "{sign_in_id}", "019a0000-0000-7000-8000-000000000000").Replace(r.Path)
		for name, authorization := range map[string]string{
			"nothing": "", "no token": "Bearer ", "another scheme": "Basic " + good, "twice": "Bearer " + good + ", Bearer " + good,
			"no signature": "Bearer " + parts[0] + "." + parts[1] + ".", "no algorithm": "Bearer " + none + "." + parts[1] + ".",
			"cut": "Bearer " + good[:len(good)-4],
		} {
			response, problem := call(t, r.Method, url+path, authorization, "{}")
			if response.StatusCode != 401 || problem["type"] != "/problems/invalid_token" ||
				response.Header.Get("Content-Type") != "application/problem+json" ||
				response.Header.Get("WWW-Authenticate") != `Bearer error="invalid_token"` {
				t.Errorf("%s with %s: %d %v %v", r.Key(), name, response.StatusCode, response.Header, problem)
			}
		}
		if r.Key() == "DELETE /api/runners/me" {
			continue // asks for the password too
		}
		if response, problem := call(t, r.Method, url+path, "Bearer "+good, "{}"); response.StatusCode == 401 {
			t.Errorf("%s with a good token: 401 %v", r.Key(), problem)
		}
	}
	if protected == 0 {
		t.Error("no route needs a token")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestIssuer follows the documents as an authorizer in the cloud does, from
// the iss of a token to the key that it is signed with.
func TestIssuer(t *testing.T) {
	url, stop := start(t)
	text := signUp(t, url)
	response, found := call(t, "GET", url+"/.well-known/openid-configuration", "", "")
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "application/json" || found["issuer"] != url {
		t.Fatalf("%d %v %v", response.StatusCode, response.Header, found)
	}
	response, set := call(t, "GET", found["jwks_uri"].(string), "", "")
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", response.StatusCode, response.Header)
	}
	for _, key := range set["keys"].([]any) {
		var names []string
		for name := range key.(map[string]any) {
			names = append(names, name)
		}
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "k", "oth"} {
			if _, has := key.(map[string]any)[private]; has {
				t.Errorf("a key has the private member %s: %v", private, names)
			}
		}
	}
	document, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := token.ParseJWKS(document)
	if err != nil {
		t.Fatal(err)
	}
	published := func(context.Context) (token.PublicKeys, error) { return keys, nil }
	verifier := token.Verifier{Keys: published, Issuer: url, Audience: "stride-api"}
	if _, err := verifier.Verify(t.Context(), text, time.Now()); err != nil {
		t.Errorf("by the documents the token is refused: %v", err)
	}
	if response, _ := get(t, "POST", url+"/.well-known/jwks.json"); response.StatusCode != 405 {
		t.Errorf("POST: %d", response.StatusCode)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestRestartElsewhere: at another address the server is another issuer, so
// access tokens end; sign-ins do not.
func TestRestartElsewhere(t *testing.T) {
	data := t.TempDir()
	url, stop := startIn(t, boot.Config{Data: data})
	_, before := call(t, "POST", url+"/api/register", "", credentials)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	url, stop = startIn(t, boot.Config{Data: data})
	if response, _ := call(t, "GET", url+"/api/runners/me", "Bearer "+before["access_token"].(string), ""); response.StatusCode != 401 {
		t.Errorf("the token of another issuer: %d", response.StatusCode)
	}
	response, after := call(t, "POST", url+"/api/refresh", "", `{"refresh_token":"`+before["refresh_token"].(string)+`"}`)
	if response.StatusCode != 200 {
		t.Fatalf("refresh: %d %v", response.StatusCode, after)
	}
	response, me := call(t, "GET", url+"/api/runners/me", "Bearer "+after["access_token"].(string), "")
	if diff := cmp.Diff(before["runner"], any(me)); response.StatusCode != 200 || diff != "" {
		t.Errorf("%d, the runner (-before +after):\n%s", response.StatusCode, diff)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestDeletedAccountIsSwept stops the server before it has swept a deleted
// account, and looks into the table once the next one has: nothing of the
// runner is there.
func TestDeletedAccountIsSwept(t *testing.T) {
	data := t.TempDir()
	url, stop := startIn(t, boot.Config{Data: data})
	response, account := call(t, "POST", url+"/api/register", "", credentials)
	if response.StatusCode != 201 {
		t.Fatalf("register: %d %v", response.StatusCode, account)
	}
	bearer := "Bearer " + account["access_token"].(string)
	if response, answer := call(t, "POST", url+"/api/plans", bearer, answers); response.StatusCode != 201 {
		t.Fatalf("save: %d %v", response.StatusCode, answer)
	}
	if response, answer := call(t, "DELETE", url+"/api/runners/me", bearer, `{"password":"every mile counts"}`); response.StatusCode != 204 {
		t.Fatalf("delete: %d %v", response.StatusCode, answer)
	}
	for _, r := range []struct{ method, path, body string }{{"GET", "/api/plans", ""}, {"GET", "/api/runners/me", ""}, {"POST", "/api/plans", answers}} {
		if response, answer := call(t, r.method, url+r.path, bearer, r.body); response.StatusCode != 401 {
			t.Errorf("%s %s afterwards: %d %v", r.method, r.path, response.StatusCode, answer)
		}
	}
	if response, _ := call(t, "POST", url+"/api/register", "", credentials); response.StatusCode != 201 {
		t.Errorf("the address is not free: %d", response.StatusCode)
	}
	waiting := func() int {
		messages, err := filepath.Glob(filepath.Join(data, "queues", "sweep", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		return len(messages)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n := waiting(); n != 1 {
		t.Fatalf("%d accounts wait to be swept, want 1", n)
	}
	_, stop = startIn(t, boot.Config{Data: data})
	for n := 0; waiting() > 0; n++ {
		if n == 600 {
			t.Fatal("it is not swept")
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}

	config := settings(boot.Config{Data: data})
	kept, err := stores.Open(t.Context(), os.LookupEnv, config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Stop()
	table, err := cloud.Config(kept.Lookup, boot.Local, cloud.DynamoDB)
	if err != nil {
		t.Fatal(err)
	}
	out, err := dynamo.Connect(table).Scan(t.Context(), &dynamodb.ScanInput{TableName: &config.Table})
	if err != nil {
		t.Fatal(err)
	}
	id, _ := account["runner"].(map[string]any)["id"].(string)
	for _, item := range out.Items {
		for name, value := range item {
			text, _ := value.(*types.AttributeValueMemberS)
			if text != nil && strings.Contains(text.Value, id) {
				t.Errorf("%s is left in %v", name, item)
			}
		}
	}
}
