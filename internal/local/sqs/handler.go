package sqs

import (
	"crypto/md5" //nolint:gosec // by which SQS proves that a message arrived whole
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

const (
	// maxBody is more than the 256 KiB that a message may have.
	maxBody    = 1 << 20
	maxMessage = 256 << 10
	maxDelay   = 15 * time.Minute
	// account is whose queues they are.
	account = "000000000000"
)

// A Server has queues, and serves the protocol by which messages are sent to
// them. It is safe for concurrent use.
type Server struct {
	queues map[string]*Queue
	log    *slog.Logger
}

// Open opens queues, which have their messages below a folder. No message is
// delayed for longer than maxDelay, whatever its sender says.
func Open(folder string, maxDelay time.Duration, log *slog.Logger, names ...string) (*Server, error) {
	s := &Server{queues: map[string]*Queue{}, log: log}
	for _, name := range names {
		q, err := open(name, filepath.Join(folder, name), maxDelay)
		if err != nil {
			return nil, err
		}
		s.queues[name] = q
	}
	return s, nil
}

// Queue returns a queue that was opened; nil for another name.
func (s *Server) Queue(name string) *Queue { return s.queues[name] }

// URL is that of a queue, for a server at an endpoint.
func URL(endpoint, name string) string { return endpoint + "/" + account + "/" + name }

// A problem is an error that the protocol has a name for.
type problem struct{ kind, message string }

func (p *problem) Error() string { return p.kind + ": " + p.message }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.answer(w, r)
	status := http.StatusOK
	if err != nil {
		p, known := errors.AsType[*problem](err)
		status = http.StatusBadRequest
		if !known {
			p = &problem{"InternalFailure", "see the log"}
			status = http.StatusInternalServerError
		}
		if !known || p.kind == "UnknownOperationException" {
			s.log.LogAttrs(r.Context(), slog.LevelError, "local SQS",
				slog.String("target", r.Header.Get("X-Amz-Target")), slog.Any("cause", err))
		}
		answer = map[string]string{"__type": "com.amazonaws.sqs#" + p.kind, "message": p.message}
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, "encode", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = w.Write(encoded) // a caller who has left needs no answer
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request) (any, error) {
	if target := r.Header.Get("X-Amz-Target"); r.Method != http.MethodPost || target != "AmazonSQS.SendMessage" {
		return nil, &problem{"UnknownOperationException", "this operation is not one that Stride uses locally"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, &problem{"SerializationException", "the body cannot be read"}
	}
	var in struct {
		QueueURL          string `json:"QueueUrl"`
		MessageBody       string
		DelaySeconds      int
		MessageAttributes map[string]any
	}
	if json.Unmarshal(body, &in) != nil {
		return nil, &problem{"SerializationException", "the body is not JSON"}
	}
	q := s.queues[in.QueueURL[strings.LastIndexByte(in.QueueURL, '/')+1:]]
	delay := time.Duration(in.DelaySeconds) * time.Second
	switch {
	case q == nil:
		return nil, &problem{"QueueDoesNotExist", "there is no queue " + in.QueueURL}
	case in.MessageBody == "" || len(in.MessageBody) > maxMessage || delay < 0 || delay > maxDelay || len(in.MessageAttributes) > 0:
		return nil, &problem{"InvalidParameterValue", fmt.Sprintf("a message has 1 to %d bytes and no attributes here, and a delay of 0 to %v", maxMessage, maxDelay)}
	}
	id, err := q.Send(in.MessageBody, delay)
	if err != nil {
		return nil, err
	}
	sum := md5.Sum([]byte(in.MessageBody)) //nolint:gosec // see above
	return map[string]string{"MessageId": id, "MD5OfMessageBody": hex.EncodeToString(sum[:])}, nil
}
