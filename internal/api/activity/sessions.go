package activity

import (
	"net/http"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/session"
)

// The media types of files that are posted: a FIT file, or one packed by gzip.
// Which of the two it is, its first bytes say.
const (
	fitFile  = "application/vnd.ant.fit"
	gzipFile = "application/gzip"
)

// The forms of a runner's own words, for people.
const (
	nameForm  = "one line of at most 100 characters"
	noteForm  = "at most 1,000 characters, without control characters"
	sportForm = "a word like running, walking, hiking or cycling, in lower case"
)

// Added is the answer to a file: its first session that there is, and what
// else came of it.
type Added struct {
	Session
	Duplicate  bool     `json:"duplicate"` // the runner had this very file
	SessionIDs []string `json:"session_ids"`
}

func (a API) addFile(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	q, err := api.ReadQuery(r)
	if err != nil {
		return api.Response{}, err
	}
	name, _ := q.Text("file_name")
	if err := q.Faults(); err != nil {
		return api.Response{}, err
	}
	const tooLarge = "A file that is posted has at most 4 MiB. Send larger ones by an import: POST /api/imports."
	content, err := api.ReadFile(r, activity.MaxDirectBytes, tooLarge, fitFile, gzipFile)
	if err != nil {
		return api.Response{}, err
	}
	added, err := a.Activity.Add(r.Context(), runner, name, content, a.now())
	if err != nil {
		return api.Response{}, err
	}
	if len(added.Sessions) == 0 {
		return api.Response{}, fault.New(fault.Conflict, "The sessions of this file are being deleted. Send it again.")
	}
	first := added.Sessions[0]
	body := Added{Session: newSession(first), Duplicate: added.Duplicate, SessionIDs: make([]string, len(added.Sessions))}
	for i, v := range added.Sessions {
		body.SessionIDs[i] = v.ID
	}
	out := api.Tagged(first.Tag(), body)
	out.Header.Set("Location", "/api/sessions/"+first.ID)
	if !added.Duplicate {
		out.Status = http.StatusCreated
	}
	return out, nil
}

func (a API) listSessions(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	q, err := api.ReadQuery(r)
	if err != nil {
		return api.Response{}, err
	}
	now := a.now()
	which := activity.Range{Limit: q.Limit()}
	which.From, _ = q.OptionalDate("from")
	which.To, _ = q.OptionalDate("to")
	cursor, isThere := q.Text("cursor")
	if err := q.Faults(); err != nil {
		return api.Response{}, err
	}
	if isThere {
		if which.After, err = a.Cursors.Open(r.Context(), runner, cursor, now); err != nil {
			return api.Response{}, err
		}
	}
	found, more, err := a.Activity.List(r.Context(), runner, which, now)
	if err != nil {
		return api.Response{}, err
	}
	out := List{Items: make([]Item, len(found))}
	for i, v := range found {
		out.Items[i] = newItem(v)
	}
	if more {
		if out.NextCursor, err = a.Cursors.Seal(r.Context(), runner, found[len(found)-1].ID, now); err != nil {
			return api.Response{}, err
		}
	}
	return api.Response{Body: out}, nil
}

func (a API) getSession(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	v, err := a.Activity.Get(r.Context(), runner, r.PathValue("session_id"), a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Tagged(v.Tag(), newSession(v)), nil
}

func (a API) updateSession(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	patch, err := readPatch(in)
	if err != nil {
		return api.Response{}, err
	}
	v, err := a.Activity.Update(r.Context(), runner, r.PathValue("session_id"), api.IfMatch(r), patch, a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Tagged(v.Tag(), newSession(v)), nil
}

// readPatch reads a merge patch: what is absent stays, and null clears words.
func readPatch(in *api.Object) (p activity.Patch, err error) {
	p.Name = words(in, "name", nameForm, activity.ParseName)
	p.Note = words(in, "note", noteForm, activity.ParseNote)
	if in.Presence("sport") != api.Absent {
		p.Sport = new(api.Parse[session.Sport](in, "sport", sportForm, activity.ParseSport))
	}
	if in.Presence("counts_for_bests") != api.Absent {
		p.CountsForBests = new(in.Bool("counts_for_bests"))
	}
	return p, in.Faults(nil)
}

func words(in *api.Object, name, form string, parse func(string) (string, error)) *string {
	switch in.Presence(name) {
	case api.Null:
		return new(string)
	case api.Given:
		return new(api.Parse(in, name, form, parse))
	case api.Absent:
	}
	return nil
}

func (a API) deleteSession(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	err = a.Activity.Delete(r.Context(), runner, r.PathValue("session_id"), api.IfMatchGiven(r), a.now())
	return api.Response{Status: http.StatusNoContent}, err
}

func (a API) getOriginal(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	url, err := a.Activity.Original(r.Context(), runner, r.PathValue("session_id"), a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {url}}}, nil
}
