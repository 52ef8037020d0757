// Package stride holds the contract of the API, openapi.yaml, for the function
// that serves it.
package stride

import _ "embed"

// OpenAPI is openapi.yaml as it stands.
//
//go:embed openapi.yaml
var OpenAPI []byte
