package dynoxide

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// ping calls ListTables, the smallest question that shows that the server and
// its file are in order.
func ping(ctx context.Context, addr string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr, strings.NewReader("{}"))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
	// There has to be a signature; nobody checks it.
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20000101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	request.Header.Set("X-Amz-Date", "20000101T000000Z")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ListTables: %s", response.Status)
	}
	return nil
}
