package main

var (
	buckets  = []string{"./internal/objects"}
	locals   = []string{"./internal/local/s3", "./internal/local/sqs"}
	triggers = []string{"./internal/boot/ingesting"}
)

var ofStores = []mutant{
	// What a signed address is good for.
	{"objects: an upload takes no place", "internal/objects/objects.go", `ChecksumSHA256: &checksum, IfNoneMatch: new("*"),`, `ChecksumSHA256: &checksum,`, buckets},
	{"objects: the digest that was declared", "internal/objects/objects.go", `ChecksumSHA256: &checksum, IfNoneMatch`, `IfNoneMatch`, buckets},
	{"objects: the length that was declared", "internal/objects/objects.go", `ContentLength: &size, `, ``, buckets},
	{"objects: what is there stays", "internal/objects/objects.go", `in.Bucket, in.IfNoneMatch = &b.name, new("*")`, `in.Bucket = &b.name`, buckets},
	{"objects: the limit of what is read", "internal/objects/objects.go", `if size > limit {`, `if false {`, buckets},
	{"objects: writes that meet", "internal/objects/objects.go", `case http.StatusConflict:`, `case -1:`, buckets},
	{"objects: bodies that break off", "internal/objects/objects.go", `if !errors.Is(err, io.ErrUnexpectedEOF) || n`, `if true || n`, buckets},
	{"objects: neighbours of what is deleted", "internal/objects/delete.go", `if *id.Key == key {`, `if true {`, buckets},
	{"objects: marks go too", "internal/objects/delete.go", `range page.DeleteMarkers`, `range page.DeleteMarkers[:0]`, buckets},
	{"objects: part of a deletion fails", "internal/objects/delete.go", `if err != nil || len(failed) == 0 {`, `if err != nil || true {`, buckets},
	{"objects: deleting ends in time", "internal/objects/delete.go", `time.Until(deadline) < reserve`, `time.Until(deadline) < -reserve`, buckets},
	{"exports: the bucket removes them", "internal/objects/export.go", `, Tagging: new(exportTag)`, ``, buckets},

	// Nothing that was acknowledged is lost on one machine.
	{"local: no object without its event", "internal/local/s3/front.go", `			http.Error(w, "see the log", http.StatusServiceUnavailable)
			return
`, ``, locals},
	{"local: pages of others", "internal/local/s3/front.go", `allowed := slices.Contains(s.config.Origins, origin)`, `allowed := true`, locals},
	{"local: what is held is nobody's", "internal/local/sqs/queue.go", `id: id.String(), busy: hold}`, `id: id.String()}`, locals},
	{"local: tries are counted before", "internal/local/sqs/queue.go", `		if err := q.write(m, false); err != nil {
			m.Received--
			return nil, nil, 0, err
		}
`, ``, locals},
	{"local: one at a time", "internal/local/sqs/queue.go", `		m.busy = true
`, ``, locals},
	{"local: tries end", "internal/local/sqs/queue.go", `if m.Received >= maxReceive {`, `if false {`, locals},
	{"local: failures of somebody else's", "internal/local/sqs/mapping.go", `return nil, fmt.Errorf("answer of the function: %q is no`, `_ = fmt.Errorf("answer of the function: %q is no`, locals},

	// What events lead to.
	{"events: one failure stops nothing", "internal/boot/ingesting/ingesting.go", `errs = append(errs, fmt.Errorf("%s: %w", key, err))`, `return err`, triggers},
	{"events: a file gets its time", "internal/boot/ingesting/ingesting.go", `time.Until(deadline) < perObject+reserve`, `time.Until(deadline) < -reserve`, triggers},
	{"events: what passes is not given up", "internal/boot/ingesting/ingesting.go", `errors.Is(err, fault.Unavailable)`, `errors.Is(err, fault.NotFound)`, triggers},
	{"events: given up after the last try", "internal/boot/ingesting/ingesting.go", `delivery < lastDelivery || `, ``, triggers},
	{"events: new objects alone", "internal/boot/ingesting/ingesting.go", `strings.HasPrefix(r.EventName, "ObjectCreated:")`, `strings.HasPrefix(r.EventName, "")`, triggers},
}
