package deployed

import (
	"context"
	"debug/elf"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

const (
	password = "seven miles before the rain"
	newPlan  = `{"weeks": 12, "runs_per_week": 4, "target_time": "4:00:00", "first_long_run": 12, "long_run_day": "sunday", "race_date": "2027-04-25"}`
)

// TestLifeOfARunner takes every function through what it is for.
func TestLifeOfARunner(t *testing.T) {
	c := newCloud(t)
	c.invoke("keyrotate", nil) // the deployment's call
	c.checkDocuments()
	c.checkPrograms()
	c.settings["STRIDE_ORIGIN_SECRET"] = c.secret().OriginSecret // CloudFormation resolves it

	c.rotate()
	c.do("POST", "/api/register", "", `{"email": "a@stride.example", "password": "`+password+`"}`, 201)
	in := c.do("POST", "/api/login", "", `{"email": "a@stride.example", "password": "`+password+`"}`, 200)
	c.do("POST", "/api/login", "", `{"email": "a@stride.example", "password": "`+password+`x"}`, 401)
	stolen, _ := in["refresh_token"].(string)
	in = c.do("POST", "/api/refresh", "", `{"refresh_token": "`+stolen+`"}`, 200)
	c.do("POST", "/api/refresh", "", `{"refresh_token": "`+in["refresh_token"].(string)+`"}`, 200)
	rotated := time.Now()
	in = c.do("POST", "/api/login", "", `{"email": "a@stride.example", "password": "`+password+`"}`, 200)
	bearer, _ := in["access_token"].(string)
	c.checkToken(bearer)

	c.do("GET", "/api/runners/me", bearer, "", 200)
	c.do("PATCH", "/api/runners/me", bearer, `{"first_name": "Ada"}`, 200)
	c.do("PATCH", "/api/runners/me", bearer, `{"email": "b@stride.example", "password": "`+password+`"}`, 200)
	c.do("GET", "/api/runners/me/sign_ins", bearer, "", 200)

	c.idempotency = "once"
	for range 2 { // the second is answered from the first
		c.do("POST", "/api/plans", bearer, newPlan, 201)
	}
	c.idempotency = ""
	plan := c.do("POST", "/api/plans", bearer, newPlan, 201)
	at := "/api/plans/" + plan["id"].(string)
	c.do("GET", "/api/plans", bearer, "", 200)
	c.do("GET", at, bearer, "", 200)
	c.do("PATCH", at, bearer, `{"name": "Spring"}`, 200)
	c.do("GET", at+"/workouts/w03-2", bearer, "", 200)
	c.do("PATCH", at+"/workouts/w03-2", bearer, `{"status": "done"}`, 200)
	c.do("GET", "/api/workouts?from=2027-04-01&to=2027-04-25", bearer, "", 200)
	left := c.record(bearer)
	c.fetchExport(bearer)
	c.do("DELETE", at, bearer, "", 204)

	// A token that comes again after its grace of 10 to 10.5 s ends its sign-in.
	time.Sleep(time.Until(rotated.Add(11 * time.Second)))
	c.do("POST", "/api/refresh", "", `{"refresh_token": "`+stolen+`"}`, 401)

	c.do("POST", "/api/runners/me/password", bearer, `{"current_password": "`+password+`", "new_password": "`+password+` 2"}`, 204)
	in = c.do("POST", "/api/login", "", `{"email": "b@stride.example", "password": "`+password+` 2"}`, 200)
	c.do("POST", "/api/logout", "", `{"refresh_token": "`+in["refresh_token"].(string)+`"}`, 204)
	in = c.do("POST", "/api/login", "", `{"email": "b@stride.example", "password": "`+password+` 2"}`, 200)
	c.do("POST", "/api/logout", "", `{"refresh_token": "`+in["refresh_token"].(string)+`", "everywhere": true}`, 204)
	in = c.do("POST", "/api/login", "", `{"email": "b@stride.example", "password": "`+password+` 2"}`, 200)
	bearer, _ = in["access_token"].(string)
	c.do("DELETE", "/api/runners/me", bearer, `{"password": "`+password+` 2"}`, 204)
	if len(c.messages) != 1 {
		t.Fatalf("messages %q, want the runner to sweep", c.messages)
	}
	c.invoke("sweep", events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: c.messages[0]}}})
	c.late(left)

	c.do("GET", "/api/health", "", "", 200)
	c.do("GET", "/api/docs", "", "", 200)
	c.do("GET", "/api/nothing", "", "", 404)
	c.do("POST", "/api/generate", "", `{}`, 422)
	c.do("POST", "/api/generate", "", newPlan, 200)
	c.do("POST", "/api/calculate_heart_rate_zones", "", `{"age": 40}`, 200)

	for name := range c.functions {
		if c.hosts[name] == nil {
			t.Errorf("function %s was not called: take it along in this test", name)
		}
		c.checkRights(name)
	}
	c.checkMetrics()
}

// TestNothingIsServedPastTheSite calls the functions as somebody does who has
// found the API's own address.
func TestNothingIsServedPastTheSite(t *testing.T) {
	c := newCloud(t)
	c.invoke("keyrotate", nil)
	c.settings["STRIDE_ORIGIN_SECRET"] = c.secret().OriginSecret
	for _, f := range route.Functions {
		if f.Trigger != route.HTTP {
			continue
		}
		i := slices.IndexFunc(route.Routes, func(r route.Route) bool { return r.Function == f.Name })
		event := c.event(route.Routes[i].Method, route.Routes[i].Path, "", "")
		delete(event.Headers, route.OriginHeader)
		var answer events.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(c.invoke(f.Name, event), &answer); err != nil || answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s answers %d to a request without the distribution's secret", f.Name, answer.StatusCode)
		}
	}
}

// checkPrograms reads what a template would deploy: a program for Linux and for
// the machine that it names.
func (c *cloud) checkPrograms() {
	machines := map[string]elf.Machine{"arm64": elf.EM_AARCH64, "x86_64": elf.EM_X86_64}
	for name, f := range c.functions {
		program, err := elf.Open(f.Bootstrap)
		if err != nil {
			c.t.Errorf("function %s: %v", name, err)
			continue
		}
		if program.Machine != machines[f.Architecture] || program.Type != elf.ET_EXEC {
			c.t.Errorf("function %s is deployed for %s, and its program is %v for %v", name, f.Architecture, program.Type, program.Machine)
		}
		_ = program.Close()
	}
}

// platform are rights that the platform uses in a function's name.
var platform = map[string]bool{
	"logs:CreateLogStream": true, "logs:PutLogEvents": true, "xray:PutTraceSegments": true, "xray:PutTelemetryRecords": true,
	"sqs:ReceiveMessage": true, "sqs:ChangeMessageVisibility": true, "sqs:GetQueueUrl": true, "sqs:DeleteMessage": true, "sqs:GetQueueAttributes": true,
}

// checkRights finds rights of the template that a function did not need.
func (c *cloud) checkRights(name string) {
	for _, s := range c.functions[name].Rights {
		for _, action := range s.Actions {
			if !platform[action] && !slices.Contains(c.used[name], action) {
				c.t.Errorf("function %s has a right to %s that it did not need; it used %q", name, action, c.used[name])
			}
		}
	}
}

// rotate has the keys go on to the next one by Secrets Manager's four steps,
// after as much time as they want to be public before.
func (c *cloud) rotate() {
	c.t.Helper()
	v := c.secret()
	next := v.SigningKeys.Next
	v.SigningKeys.Next.CreatedAt = next.CreatedAt.AddDate(0, 0, -30)
	text, err := v.Text()
	if err != nil {
		c.t.Fatal(err)
	}
	aged, err := json.Marshal(map[string]any{"SecretId": "stride", "SecretString": text, "ClientRequestToken": "00000000-0000-0000-0000-000000000001"})
	if err != nil {
		c.t.Fatal(err)
	}
	c.manage("PutSecretValue", string(aged))
	for _, step := range []string{"createSecret", "setSecret", "testSecret", "finishSecret"} {
		c.invoke("keyrotate", map[string]string{"Step": step, "SecretId": "stride", "ClientRequestToken": "00000000-0000-0000-0000-000000000002"})
	}
	if got := c.secret().SigningKeys.Current.KID; got != next.KID {
		c.t.Errorf("key %s signs after the rotation, want %s", got, next.KID)
	}
	c.checkDocuments()
}

// checkToken holds a token that a function has signed against what the
// template tells API Gateway's authorizer, and the keys that this would find.
func (c *cloud) checkToken(bearer string) {
	c.t.Helper()
	verifier := token.Verifier{
		Keys: func(context.Context) (token.PublicKeys, error) {
			return token.ParseJWKS(c.document(".well-known/jwks.json"))
		},
		Issuer: c.settings["STRIDE_ISSUER"], Audience: c.functions["login"].Variables["STRIDE_AUDIENCE"],
	}
	if _, err := verifier.Verify(c.t.Context(), bearer, time.Now()); err != nil {
		c.t.Errorf("the authorizer would refuse login's token: %v", err)
	}
}

// count reads the lines of a log as CloudWatch does: what _aws defines has to
// be a number at the top of the line.
func (c *cloud) count(log string) {
	c.t.Helper()
	for line := range strings.Lines(log) {
		var document struct {
			AWS struct {
				Timestamp         int64
				CloudWatchMetrics []struct {
					Namespace string
					Metrics   []struct{ Name string }
				}
			} `json:"_aws"`
		}
		var members map[string]any
		if json.Unmarshal([]byte(line), &document) != nil || json.Unmarshal([]byte(line), &members) != nil {
			c.t.Errorf("a line of the log is no JSON: %s", line)
			continue
		}
		for _, directive := range document.AWS.CloudWatchMetrics {
			for _, m := range directive.Metrics {
				if _, ok := members[m.Name].(float64); !ok || document.AWS.Timestamp == 0 {
					c.t.Errorf("%s is no number, or has no time: %s", m.Name, line)
				}
				c.counted[directive.Namespace+" "+m.Name] = true
			}
		}
	}
}

// checkMetrics holds what the programs count against what the tables say and
// alarms and dashboard look at.
func (c *cloud) checkMetrics() {
	c.t.Helper()
	namespace := metric.Namespace(c.functions["keyrotate"].Variables["STRIDE_STAGE"])
	want := []string{metric.Duration, metric.Refusals, metric.KeyAge}
	for _, r := range route.Routes {
		if r.Counts != "" {
			want = append(want, r.Counts)
		}
	}
	for _, name := range want {
		if !c.counted[namespace+" "+name] {
			c.t.Errorf("no program counted %s of %s: take what does along in this test", name, namespace)
		}
	}
}

// checkDocuments reads what the issuer publishes: the key that signs is there.
func (c *cloud) checkDocuments() {
	c.t.Helper()
	keys, err := token.ParseJWKS(c.document(".well-known/jwks.json"))
	if err != nil {
		c.t.Fatal(err)
	}
	signs := c.secret().SigningKeys.Current.KID
	if !slices.ContainsFunc(keys, func(k token.PublicKey) bool { return k.KID == signs }) {
		c.t.Errorf("key %s signs and is not published", signs)
	}
	if want := string(token.Discovery(c.settings["STRIDE_ISSUER"], c.apiOrigin())); string(c.document(".well-known/openid-configuration")) != want {
		c.t.Errorf("discovery %s, want %s", c.document(".well-known/openid-configuration"), want)
	}
}

func (c *cloud) apiOrigin() string { return c.settings["STRIDE_API_ORIGIN"] }

// secret reads the secret as its keeper left it.
func (c *cloud) secret() secrets.Value {
	c.t.Helper()
	var out struct{ SecretString string }
	if err := json.Unmarshal(c.manage("GetSecretValue", `{"SecretId": "stride"}`), &out); err != nil {
		c.t.Fatal(err)
	}
	v, err := secrets.Parse(out.SecretString)
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// do sends a request through API Gateway: it finds the function, and lets
// nobody to a protected route without a token.
func (c *cloud) do(method, target, bearer, body string, status int) map[string]any {
	c.t.Helper()
	event := c.event(method, target, bearer, body)
	match, _ := route.Routes.Match(method, event.RawPath)
	if method == http.MethodPatch || method == http.MethodDelete {
		if get, ok := route.Routes.Match(http.MethodGet, event.RawPath); ok && get.Route.Method == http.MethodGet {
			event.Headers["if-match"] = c.etag(event, get.Route.Function)
		}
	}
	var answer events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(c.invoke(match.Route.Function, event), &answer); err != nil {
		c.t.Fatal(err)
	}
	if answer.StatusCode != status {
		c.t.Fatalf("%s %s: %d, want %d: %s", method, target, answer.StatusCode, status, answer.Body)
	}
	var content map[string]any
	_ = json.Unmarshal([]byte(answer.Body), &content) // a page is none
	return content
}

// etag asks for the version of what is about to be changed.
func (c *cloud) etag(event events.APIGatewayV2HTTPRequest, function string) string {
	event.RequestContext.HTTP.Method, event.Body = http.MethodGet, ""
	var answer events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(c.invoke(function, event), &answer); err != nil {
		c.t.Fatal(err)
	}
	for name, value := range answer.Headers {
		if strings.EqualFold(name, "etag") {
			return value
		}
	}
	return ""
}

func (c *cloud) event(method, target, bearer, body string) events.APIGatewayV2HTTPRequest {
	path, query, _ := strings.Cut(target, "?")
	event := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Body: body, Headers: map[string]string{
		"content-type": "application/json", "host": "abc.execute-api.us-east-1.amazonaws.com",
		route.OriginHeader: c.settings["STRIDE_ORIGIN_SECRET"], route.ClientHeader: c.caller, route.HostHeader: "stride.example",
	}}
	if c.idempotency != "" {
		event.Headers["idempotency-key"] = c.idempotency
	}
	event.RequestContext.RequestID = "request"
	event.RequestContext.HTTP.Method, event.RequestContext.HTTP.Path, event.RequestContext.HTTP.SourceIP = method, path, "192.0.2.1"
	if bearer != "" {
		event.Headers["authorization"] = "Bearer " + bearer
		event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims(bearer)},
		}
	}
	return event
}

// claims are those of a token, as the authorizer hands them on.
func claims(bearer string) map[string]string {
	var all map[string]any
	payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(bearer, ".")[1])
	_ = json.Unmarshal(payload, &all)
	texts := map[string]string{}
	for name, value := range all {
		encoded, _ := json.Marshal(value)
		texts[name] = strings.Trim(string(encoded), `"`)
	}
	return texts
}

func (c *cloud) invoke(function string, event any) []byte {
	c.t.Helper()
	payload := []byte("{}")
	if event != nil {
		payload, _ = json.Marshal(event)
	}
	c.mu.Lock()
	c.inStores = 0
	c.mu.Unlock()
	result, err := c.host(function).Invoke(c.t.Context(), payload)
	if err != nil {
		c.t.Fatalf("%s: %v", function, err)
	}
	c.mu.Lock()
	c.own = max(0, result.Duration-c.inStores)
	c.mu.Unlock()
	c.count(result.Log)
	return result.Payload
}
