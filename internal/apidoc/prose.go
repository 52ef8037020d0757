package apidoc

import (
	"html/template"
	"regexp"
	"strings"
)

// prose turns the little markup of the document's descriptions into HTML:
// paragraphs, lists of lines that start with a dash, **strong** and `code`.
func prose(text string) template.HTML {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if items, ok := strings.CutPrefix(paragraph, "- "); ok {
			b.WriteString("<ul>")
			for item := range strings.SplitSeq(items, "\n- ") {
				b.WriteString("<li>" + string(inline(item)) + "</li>")
			}
			b.WriteString("</ul>\n")
			continue
		}
		b.WriteString("<p>" + string(inline(paragraph)) + "</p>\n")
	}
	return template.HTML(b.String()) //nolint:gosec // inline has escaped all of it
}

var (
	codeMarks   = regexp.MustCompile("`([^`]+)`")
	strongMarks = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// inline turns the markup within a line into HTML.
func inline(text string) template.HTML {
	out := template.HTMLEscapeString(text)
	out = codeMarks.ReplaceAllString(out, "<code>$1</code>")
	out = strongMarks.ReplaceAllString(out, "<strong>$1</strong>")
	return template.HTML(out) //nolint:gosec // escaped two lines above
}
