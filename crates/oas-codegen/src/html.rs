//! HTML in descriptions, which Markdown allows and documents are full of, as Markdown.
//!
//! Only the elements that people write descriptions with are known. What merely looks like a tag, such as `<your-token>`,
//! stays as it is. What comes out is text like any other: [`docs::lines`](crate::docs::lines) makes it safe.

use std::borrow::Cow;

/// Elements that stand for nothing but what is in them.
const TRANSPARENT: [&str; 22] = [
    "a",
    "abbr",
    "big",
    "blockquote",
    "center",
    "details",
    "dfn",
    "font",
    "ins",
    "label",
    "mark",
    "section",
    "small",
    "span",
    "sub",
    "summary",
    "sup",
    "tbody",
    "thead",
    "u",
    "dl",
    "article",
];

/// Elements that begin a paragraph.
const PARAGRAPHS: [&str; 10] = ["p", "div", "table", "tr", "hr", "ul", "ol", "dt", "dd", "figure"];

/// The description with its HTML as Markdown.
pub(crate) fn to_markdown(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut writer =
        Writer { out: String::with_capacity(text.len()), lists: Vec::new(), emphasised: Vec::new(), links: Vec::new() };
    let mut is_code = false;
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        if is_fence || is_code {
            is_code ^= is_fence;
            writer.out.push_str(line);
        } else {
            writer.line(line);
        }
    }
    Cow::Owned(writer.out)
}

/// A tag: `<a href="x">`, `</a>`, `<br/>`.
struct Tag<'t> {
    name: String,
    closes: bool,
    attributes: &'t str,
    /// How many bytes it takes.
    length: usize,
}

struct Writer {
    out: String,
    /// The lists that are open: whether each is numbered.
    lists: Vec<bool>,
    /// The marks of emphasis that is open.
    emphasised: Vec<&'static str>,
    /// The addresses of the links that are open.
    links: Vec<Option<String>>,
}

impl Writer {
    fn line(&mut self, line: &str) {
        let mut rest = line;
        while let Some(at) = rest.find(['<', '`']) {
            self.out.push_str(&rest[..at]);
            rest = &rest[at..];
            let taken = if rest.starts_with('`') { self.code_span(rest) } else { self.angle(rest) };
            rest = &rest[taken..];
        }
        self.out.push_str(rest);
    }

    /// A code span is kept as it is.
    fn code_span(&mut self, rest: &str) -> usize {
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let mark = &rest[..ticks];
        let length = rest[ticks..].find(mark).map_or(ticks, |end| ticks + end + ticks);
        self.out.push_str(&rest[..length]);
        length
    }

    /// A tag, a comment, or a bracket that is neither.
    fn angle(&mut self, rest: &str) -> usize {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.find("-->").map_or(rest.len(), |end| end + "<!---->".len());
        }
        let Some(tag) = tag(rest) else {
            self.out.push('<');
            return 1;
        };
        match tag.name.as_str() {
            "br" => self.out.push('\n'),
            "b" | "strong" => self.emphasis(rest, &tag, "**"),
            "i" | "em" | "cite" | "var" => self.emphasis(rest, &tag, "*"),
            "code" | "tt" | "kbd" | "samp" => return self.code(rest, &tag),
            "pre" => self.paragraph(),
            "li" if !tag.closes => self.item(),
            "li" | "td" | "th" => self.cell(&tag),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(&tag),
            "img" => self.out.push_str(attribute(tag.attributes, "alt").unwrap_or_default()),
            "a" => self.link(&tag),
            "ul" | "ol" => {
                self.list(&tag);
                self.paragraph();
            }
            name if PARAGRAPHS.contains(&name) => self.paragraph(),
            name if TRANSPARENT.contains(&name) => {}
            _ => {
                self.out.push('<');
                return 1;
            }
        }
        tag.length
    }

    /// Emphasis that ends on the same line; what does not is none.
    fn emphasis(&mut self, rest: &str, tag: &Tag<'_>, mark: &'static str) {
        if tag.closes {
            self.out.push_str(self.emphasised.pop().unwrap_or_default());
        } else if rest.to_ascii_lowercase().contains(&format!("</{}>", tag.name)) {
            self.out.push_str(mark);
            self.emphasised.push(mark);
        }
    }

    /// An empty line, unless there is one.
    fn paragraph(&mut self) {
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        let breaks = self.out.bytes().rev().take_while(|byte| *byte == b'\n').count();
        if !self.out.is_empty() {
            self.out.push_str(&"\n".repeat(2_usize.saturating_sub(breaks)));
        }
    }

    fn list(&mut self, tag: &Tag<'_>) {
        if tag.closes {
            self.lists.pop();
        } else {
            self.lists.push(tag.name == "ol");
        }
    }

    fn item(&mut self) {
        let kept = self.out.trim_end_matches([' ', '\n']).len();
        self.out.truncate(kept);
        // Deeper lists than this are no longer read.
        let depth = self.lists.len().saturating_sub(1).min(4);
        let mark = if self.lists.last() == Some(&true) { "1. " } else { "- " };
        self.out.push_str(if self.out.is_empty() { "" } else { "\n" });
        self.out.push_str(&"  ".repeat(depth));
        self.out.push_str(mark);
    }

    /// Cells of a row are told apart by a dash.
    fn cell(&mut self, tag: &Tag<'_>) {
        let starts_row = self.out.is_empty() || self.out.ends_with('\n');
        if tag.name != "li" && !tag.closes && !starts_row {
            let kept = self.out.trim_end().len();
            self.out.truncate(kept);
            self.out.push_str(" - ");
        }
    }

    fn heading(&mut self, tag: &Tag<'_>) {
        self.paragraph();
        if !tag.closes {
            self.out.push_str("### ");
        }
    }

    /// A code span, when what is in it fits into one.
    fn code(&mut self, rest: &str, tag: &Tag<'_>) -> usize {
        let inside = &rest[tag.length..];
        let end = format!("</{}>", tag.name);
        let Some(length) = inside.find(&end).filter(|_| !tag.closes) else { return tag.length };
        let text = plain(&inside[..length]);
        if text.trim().is_empty() || text.contains(['`', '\n']) {
            self.out.push_str(&text);
        } else {
            self.out.push('`');
            self.out.push_str(text.trim());
            self.out.push('`');
        }
        tag.length + length + end.len()
    }

    /// A link to the web; any other is nothing but its text.
    fn link(&mut self, tag: &Tag<'_>) {
        if tag.closes {
            if let Some(Some(address)) = self.links.pop() {
                self.out.extend(["](", address.as_str(), ")"]);
            }
            return;
        }
        let address = attribute(tag.attributes, "href").filter(|address| {
            address.starts_with("http") && !address.contains(|one: char| one.is_whitespace() || "()<>".contains(one))
        });
        if address.is_some() {
            self.out.push('[');
        }
        self.links.push(address.map(str::to_owned));
    }
}

/// A text without tags, and with what entities stand for.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(tag) = tag(rest) {
            rest = &rest[tag.length..];
        } else {
            plain.push('<');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&amp;", "&")];
    entities.iter().fold(plain, |text, (entity, character)| text.replace(entity, character))
}

/// The tag at the start of `rest`.
fn tag(rest: &str) -> Option<Tag<'_>> {
    let inside = rest.strip_prefix('<')?;
    let closes = inside.starts_with('/');
    let named = inside.strip_prefix('/').unwrap_or(inside);
    let end = named.find('>')?;
    let (inner, length) = (&named[..end], end + 2 + usize::from(closes));
    let name_end = inner.find(|one: char| !one.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(name_end);
    let is_tag = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && (attributes.is_empty() || attributes.starts_with([' ', '/', '\t']))
        && !attributes.contains('<');
    is_tag.then(|| Tag { name: name.to_ascii_lowercase(), closes, attributes, length })
}

/// The value of an attribute.
fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let at = attributes.to_ascii_lowercase().find(&format!("{name}="))?;
    let value = attributes.get(at + name.len() + 1..)?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::to_markdown;

    #[test]
    fn html_becomes_markdown() {
        for (html, markdown) in [
            ("a<br>b", "a\nb"),
            ("<p>One.</p><p>Two.</p>", "One.\n\nTwo.\n\n"),
            ("<b>Not</b> <i>this</i>", "**Not** *this*"),
            ("<b>not closed, </i>not open", "not closed, not open"),
            ("use <code>a &lt; b</code> or <tt>`</tt>", "use `a < b` or `"),
            ("see <a href=\"https://example.org/x\" target=_blank>this</a>", "see [this](https://example.org/x)"),
            ("see <a href='#local'>this</a>", "see this"),
            ("<ul><li>a</li><li>b</li></ul>", "\n- a\n- b\n\n".trim_start()),
            ("x<ol>\n<li>a\n<li>b</ol>", "x\n1. a\n1. b\n\n"),
            ("<h2>Title</h2>text", "### Title\n\ntext"),
            ("<!-- hidden -->shown", "shown"),
            ("<span style=\"x\">kept</span>", "kept"),
        ] {
            assert_eq!(to_markdown(html), markdown, "{html}");
        }
    }

    #[test]
    fn what_is_no_html_stays() {
        for text in
            ["a < b", "<your-token>", "Vec<String>", "`<br>` breaks", "```\n<p>\n```", "<", "<b", "<https://a.b>"]
        {
            assert_eq!(to_markdown(text), text);
        }
    }
}
