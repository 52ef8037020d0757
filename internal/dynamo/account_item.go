package dynamo

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/unit"
)

// claimItem is the claim of an account on its address.
func claimItem(a *account.Account) item {
	i := emailKey(a.Email.Key())
	i["entity"], i["v"] = text("email"), number(1)
	i["runner"] = text(a.ID)
	return i
}

// accountItem is a new account. Later changes name the attributes that they
// change, so that a program leaves alone what it does not know.
func accountItem(a *account.Account) item {
	i := profileKey(a.ID)
	i["entity"], i["v"] = text("runner"), number(1)
	i["id"] = text(a.ID)
	i["password_hash"] = text(a.PasswordHash)
	i["epoch"] = number(int64(a.Epoch))
	i["created_at"] = number(a.Created.Unix())
	for name, value := range profileAttributes(a) {
		if value != nil {
			i[name] = value
		}
	}
	i["version"] = number(int64(a.Version))
	return i
}

// profileAttributes are what Save writes: the version that comes next, address
// and profile. Nil stands for what the runner does not say.
func profileAttributes(a *account.Account) item {
	p := a.Profile
	i := item{
		"version":     number(int64(a.Version) + 1),
		"updated_at":  number(a.Updated.Unix()),
		"email":       text(a.Email.String()),
		"email_key":   text(a.Email.Key()),
		"first_name":  said(p.FirstName),
		"last_name":   said(p.LastName),
		"birth_year":  counted(p.BirthYear),
		"sex":         said(string(p.Sex)),
		"time_zone":   said(p.TimeZone),
		"unit":        said(string(p.Unit)),
		"heart_rates": nil,
	}
	if len(p.HeartRates) > 0 {
		list := &types.AttributeValueMemberL{}
		for _, rates := range p.HeartRates {
			entry := item{"valid_from": text(rates.ValidFrom.String())}
			for name, value := range map[string]int{"resting": rates.Resting, "max": rates.Max, "threshold": rates.Threshold} {
				if value != 0 {
					entry[name] = number(int64(value))
				}
			}
			list.Value = append(list.Value, &types.AttributeValueMemberM{Value: entry})
		}
		i["heart_rates"] = list
	}
	return i
}

func said(s string) types.AttributeValue {
	if s == "" {
		return nil
	}
	return text(s)
}

func counted(n int) types.AttributeValue {
	if n == 0 {
		return nil
	}
	return number(int64(n))
}

func accountOf(i item) (*account.Account, error) {
	email, err := runner.ParseEmail(textOf(i, "email"))
	if err != nil {
		return nil, fmt.Errorf("stored e-mail address: %w", err)
	}
	a := &account.Account{
		ID:           textOf(i, "id"),
		Email:        email,
		PasswordHash: textOf(i, "password_hash"),
		Version:      int(numberOf(i, "version")),
		Epoch:        int(numberOf(i, "epoch")),
		Created:      time.Unix(numberOf(i, "created_at"), 0).UTC(),
		Updated:      time.Unix(numberOf(i, "updated_at"), 0).UTC(),
	}
	a.Profile, err = profileOf(i)
	return a, err
}

// profileOf reads the profile in a runner's item.
func profileOf(i item) (runner.Profile, error) {
	p := runner.Profile{
		FirstName: textOf(i, "first_name"),
		LastName:  textOf(i, "last_name"),
		BirthYear: int(numberOf(i, "birth_year")),
		Sex:       runner.Sex(textOf(i, "sex")),
		TimeZone:  textOf(i, "time_zone"),
		Unit:      unit.Length(textOf(i, "unit")),
	}
	for _, value := range listOf(i, "heart_rates") {
		entry := toDocument(value)
		if entry == nil {
			continue
		}
		from, err := calendar.Parse(textOf(entry, "valid_from"))
		if err != nil {
			return runner.Profile{}, fmt.Errorf("stored heart rates: %w", err)
		}
		p.HeartRates = append(p.HeartRates, runner.HeartRates{
			ValidFrom: from,
			Resting:   int(numberOf(entry, "resting")),
			Max:       int(numberOf(entry, "max")),
			Threshold: int(numberOf(entry, "threshold")),
		})
	}
	return p, nil
}
