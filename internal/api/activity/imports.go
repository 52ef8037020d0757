package activity

import (
	"net/http"
	"time"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/session"
)

// Import is a batch of files and what became of each.
type Import struct {
	ID        string          `json:"id"`
	Status    activity.Status `json:"status"`
	Done      int             `json:"done"`
	Total     int             `json:"total"`
	CreatedAt time.Time       `json:"created_at"`
	Files     []ImportFile    `json:"files"`
}

// ImportFile is a file of an import. Where to put it is there when it is to be
// uploaded and the addresses were asked for.
type ImportFile struct {
	Name       string            `json:"name"`
	Size       int64             `json:"size"`
	SHA256     string            `json:"sha256"`
	Verdict    activity.Verdict  `json:"verdict"`
	Reason     string            `json:"reason,omitempty"`
	SessionID  string            `json:"session_id,omitempty"` // the first of SessionIDs
	SessionIDs []string          `json:"session_ids,omitempty"`
	Flags      []session.Flag    `json:"flags,omitempty"`
	Receipts   []Receipt         `json:"receipts,omitempty"`
	URL        string            `json:"url,omitempty"`
	Headers    map[string]string `json:"headers,omitempty"`
	ExpiresAt  *time.Time        `json:"expires_at,omitempty"`
}

// upload is the verdict on a file that is waited for, in an answer that says
// where to put it.
const upload activity.Verdict = "upload"

func newImport(i *activity.Import) Import {
	out := Import{ID: i.ID, Total: len(i.Files), CreatedAt: i.Created, Files: make([]ImportFile, len(i.Files))}
	out.Status, out.Done = i.Status()
	for n, f := range i.Files {
		file := ImportFile{
			Name: f.Name, Size: f.Size, SHA256: f.SHA256, Verdict: f.Verdict, Reason: f.Reason,
			SessionIDs: f.Sessions, Flags: f.Flags,
		}
		if len(f.Sessions) > 0 {
			file.SessionID = f.Sessions[0]
		}
		for _, receipt := range f.Receipts {
			file.Receipts = append(file.Receipts, newReceipt(receipt))
		}
		if u := f.Upload; u != nil {
			file.Verdict, file.URL, file.Headers, file.ExpiresAt = upload, u.URL, u.Headers, new(u.ExpiresAt.UTC().Truncate(time.Second))
		}
		out.Files[n] = file
	}
	return out
}

func (a API) createImport(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	key, err := api.IdempotencyKey(r)
	if err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	files, err := readFiles(in)
	if err != nil {
		return api.Response{}, err
	}
	begun, replayed, err := a.Activity.NewImport(r.Context(), runner, files, key, a.now())
	if err != nil {
		return api.Response{}, err
	}
	out := api.Response{
		Status: http.StatusCreated,
		Header: http.Header{"Location": {"/api/imports/" + begun.ID}},
		Body:   newImport(begun),
	}
	if replayed {
		api.Replayed(out.Header)
	}
	return out, nil
}

// readFiles reads what is to be imported, and says with all that is wrong in
// the form what the service finds wrong with the values.
func readFiles(in *api.Object) ([]activity.NewFile, error) {
	items := in.Objects("files", activity.MaxFiles)
	files := make([]activity.NewFile, len(items))
	for i, item := range items {
		files[i] = activity.NewFile{
			Name: item.String("name"), Size: int64(item.Int("size")), SHA256: item.String("sha256"),
		}
	}
	if items == nil { // too many, which the reading has noted
		return nil, in.Faults(nil)
	}
	return files, in.Faults(activity.CheckFiles(files))
}

func (a API) getImport(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	found, err := a.Activity.Import(r.Context(), runner, r.PathValue("import_id"), a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Body: newImport(found)}, nil
}

// renewURLs takes no body: whatever is sent is not read.
func (a API) renewURLs(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	found, err := a.Activity.URLs(r.Context(), runner, r.PathValue("import_id"), a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Body: newImport(found)}, nil
}
