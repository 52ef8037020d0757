package main

var ofSessions = []mutant{
	// What may be a best.
	{"bests: nobody runs so fast", "internal/session/bests.go", `return ok && !c.Excluded && c.Time >= gate`, `_ = gate; return ok && !c.Excluded`, standing},
	{"bests: excluded ones", "internal/session/bests.go", `return ok && !c.Excluded && c.Time >= gate`, `return ok && c.Time >= gate`, standing},
	{"bests: a longer distance takes longer", "internal/session/bests.go", `max(gate, floor+1)`, `max(gate, 0*floor)`, standing},
	{"bests: runs only", "internal/session/bests.go", `if sport != Running {`, `if false {`, standing},
	{"bests: what was before", "internal/session/bests.go", `case !c.At.Before(best.At):`, `case false:`, standing},
	{"bests: a look when the best goes", "internal/session/bests.go", `if ok && (b.Source == c.Source || b.Previous`, `if ok && (b.Previous`, standing},
	{"bests: a look when the one before goes", "internal/session/bests.go", `|| b.Previous != nil && b.Previous.Source == c.Source)`, `)`, standing},
	{"bests: a look for a better one before", "internal/session/bests.go", `(b.Previous == nil || c.Compare(*b.Previous) < 0):`, `false:`, standing},
	{"bests: sessions that count", "internal/activity/standing.go", `if !s.CountsForBests {`, `if false {`, recorded},
	{"bests: sessions of no known day", "internal/activity/make.go", `one.CountsForBests = false`, `one.CountsForBests = true`, recorded},
	{"bests: what is taken away", "internal/activity/standing.go", `			if dropped(c) {`, `			if dropped(c) && false {`, recorded},
	{"bests: a distance that has none left", "internal/activity/standing.go", `c.DropBests = append(c.DropBests, b.Distance)`, ``, recorded},

	// One file, one session, whatever happens.
	{"ingest: the bytes that were declared", "internal/activity/ingest.go", `if a.digest != begun.SHA256 {`, `if false {`, recorded},
	{"ingest: panics are verdicts", "internal/activity/make.go", `if p := recover(); p != nil {`, `if p := any(nil); p != nil {`, recorded},
	{"ingest: the runner has this file", "internal/activity/make.go", `if file != nil && file.Complete() {`, `if false {`, recorded},
	{"ingest: whose file it is", "internal/activity/make.go", `			if file.Original.Key == a.Key {
				return`, `			if true {
				return`, recorded},
	{"ingest: go on where it was broken off", "internal/activity/make.go", `	i := next.Made
`, `	i := 0
`, recorded},
	{"ingest: nothing is kept of what is refused", "internal/activity/ingest.go", `	return s.objects.Delete(ctx, u.key())`, `	return nil`, recorded},
	{"ingest: samples of who was slower", "internal/activity/ingest.go", `if o.verdict == Duplicate {`, `if false {`, recorded},
	{"ingest: accounts that left", "internal/activity/ingest.go", `		return s.Purge(ctx, u.runner)`, `		return nil`, recorded},
	{"ingest: keys that we signed", "internal/activity/key.go", `isID(u.runner) && isID(u.imported) && u.key() == key`, `u.key() == key`, recorded},
	{"ingest: room for sessions", "internal/activity/make.go", `(st.Sessions+len(w.Recordings) > MaxSessions || `, `(`, recorded},
	{"ingest: room for bytes", "internal/activity/make.go", ` || st.Bytes+a.Size > MaxBytes)`, `)`, recorded},
	{"ingest: the same run of another file", "internal/activity/make.go", `		if other.Receipt.Digest == one.Receipt.Digest {
			continue
		}
		if evidence`, `		if true {
			continue
		}
		if evidence`, recorded},
	{"ingest: runs that differ in length", "internal/activity/make.go", `if (a.Elapsed - b.Elapsed).Abs() > max(`, `if (a.Elapsed - b.Elapsed).Abs() < 0*max(`, recorded},
	{"add: what was begun is noted first", "internal/activity/ingest.go", `		if err := s.store.Doubt(ctx, runner, a.doubtful, now.Add(doubtTime), now); err != nil {
			return nil, explain(err)
		}
`, `		a.doubtful = nil
`, recorded},
	{"add: trash is not referred to", "internal/dynamo/activity_write.go", `w.delete(trashPrefix+objectKey, "attribute_exists(PK)", nil)`, `w.delete(trashPrefix+objectKey, "", nil)`, tables},
	{"add: not before it is due", "internal/dynamo/activity.go", `if numberOf(i, "due") > now.Unix() {`, `if false {`, tables},
	{"delete: objects go, too", "internal/activity/change.go", `	s.tidy(context.WithoutCancel(ctx), runner, now)
	return nil`, `	return nil`, recorded},
	{"delete: the file goes with its last session", "internal/activity/change.go", `if after.Spent() {`, `if false {`, recorded},

	// What a client may say.
	{"import: files are checked", "internal/activity/batch.go", `	if err := CheckFiles(files); err != nil {
		return nil, false, err
	}
`, ``, recorded},
	{"import: files a day", "internal/activity/batch.go", `if st.Day == today && st.Files+len(files) > MaxFilesPerDay {`, `if false {`, recorded},
	{"import: another request under the key", "internal/activity/batch.go", `if made.Hash != asked.Hash {`, `if false {`, recorded},
	{"result: nobody runs so fast", "internal/activity/standing.go", `	case r.Time < gate:`, `	case r.Time < 0*gate:`, recorded},
	{"result: days to come", "internal/activity/standing.go", `|| today.Before(r.Date) {`, `{`, recorded},
	{"result: room", "internal/activity/standing.go", `if st.Results >= MaxResults {`, `if false {`, recorded},
	{"result: entered once", "internal/activity/standing.go", `return o.ID == entry.ID }); i >= 0 {`, `return o.ID == entry.ID }); i >= 1<<30 {`, recorded},
	{"session: ids are ids", "internal/activity/view.go", `	if !isID(id) {
		return nil, nil, noSession()
	}
`, ``, recorded},
	{"stream: whole", "internal/activity/stream.go", `errors.Is(err, io.EOF) {`, `err != nil {`, recorded},

	// What a write builds on.
	{"activity: revision", "internal/dynamo/activity_write.go", `ConditionExpression: new("rev = :rev"),`, `ConditionExpression: new("rev = :rev OR rev <> :rev"),`, tables},
	{"activity: first revision", "internal/dynamo/activity_write.go", `u.ConditionExpression = new("attribute_not_exists(rev)")`, `u.ConditionExpression = nil`, tables},
	{"activity: a new session", "internal/dynamo/activity_write.go", `sessionItem(one)), isAbsent, at(w.now, nil)), always`, `sessionItem(one)), "", nil), always`, tables},
	{"activity: version of what changes", "internal/dynamo/activity_write.go", `			"version = :was", item{":was": number(int64(one.Version - 1))})}`, `			"attribute_exists(PK)", item{})}`, tables},
	{"activity: version of what goes", "internal/dynamo/activity_write.go", `w.delete(sessionPrefix+one.ID, "version = :was", item{":was": number(int64(one.Version))})`, `w.delete(sessionPrefix+one.ID, "", nil)`, tables},
	{"activity: a new file", "internal/dynamo/activity_write.go", `	condition, values := isAbsent, at(w.now, nil)
	if c.File`, `	condition, values := "", item(nil)
	if c.File`, tables},
	{"activity: revision of a file", "internal/dynamo/activity_write.go", `condition, values = "rev = :was", item{":was": number(int64(c.FileBefore.Revision))}`, `condition, values = "", nil`, tables},
	{"activity: one verdict", "internal/dynamo/activity_write.go", `"verdict = :pending", item{":pending": text(string(activity.Pending))})}`, `"attribute_exists(PK) OR verdict = :pending", item{":pending": text(string(activity.Pending))})}`, tables},
	{"activity: a new result", "internal/dynamo/activity_write.go", `resultItem(r)), isAbsent, at(w.now, nil)), always`, `resultItem(r)), "", nil), always`, tables},
	{"activity: files of the day", "internal/dynamo/activity.go", `condition, values := "attribute_not_exists(#files)", item{}`, `condition, values := "attribute_not_exists(#files) OR attribute_exists(#files)", item{}`, tables},
	{"activity: bests newer than their revision", "internal/dynamo/activity.go", `if numberOf(i, "rev") > int64(st.Revision) {`, `if false {`, tables},
	{"activity: order of claims", "internal/dynamo/activity_items.go", `fmt.Sprintf("%016d", max(t, 0))`, `fmt.Sprintf("%d", max(t, 0))`, tables},
	{"activity: no writes for an account that left", "internal/dynamo/activity.go", `		Key: profileKey(runner), ConditionExpression: new(isLive), ExpressionAttributeValues: at(now, nil),`, `		Key: profileKey(runner), ConditionExpression: new(isPresent), ExpressionAttributeValues: at(now, nil),`, tables},
	{"activity: no state of an account that left", "internal/dynamo/activity.go", `	if isGone(found[profileSort]) {
		return nil, nil, false, activity.ErrNoRunner`, `	if false {
		return nil, nil, false, activity.ErrNoRunner`, recorded},
	{"activity: no sessions of an account that left", "internal/dynamo/activity.go", `	if isGone(i) {
		return nil, activity.ErrNoRunner`, `	if false {
		return nil, activity.ErrNoRunner`, recorded},

	// What the edge lets through.
	{"file: by its type", "internal/api/body.go", `if err != nil || !slices.Contains(media, declared) {`, `if declared += ""; err != nil && slices.Contains(media, declared) {`, handled},
	{"file: not packed on the way", "internal/api/body.go", `	if err := plainOnly(r.Header); err != nil {
		return nil, err
	}
`, ``, handled},
	{"file: no more than is read", "internal/api/body.go", `	if len(data) > limit {`, `	if false {`, handled},
	{"import: all faults at once", "internal/api/activity/imports.go", `in.Faults(activity.CheckFiles(files))`, `in.Faults(nil)`, handled},
	{"result: all faults at once", "internal/api/activity/bests.go", `in.Faults(result.Check(now))`, `in.Faults(nil)`, handled},
	{"session: a change says of which version", "internal/api/activity/sessions.go", `api.IfMatch(r), patch`, `api.IfMatchGiven(r), patch`, handled},
	{"session: deleted as it was seen", "internal/api/activity/sessions.go", `api.IfMatchGiven(r), a.now())`, `nil, a.now())`, handled},
	{"critical speed: all-out efforts", "internal/session/bests.go", `return r.Speed() <= b.Speed() }`, `return r.Speed() < 0*b.Speed() }`, standing},
}
