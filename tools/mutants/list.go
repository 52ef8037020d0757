package main

import "slices"

// The packages whose tests stand behind a guard.
var (
	passwords = []string{"./internal/password"}
	texts     = []string{"./internal/text", "./internal/runner"}
	tokens    = []string{"./internal/token"}
	tables    = []string{"./internal/dynamo"}
	signedIn  = []string{"./internal/boot/accounts"}
	saved     = []string{"./internal/api/plans"}
	edge      = []string{"./internal/api"}
	recorded  = []string{"./internal/activity"}
	standing  = []string{"./internal/session"}
	handled   = []string{"./internal/api/activity"}
	gateways  = []string{"./internal/local/gateway"}
)

// mutants are all guards, each taken out once.
var mutants = slices.Concat(ofPasswords, ofAccessTokens, ofOtherTokens, ofTheTable, ofAccounts, ofPlans, ofSessions, ofStores, ofTheEdge)

var ofPasswords = []mutant{
	{
		"password: HMAC before bcrypt", "internal/password/password.go",
		`	return base64.StdEncoding.AppendEncode(nil, mac.Sum(nil))`,
		`	_ = base64.StdEncoding
	return []byte(password[:min(72, len(password))])`, passwords,
	},
	{"password: the pepper is in it", "internal/password/password.go", `hmac.New(sha512.New384, pepper)`, `hmac.New(sha512.New384, nil)`, passwords},
	{"password: normal form", "internal/password/password.go", `mac.Write(norm.NFC.Bytes([]byte(password)))`, `_ = norm.NFC; mac.Write([]byte(password))`, passwords},
	{"password: least cost outside the local stage", "internal/password/password.go", `	least := MinCost`, `	least := bcrypt.MinCost`, passwords},
	{"password: most cost that a stored hash may ask", "internal/password/password.go", `cost > maxCost || !wellFormed(text)`, `cost < 0 || !wellFormed(text)`, passwords},
	{"password: no more at once than processors", "internal/password/password.go", `runtime.GOMAXPROCS(0)),`, `runtime.GOMAXPROCS(0)<<20),`, passwords},
	{"password: time is left for the hash", "internal/password/password.go", `until = end.Add(-rest)`, `until = end`, passwords},
	{"password: who has the time waits", "internal/password/password.go", `		if end, ok := ctx.Deadline(); ok {`, `		if end, ok := ctx.Deadline(); ok && end.IsZero() {`, passwords},
	{
		"password: work for a damaged hash", "internal/password/password.go",
		`		return false, false, errors.Join(err, h.Dummy(ctx, password))
	}
	peppers, key`, `		return false, false, err
	}
	peppers, key`, passwords,
	},
	{"password: new hash for a new cost", "internal/password/password.go", `cost != h.config.Cost || pepper`, `cost < 0 || pepper`, passwords},
	{"password: new hash for a new pepper", "internal/password/password.go", `pepper != peppers.Current, nil`, `pepper == "" && peppers.Current == "", nil`, passwords},
	{"password: unknown pepper is an outage", "internal/password/password.go", `	if !ok {
		return Peppers{}, nil, &fault.Fault{`, `	if false {
		return Peppers{}, nil, &fault.Fault{`, passwords},
	{"password: no sign-in with an endless one", "internal/password/policy.go", `return length(password) > MaxLength }`, `return false }`, passwords},
	{"password: bytes are capped before any work", "internal/password/policy.go", `if len(password) > MaxBytes {`, `if false {`, passwords},
	{"password: shortest", "internal/password/policy.go", `n < MinLength || n > MaxLength`, `n > MaxLength`, passwords},
	{"password: longest", "internal/password/policy.go", `n < MinLength || n > MaxLength`, `n < MinLength`, passwords},
	{"password: common ones", "internal/password/policy.go", `if repeats(text) || pieces(text, words()) < minPieces {`, `if repeats(text) {`, passwords},
	{"password: those like the address", "internal/password/policy.go", `append(words(), addressWords(email)...)`, `words()`, passwords},
}

var ofAccessTokens = []mutant{
	{"token: typ", "internal/token/verify.go", `if h.typ != tokenType {`, `if false {`, tokens},
	{"token: alg", "internal/token/verify.go", `alg != jwt.SigningMethodRS256.Alg()`, `alg == ""`, tokens},
	{"token: crit and other names in the header", "internal/token/verify.go", `			return header{}, fmt.Errorf("header has %.20q", name)`, ``, tokens},
	{"token: signature", "internal/token/verify.go", `decoded[2], key); err != nil {`, `decoded[2], key); err != nil && false {`, tokens},
	{"token: kid", "internal/token/key.go", `if key.KID == kid {`, `if key.KID == kid || true {`, tokens},
	{"token: aud", "internal/token/verify.go", `, jwt.WithAudience(v.Audience),`, `,`, tokens},
	{"token: iss", "internal/token/verify.go", `jwt.WithIssuer(v.Issuer), `, ``, tokens},
	{"token: iat is not to come", "internal/token/verify.go", `jwt.WithExpirationRequired(), jwt.WithIssuedAt(),`, `jwt.WithExpirationRequired(),`, tokens},
	{"token: leeway", "internal/token/access.go", `Leeway = 30 * time.Second`, `Leeway = 32 * time.Second`, tokens},
	{"token: fifteen minutes at most", "internal/token/verify.go", `c.exp <= c.iat || c.exp-c.iat > int64(Lifetime/time.Second)`, `c.exp <= c.iat`, tokens},
	{"token: sub is a runner's id", "internal/token/verify.go", `case !isID(c.sub):`, `case c.sub == "\x00":`, tokens},
	{"token: sid is a sign-in's id", "internal/token/verify.go", `case !isID(c.sid):`, `case c.sid == "\x00":`, tokens},
	{"token: times are whole numbers", "internal/token/object.go", `if err != nil || n <= 0 || n >= 1<<53 {`, `if err != nil {`, tokens},
	{"token: a name once", "internal/token/object.go", `; again {`, `; again && false {`, tokens},
	{"token: names in their one spelling", "internal/token/verify.go", `if name != k && strings.EqualFold(name, k) {`, `if name != k && strings.EqualFold(name, k) && false {`, tokens},
	{"token: nothing after the object", "internal/token/object.go", `; !errors.Is(err, io.EOF) {`, `; !errors.Is(err, io.EOF) && false {`, tokens},
	{"token: UTF-8", "internal/token/object.go", `if !utf8.Valid(text) {`, `if !utf8.Valid(text) && false {`, tokens},
	{"token: line breaks", "internal/token/verify.go", `if strings.ContainsAny(part, "\r\n") {`, `if false {`, tokens},
	{"token: one way to write base64url", "internal/token/verify.go", `return base64.RawURLEncoding.Strict().DecodeString(part)`, `return base64.RawURLEncoding.DecodeString(part)`, tokens},
	{"token: size", "internal/token/verify.go", `if len(text) > maxSize {`, `if false {`, tokens},
	{"token: weak keys", "internal/token/key.go", `if key.Key.N.BitLen() < keyBits || key.Key.E != 65537 {`, `if false {`, tokens},
}

var ofOtherTokens = []mutant{
	{"refresh token: made here", "internal/token/refresh.go", `if !hmac.Equal(all[bodySize:], mac(key, body)) {`, `if len(mac(key, body)) == 0 {`, tokens},
	{"refresh token: length of the key", "internal/token/refresh.go", `err == nil && len(key) < sha256.Size`, `false`, tokens},
	{"refresh token: the last of a family", "internal/token/refresh.go", `if counter == 1<<32-1 {`, `if false {`, tokens},
	{"cursor: of one runner", "internal/token/cursor.go", `{"cursor v1", list.Runner, list.Route, list.Filter}`, `{"cursor v1", list.Route, list.Filter}`, tokens},
	{"cursor: of one route", "internal/token/cursor.go", `{"cursor v1", list.Runner, list.Route, list.Filter}`, `{"cursor v1", list.Runner, list.Filter}`, tokens},
	{"cursor: of one filter", "internal/token/cursor.go", `{"cursor v1", list.Runner, list.Route, list.Filter}`, `{"cursor v1", list.Runner, list.Route}`, tokens},
	{"cursor: expires", "internal/token/cursor.go", `if uint64(now.Unix()) >= binary.BigEndian.Uint64(plain) {`, `if false {`, tokens},
}

var ofTheTable = []mutant{
	{"table: what has expired is not read", "internal/dynamo/read.go", `if len(out.Item) == 0 || expired(out.Item, now) {`, `if len(out.Item) == 0 {`, tables},
	{"table: what has expired is not listed", "internal/dynamo/read.go", `if !expired(i, now) && !yield(i, nil) {`, `if !yield(i, nil) {`, tables},
	{
		"table: what has expired is in no batch", "internal/dynamo/read.go", `				if !expired(i, now) {
					found`, `				if true {
					found`, tables,
	},
	{"table: what has expired is not present", "internal/dynamo/dynamo.go", `OR expires_at > :now))"`, `OR expires_at > :now OR expires_at <= :now))"`, tables},
	{"table: what has expired is absent", "internal/dynamo/dynamo.go", `(attribute_not_exists(PK) OR expires_at <= :now)`, `(attribute_not_exists(PK) AND :now = :now)`, tables},
	{"table: a limit is a condition", "internal/dynamo/limit.go", `"attribute_not_exists(used) OR used < :limit"`, `"attribute_not_exists(used) OR used < :limit OR used >= :limit"`, tables},
	{"table: an old window has no effect", "internal/dynamo/limit.go", `start.Format(time.RFC3339)`, `time.RFC3339`, tables},
	{"table: one token for all tries", "internal/dynamo/write.go", `ClientRequestToken: &token, `, ``, tables},
	{"table: clashes are repeated", "internal/dynamo/call.go", `if !errors.Is(err, errClash) && (refused == nil || !refused.clashed()) {`, `if refused == nil || true {`, tables},
	{"table: a call ends", "internal/dynamo/call.go", `context.WithTimeout(ctx, callTimeout)`, `context.WithTimeout(ctx, 100*callTimeout)`, tables},
	{"table: damaged replies are asked for again", "internal/dynamo/call.go", `return aws.TrueTernary
	}
	return aws.UnknownTernary
}

func unavailable`, `return aws.FalseTernary
	}
	return aws.UnknownTernary
}

func unavailable`, tables},
	{"table: what is newer in a week is passed over", "internal/dynamo/wire.go", `		case kindFixed32:`, `		case kindFixed32 + 1:`, tables},
	{"table: a damaged week is an error", "internal/dynamo/week_wire.go", `w.ID == "" || w.Day < time.Sunday || w.Day > time.Saturday`, `false`, tables},
	{"table: unwritten items are written", "internal/dynamo/write.go", `chunk = out.UnprocessedItems[s.table]`, `chunk = nil`, tables},
}

var ofAccounts = []mutant{
	{"account: an address has one account", "internal/dynamo/account.go", `	err := s.transact(ctx, "",
		putAction(claimItem(a), isAbsent, at(now, nil)),`, `	err := s.transact(ctx, "",
		putAction(claimItem(a), "", nil),`, signedIn},
	{"account: a moved address has one account", "internal/dynamo/account.go", `			putAction(claimItem(a), isAbsent, at(now, nil)),
			types`, `			putAction(claimItem(a), "", nil),
			types`, signedIn},
	{"account: who has left is not found", "internal/dynamo/account.go", `if _, deleted := i[deletedAt]; i == nil || deleted {`, `if i == nil {`, signedIn},
	{"account: writes of one version", "internal/dynamo/account.go", `isLive+" AND version = :version AND email_key = :old"`, `isLive+" AND (version = :version OR version <> :version) AND email_key = :old"`, tables},
	{"account: work for an unknown address", "internal/account/login.go", `		return false, false, s.c.Passwords.Dummy(ctx, password)`, `		return false, false, nil`, signedIn},
	{"account: length check at login", "internal/account/login.go", `	if !s.c.Passwords.TooLong(password) {`, `	if true {`, signedIn},
	{
		"account: tries count before the work", "internal/account/login.go",
		`	if err := s.reserveSignIn(ctx, email.Key(), client, now); err != nil {
		return SignedIn{}, err
	}
	a, err`, `	a, err`, signedIn,
	},
	{"account: registrations are limited", "internal/account/register.go", `	if err := s.reserveRegistration(ctx, client, now); err != nil {
		return SignedIn{}, err
	}
`, ``, signedIn},
	{"account: one address, one account, few tries", "internal/dynamo/account_limit.go", `(attribute_not_exists(#share) OR #share < :share)`, `(attribute_not_exists(#share) OR #share < :share OR #share >= :share)`, signedIn},
	{"account: one address, many accounts, few tries", "internal/dynamo/account_limit.go", `(attribute_not_exists(used) OR used < :limit) AND`, `(attribute_not_exists(used) OR used < :limit OR used >= :limit) AND`, signedIn},
	{"account: many addresses, one account, slowly", "internal/account/limit.go", `if err != nil || failures < failuresOfAccount {`, `if err != nil || failures >= 0 {`, signedIn},
	{"account: success forgets its own tries alone", "internal/dynamo/account_limit.go", `		Expression: "REMOVE #share",`, `		Expression: "REMOVE #share, used",`, tables},
	{"account: a wrong password for a change counts", "internal/account/login.go", `	if err := s.reserveSignIn(ctx, a.Email.Key(), client, now); err != nil {
		return err
	}
`, ``, signedIn},
	{"account: a change asks for the password", "internal/account/login.go", `	if !match {
		if err := s.failed(ctx, a.Email.Key(), now); err != nil {`, `	if !match && false {
		if err := s.failed(ctx, a.Email.Key(), now); err != nil {`, signedIn},
	{"family: reuse ends it", "internal/account/session.go", `	if err := s.c.Families.End(ctx, f.Runner, f.ID); err != nil {
		return err
	}
`, ``, signedIn},
	{"family: the grace ends", "internal/account/session.go", `			if now.Sub(given.At) <= grace {`, `			if true {`, signedIn},
	{"family: there is a grace", "internal/account/session.go", `			if now.Sub(given.At) <= grace {`, `			if false {`, signedIn},
	{"family: the grace of one token is not that of another", "internal/account/session.go", `if given.From <= presented.Counter {`, `if true {`, signedIn},
	{"family: the grace is not the predecessor's alone", "internal/account/session.go", `	return append(after, GivenUp{From: counter, At: at})`, `	return append(after[:0], GivenUp{From: counter, At: at})`, signedIn},
	{"family: what it remembers has a bound", "internal/account/session.go", `		if now.Sub(given.At) <= grace {
			after`, `		if true {
			after`, signedIn},
	{"family: many rotations are one entry", "internal/account/session.go", `n > 0 && !at.After(after[n-1].At)`, `n > 1<<20`, signedIn},
	{"family: ends with its generation", "internal/account/session.go", `|| err == nil && a.Epoch != family.Epoch {
		return nil, nil`, `{
		return nil, nil`, signedIn},
	{"family: use does not lengthen the whole", "internal/account/session.go", `if to.Expires.After(f.Ends) {`, `if false {`, signedIn},
	{"family: one successor", "internal/dynamo/account_family.go", `isPresent+" AND #counter = :counter AND digest = :digest"`, `isPresent+" AND #counter >= :counter - :counter AND size(digest) = size(:digest)"`, signedIn},
	{"family: none for who has left", "internal/dynamo/account_family.go", `new(isLive + " AND epoch = :epoch")`, `new("attribute_not_exists(PK) OR epoch = :epoch OR :now = :now")`, tables},
	{"family: an old token ends no other sign-in", "internal/account/session.go", `if everywhere && where != reused {`, `if everywhere {`, signedIn},
	{"password change: others end", "internal/account/profile.go", `s.c.Accounts.SetPassword(ctx, a, hash, true, keep, now)`, `s.c.Accounts.SetPassword(ctx, a, hash, false, keep, now)`, signedIn},
	{"text: marks of direction", "internal/text/text.go", `, unicode.Bidi_Control)`, `)`, texts},
	{"text: line breaks of Unicode", "internal/text/text.go", `unicode.In(r, unicode.Zl, unicode.Zp, `, `unicode.In(r, `, texts},
	{"time zone: of the list", "internal/runner/zone.go", `&& strings.Contains("\n"+zones, "\n"+s+"\n")`, ``, texts},
	{"cookie: from known pages only", "internal/api/accounts/cookie.go", `	if err := h.Origins.Check(r); err != nil {
		return "", false, err
	}
`, ``, signedIn},
	{"cookie: or the body, not both", "internal/api/accounts/cookie.go", `if len(cookies) > 1 || given != "" && given != token {`, `if false {`, signedIn},
	{"sweep: never an account that is there", "internal/dynamo/account.go", `if _, deleted := mark[deletedAt]; len(mark) > 0 && !deleted {`, `if _, deleted := mark[deletedAt]; deleted && false {`, tables},
}

var ofPlans = []mutant{
	{"plan: the runner's id is in the key", "internal/dynamo/plans.go", `return "RUNNER#" + runner }`, `return "RUNNER#" + runner[:0] }`, saved},
	{"plan: none for who has left", "internal/dynamo/plans.go", `new(isLive), ExpressionAttributeValues: at(now, nil),`, `new("attribute_not_exists(PK) OR :now = :now"), ExpressionAttributeValues: at(now, nil),`, saved},
	{"plan: one change after the other", "internal/dynamo/plans.go", `		"rev = :rev", item{":rev"`, `		"rev = :rev OR rev <> :rev", item{":rev"`, saved},
	{"plan: deleted as it was seen", "internal/dynamo/plans.go", `new("rev = :rev"), Ex`, `new("rev = :rev OR rev <> :rev"), Ex`, tables},
	{"plan: quota", "internal/dynamo/plans.go", `(attribute_not_exists(plans) OR plans <= :room)`, `(attribute_not_exists(plans) OR plans <= :room OR plans > :room)`, saved},
	{"plan: few are active", "internal/dynamo/plans.go", `(attribute_not_exists(active) OR size(active) < :most)`, `(attribute_not_exists(active) OR size(active) < :most OR size(active) >= :most)`, saved},
	{"plan: weeks newer than the fact are read again", "internal/dynamo/plans.go", `if numberOf(part, "rev") > int64(p.Revision) {`, `if false {`, tables},
	{"receipt: a key once", "internal/dynamo/plans.go", `putAction(receiptItem(runner, r), isAbsent, at(now, nil))`, `putAction(receiptItem(runner, r), "", nil)`, saved},
	{"receipt: of the same request", "internal/training/save.go", `if made.Hash != asked.Hash {`, `if false {`, saved},
	{"plan: moved workouts keep it from being dated", "internal/training/save.go", `if p.hasMoved() {`, `if false {`, saved},
	{"workout: a day has one", "internal/training/workouts.go", `if w.Day == at.Day && w.ID != id {`, `if w.Day == at.Day && w.ID == "" {`, saved},
}

var ofTheEdge = []mutant{
	{"local server: stopped while it starts", "internal/local/server/server.go", `		if ctx.Err() == nil {
			return err
		}
		return nil`, `		return err`, []string{"./internal/local/server"}},
	{"database: its owner's alone", "internal/local/dynoxide/child_linux.go", `made.Chmod(0o600), `, ``, []string{"./internal/local/dynoxide"}},
	{"If-Match: it is needed", "internal/api/precondition.go", `			return fault.New(fault.PreconditionRequired,`, `			_ = fault.New(fault.PreconditionRequired,`, slices.Concat(edge, saved)},
	{"If-Match: it is compared", "internal/api/precondition.go", `if slices.Contains(tags, ETag(tag)) {`, `if true {`, slices.Concat(edge, saved)},
	{"gateway: no claims, no caller", "internal/api/auth.go", `if !IsID(caller.Runner) || caller.SignIn`, `if caller.SignIn`, edge},
	{"gateway: another authorizer is none", "internal/api/auth.go", `if call.Unverified && claims == nil {`, `if claims == nil {`, edge},
	{"gateway: one Authorization header", "internal/api/auth.go", `if len(values) != 1 {`, `if len(values) == 0 {`, edge},
	{"local gateway: tokens are checked", "internal/local/gateway/gateway.go", `if to.Auth == route.None {`, `if true {`, gateways},
	{"local gateway: one header", "internal/local/gateway/gateway.go", `|| len(values) != 1 {`, `|| len(values) == 0 {`, gateways},
	{"local gateway: the caller's word on where it is", "internal/local/gateway/event.go", ` && !strings.HasPrefix(name, "X-Forwarded-") {`, ` || strings.HasPrefix(name, "X-Forwarded-") {`, gateways},
	{"origin: compared whole", "internal/api/origin.go", `return origin == o.Own`, `return len(origin) >= len(o.Own)`, slices.Concat(edge, signedIn)},
	{"origin: by the scheme of the request", "internal/api/origin.go", `origin == scheme+"://"+r.Host`, `(origin == "http://"+r.Host || origin == "https://"+r.Host)`, slices.Concat(edge, signedIn)},
	{"origin: of no unknown scheme", "internal/api/origin.go", `(scheme == "http" || scheme == "https") && `, ``, edge},
	{"CDN: its secret", "internal/api/origin.go", `subtle.ConstantTimeCompare([]byte(shown), []byte(secret)) != 1`, `subtle.ConstantTimeCompare([]byte(shown), []byte(shown)) != 1`, edge},
}
