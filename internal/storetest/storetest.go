// Package storetest gives tests a real DynamoDB: a fresh table for each test,
// faults between the table and its client, and a look at everything in it.
package storetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/local/dynoxide"
)

// database is the one database of a test binary, in memory. It dies with the
// binary; AWS_ENDPOINT_URL_DYNAMODB names another one.
var database = sync.OnceValues(func() (*dynoxide.Database, error) {
	return dynoxide.Provide(context.Background(), os.LookupEnv, "")
})

// A Table is empty when a test gets it.
type Table struct {
	Name string
	// Config reaches the table through Faults.
	Config aws.Config
	Faults *Faults
	// Look reaches the table past Faults.
	Look *dynamodb.Client
}

// Need returns the database of this test binary. Where none is to be had the
// test is skipped, unless this is the system that dynoxide exists for: there
// it fails, so that nobody takes tests for passed that never ran.
func Need(t testing.TB) *dynoxide.Database {
	t.Helper()
	db, err := database()
	if errors.Is(err, dynoxide.ErrNone) && (runtime.GOOS != "linux" || runtime.GOARCH != "amd64") {
		t.Skip("SKIPPED: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// Size is how much of something a reliability test does: little in every run,
// so that all tests together take seconds, and full in `make soak`.
func Size(little, full int) int {
	if os.Getenv("STRIDE_SOAK") != "" {
		return full
	}
	return little
}

// New makes a table for one test, which is gone after it.
func New(t testing.TB) *Table {
	t.Helper()
	db := Need(t)
	env := map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "local",
		"AWS_ENDPOINT_URL_DYNAMODB": db.Endpoint, "AWS_CA_BUNDLE": os.Getenv("AWS_CA_BUNDLE"),
	}
	lookup := func(name string) (string, bool) { return env[name], env[name] != "" }
	config, err := cloud.Config(lookup, boot.Local, cloud.DynamoDB)
	if err != nil {
		t.Fatal(err)
	}
	look := dynamo.Connect(config)
	table := &Table{Name: "test-" + rand.Text(), Look: look}
	table.Faults = &Faults{base: config.HTTPClient.(*http.Client).Transport}
	config.HTTPClient = &http.Client{Transport: table.Faults}
	table.Config = config
	if err := dynamo.CreateTable(t.Context(), look, table.Name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context is over by now.
		_, _ = look.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &table.Name})
	})
	return table
}

// Store returns the store in the table, behind Faults.
func (t *Table) Store() *dynamo.Store { return dynamo.New(dynamo.Connect(t.Config), t.Name) }

// Dump returns every item of the table as a line of JSON, in order, but for
// those whose partition key begins with one of except. Two dumps that are
// equal say that what was done in between had no effect.
func (t *Table) Dump(tb testing.TB, except ...string) []string {
	tb.Helper()
	var lines []string
	pages := dynamodb.NewScanPaginator(t.Look, &dynamodb.ScanInput{TableName: &t.Name, ConsistentRead: new(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(tb.Context())
		if err != nil {
			tb.Fatal(err)
		}
		for _, item := range page.Items {
			plain := map[string]any{}
			for name, value := range item {
				plain[name] = Plain(value)
			}
			partition, _ := plain["PK"].(string)
			if slices.ContainsFunc(except, func(prefix string) bool { return strings.HasPrefix(partition, prefix) }) {
				continue
			}
			line, err := json.Marshal(plain)
			if err != nil {
				tb.Fatal(err)
			}
			lines = append(lines, string(line))
		}
	}
	slices.Sort(lines)
	return lines
}

// Plain returns an attribute as JSON has it; a number keeps all its digits.
func Plain(value types.AttributeValue) any {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return json.Number(v.Value)
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberB:
		return v.Value
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, element := range v.Value {
			list[i] = Plain(element)
		}
		return list
	case *types.AttributeValueMemberM:
		m := map[string]any{}
		for name, member := range v.Value {
			m[name] = Plain(member)
		}
		return m
	case *types.AttributeValueMemberSS:
		return slices.Sorted(slices.Values(v.Value))
	case *types.AttributeValueMemberNS:
		return slices.Sorted(slices.Values(v.Value))
	}
	return nil
}
