package boot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/boot"
)

func lookup(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}
}

func TestConfigFrom(t *testing.T) {
	usual := boot.Config{
		Stage: boot.Local, Addr: "127.0.0.1:8080", Data: ".stride",
		Table: "stride", Secret: "stride", Uploads: "stride", Audience: "stride-api",
	}
	with := func(change func(*boot.Config)) boot.Config {
		c := usual
		change(&c)
		return c
	}
	for _, tt := range []struct {
		name string
		env  map[string]string
		want boot.Config
	}{
		{"nothing set", nil, usual},
		{"set to nothing", map[string]string{"STRIDE_STAGE": "", "STRIDE_ADDR": "", "STRIDE_RATE_LIMITS": "", "STRIDE_ALLOWED_ORIGINS": ""}, usual},
		{"stage", map[string]string{"STRIDE_STAGE": "staging"}, with(func(c *boot.Config) { c.Stage = "staging" })},
		{"limits off", map[string]string{"STRIDE_RATE_LIMITS": "off"}, with(func(c *boot.Config) { c.RateLimitsOff = true })},
		{"limits on", map[string]string{"STRIDE_RATE_LIMITS": "on"}, usual},
		{"localhost", map[string]string{"STRIDE_ADDR": "localhost:0"}, with(func(c *boot.Config) { c.Addr = "localhost:0" })},
		{"IPv6", map[string]string{"STRIDE_ADDR": "[::1]:9000"}, with(func(c *boot.Config) { c.Addr = "[::1]:9000" })},
		{"cost", map[string]string{"STRIDE_BCRYPT_COST": "4"}, with(func(c *boot.Config) { c.BcryptCost = 4 })},
		{"own origin", map[string]string{"STRIDE_ORIGIN": "https://stride.example"}, with(func(c *boot.Config) { c.Origin = "https://stride.example" })},
		{"names", map[string]string{
			"STRIDE_TABLE": "t", "STRIDE_SECRET": "s", "STRIDE_ISSUER": "https://id.example", "STRIDE_AUDIENCE": "a", "STRIDE_SWEEP_QUEUE": "https://sqs.example/q", "STRIDE_UPLOADS": "u",
		}, with(func(c *boot.Config) {
			c.Table, c.Secret, c.Issuer, c.Audience, c.SweepQueue, c.Uploads = "t", "s", "https://id.example", "a", "https://sqs.example/q", "u"
		})},
		{"data", map[string]string{"STRIDE_DATA": "/tmp/x"}, with(func(c *boot.Config) { c.Data = "/tmp/x" })},
		{"origins", map[string]string{"STRIDE_ALLOWED_ORIGINS": "https://a.example,http://localhost:5173"}, with(func(c *boot.Config) {
			c.AllowedOrigins = []string{"https://a.example", "http://localhost:5173"}
		})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := boot.ConfigFrom(lookup(tt.env), boot.Local)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfigRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"limits off in production", map[string]string{"STRIDE_RATE_LIMITS": "off"}, []string{"STRIDE_RATE_LIMITS"}},
		{"limits misspelt", map[string]string{"STRIDE_RATE_LIMITS": "OFF"}, []string{"STRIDE_RATE_LIMITS"}},
		{"any origin", map[string]string{"STRIDE_ALLOWED_ORIGINS": "*"}, []string{"STRIDE_ALLOWED_ORIGINS"}},
		{"all addresses", map[string]string{"STRIDE_ADDR": "0.0.0.0:8080"}, []string{"STRIDE_ADDR"}},
		{"no host", map[string]string{"STRIDE_ADDR": ":8080"}, []string{"STRIDE_ADDR"}},
		{"cost that is no number", map[string]string{"STRIDE_BCRYPT_COST": "high"}, []string{"STRIDE_BCRYPT_COST"}},
		{"two own origins", map[string]string{"STRIDE_ORIGIN": "https://a.example,https://b.example"}, []string{"STRIDE_ORIGIN"}},
		{"own origin with a path", map[string]string{"STRIDE_ORIGIN": "https://a.example/"}, []string{"STRIDE_ORIGIN"}},
		{"no port", map[string]string{"STRIDE_ADDR": "127.0.0.1"}, []string{"STRIDE_ADDR"}},
		{"other machine", map[string]string{"STRIDE_ADDR": "192.0.2.1:80"}, []string{"STRIDE_ADDR"}},
		{"name", map[string]string{"STRIDE_ADDR": "stride.example:80"}, []string{"STRIDE_ADDR"}},
		{
			"all at once",
			map[string]string{"STRIDE_ADDR": "x", "STRIDE_RATE_LIMITS": "x", "STRIDE_ALLOWED_ORIGINS": "x"},
			[]string{"STRIDE_ADDR", "STRIDE_RATE_LIMITS", "STRIDE_ALLOWED_ORIGINS"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := boot.ConfigFrom(lookup(tt.env), boot.Production)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v does not name %s", err, want)
				}
			}
		})
	}
}

func TestServeHoldsProgramsAgainstTheTable(t *testing.T) {
	for _, tt := range []struct {
		name, function string
		keys           []string
		panics         bool
	}{
		{"as in the table", "health", []string{"GET /api/health"}, false},
		{"no such function", "nobody", nil, true},
		{"a route is missing", "health", nil, true},
		{"another's route", "health", []string{"GET /api/health", "POST /api/generate"}, true},
		{"no such route", "health", []string{"GET /api/health", "GET /api/nothing"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			handlers := map[string]api.Handler{}
			for _, key := range tt.keys {
				handlers[key] = nil
			}
			defer func() {
				if p := recover(); (p != nil) != tt.panics {
					t.Errorf("panic: %v, want one: %v", p, tt.panics)
				}
			}()
			boot.Serve(tt.function, nil, handlers)
		})
	}
}
