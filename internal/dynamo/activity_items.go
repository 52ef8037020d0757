package dynamo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

// How sessions are written into items; plans_items.go says by which rules.

// nameOf is the name of a standard distance in keys, and in the API.
func nameOf(distance unit.Distance) string {
	for _, standard := range race.Standards {
		if standard.Distance == distance {
			return standard.Name
		}
	}
	return "other" // no claim is over another distance
}

func distanceNamed(name string) (unit.Distance, bool) {
	for _, standard := range race.Standards {
		if standard.Name == name {
			return standard.Distance, true
		}
	}
	return 0, false
}

// clockOf writes a time in nanoseconds so that texts sort as times do.
func clockOf(t time.Duration) string { return fmt.Sprintf("%016d", max(t, 0)) }

func stateOf(i item) *activity.State {
	return &activity.State{
		Revision: int(numberOf(i, "rev")), Sessions: int(numberOf(i, "sessions")), Bytes: numberOf(i, "bytes"),
		Results: int(numberOf(i, "results")), Day: int(numberOf(i, "day")), Files: int(numberOf(i, "files")),
	}
}

func effortItem(c session.Claim) item {
	i := item{"entity": text("effort"), "v": number(1)}
	if c.ByHand {
		i["hand"] = &types.AttributeValueMemberBOOL{Value: true}
	}
	return i
}

// effortOf reads a claim, which is in its key.
func effortOf(i item) (session.Claim, error) {
	sort := textOf(i, sortKey)
	parts := strings.Split(strings.TrimPrefix(sort, effortPrefix), "#")
	if len(parts) != 3 {
		return session.Claim{}, fmt.Errorf("effort %s", sort)
	}
	distance, ok := distanceNamed(parts[0])
	ns, err := strconv.ParseInt(parts[1], 10, 64)
	if !ok || err != nil {
		return session.Claim{}, fmt.Errorf("effort %s", sort)
	}
	return claimBy(distance, ns, parts[2], boolOf(i, "hand")), nil
}

func claimBy(distance unit.Distance, ns int64, source string, byHand bool) session.Claim {
	return session.Claim{
		Result: race.Result{Distance: distance, Time: time.Duration(ns)},
		Source: source, At: activity.TimeOf(source), ByHand: byHand,
	}
}

func bestItem(b session.Best, revision int) item {
	i := merge(claimAttributes(b.Claim), item{"entity": text("best"), "v": number(1), "rev": number(int64(revision))})
	if b.Previous != nil {
		i["previous"] = document(claimAttributes(*b.Previous))
	}
	return i
}

func claimAttributes(c session.Claim) item {
	i := item{"time": number(int64(c.Time)), "source": text(c.Source)}
	if c.ByHand {
		i["hand"] = &types.AttributeValueMemberBOOL{Value: true}
	}
	return i
}

func bestOf(i item) (session.Best, error) {
	distance, ok := distanceNamed(strings.TrimPrefix(textOf(i, sortKey), bestPrefix))
	if !ok || numberOf(i, "time") <= 0 {
		return session.Best{}, fmt.Errorf("best %s", textOf(i, sortKey))
	}
	b := session.Best{Claim: claimBy(distance, numberOf(i, "time"), textOf(i, "source"), boolOf(i, "hand"))}
	if p := documentOf(i, "previous"); p != nil {
		b.Previous = new(claimBy(distance, numberOf(p, "time"), textOf(p, "source"), boolOf(p, "hand")))
	}
	return b, nil
}

func resultItem(r *activity.Result) item {
	return item{
		"entity": text("result"), "v": number(1), "distance": text(nameOf(r.Distance)), "time": number(int64(r.Time)),
		"date": text(r.Date.String()), "name": said(r.Name), "created": number(r.Created.Unix()),
	}
}

func resultOf(i item) (activity.Result, error) {
	id := strings.TrimPrefix(textOf(i, sortKey), resultPrefix)
	distance, ok := distanceNamed(textOf(i, "distance"))
	date, err := calendar.Parse(textOf(i, "date"))
	if !ok || err != nil {
		return activity.Result{}, fmt.Errorf("result %s: %q, %w", id, textOf(i, "distance"), err)
	}
	return activity.Result{
		ID: id, Result: race.Result{Distance: distance, Time: time.Duration(numberOf(i, "time"))},
		Date: date, Name: textOf(i, "name"), Created: time.Unix(numberOf(i, "created"), 0).UTC(),
	}, nil
}

func fileItem(f *activity.File) item {
	return item{
		"entity": text("file"), "v": number(1), "original": originalOf(f.Original), "import": said(f.Import),
		"sessions": texts(f.Sessions), "made": number(int64(f.Made)), "of": number(int64(f.Of)),
		"receipts": receiptsOf(f.Receipts), "rev": number(int64(f.Revision)),
	}
}

func fileOf(i item) *activity.File {
	return &activity.File{
		Digest: strings.TrimPrefix(textOf(i, sortKey), filePrefix), Original: readOriginal(documentOf(i, "original")),
		Import: textOf(i, "import"), Sessions: textsOf[string](i, "sessions"), Made: int(numberOf(i, "made")), Of: int(numberOf(i, "of")),
		Receipts: readReceipts(i, "receipts"), Revision: int(numberOf(i, "rev")),
	}
}

func originalOf(o activity.Original) types.AttributeValue {
	return document(present(item{"key": text(o.Key), "name": said(o.Name), "size": number(o.Size)}))
}

func readOriginal(i item) activity.Original {
	return activity.Original{Key: textOf(i, "key"), Name: textOf(i, "name"), Size: numberOf(i, "size")}
}

func importFileItem(f *activity.ImportFile) item {
	i := item{
		"entity": text("import_file"), "v": number(1), "name": text(f.Name), "size": number(f.Size), "sha256": text(f.SHA256),
		"verdict": text(string(f.Verdict)), "reason": said(f.Reason), "sessions": texts(f.Sessions), "flags": texts(f.Flags),
		"receipts": receiptsOf(f.Receipts), "known": nil,
	}
	if f.Known {
		i["known"] = &types.AttributeValueMemberBOOL{Value: true}
	}
	return i
}

func importFileOf(i item) activity.ImportFile {
	return activity.ImportFile{
		NewFile: activity.NewFile{Name: textOf(i, "name"), Size: numberOf(i, "size"), SHA256: textOf(i, "sha256")},
		Verdict: activity.Verdict(textOf(i, "verdict")), Known: boolOf(i, "known"), Reason: textOf(i, "reason"),
		Sessions: textsOf[string](i, "sessions"), Flags: textsOf[session.Flag](i, "flags"), Receipts: readReceipts(i, "receipts"),
	}
}

func receiptsOf(receipts []activity.Receipt) types.AttributeValue {
	if len(receipts) == 0 {
		return nil
	}
	all := make([]types.AttributeValue, len(receipts))
	for n := range receipts {
		all[n] = document(receiptAttributes(&receipts[n]))
	}
	return list(all...)
}

func readReceipts(i item, name string) []activity.Receipt {
	var receipts []activity.Receipt
	for _, v := range listOf(i, name) {
		receipts = append(receipts, readReceipt(toDocument(v)))
	}
	return receipts
}

func receiptAttributes(r *activity.Receipt) item {
	i := item{
		"import": said(r.Import), "digest": text(r.Digest), "parser": number(int64(r.Parser)),
		"index": number(int64(r.Index)), "of": number(int64(r.Sessions)), "repairs": texts(r.Repairs), "at": number(r.At.Unix()),
	}
	var similar, bests []string
	for _, l := range r.Similar {
		similar = append(similar, l.Session+" "+string(l.Evidence))
	}
	for _, distance := range r.Bests {
		bests = append(bests, nameOf(distance))
	}
	i["similar"], i["bests"] = texts(similar), texts(bests)
	return present(i)
}

func readReceipt(i item) activity.Receipt {
	r := activity.Receipt{
		Import: textOf(i, "import"), Digest: textOf(i, "digest"), Parser: int(numberOf(i, "parser")),
		Index: int(numberOf(i, "index")), Sessions: int(numberOf(i, "of")), Repairs: textsOf[session.Flag](i, "repairs"),
		At: time.Unix(numberOf(i, "at"), 0).UTC(),
	}
	for _, s := range textsOf[string](i, "similar") {
		id, evidence, _ := strings.Cut(s, " ")
		r.Similar = append(r.Similar, activity.Likeness{Session: id, Evidence: activity.Evidence(evidence)})
	}
	for _, name := range textsOf[string](i, "bests") {
		if distance, ok := distanceNamed(name); ok {
			r.Bests = append(r.Bests, distance)
		}
	}
	return r
}

func onceItem(runner string, o *activity.Once) item {
	return merge(key(runnerKey(runner), receiptPrefix+o.Key), item{
		"entity": text("receipt"), "v": number(1), "hash": &types.AttributeValueMemberB{Value: o.Hash[:]},
		"import": text(o.Import), expiresAt: number(o.Expires.Unix()),
	})
}

func onceOf(i item) *activity.Once {
	o := &activity.Once{
		Key: strings.TrimPrefix(textOf(i, sortKey), receiptPrefix), Import: textOf(i, "import"), Expires: time.Unix(numberOf(i, expiresAt), 0).UTC(),
	}
	copy(o.Hash[:], bytesOf(i, "hash"))
	return o
}

func bytesOf(i item, name string) []byte {
	if b, ok := i[name].(*types.AttributeValueMemberB); ok {
		return b.Value
	}
	return nil
}

// texts writes a list of texts; nil for none.
func texts[S ~string](all []S) types.AttributeValue {
	if len(all) == 0 {
		return nil
	}
	values := make([]types.AttributeValue, len(all))
	for n, s := range all {
		values[n] = text(string(s))
	}
	return list(values...)
}

func textsOf[S ~string](i item, name string) []S {
	var all []S
	for _, v := range listOf(i, name) {
		if s, ok := v.(*types.AttributeValueMemberS); ok {
			all = append(all, S(s.Value))
		}
	}
	return all
}
