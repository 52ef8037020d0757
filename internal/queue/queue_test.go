package queue

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/stride-run/stride/internal/fault"
)

type fake struct {
	sent []*sqs.SendMessageInput
	err  error
}

func (f *fake) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	f.sent = append(f.sent, in)
	return &sqs.SendMessageOutput{}, f.err
}

func TestSchedule(t *testing.T) {
	api := &fake{}
	q := &Sweeps{api: api, url: "https://sqs.example/sweep"}
	if err := q.Schedule(t.Context(), "runner"); err != nil {
		t.Fatal(err)
	}
	if in := api.sent[0]; aws.ToString(in.QueueUrl) != q.url || aws.ToString(in.MessageBody) != "runner" || in.DelaySeconds != 60 {
		t.Errorf("sent %+v", in)
	}
	api.err = errors.New("no answer")
	if err := q.Schedule(t.Context(), "runner"); !errors.Is(err, fault.Unavailable) || !errors.Is(err, api.err) {
		t.Errorf("error %v", err)
	}
}
