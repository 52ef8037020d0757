package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stride-run/stride/internal/fault"
)

func TestKindIsFoundThroughWrapping(t *testing.T) {
	cause := errors.New("socket closed")
	err := fmt.Errorf("save plan: %w", &fault.Fault{Kind: fault.Unavailable, Detail: "Try again.", Cause: cause})
	if !errors.Is(err, fault.Unavailable) || errors.Is(err, fault.Conflict) || !errors.Is(err, cause) {
		t.Fatalf("%v: want Unavailable and the cause, nothing else", err)
	}
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Detail != "Try again." {
		t.Fatalf("AsType lost the fault: %v", f)
	}
}

func TestFieldsOfNothingIsNil(t *testing.T) {
	if err := fault.Fields(nil); err != nil {
		t.Fatalf("Fields(nil) = %v, want nil", err)
	}
	err := fault.Fields([]fault.Field{{Pointer: "/weeks", Code: fault.Required, Message: "Say how many."}})
	want := "invalid; /weeks: required: Say how many."
	if err == nil || err.Error() != want {
		t.Fatalf("Fields = %v, want %q", err, want)
	}
}
