package api

// A Presence is how a member stands in a merge patch (RFC 7396), where null is
// a value of its own: it clears a field, while one that is absent stays.
type Presence int

// How a member can stand there.
const (
	Absent Presence = iota
	Null
	Given
)

// Presence says how a member is there. The name is then known.
func (o *Object) Presence(name string) Presence {
	switch v, ok := o.member(name); {
	case !ok:
		return Absent
	case v.kind == null:
		return Null
	}
	return Given
}
