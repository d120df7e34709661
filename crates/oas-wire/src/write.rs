//! From value to text, by style.

use crate::error::Unwritable;
use crate::percent::Escape;
use crate::single::name_escape;
use crate::{Spelling, Style, Tree, deep};

/// Escaped pairs of a query, a form or a cookie.
type Pairs = Vec<(String, String)>;

impl Spelling<'_> {
    /// What stands in the path for a value.
    ///
    /// # Errors
    /// When the value is absent, or would name another path: it is empty, `.` or `..` once written.
    pub fn write_path(&self, value: &Tree) -> Result<String, Unwritable> {
        let name = Escape::All.apply(self.name);
        let nested = value.is_nested();
        let written = match self.style {
            Style::Label => format!(".{}", self.joined(value, if self.explode { "." } else { "," }, Escape::All)?),
            Style::Matrix if self.explode && nested => {
                self.spread(value, Escape::All)?.iter().map(|(name, text)| matrix(name, text)).collect()
            }
            Style::Matrix => matrix(&name, &self.joined(value, ",", Escape::All)?),
            _ if nested => self.joined(value, ",", Escape::All)?,
            _ => self.scalar(value, Escape::All)?,
        };
        self.whole_segment(written)
    }

    /// JSON text, which stands in the path.
    ///
    /// # Errors
    /// When the value is absent.
    pub fn write_json_path(&self, value: &Tree) -> Result<String, Unwritable> {
        let text = if value.is_null() { String::new() } else { value.json() };
        self.whole_segment(Escape::All.apply(&text).into_owned())
    }

    /// The value of a header; `None` when the value is absent.
    ///
    /// # Errors
    /// When no header can carry the value, or only so that it would be read as another one.
    pub fn write_header(&self, value: &Tree) -> Result<Option<String>, Unwritable> {
        let text = match value {
            Tree::Null => return Ok(None),
            // RFC 9110, section 5.6.1.2: whoever reads a list ignores empty elements.
            Tree::List(items)
                if items.len() > 1 && items.iter().any(|item| matches!(item, Tree::Text(text) if text.is_empty())) =>
            {
                return Err(self.unwritable("has an empty item, which no reader of a header keeps"));
            }
            nested if nested.is_nested() => self.joined(nested, ",", Escape::None)?,
            scalar => self.scalar(scalar, Escape::None)?,
        };
        self.header_text(text).map(Some)
    }

    /// JSON text as the value of a header; `None` when the value is absent.
    ///
    /// # Errors
    /// When no header can carry it.
    pub fn write_json_header(&self, value: &Tree) -> Result<Option<String>, Unwritable> {
        if value.is_null() { Ok(None) } else { self.header_text(value.json()).map(Some) }
    }

    /// The escaped pairs that stand in a query or a form for a value; none when it is absent.
    ///
    /// # Errors
    /// When the style cannot tell the value from another one.
    pub fn write_pairs(&self, value: &Tree) -> Result<Pairs, Unwritable> {
        self.pairs(value, if self.allow_reserved { Escape::KeepReserved } else { Escape::All })
    }

    /// The escaped pair of JSON text in a query, a form or a cookie; none when the value is absent.
    pub fn write_json_pairs(&self, value: &Tree) -> Pairs {
        if value.is_null() {
            return Vec::new();
        }
        vec![(Escape::All.apply(self.name).into_owned(), Escape::All.apply(&value.json()).into_owned())]
    }

    /// The pairs of a cookie for a value; none when it is absent. What a cookie can hold is not escaped.
    ///
    /// # Errors
    /// When no cookie can carry the value, or only so that it would be read as another one.
    pub fn write_cookies(&self, value: &Tree) -> Result<Pairs, Unwritable> {
        if self.style != Style::Cookie {
            return self.pairs(value, Escape::Cookie);
        }
        let pairs = self.pairs(value, Escape::None)?;
        let quoted = |text: &str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
        let ends = |text: &str| text.contains(';') || text.trim() != text || text.chars().any(char::is_control);
        match pairs.iter().find(|(name, text)| ends(text) || quoted(text) || ends(name) || name.contains('=')) {
            Some(_) => Err(self.unwritable("holds a character that would end the cookie, or quotes around its value")),
            None => Ok(pairs),
        }
    }

    fn pairs(&self, value: &Tree, escape: Escape) -> Result<Pairs, Unwritable> {
        match value {
            Tree::Null => Ok(Vec::new()),
            value if self.style == Style::DeepObject => deep::write(self, value, escape),
            value if value.is_nested() && self.explode => self.spread(value, escape),
            value if value.is_nested() => {
                let delimiter = match self.style {
                    Style::SpaceDelimited => "%20",
                    Style::PipeDelimited => "%7C",
                    _ => ",",
                };
                let is_empty = match value {
                    Tree::List(items) => items.is_empty(),
                    Tree::Members(members) => members.iter().all(|(_, value)| value.is_null()),
                    _ => false,
                };
                let text = self.joined(value, delimiter, escape)?;
                Ok(if is_empty { Vec::new() } else { vec![(self.written_name(escape), text)] })
            }
            scalar => Ok(vec![(self.written_name(escape), self.scalar(scalar, escape)?)]),
        }
    }

    /// A pair for each item of a list or member of an object.
    fn spread(&self, value: &Tree, escape: Escape) -> Result<Pairs, Unwritable> {
        let mut pairs = Vec::new();
        match value {
            Tree::List(items) => {
                for item in items {
                    pairs.push((self.written_name(escape), self.item(item, escape)?));
                }
            }
            Tree::Members(members) => {
                for (member, value) in members {
                    let name = || name_escape(escape).apply(member).into_owned();
                    match value {
                        Tree::Null => {}
                        Tree::List(items) => {
                            for item in items {
                                pairs.push((name(), self.item(item, escape)?));
                            }
                        }
                        one => pairs.push((name(), self.item(one, escape)?)),
                    }
                }
            }
            _ => {}
        }
        Ok(pairs)
    }

    /// The words of a list or object, with `delimiter` between them: an item is one; a member is `name=value` when
    /// exploded, otherwise a word for its name and one for its value.
    fn joined(&self, value: &Tree, delimiter: &str, escape: Escape) -> Result<String, Unwritable> {
        let word = |text: &str| self.word(text, delimiter, escape);
        let words = match value {
            Tree::List(items) => {
                let words: Vec<String> = items.iter().map(|item| word(&self.text(item)?)).collect::<Result<_, _>>()?;
                if words == [""] {
                    return Err(self.unwritable("is a list of one empty text, which would be read as an empty list"));
                }
                words
            }
            Tree::Members(members) => {
                let mut words = Vec::new();
                for (member, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                    let (name, text) = (word(member)?, word(&self.text(value)?)?);
                    if !self.explode {
                        words.extend([name, text]);
                        continue;
                    }
                    if name.contains('=') {
                        return Err(
                            self.unwritable(format!("has a member `{member}`, whose name would end at its `=`"))
                        );
                    }
                    words.push(format!("{name}={text}"));
                }
                words
            }
            scalar => vec![self.scalar(scalar, escape)?],
        };
        Ok(words.join(delimiter))
    }

    /// A word between delimiters, none of which it may hold.
    fn word(&self, text: &str, delimiter: &str, escape: Escape) -> Result<String, Unwritable> {
        let holds = |one: &str| text.to_ascii_uppercase().contains(one);
        let is_ambiguous = match delimiter {
            "%20" => holds(" ") || (escape == Escape::KeepReserved && holds("%20")),
            "%7C" => holds("|") || (escape == Escape::KeepReserved && holds("%7C")),
            one => escape == Escape::None && holds(one),
        };
        if is_ambiguous {
            let shown = match delimiter {
                "%20" => "a space",
                "%7C" => "`|`",
                _ => "`,`",
            };
            let style = self.style.as_str();
            return Err(
                self.unwritable(format!("has an item or member that holds {shown}, at which style `{style}` ends it"))
            );
        }
        if escape == Escape::None && text.trim() != text {
            return Err(self.unwritable("has an item or member with a space at its beginning or end"));
        }
        let written = escape.apply(text);
        Ok(match delimiter {
            "," => written.replace(',', "%2C"),
            "." => written.replace('.', "%2E"),
            // Of an exploded object the name ends at the sign, which values may hold.
            _ => written.into_owned(),
        })
    }

    /// What would name another path if it were empty, `.` or `..`.
    fn whole_segment(&self, written: String) -> Result<String, Unwritable> {
        match written.as_str() {
            "" => Err(self.unwritable("is empty, and would name another path")),
            "." | "%2E" | ".." | ".%2E" | "%2E." | "%2E%2E" => {
                Err(self.unwritable("is a dot segment, and would name another path"))
            }
            _ => Ok(written),
        }
    }

    fn header_text(&self, text: String) -> Result<String, Unwritable> {
        if text.chars().any(|one| one.is_ascii_control() && one != '\t') {
            return Err(self.unwritable("holds a character that no header can carry"));
        }
        if text.trim_matches([' ', '\t']) != text {
            return Err(self.unwritable("begins or ends with a space, which no header keeps"));
        }
        Ok(text)
    }
}

/// `;name=text`
fn matrix(name: &str, text: &str) -> String {
    if text.is_empty() { format!(";{name}") } else { format!(";{name}={text}") }
}

/// A body of `application/x-www-form-urlencoded` (OpenAPI 3.1.1, section 4.8.15): scalars as they are, lists as several
/// members of one name, objects as JSON text, unless `fields` says otherwise; of a field in `json` the text is JSON.
///
/// # Errors
/// When the value is no object, or a style cannot carry a member.
pub fn form_body(value: &Tree, fields: &[Spelling<'_>], json: &[&str]) -> Result<String, Unwritable> {
    let members = match value {
        Tree::Null => return Ok(String::new()),
        Tree::Members(members) => members,
        _ => return Err(Unwritable::new("body", "is no object, and only an object can be written as a form")),
    };
    let mut written = Vec::new();
    for (name, value) in members {
        let plain = Spelling::new(name, Style::Form);
        let pairs = match fields.iter().find(|field| field.name == name) {
            _ if json.contains(&name.as_str()) => plain.write_json_pairs(value),
            Some(field) => field.write_pairs(value)?,
            None if matches!(value, Tree::Members(_)) => plain.write_json_pairs(value),
            None => plain.write_pairs(value)?,
        };
        written.extend(pairs.into_iter().map(|(name, value)| format!("{name}={value}")));
    }
    Ok(written.join("&"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tree(value: &Value) -> Tree {
        Tree::of(value).expect("JSON")
    }

    fn query(spelling: Spelling<'_>, value: &Value) -> Result<String, String> {
        let pairs = spelling.write_pairs(&tree(value)).map_err(|error| error.to_string())?;
        Ok(pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"))
    }

    #[test]
    fn styles_in_a_query() {
        let object = json!({"R": 100, "G": 200.0});
        let array = json!(["blue", "bl,ack"]);
        for (style, explode, value, expected) in [
            (Style::Form, true, &array, "color=blue&color=bl%2Cack"),
            (Style::Form, false, &array, "color=blue,bl%2Cack"),
            (Style::Form, true, &object, "R=100&G=200"),
            (Style::Form, false, &object, "color=R,100,G,200"),
            (Style::SpaceDelimited, false, &array, "color=blue%20bl%2Cack"),
            (Style::PipeDelimited, false, &array, "color=blue%7Cbl%2Cack"),
            (Style::PipeDelimited, false, &object, "color=R%7C100%7CG%7C200"),
            (Style::PipeDelimited, true, &array, "color=blue&color=bl%2Cack"),
            (Style::DeepObject, true, &object, "color%5BR%5D=100&color%5BG%5D=200"),
            (Style::Form, true, &json!(null), ""),
            (Style::Form, true, &json!([]), ""),
            (Style::Form, false, &json!({}), ""),
            (Style::Form, true, &json!(""), "color="),
            (Style::Form, true, &json!({"l": ["x", "y"], "o": {"a": 1}, "n": null}), "l=x&l=y&o=%7B%22a%22%3A1%7D"),
        ] {
            assert_eq!(query(Spelling::new("color", style).explode(explode), value).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_a_style_cannot_tell_apart_is_refused() {
        let refused =
            |style, value: Value| query(Spelling::new("x", style).explode(false), &value).expect_err("refused");
        assert_eq!(
            refused(Style::SpaceDelimited, json!(["a b", "c"])),
            "parameter `x` has an item or member that holds a space, at which style `spaceDelimited` ends it"
        );
        assert_eq!(
            refused(Style::PipeDelimited, json!(["a|b"])),
            "parameter `x` has an item or member that holds `|`, at which style `pipeDelimited` ends it"
        );
        assert_eq!(
            refused(Style::Form, json!([""])),
            "parameter `x` is a list of one empty text, which would be read as an empty list"
        );
        assert_eq!(
            refused(Style::Form, json!([null])),
            "parameter `x` has an item that is `null`, which no text stands for"
        );
        let header = |value: Value, explode| {
            let spelling = Spelling::new("x", Style::Simple).explode(explode);
            spelling.write_header(&tree(&value)).map_err(|error| error.to_string())
        };
        assert_eq!(
            header(json!(["a,b", "c"]), false),
            Err("parameter `x` has an item or member that holds `,`, at which style `simple` ends it".to_owned())
        );
        assert_eq!(
            header(json!(["", "c"]), false),
            Err("parameter `x` has an empty item, which no reader of a header keeps".to_owned())
        );
        assert!(header(json!({"a": "1,b=2"}), true).is_err() && header(json!({"a=b": 1}), true).is_err());
        assert!(header(json!("a\r\nb: c"), false).is_err() && header(json!(" a"), false).is_err());
        assert_eq!(header(json!({"a": "1=2", "b": 3.0}), true), Ok(Some("a=1=2,b=3".to_owned())));
        assert_eq!(header(json!(null), false), Ok(None));
        let cookie = |value: Value| Spelling::new("x", Style::Cookie).write_cookies(&tree(&value));
        assert!(cookie(json!("a; b=c")).is_err() && cookie(json!("\"a\"")).is_err());
        assert_eq!(cookie(json!("a b+/%==")), Ok(vec![("x".to_owned(), "a b+/%==".to_owned())]));
    }

    #[test]
    fn styles_in_a_path() {
        let array = json!(["blue", "b.l/ack"]);
        let object = json!({"R": 100, "G": 1.5});
        for (style, explode, value, expected) in [
            (Style::Simple, false, &array, "blue,b.l%2Fack"),
            (Style::Simple, false, &object, "R,100,G,1.5"),
            (Style::Simple, true, &object, "R=100,G=1.5"),
            (Style::Label, false, &array, ".blue,b.l%2Fack"),
            (Style::Label, true, &array, ".blue.b%2El%2Fack"),
            (Style::Label, true, &object, ".R=100.G=1%2E5"),
            (Style::Matrix, false, &array, ";color=blue,b.l%2Fack"),
            (Style::Matrix, true, &array, ";color=blue;color=b.l%2Fack"),
            (Style::Matrix, false, &object, ";color=R,100,G,1.5"),
            (Style::Matrix, true, &object, ";R=100;G=1.5"),
            (Style::Matrix, false, &json!(""), ";color"),
            (Style::Simple, false, &json!(337_401.0), "337401"),
            (Style::Simple, false, &json!("a/b \\ \u{fc}"), "a%2Fb%20%5C%20%C3%BC"),
        ] {
            let written = Spelling::new("color", style).explode(explode).write_path(&tree(value));
            assert_eq!(written.as_deref(), Ok(expected));
        }
        for value in [json!(""), json!("."), json!(".."), json!(null), json!([])] {
            assert!(Spelling::new("x", Style::Simple).write_path(&tree(&value)).is_err(), "{value}");
        }
        assert!(Spelling::new("x", Style::Label).explode(true).write_path(&tree(&json!(["."]))).is_err());
    }

    #[test]
    fn forms_are_written_by_the_kind_of_their_members() {
        let body = json!({"a": "x y", "b": [1, 2], "c": {"d": null}, "e": null, "f": {"g": 1}, "h": [3, 4], "i": [5]});
        let fields = [Spelling::new("f", Style::DeepObject), Spelling::new("h", Style::Form).explode(false)];
        assert_eq!(
            form_body(&tree(&body), &fields, &["i"]).as_deref(),
            Ok("a=x%20y&b=1&b=2&c=%7B%22d%22%3Anull%7D&f%5Bg%5D=1&h=3,4&i=%5B5%5D")
        );
        assert!(form_body(&tree(&json!(1)), &[], &[]).is_err());
    }
}
