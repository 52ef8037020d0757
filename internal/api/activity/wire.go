package activity

import (
	"time"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/session"
)

// Item is a session in a list: what it was, in short.
type Item struct {
	ID             string         `json:"id"`
	Name           string         `json:"name,omitempty"`
	Note           string         `json:"note,omitempty"`
	Sport          session.Sport  `json:"sport"`
	SubSport       string         `json:"sub_sport,omitempty"`
	CountsForBests bool           `json:"counts_for_bests"`
	StartedAt      time.Time      `json:"started_at"`
	Date           string         `json:"date,omitempty"`
	Flags          []session.Flag `json:"flags"`
	Summary        Summary        `json:"summary"`
	CreatedAt      time.Time      `json:"created_at"`
	UpdatedAt      time.Time      `json:"updated_at"`
}

// List is a page of sessions.
type List struct {
	Items      []Item `json:"items"`
	NextCursor string `json:"next_cursor,omitempty"`
}

// Session is a session with all that is known about it.
type Session struct {
	Item
	RecordedSport session.Sport `json:"recorded_sport"`
	Samples       int           `json:"samples"`
	Streams       []string      `json:"streams"`
	Efforts       []Effort      `json:"efforts"`
	Laps          []Lap         `json:"laps"`
	Kilometres    []Split       `json:"kilometres"`
	Miles         []Split       `json:"miles"`
	Zones         *Zones        `json:"heart_rate_zones,omitempty"`
	Quality       Quality       `json:"quality"`
	Device        *Device       `json:"device,omitempty"`
	Original      Original      `json:"original"`
	Receipt       Receipt       `json:"receipt"`
}

// Quality counts what was wrong with samples.
type Quality struct {
	Spikes    int `json:"spikes"`
	Backwards int `json:"backwards"`
	Doubled   int `json:"doubled"`
}

// Device is what recorded, by the numbers of the FIT profile.
type Device struct {
	Manufacturer uint16     `json:"manufacturer,omitempty"`
	Product      uint16     `json:"product,omitempty"`
	Serial       uint32     `json:"serial,omitempty"`
	CreatedAt    *time.Time `json:"created_at,omitempty"`
}

// Original is the file as it was uploaded.
type Original struct {
	Name string `json:"name,omitempty"`
	Size int64  `json:"size"`
}

// Receipt says what was made of a file when it was imported, and why.
type Receipt struct {
	ImportID       string         `json:"import_id,omitempty"`
	ImportedAt     time.Time      `json:"imported_at"`
	SHA256         string         `json:"sha256"`
	ParserVersion  int            `json:"parser_version"`
	Number         int            `json:"session_number"` // within the file, from 1
	SessionsInFile int            `json:"sessions_in_file"`
	Repairs        []session.Flag `json:"repairs"`
	Similar        []Likeness     `json:"similar"`
	BestsChangedM  []float64      `json:"bests_changed_m"`
}

// Likeness is another session that seems to be of the same run.
type Likeness struct {
	SessionID string            `json:"session_id"`
	Evidence  activity.Evidence `json:"evidence"`
}

func newItem(v *activity.View) Item {
	out := Item{
		ID: v.ID, Name: v.Name, Note: v.Note, Sport: v.Sport, SubSport: v.SubSport, CountsForBests: v.CountsForBests,
		StartedAt: v.Start, Flags: some(v.Flags), Summary: newSummary(v.Statistics),
		CreatedAt: v.Created, UpdatedAt: v.Updated,
	}
	if !v.Date.IsZero() {
		out.Date = v.Date.String()
	}
	return out
}

func newSession(v *activity.View) Session {
	st := v.Statistics
	out := Session{
		Item: newItem(v), RecordedSport: v.Recorded, Samples: v.Samples, Streams: make([]string, len(v.Columns)),
		Efforts: make([]Effort, len(st.Efforts)), Laps: make([]Lap, len(st.Laps)),
		Kilometres: newSplits(st.Kilometres), Miles: newSplits(st.Miles), Zones: newZones(v),
		Quality:  Quality{st.Spikes, st.Backwards, st.Doubled},
		Device:   newDevice(v.Device),
		Original: Original{v.Original.Name, v.Original.Size},
		Receipt:  newReceipt(v.Receipt),
	}
	start := float64(v.Start.UnixMilli()) / 1000
	for i, name := range v.Columns {
		out.Streams[i] = streamName(name)
	}
	for i, e := range st.Efforts {
		out.Efforts[i] = newEffort(e, start, st.Candidates)
	}
	for i, l := range st.Laps {
		out.Laps[i] = newLap(l, start)
	}
	return out
}

func newDevice(d session.Device) *Device {
	if d == (session.Device{}) {
		return nil
	}
	out := &Device{Manufacturer: d.Manufacturer, Product: d.Product, Serial: d.Serial}
	if !d.Created.IsZero() {
		out.CreatedAt = new(d.Created.UTC())
	}
	return out
}

func newReceipt(r activity.Receipt) Receipt {
	out := Receipt{
		ImportID: r.Import, ImportedAt: r.At, SHA256: r.Digest, ParserVersion: r.Parser,
		Number: r.Index + 1, SessionsInFile: r.Sessions, Repairs: some(r.Repairs),
		Similar: make([]Likeness, len(r.Similar)), BestsChangedM: make([]float64, len(r.Bests)),
	}
	for i, l := range r.Similar {
		out.Similar[i] = Likeness{l.Session, l.Evidence}
	}
	for i, distance := range r.Bests {
		out.BestsChangedM[i] = distance.Metres()
	}
	return out
}

// some makes an empty list of none.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
