package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/route"
)

func TestRoutesAreThoseOfTheTable(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, routes route.Table) {
		found := map[string]resource{}
		for _, r := range e.of("AWS::ApiGatewayV2::Route") {
			key, _ := r.at("RouteKey").(string)
			found[key] = r
		}
		if len(found) != len(routes) {
			t.Errorf("%d routes in the templates, %d in the table", len(found), len(routes))
		}
		authorizer := e.of("AWS::ApiGatewayV2::Authorizer")
		settings, _ := e.named(t, "Api/Stage").at("RouteSettings").(map[string]any)
		for _, want := range routes {
			r, ok := found[want.Key()]
			if !ok {
				t.Errorf("%s is in no template", want.Key())
				continue
			}
			switch want.Auth {
			case route.Token:
				if r.at("AuthorizationType") != "JWT" || len(authorizer) != 1 || !strings.Contains(text(r.at("AuthorizerId")), authorizer[0].ID) {
					t.Errorf("%s is open: %v", want.Key(), r.at("AuthorizationType"))
				}
			case route.None:
				if r.at("AuthorizationType") != "NONE" {
					t.Errorf("%s asks for %v", want.Key(), r.at("AuthorizationType"))
				}
			}
			throttle := text(settings[want.Key()])
			if want := text(map[string]int{"ThrottlingRateLimit": want.Throttle.Rate, "ThrottlingBurstLimit": want.Throttle.Burst}); throttle != want {
				t.Errorf("%s: throttle %s, want %s", r.at("RouteKey"), throttle, want)
			}
			if to := e.integration(t, r); to != e.function(t, want.Function).ID {
				t.Errorf("%s leads to %s, want %s", want.Key(), to, want.Function)
			}
		}
		if len(settings) != len(routes) {
			t.Errorf("%d throttles for %d routes", len(settings), len(routes))
		}
		for _, i := range e.of("AWS::ApiGatewayV2::Integration") {
			if i.at("PayloadFormatVersion") != "2.0" {
				t.Errorf("%s: payload %v", i.ID, i.at("PayloadFormatVersion"))
			}
		}
	})
}

// integration returns the id of the function that a route leads to.
func (e estate) integration(t *testing.T, r resource) string {
	t.Helper()
	for _, i := range e.of("AWS::ApiGatewayV2::Integration") {
		if strings.Contains(text(r.at("Target")), `"`+i.ID+`"`) {
			for _, f := range e.of("AWS::Lambda::Function", "Api") {
				if strings.Contains(text(i.at("IntegrationUri")), `"`+f.ID+`"`) {
					return f.ID
				}
			}
		}
	}
	return "nothing"
}

// function returns a function of the table, which stands in the stack of its
// trigger, directly below it.
func (e estate) function(t *testing.T, name string) resource {
	t.Helper()
	construct := strings.ToUpper(name[:1]) + name[1:] + "Fn"
	for _, stack := range []string{"Api", "Issuer"} {
		for _, r := range e[stack] {
			if r.Metadata["aws:cdk:path"] == stack+"/"+construct+"/Resource" {
				return r
			}
		}
	}
	t.Fatalf("function %s is in no template", name)
	return resource{}
}

func TestAPIAlone(t *testing.T) {
	both(t, func(t *testing.T, e estate, _ []route.Function, _ route.Table) {
		if urls := e.of("AWS::Lambda::Url"); len(urls) > 0 {
			t.Errorf("functions have URLs of their own: %v", urls)
		}
		for _, p := range e.of("AWS::Lambda::Permission") {
			if text(p.at("SourceArn")) == "null" || p.at("Principal") == "*" {
				t.Errorf("%s lets anybody of %v in", p.ID, p.at("Principal"))
			}
			if p.at("Principal") == "apigateway.amazonaws.com" && !strings.Contains(text(p.at("SourceArn")), `{"Ref":"Http36EFD62B"}`) {
				t.Errorf("%s is not for this API alone: %s", p.ID, text(p.at("SourceArn")))
			}
		}
		for _, f := range e.of("AWS::Lambda::Function", "Api") {
			if fromAPI := e.isIntegrated(f); ours(f) && fromAPI != (f.at("Environment", "Variables", "STRIDE_ORIGIN_SECRET") != nil) {
				t.Errorf("%s does not tell the distribution's requests from others", f.ID)
			}
		}
	})
}

func (e estate) isIntegrated(f resource) bool {
	return slices.ContainsFunc(e.of("AWS::ApiGatewayV2::Integration"), func(i resource) bool {
		return strings.Contains(text(i.at("IntegrationUri")), `"`+f.ID+`"`)
	})
}

func TestAuthorizerNamesTheIssuer(t *testing.T) {
	e := everything(t)
	a := e.of("AWS::ApiGatewayV2::Authorizer")[0]
	if a.at("AuthorizerType") != "JWT" || text(a.at("IdentitySource")) != `["$request.header.Authorization"]` ||
		text(a.at("JwtConfiguration")) != `{"Audience":["stride-api"],"Issuer":"https://id.stride.example"}` {
		t.Errorf("authorizer %s", text(a.Properties))
	}
	for _, name := range []string{"login", "keyrotate"} { // who signs, and who publishes
		if got := e.function(t, name).at("Environment", "Variables", "STRIDE_ISSUER"); got != "https://id.stride.example" {
			t.Errorf("%s signs for %v", name, got)
		}
	}
	// Without a name of its own, the issuer's is that of its distribution: the
	// same for the authorizer, for who signs, and for who publishes.
	e = current(t)
	authorizers := e.of("AWS::ApiGatewayV2::Authorizer")
	if len(authorizers) != 1 {
		t.Fatalf("%d authorizers", len(authorizers))
	}
	for _, f := range route.Functions {
		for variable, want := range map[string]any{
			"STRIDE_ISSUER": authorizers[0].at("JwtConfiguration", "Issuer"), "STRIDE_AUDIENCE": authorizers[0].at("JwtConfiguration", "Audience").([]any)[0],
		} {
			got := text(e.function(t, f.Name).at("Environment", "Variables", variable))
			if f.Trigger == route.Rotation && variable == "STRIDE_ISSUER" { // in the distribution's own stack
				distribution := e.named(t, "Issuer/Distribution").ID
				if want := `{"Fn::Join":["",["https://",{"Fn::GetAtt":["` + distribution + `","DomainName"]}]]}`; got != want {
					t.Errorf("%s publishes for %s, want %s", f.Name, got, want)
				}
				if !strings.Contains(text(want), distribution+"DomainName") {
					t.Errorf("the authorizer believes %s, want the name of %s", text(want), distribution)
				}
			} else if got != "null" && got != text(want) {
				t.Errorf("%s: %s is %s, the authorizer's %s", f.Name, variable, got, text(want))
			}
		}
	}
}

func TestCORS(t *testing.T) {
	if got := current(t).named(t, "Api/Http").at("CorsConfiguration"); got != nil {
		t.Errorf("no origin is allowed, and the API answers preflights: %v", got)
	}
	cors := everything(t).named(t, "Api/Http")
	for field, want := range map[string]any{
		"AllowOrigins": []string{"https://app.example"}, "AllowMethods": route.CORS.Methods, "AllowHeaders": route.CORS.Headers,
		"ExposeHeaders": route.CORS.Expose, "MaxAge": int(route.CORS.MaxAge.Seconds()), "AllowCredentials": true,
	} {
		if got := cors.at("CorsConfiguration", field); text(got) != text(want) {
			t.Errorf("%s = %s, want %s", field, text(got), text(want))
		}
	}
}

func TestAccessLogIsPrivate(t *testing.T) {
	format, _ := current(t).named(t, "Api/Stage").at("AccessLogSettings", "Format").(string)
	if !strings.Contains(format, `"requestId":"$context.requestId"`) {
		t.Errorf("no request id in %s", format)
	}
	for _, word := range []string{"sourceIp", "userAgent", "$context.path", "claims"} {
		if strings.Contains(format, word) {
			t.Errorf("the access log keeps %s", word)
		}
	}
}
