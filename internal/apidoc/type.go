package apidoc

import (
	"html/template"
	"strings"
)

// typeNames says what people call the types of JSON.
var typeNames = map[string]string{
	"integer": "whole number", "number": "number", "string": "text", "boolean": "true or false",
	"array": "list", "object": "object", "null": "null",
}

// typeText says what a schema accepts, in words that link to the types it
// names. It is empty for no schema.
func typeText(schema Node) template.HTML {
	if !schema.Exists() {
		return ""
	}
	if name := refName(schema); name != "" {
		return template.HTML(`<a href="#type-` + name + `">` + name + `</a>`) //nolint:gosec // a name in our own document
	}
	var words []string
	for _, name := range typesOf(schema) {
		words = append(words, typeWords(name, schema))
	}
	if words == nil {
		for _, item := range append(schema.Get("oneOf").Items(), schema.Get("anyOf").Items()...) {
			words = append(words, string(typeText(item)))
		}
	}
	if value := schema.Get("const"); value.Exists() {
		words = append(words, string(inline("`"+value.Text()+"`")))
	}
	text := strings.Join(words, " or ")
	if value := schema.Get("default"); value.Exists() {
		text += string(inline(", `" + value.Text() + "` unless given"))
	}
	return template.HTML(text) //nolint:gosec // put together from escaped parts
}

// typesOf are the names in type, which is one or a list.
func typesOf(schema Node) []string {
	if name := schema.Get("type").Text(); name != "" {
		return []string{name}
	}
	var names []string
	for _, item := range schema.Get("type").Items() {
		names = append(names, item.Text())
	}
	return names
}

// typeWords says what a schema of one type accepts.
func typeWords(name string, schema Node) string {
	words := typeNames[name]
	switch name {
	case "integer", "number":
		words += bounds(schema, "minimum", "maximum", "")
	case "array":
		words += bounds(schema, "minItems", "maxItems", "") + " of " + string(typeText(schema.Get("items")))
	case "string":
		if schema.Get("format").Text() == "date" {
			words = "date"
		}
		var codes []string
		for _, item := range schema.Get("enum").Items() {
			if item.Text() != "null" {
				codes = append(codes, string(inline("`"+item.Text()+"`")))
			}
		}
		if codes != nil {
			words = strings.Join(codes, ", ")
		}
	}
	return words
}

// bounds says from where to where a number goes.
func bounds(schema Node, low, high, text string) string {
	from, to := schema.Get(low).Text(), schema.Get(high).Text()
	switch {
	case from != "" && from == to:
		text = ", " + from
	case from != "" && to != "":
		text = ", " + from + " to " + to
	case from != "":
		text = ", at least " + from
	case to != "":
		text = ", at most " + to
	case schema.Get("exclusiveMinimum").Exists():
		text = " above " + schema.Get("exclusiveMinimum").Text()
	}
	return text
}

// values are the values that a schema lists with a description.
func values(schema Node) []valueView {
	var all []valueView
	for _, item := range schema.Get("oneOf").Items() {
		if value := item.Get("const"); value.Exists() {
			all = append(all, valueView{value.Text(), item.Get("description").Text()})
		}
	}
	return all
}
