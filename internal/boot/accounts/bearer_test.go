package accounts_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/lambdahttp"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/token"
)

// protected are the routes of the function runners, with an id that nobody has.
func protected() []route.Route {
	var all []route.Route
	for _, r := range route.Routes {
		if r.Function == "runners" {
			r.Path = strings.Replace(r.Path, "{sign_in_id}", "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", 1)
			all = append(all, r)
		}
	}
	return all
}

// forge signs claims with the key in force.
func forge(t *testing.T, header, claims map[string]any) string {
	t.Helper()
	v := secret()
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(v.SigningKeys.Current.PEM))
	if err != nil {
		t.Fatal(err)
	}
	tok := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(claims))
	tok.Header["typ"], tok.Header["kid"] = "at+jwt", v.SigningKeys.Current.KID
	maps.Copy(tok.Header, header)
	text, err := tok.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestBearer: S044 to S054 for every protected route, through the gateway and
// as under SAM, where the function checks the token itself. The list of the
// verifier's own rules is longer and is tested there.
func TestBearer(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	now := w.time()
	claims := func(change func(map[string]any)) map[string]any {
		c := map[string]any{
			"iss": issuer, "aud": audience, "sub": in.Runner.ID, "sid": in.Runner.ID, "jti": "x",
			"iat": now.Unix(), "exp": now.Add(15 * time.Minute).Unix(),
		}
		change(c)
		return c
	}
	set := func(name string, value any) string {
		return forge(t, nil, claims(func(c map[string]any) {
			if c[name] = value; value == nil {
				delete(c, name)
			}
		}))
	}
	head := func(name string, value any) string {
		return forge(t, map[string]any{name: value}, claims(func(map[string]any) {}))
	}
	unsigned := func(alg string) string {
		parts := strings.Split(head("alg", alg), ".")
		return parts[0] + "." + parts[1] + "."
	}
	at := func(iat, exp time.Duration) string {
		return forge(t, nil, claims(func(c map[string]any) { c["iat"], c["exp"] = now.Add(iat).Unix(), now.Add(exp).Unix() }))
	}
	bad := map[string]string{
		"S044 empty": "", "S044 refresh token": in.RefreshToken,
		"S045 none": unsigned("none"), "S045 nOnE": unsigned("nOnE"), "S045 empty signature": unsigned("RS256"),
		"S047 PS256": head("alg", "PS256"), "S047 RS512": head("alg", "RS512"),
		"S048 jku": head("jku", "http://127.0.0.1:1/keys"), "S048 jwk": head("jwk", map[string]any{}),
		"S049 kid unknown": head("kid", "x"), "S049 kid path": head("kid", "../../dev/null"), "S049 kid number": head("kid", 1),
		"typ": head("typ", "JWT"), "crit": head("crit", []string{"exp"}),
		"S050 aud missing": set("aud", nil), "S050 aud other": set("aud", "other"), "S050 aud list": set("aud", []string{"other", audience}),
		"S050 iss slash": set("iss", issuer+"/"), "S050 iss http": set("iss", "http://id.stride.example"),
		"S051 no exp": set("exp", nil), "S051 exp 0": set("exp", 0), "S051 exp text": set("exp", "1795600000"), "S051 exp far": set("exp", now.Add(16*time.Minute).Unix()),
		"S052 expired": at(-15*time.Minute, -31*time.Second), "S052 iat to come": at(31*time.Second, 5*time.Minute),
		"S053 sub empty": set("sub", ""), "S053 sub missing": set("sub", nil), "S053 sub no UUID": set("sub", "1"), "S053 sub key": set("sub", "RUNNER#"+in.Runner.ID),
		"S053 sub key of a plan": set("sub", "A#PLAN"), "S054 9 KB": set("pad", strings.Repeat("x", 9<<10)),
	}
	before := w.table.Dump(t)
	for _, r := range protected() {
		for name, text := range bad {
			header := map[string]string{"Authorization": "Bearer " + text}
			challenged(t, name+" "+r.Key(), w.send(request{method: r.Method, path: r.Path, body: `{}`, header: header}))
			challenged(t, "SAM "+name+" "+r.Key(), w.sam(r, header))
		}
		good := "Bearer " + in.AccessToken
		for name, header := range map[string]map[string]string{
			"none": {}, "basic": {"Authorization": "Basic " + in.AccessToken}, "no scheme": {"Authorization": in.AccessToken},
			"two": {"Authorization": good + "," + good},
		} {
			challenged(t, name+" "+r.Key(), w.send(request{method: r.Method, path: r.Path, body: `{}`, header: header}))
			challenged(t, "SAM "+name+" "+r.Key(), w.sam(r, header))
		}
		query := r
		query.Path += "?access_token=" + in.AccessToken
		challenged(t, "query "+r.Key(), w.send(request{method: r.Method, path: query.Path, body: `{}`}))
		// Claims that are not a runner's, and another kind of authorizer.
		for name, authorizer := range map[string]*events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			"empty authorizer": {}, "lambda authorizer": {Lambda: map[string]any{"sub": in.Runner.ID}},
			"empty claims": {JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{}},
			"claims of nobody": {JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{
				Claims: map[string]string{"sub": "RUNNER#" + in.Runner.ID},
			}},
		} {
			challenged(t, name+" "+r.Key(), w.event(r, map[string]string{"Authorization": good}, authorizer))
		}
	}
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("the table has changed:\n%s", diff)
	}
	for name, text := range map[string]string{
		"fresh": in.AccessToken, "S052 expired within the leeway": at(-15*time.Minute, -29*time.Second), "S052 iat within the leeway": at(29*time.Second, 5*time.Minute),
	} {
		header := map[string]string{"Authorization": "Bearer " + text}
		if a := w.send(request{method: "GET", path: "/api/runners/me", header: header}); a.status != 200 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if a := w.sam(route.Route{Method: "GET", Path: "/api/runners/me"}, header); a.status != 200 {
			t.Errorf("SAM, %s: %d %s", name, a.status, a.body)
		}
	}
}

// sam calls the function runners with an event that has no authorizer.
func (w *world) sam(r route.Route, header map[string]string) answer { return w.event(r, header, nil) }

func (w *world) event(r route.Route, header map[string]string, authorizer *events.APIGatewayV2HTTPRequestContextAuthorizerDescription) answer {
	w.t.Helper()
	headers := map[string]string{"Content-Type": "application/json"}
	maps.Copy(headers, header)
	event := events.APIGatewayV2HTTPRequest{RawPath: r.Path, Body: `{}`, Headers: headers}
	event.RequestContext.RequestID = "id"
	event.RequestContext.HTTP.Method = r.Method
	event.RequestContext.HTTP.SourceIP = w.address
	event.RequestContext.Authorizer = authorizer
	raw, err := json.Marshal(event)
	if err != nil {
		w.t.Fatal(err)
	}
	var again events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(raw, &again); err != nil {
		w.t.Fatal(err)
	}
	result, err := lambdahttp.Serve(w.functions.Runners())(context.Background(), again)
	if err != nil {
		w.t.Fatal(err)
	}
	h := http.Header{}
	for name, value := range result.Headers {
		h.Set(name, value)
	}
	return answer{result.StatusCode, h, result.Body}
}

// TestOtherKeys: S046, S048, S056.
func TestOtherKeys(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	verify := w.b.Verifier()
	kid, pem, err := token.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	strange, err := token.ParseKeys("", pem, secret().SigningKeys.Next.PEM)
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]string{"own kid": kid, "our kid": secret().SigningKeys.Current.KID} {
		keys := strange
		keys.KID = k
		text, err := token.Issuer{
			Keys:   func(context.Context) (token.Keys, error) { return keys, nil },
			Issuer: issuer, Audience: audience,
		}.Issue(t.Context(), in.Runner.ID, in.Runner.ID, w.time())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := verify(t.Context(), text, w.time()); err == nil {
			t.Errorf("another key with %s is taken", name)
		}
	}
	hs := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": issuer, "aud": audience, "sub": in.Runner.ID, "sid": in.Runner.ID, "jti": "x", "iat": w.time().Unix(), "exp": w.time().Add(time.Minute).Unix(),
	})
	hs.Header["typ"], hs.Header["kid"] = "at+jwt", secret().SigningKeys.Current.KID
	public, err := token.PublicPEM(secret().SigningKeys.Current.PEM)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{public, secret().SigningKeys.Current.KID, ""} {
		text, err := hs.SignedString([]byte(key))
		if err != nil {
			t.Fatal(err)
		}
		challenged(t, "HS256", w.sam(route.Route{Method: "GET", Path: "/api/runners/me"}, map[string]string{"Authorization": "Bearer " + text}))
	}
}

// TestKeyRotation: S056 and R-17 by single requests. While the keys move on, no
// token is refused that is good, neither by a process that has the new secret
// nor by one that still has the old one; and a key that has retired is none.
func TestKeyRotation(t *testing.T) {
	before := newWorld(t, nil)
	in := before.register("ada@example.com")
	value := secret()
	rotate := func() *world {
		t.Helper()
		var err error
		if value, err = value.Rotate(token.NewKey, token.PublicPEM, time.Now()); err != nil {
			t.Fatal(err)
		}
		text, err := value.Text()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := before.vault.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: new("stride"), SecretString: &text}); err != nil {
			t.Fatal(err)
		}
		return before.process()
	}
	me := route.Route{Method: "GET", Path: "/api/runners/me"}
	accepts := func(name string, w *world, in tokens) {
		t.Helper()
		if a := w.as(in, me.Method, me.Path, ""); a.status != 200 {
			t.Errorf("%s, by the gateway: %d %s", name, a.status, a.body)
		}
		if a := w.sam(me, map[string]string{"Authorization": "Bearer " + in.AccessToken}); a.status != 200 {
			t.Errorf("%s, by the function: %d %s", name, a.status, a.body)
		}
	}
	refuses := func(name string, w *world, in tokens) {
		t.Helper()
		challenged(t, name+", by the gateway", w.as(in, me.Method, me.Path, ""))
		challenged(t, name+", by the function", w.sam(me, map[string]string{"Authorization": "Bearer " + in.AccessToken}))
	}
	kid := func(in tokens) string {
		t.Helper()
		parsed, _, err := jwt.NewParser().ParseUnverified(in.AccessToken, jwt.MapClaims{})
		if err != nil {
			t.Fatal(err)
		}
		id, _ := parsed.Header["kid"].(string)
		return id
	}

	once := rotate()
	accepts("a token of the previous key", once, in)
	second := once.read(once.refresh(in.RefreshToken), 200)
	if kid(second) == kid(in) || kid(second) != value.SigningKeys.Current.KID {
		t.Error("the new key does not sign")
	}
	accepts("a token of the next key, where the secret is still the old one", before, second)
	accepts("a token of the key in force", once, second)

	once.wait(time.Minute)
	twice := rotate()
	twice.now.Store(once.now.Load())
	third := twice.read(twice.refresh(second.RefreshToken), 200)
	accepts("a token of the previous key, a rotation later", twice, second)
	accepts("a token of the next key, a rotation later", once, third)
	refuses("a token of a retired key", twice, in)
	refuses("a token of a key that is not known yet, just after a look", before, third)
}
