package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/api"
)

// A Part adds to an export what another part of Stride keeps of a runner, in
// the form in which it is to stand there. What may be too many to hold at
// once comes as Items.
type Part func(ctx context.Context, runner string, now time.Time) (any, error)

// Items are the elements of a list, one after the other. An error ends them.
type Items = iter.Seq2[any, error]

// Exports keeps what runners take along.
type Exports interface {
	// Keep keeps the file that write writes, for a day at most, and returns
	// an address at which it can be fetched for a short time, under its name.
	Keep(ctx context.Context, runner, name string, write func(io.Writer) error) (url string, expires time.Time, err error)
}

const (
	// exportVersion counts the changes of an export's form that a reader has
	// to know of. New members are none.
	exportVersion = 1
	// maxExported is how many sign-ins an export lists, the newest.
	maxExported = 1000
	exportName  = "stride-export.json"
)

// An Export says where an export is.
type Export struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Export answers GET /api/runners/me/export: where all that Stride keeps of
// the caller can be fetched, as one file. docs/export.schema.json describes
// it. It is written as it is read, so it may have any size.
func (h Handlers) Export(r *http.Request) (api.Response, error) {
	now := h.Now()
	caller, a, err := h.me(r, now)
	if err != nil {
		return api.Response{}, err
	}
	families, err := h.Accounts.SignIns(r.Context(), a, "", maxExported, now)
	if err != nil {
		return api.Response{}, err
	}
	members := map[string]Part{}
	maps.Copy(members, h.Parts)
	for name, value := range map[string]any{ // what is not a part cannot be replaced by one
		"format":      "stride-export",
		"version":     exportVersion,
		"exported_at": now.UTC().Truncate(time.Second),
		"runner":      newRunner(a),
		"sign_ins":    newSignIns(families, caller.SignIn),
	} {
		members[name] = func(context.Context, string, time.Time) (any, error) { return value, nil }
	}
	var at Export
	at.URL, at.ExpiresAt, err = h.Exports.Keep(r.Context(), caller.Runner, exportName, func(w io.Writer) error {
		return writeExport(r.Context(), w, members, caller.Runner, now)
	})
	if err != nil {
		return api.Response{}, fmt.Errorf("export: %w", err)
	}
	return api.Response{Body: at}, nil
}

// writeExport writes an object, with its members in the order of their names.
func writeExport(ctx context.Context, w io.Writer, members map[string]Part, runner string, now time.Time) error {
	separator := "{"
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value, err := members[name](ctx, runner, now)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := fmt.Fprintf(w, "%s%q:", separator, name); err != nil {
			return err
		}
		separator = ",\n"
		if items, many := value.(Items); many {
			err = writeItems(w, items)
		} else {
			err = writeValue(w, "", value)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	_, err := io.WriteString(w, "}\n")
	return err
}

func writeItems(w io.Writer, items Items) error {
	separator := "["
	for item, err := range items {
		if err != nil {
			return err
		}
		if err := writeValue(w, separator, item); err != nil {
			return err
		}
		separator = ",\n"
	}
	end := "]"
	if separator == "[" {
		end = "[]"
	}
	_, err := io.WriteString(w, end)
	return err
}

func writeValue(w io.Writer, before string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = w.Write(append([]byte(before), text...))
	return err
}
