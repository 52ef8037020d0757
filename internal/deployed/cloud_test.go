// Package deployed tests the programs with what the templates give them: each
// real bootstrap gets the variables of its function, and reaches the stores
// through a guard that knows its rights. So a variable or a right that is
// missing fails here and not in the cloud, and so does one too many.
//
// It needs the templates and the programs: `make infra-test` writes both and
// runs it.
package deployed

import (
	"context"
	"crypto/md5" // SQS proves with it that a message arrived whole
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/local/lambdahost"
	"github.com/stride-run/stride/internal/local/s3"
	"github.com/stride-run/stride/internal/local/secretsmanager"
	"github.com/stride-run/stride/internal/objects"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/template"
)

// accessKey and secretKey are what the bucket knows the functions by.
const accessKey, secretKey = "local", "local"

// A cloud is the stores, and the functions before them.
type cloud struct {
	t         *testing.T
	functions map[string]template.Function
	table     *storetest.Table
	dynamo    http.Handler
	secrets   http.Handler
	uploads   http.Handler // the bucket of recordings
	objects   *objects.Bucket
	settings  map[string]string // values of variables that only a deployment knows
	hosts     map[string]*lambdahost.Host
	// idempotency goes along with requests. Zero: nothing does.
	idempotency string
	// caller is the address that requests come from.
	caller string
	// own is what the last call took, without the stores.
	own time.Duration

	mu        sync.Mutex
	inStores  time.Duration // of the present call
	documents map[string][]byte
	messages  []string
	events    []string            // of the bucket, for ingest
	used      map[string][]string // actions, by function
	counted   map[string]bool     // metrics that log lines had, with their namespace
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	folder := os.Getenv("STRIDE_TEST_TEMPLATES")
	if folder == "" {
		t.Skip("SKIPPED: make infra-test writes the templates that this test needs")
	}
	all, err := template.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	table := storetest.New(t)
	target, err := url.Parse(*table.Config.BaseEndpoint)
	if err != nil {
		t.Fatal(err)
	}
	c := &cloud{
		t: t, caller: "203.0.113.7", functions: map[string]template.Function{}, table: table,
		dynamo:  httputil.NewSingleHostReverseProxy(target),
		secrets: secretsmanager.New(t.TempDir(), slog.New(slog.DiscardHandler)),
		settings: map[string]string{
			"STRIDE_TABLE": table.Name, "STRIDE_SECRET": "stride",
			"STRIDE_API_ORIGIN": "https://stride.example", "STRIDE_ISSUER_DOCUMENTS": "documents",
			"STRIDE_SWEEP_QUEUE": "https://queue.example/sweep", "STRIDE_UPLOADS": "uploads",
		},
		hosts: map[string]*lambdahost.Host{}, documents: map[string][]byte{}, used: map[string][]string{},
		counted: map[string]bool{},
	}
	for _, f := range all {
		c.functions[f.Name] = f
	}
	c.openUploads()
	world := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(c.document(strings.TrimPrefix(r.URL.Path, "/")))
	}))
	t.Cleanup(world.Close)
	c.settings["STRIDE_ISSUER"] = world.URL        // as the distribution serves it
	c.manage("CreateSecret", `{"Name": "stride"}`) // without a value, as the stack makes it
	return c
}

// openUploads starts the bucket. What is put into it past the functions is
// told of as S3 does.
func (c *cloud) openUploads() {
	store, err := s3.Open(c.t.Context(), s3.Config{
		Bucket: "uploads", Region: "us-east-1", Key: accessKey, Secret: secretKey, Suffix: activity.UploadSuffix, Log: slog.New(slog.DiscardHandler),
		Notify: func(event string) (func(bool) error, error) {
			return func(stored bool) error {
				if stored {
					c.mu.Lock()
					defer c.mu.Unlock()
					c.events = append(c.events, event)
				}
				return nil
			}, nil
		},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(store.Stop)
	target, err := url.Parse(store.Endpoint)
	if err != nil {
		c.t.Fatal(err)
	}
	c.uploads = httputil.NewSingleHostReverseProxy(target) // leaves the host, which is signed
	c.objects = objects.New(aws.Config{
		Region: "us-east-1", BaseEndpoint: &store.Endpoint,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey}, nil
		}),
	}, "uploads")
}

// manage calls the secrets past every guard.
func (c *cloud) manage(operation, body string) []byte {
	r := httptest.NewRequestWithContext(c.t.Context(), http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "secretsmanager."+operation)
	w := httptest.NewRecorder()
	c.secrets.ServeHTTP(w, r)
	return w.Body.Bytes()
}

// host starts a function of the table as its template has it.
func (c *cloud) host(name string) *lambdahost.Host {
	c.t.Helper()
	if h, ok := c.hosts[name]; ok {
		return h
	}
	f, ok := c.functions[name]
	if !ok {
		c.t.Fatalf("function %s is in no template", name)
	}
	server := httptest.NewServer(c.guard(f))
	c.t.Cleanup(server.Close)
	// A role's credentials come with a token, which the bucket here does not
	// know.
	variables := map[string]string{"AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey, "AWS_SESSION_TOKEN": ""}
	for variable, value := range f.Variables {
		if given, known := c.settings[variable]; known && (strings.Contains(value, "${") || variable == "STRIDE_ORIGIN_SECRET" || variable == "STRIDE_ISSUER") {
			value = given
		}
		if strings.HasPrefix(variable, "AWS_ENDPOINT_URL_") {
			value = server.URL
		}
		if strings.Contains(value, "${") {
			c.t.Fatalf("function %s: %s is %s; give it a value in settings", name, variable, value)
		}
		variables[variable] = value
	}
	entry, _ := route.FunctionNamed(name)
	h := lambdahost.New(lambdahost.Config{
		Bootstrap: filepath.Join(os.Getenv("STRIDE_TEST_TEMPLATES"), "..", "lambda", runtime.GOARCH, name, "bootstrap"),
		Name:      name, Timeout: entry.Timeout, MemoryMB: entry.MemoryMB, Env: variables,
	})
	c.t.Cleanup(h.Close)
	c.hosts[name] = h
	return h
}

// guard stands between a function and the stores, and refuses what the
// function's role does not allow.
func (c *cloud) guard(f template.Function) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "body", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		target := r.Header.Get("X-Amz-Target")
		service, operation, _ := strings.Cut(target, ".")
		refused := ""
		switch service {
		case "DynamoDB_20120810":
			for _, call := range calls(operation, body) {
				if !c.allow(f, "dynamodb:"+call.action, call.key, "") {
					refused = "dynamodb:" + call.action + " on " + call.key
				}
			}
		case "secretsmanager":
			if !c.allow(f, "secretsmanager:"+operation, "", "") {
				refused = target
			}
		case "AmazonSQS":
			if !c.allow(f, "sqs:"+operation, "", "") {
				refused = target
			}
		default:
			for _, call := range objectCalls(r, body) {
				if !c.allow(f, "s3:"+call.action, "", call.key) {
					refused = "s3:" + call.action + " on " + call.key
				}
			}
		}
		if refused != "" {
			c.t.Errorf("function %s has no right to %s", f.Name, refused)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type": "AccessDeniedException", "message": "see the test"}`)
			return
		}
		start := time.Now()
		defer func() {
			c.mu.Lock()
			c.inStores += time.Since(start)
			c.mu.Unlock()
		}()
		switch service {
		case "DynamoDB_20120810":
			c.dynamo.ServeHTTP(w, r)
		case "secretsmanager":
			c.secrets.ServeHTTP(w, r)
		case "AmazonSQS":
			c.send(w, body)
		default:
			if strings.HasPrefix(r.URL.Path, "/uploads") {
				c.serveUploads(f, w, r)
				return
			}
			c.mu.Lock()
			c.documents[r.URL.Path] = body
			c.mu.Unlock()
		}
	})
}

// serveUploads hands a request on to the bucket. To whoever may not list, S3
// does not tell that an object is missing: it refuses.
func (c *cloud) serveUploads(f template.Function, w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	c.uploads.ServeHTTP(answer, r)
	if answer.Code == http.StatusNotFound && !c.allow(f, "s3:ListBucket", "", "") {
		c.t.Errorf("function %s would not learn that %s is missing", f.Name, r.URL.Path)
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// objectCalls takes a request to S3 apart: actions on paths, as IAM sees them.
func objectCalls(r *http.Request, body []byte) []call {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case r.Method == http.MethodGet && r.URL.Query().Has("versions"):
		return []call{{"ListBucketVersions", ""}}
	case r.Method == http.MethodPost && r.URL.Query().Has("delete"):
		var in struct {
			Objects []struct{ Key, VersionId string } `xml:"Object"` //nolint:revive // a name of S3's
		}
		_ = xml.Unmarshal(body, &in)
		var all []call
		for _, object := range in.Objects {
			action := "DeleteObject"
			if object.VersionId != "" {
				action = "DeleteObjectVersion"
			}
			all = append(all, call{action, bucket + "/" + object.Key})
		}
		return all
	case key == "":
		return []call{{r.Method + " of the bucket", ""}}
	}
	if r.Method == http.MethodPut && r.Header.Get("X-Amz-Tagging") != "" {
		return []call{{"PutObject", bucket + "/" + key}, {"PutObjectTagging", bucket + "/" + key}}
	}
	return []call{{map[string]string{http.MethodPut: "PutObject", http.MethodGet: "GetObject"}[r.Method], bucket + "/" + key}}
}

// document returns one that keyrotate has published.
func (c *cloud) document(path string) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.documents["/documents/"+path]
}

// send is what SQS does with a message.
func (c *cloud) send(w http.ResponseWriter, body []byte) {
	var in struct{ MessageBody string }
	_ = json.Unmarshal(body, &in)
	c.mu.Lock()
	c.messages = append(c.messages, in.MessageBody)
	c.mu.Unlock()
	sum := md5.Sum([]byte(in.MessageBody))
	_ = json.NewEncoder(w).Encode(map[string]string{"MessageId": "1", "MD5OfMessageBody": hex.EncodeToString(sum[:])})
}

// allow says whether a role allows an action, and notes that it was needed.
func (c *cloud) allow(f template.Function, action, key, object string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.used[f.Name], action) {
		c.used[f.Name] = append(c.used[f.Name], action)
	}
	matches := func(pattern string) bool { ok, _ := path.Match(pattern, key); return ok }
	return slices.ContainsFunc(f.Rights, func(s template.Statement) bool {
		return slices.Contains(s.Actions, action) &&
			(key == "" || slices.ContainsFunc(s.Keys, matches)) &&
			(object == "" || slices.ContainsFunc(s.Resources, func(r string) bool {
				_, below, _ := strings.Cut(object, "/") // without the bucket
				_, pattern, _ := strings.Cut(r, "}/")
				return like(pattern).MatchString(below)
			}))
	})
}

// like is a pattern of IAM: a star stands for anything, slashes too.
func like(pattern string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$")
}

// A call is an action on a partition, as IAM sees it.
type call struct{ action, key string }

// calls takes a request to DynamoDB apart. A transaction is allowed by what
// it consists of.
func calls(operation string, body []byte) []call {
	type part struct {
		Key, Item                 map[string]any
		KeyConditionExpression    string
		ExpressionAttributeNames  map[string]string
		ExpressionAttributeValues map[string]any
		TransactItems             []map[string]json.RawMessage
		RequestItems              map[string]struct{ Keys []map[string]any }
	}
	partition := func(item map[string]any) string {
		value, _ := item["PK"].(map[string]any)
		key, _ := value["S"].(string)
		return key
	}
	var p part
	_ = json.Unmarshal(body, &p)
	switch operation {
	case "TransactWriteItems":
		var all []call
		for _, item := range p.TransactItems {
			for name, raw := range item {
				action := map[string]string{"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}[name]
				all = append(all, calls(action, raw)...)
			}
		}
		return all
	case "BatchGetItem":
		var all []call
		for _, of := range p.RequestItems {
			for _, key := range of.Keys {
				all = append(all, call{operation, partition(key)})
			}
		}
		return all
	case "Query":
		if m := regexp.MustCompile(`= (:\w+)`).FindStringSubmatch(p.KeyConditionExpression); m != nil {
			return []call{{operation, partition(map[string]any{"PK": p.ExpressionAttributeValues[m[1]]})}}
		}
	}
	if p.Item != nil {
		return []call{{operation, partition(p.Item)}}
	}
	return []call{{operation, partition(p.Key)}}
}
