// Package secretsmanager is as much of AWS Secrets Manager as Stride calls,
// for one machine: the JSON protocol over a folder. Secrets are plain files
// in it, which only their owner can read. Signatures are not checked, so it
// belongs on a loopback address.
package secretsmanager

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// maxBody is more than the 64 KiB that a secret may have.
const maxBody = 256 << 10

// A Handler serves the secrets of one folder. It is safe for concurrent use,
// but no second one may have the folder.
type Handler struct {
	store *store
	log   *slog.Logger
}

// New returns a handler that keeps its secrets in a folder, which it makes
// when there is something to keep. What it does not know it logs as an error.
func New(folder string, log *slog.Logger) *Handler {
	return &Handler{store: &store{folder: folder}, log: log}
}

// A request has the parameters of all operations.
type request struct {
	Name                string
	SecretID            string `json:"SecretId"`
	SecretString        *string
	SecretBinary        []byte
	ClientRequestToken  string
	VersionID           string `json:"VersionId"`
	VersionStage        string
	VersionStages       []string
	MoveToVersionID     string `json:"MoveToVersionId"`
	RemoveFromVersionID string `json:"RemoveFromVersionId"`
}

// A problem is an error that the protocol has a name for.
type problem struct{ kind, message string }

func (p *problem) Error() string { return p.kind + ": " + p.message }

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, ours := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	answer, err := func() (any, error) {
		if r.Method != http.MethodPost || !ours {
			return nil, &problem{"UnknownOperationException", "POST with X-Amz-Target secretsmanager.*"}
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			return nil, &problem{"SerializationException", "the body cannot be read"}
		}
		var in request
		if json.Unmarshal(body, &in) != nil {
			return nil, &problem{"SerializationException", "the body is not JSON"}
		}
		return h.answer(operation, in)
	}()

	status := http.StatusOK
	if err != nil {
		p, known := errors.AsType[*problem](err)
		if !known {
			p = &problem{"InternalServiceError", "see the log"}
		}
		status = http.StatusBadRequest
		if !known {
			status = http.StatusInternalServerError
		}
		if !known || p.kind == "UnknownOperationException" {
			h.log.LogAttrs(r.Context(), slog.LevelError, "local Secrets Manager",
				slog.String("target", r.Header.Get("X-Amz-Target")), slog.Any("cause", err))
		}
		answer = map[string]string{"__type": p.kind, "Message": p.message}
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, "encode", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_, _ = w.Write(encoded) // a caller who has left needs no answer
}

func (h *Handler) answer(operation string, in request) (any, error) {
	if in.SecretBinary != nil {
		return nil, &problem{"InvalidParameterException", "only SecretString is kept here"}
	}
	switch operation {
	case "GetSecretValue":
		return h.store.get(in)
	case "DescribeSecret":
		return h.store.describe(in)
	case "CreateSecret":
		return h.store.create(in)
	case "PutSecretValue":
		return h.store.put(in)
	case "UpdateSecretVersionStage":
		return h.store.move(in)
	}
	return nil, &problem{"UnknownOperationException", "this operation is not one that Stride uses locally"}
}

// The answers, as far as Stride reads them.

type versionAnswer struct {
	ARN           string
	Name          string
	VersionID     string   `json:"VersionId,omitempty"`
	SecretString  string   `json:",omitempty"`
	VersionStages []string `json:",omitempty"`
	CreatedDate   float64  `json:",omitempty"` // seconds since 1970
}

type secretAnswer struct {
	ARN                string
	Name               string
	CreatedDate        float64
	VersionIDsToStages map[string][]string `json:"VersionIdsToStages"`
}

func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
