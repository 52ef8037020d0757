// The program samenv writes the variables that functions get from `sam local`,
// by construct: it changes what only exists in the cloud, and every name it
// writes is in the template, since SAM ignores others.
//
//	samenv [-host 127.0.0.1] build/cdk.out > build/env.json
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/stride-run/stride/internal/template"
)

func main() {
	host := flag.String("host", "127.0.0.1", "where containers find DynamoDB Local and the secrets")
	flag.Parse()
	if err := write(os.Stdout, flag.Arg(0), *host); err != nil {
		fmt.Fprintln(os.Stderr, "samenv:", err)
		os.Exit(1)
	}
}

// local are the values of this machine. docs/sam.md starts what they name, but
// for SQS: who needs that is refused there, and never goes to AWS.
func local(host string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB":        "http://" + host + ":8000",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://" + host + ":4599",
		"AWS_ENDPOINT_URL_S3":              "http://" + host + ":4598",
		"AWS_ENDPOINT_URL_SQS":             "http://" + host + ":4597",
		"STRIDE_STAGE":                     "local",
		"STRIDE_TABLE":                     "stride",
		"STRIDE_SECRET":                    "stride",
		"STRIDE_ISSUER":                    "http://127.0.0.1:3000",
		"STRIDE_API_ORIGIN":                "http://127.0.0.1:3000",
		"STRIDE_BCRYPT_COST":               "10",
		"STRIDE_UPLOADS":                   "uploads",
		"STRIDE_ISSUER_DOCUMENTS":          "documents",
		// Nothing stands before the functions, and whoever deletes an account
		// sweeps it.
		"STRIDE_ORIGIN_SECRET": "",
		"STRIDE_SWEEP_QUEUE":   "",
	}
}

func write(w io.Writer, folder, host string) error {
	functions, err := template.Read(folder)
	if err != nil {
		return err
	}
	all := map[string]map[string]string{}
	for _, f := range functions {
		variables := map[string]string{}
		values := local(host)
		for name, value := range f.Variables {
			known, ok := values[name]
			if ok {
				variables[name] = known
			} else if strings.Contains(value, "${") {
				return fmt.Errorf("function %s reads %s, which only a deployment knows: give it a value here", f.Name, name)
			}
		}
		all[f.Construct] = variables
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}
