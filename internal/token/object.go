package token

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// readObject reads one JSON object that has each name once. Numbers stay
// text.
func readObject(text []byte) (map[string]any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	members := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder has seen to it
		if _, again := members[name]; again {
			return nil, fmt.Errorf("%.20q is there twice", name)
		}
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		members[name] = value
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	return members, nil
}

// seconds reads a time: a positive number of seconds written in digits, small
// enough for every reader to hold exactly.
func seconds(value any) (int64, error) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, errors.New("missing or no number")
	}
	n, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil || n <= 0 || n >= 1<<53 {
		return 0, errors.New("not a whole number of seconds")
	}
	return n, nil
}
