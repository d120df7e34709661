//! From text to value, by style.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Unreadable;
use crate::percent::{self, Pair};
use crate::shape::{Members, Shape};
use crate::{Spelling, Style, deep};

impl Spelling<'_> {
    /// The value of a text of the path.
    pub fn read_path(&self, raw: &str, shape: &Shape) -> Result<Value, Unreadable> {
        read(raw, self.style, self.explode, self.name, shape, percent::decode)
    }

    /// The value of a header, several lines of which are joined by commas.
    pub fn read_header(&self, raw: &str, shape: &Shape) -> Result<Value, Unreadable> {
        read(raw.trim(), self.style, self.explode, self.name, shape, trimmed)
    }

    /// The value in the pairs of a query or form; `None` when it is absent. An object that takes pairs of any name
    /// leaves those alone that are `taken`.
    pub fn read_pairs(&self, pairs: &[Pair<'_>], shape: &Shape, taken: Taken<'_>) -> Result<Option<Value>, Unreadable> {
        from_pairs(pairs, self.style, self.explode, self.name, shape, taken, percent::decode_form)
    }

    /// The value in the pairs of cookies; `None` when it is absent.
    pub fn read_cookies(
        &self,
        pairs: &[Pair<'_>],
        shape: &Shape,
        taken: Taken<'_>,
    ) -> Result<Option<Value>, Unreadable> {
        let decode = if self.style == Style::Cookie { verbatim } else { percent::decode };
        from_pairs(pairs, self.style, self.explode, self.name, shape, taken, decode)
    }
}

/// A piece of a header: not percent-encoded, but with spaces around it.
#[expect(clippy::unnecessary_wraps, reason = "one of several ways to decode a piece")]
fn trimmed(piece: &str) -> Option<String> {
    Some(piece.trim().to_owned())
}

/// A piece that is not escaped.
#[expect(clippy::unnecessary_wraps, reason = "one of several ways to decode a piece")]
fn verbatim(piece: &str) -> Option<String> {
    Some(piece.to_owned())
}

/// Undoes the escapes of a text.
type Decode = fn(&str) -> Option<String>;

/// Whether a pair of this name belongs to another parameter.
pub type Taken<'a> = &'a dyn Fn(&str) -> bool;

/// Reads a value out of one text with `style`'s delimiters: of the path, a header, a cookie, or a query parameter that
/// does not explode.
fn read(
    raw: &str,
    style: Style,
    explode: bool,
    name: &str,
    shape: &Shape,
    decode: Decode,
) -> Result<Value, Unreadable> {
    match style {
        Style::Label => {
            let raw = raw.strip_prefix('.').ok_or(Unreadable::Syntax)?;
            delimited(raw, if explode { &["."] } else { &[","] }, explode, shape, decode)
        }
        Style::Matrix => matrix(raw, explode, name, shape, decode),
        Style::SpaceDelimited => delimited(raw, &["%20", "+", " "], false, shape, decode),
        Style::PipeDelimited => delimited(raw, &["|", "%7C", "%7c"], false, shape, decode),
        Style::Simple => delimited(raw, &[","], explode, shape, decode),
        Style::Form | Style::DeepObject | Style::Cookie => delimited(raw, &[","], false, shape, decode),
    }
}

/// Reads an array, an object or a scalar whose pieces stand between `delimiters`.
fn delimited(
    raw: &str,
    delimiters: &[&str],
    explode: bool,
    shape: &Shape,
    decode: Decode,
) -> Result<Value, Unreadable> {
    let scalar = |shape: &Shape, raw: &str| Ok(shape.value(decode(raw).ok_or(Unreadable::Encoding)?));
    let several = delimiters.iter().any(|delimiter| raw.contains(delimiter));
    if let Some(members) = &shape.members
        && (shape.items.is_none() || raw.contains('='))
    {
        let pieces = split(raw, delimiters);
        return if explode {
            exploded_members(&pieces, members, decode)
        } else {
            paired_members(&pieces, members, decode)
        };
    }
    match &shape.items {
        Some(items) if several || !shape.is_scalar() => {
            let pieces = if raw.is_empty() { Vec::new() } else { split(raw, delimiters) };
            pieces.into_iter().map(|piece| scalar(items, piece)).collect()
        }
        _ => scalar(shape, raw),
    }
}

/// Splits at each of the delimiters.
fn split<'a>(raw: &'a str, delimiters: &[&str]) -> Vec<&'a str> {
    delimiters
        .iter()
        .fold(vec![raw], |pieces, delimiter| pieces.into_iter().flat_map(|piece| piece.split(delimiter)).collect())
}

/// `R=100,G=200`
fn exploded_members(pieces: &[&str], members: &Members, decode: Decode) -> Result<Value, Unreadable> {
    let mut object = Map::new();
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once('=').ok_or(Unreadable::Syntax)?;
        insert(&mut object, name, value, members, decode)?;
    }
    Ok(Value::Object(object))
}

/// `R,100,G,200`
fn paired_members(pieces: &[&str], members: &Members, decode: Decode) -> Result<Value, Unreadable> {
    let mut object = Map::new();
    if pieces == [""] {
        return Ok(Value::Object(object));
    }
    for pair in pieces.chunks(2) {
        let [name, value] = pair else { return Err(Unreadable::Syntax) };
        insert(&mut object, name, value, members, decode)?;
    }
    Ok(Value::Object(object))
}

fn insert(
    object: &mut Map<String, Value>,
    name: &str,
    value: &str,
    members: &Members,
    decode: Decode,
) -> Result<(), Unreadable> {
    let name = decode(name).ok_or(Unreadable::Encoding)?;
    let value = members.shape(&name).value(decode(value).ok_or(Unreadable::Encoding)?);
    if object.insert(name, value).is_some() { Err(Unreadable::Repeated) } else { Ok(()) }
}

/// `;color=blue,black`, exploded `;color=blue;color=black`.
fn matrix(raw: &str, explode: bool, name: &str, shape: &Shape, decode: Decode) -> Result<Value, Unreadable> {
    let raw = raw.strip_prefix(';').ok_or(Unreadable::Syntax)?;
    let pieces: Vec<&str> = raw.split(';').collect();
    if let Some(members) = shape.members.as_ref().filter(|_| explode) {
        let pairs = pieces.iter().map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Ok(Pair { name: decode(name).ok_or(Unreadable::Encoding)?.into(), value })
        });
        let pairs: Vec<Pair<'_>> = pairs.collect::<Result<_, _>>()?;
        return Ok(spread_members(&pairs, members, &|_| false, decode)?.unwrap_or_else(|| Value::Object(Map::new())));
    }
    let mut values = Vec::new();
    for piece in pieces {
        let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
        if decode(key).as_deref() != Some(name) {
            return Err(Unreadable::Syntax);
        }
        values.push(value);
    }
    match (values.as_slice(), &shape.items) {
        (values, Some(items)) if explode => {
            values.iter().map(|value| Ok(items.value(decode(value).ok_or(Unreadable::Encoding)?))).collect()
        }
        ([value], _) => delimited(value, &[","], false, shape, decode),
        _ => Err(Unreadable::Repeated),
    }
}

/// Reads the value of `name` out of the pairs of a query or form; `None` when it is absent.
fn from_pairs(
    pairs: &[Pair<'_>],
    style: Style,
    explode: bool,
    name: &str,
    shape: &Shape,
    taken: Taken<'_>,
    decode: Decode,
) -> Result<Option<Value>, Unreadable> {
    if style == Style::DeepObject {
        return deep::read(pairs, name, shape);
    }
    if let Some(members) = shape.members.as_ref().filter(|_| explode) {
        return spread_members(pairs, members, taken, decode);
    }
    let values: Vec<&str> = pairs.iter().filter(|pair| pair.name == name).map(|pair| pair.value).collect();
    match (values.as_slice(), &shape.items) {
        ([], _) => Ok(None),
        (values, Some(items)) if explode && (values.len() > 1 || !shape.is_scalar()) => {
            let item = |raw: &&str| Ok(items.value(decode(raw).ok_or(Unreadable::Encoding)?));
            values.iter().map(item).collect::<Result<_, _>>().map(Some)
        }
        ([raw], _) => {
            if explode {
                let text = decode(raw).ok_or(Unreadable::Encoding)?;
                return Ok(Some(shape.value(text)));
            }
            read(raw, style, false, name, shape, decode).map(Some)
        }
        _ => Err(Unreadable::Repeated),
    }
}

/// An exploded object: each member is a pair of its own, `R=100&G=200`.
fn spread_members(
    pairs: &[Pair<'_>],
    members: &Members,
    taken: Taken<'_>,
    decode: Decode,
) -> Result<Option<Value>, Unreadable> {
    let mut object = Map::new();
    let mut add = |name: &str, values: &[&str], shape: &Shape| {
        let value = spread_member(values, shape, decode)?;
        object.extend(value.map(|value| (name.to_owned(), value)));
        Ok(())
    };
    for (name, shape) in members.names() {
        let values: Vec<&str> = pairs.iter().filter(|pair| pair.name == name).map(|pair| pair.value).collect();
        add(name, &values, shape)?;
    }
    if members.is_open() {
        // Callers may send very many.
        let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for pair in pairs.iter().filter(|pair| !members.knows(&pair.name) && !taken(&pair.name)) {
            others.entry(&pair.name).or_default().push(pair.value);
        }
        others.iter().try_for_each(|(name, values)| add(name, values, &members.shape(name)))?;
    }
    Ok((!object.is_empty()).then_some(Value::Object(object)))
}

/// A member of an exploded object: a list has a text per item, an object is JSON text.
fn spread_member(values: &[&str], shape: &Shape, decode: Decode) -> Result<Option<Value>, Unreadable> {
    let text = |raw: &str| decode(raw).ok_or(Unreadable::Encoding);
    let is_list = values.len() > 1 || shape.members.is_none() && !shape.is_scalar();
    match (values, &shape.items) {
        ([], _) => Ok(None),
        (values, Some(items)) if is_list => {
            values.iter().map(|raw| Ok(items.value(text(raw)?))).collect::<Result<_, _>>().map(Some)
        }
        ([raw], _) => Ok(Some(shape.value(text(raw)?))),
        _ => Err(Unreadable::Repeated),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape(schema: &Value) -> Shape {
        Shape::of(schema, schema)
    }

    fn integers() -> Shape {
        shape(&json!({"type": "array", "items": {"type": "integer"}}))
    }

    fn color() -> Shape {
        shape(&json!({"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}}}))
    }

    fn path(raw: &str, style: Style, explode: bool, shape: &Shape) -> Result<Value, Unreadable> {
        Spelling::new("c", style).explode(explode).read_path(raw, shape)
    }

    fn query(raw: &str, style: Style, explode: bool, shape: &Shape) -> Result<Option<Value>, Unreadable> {
        Spelling::new("c", style).explode(explode).read_pairs(&percent::pairs(raw), shape, &|name| name == "other")
    }

    #[test]
    fn styles_of_the_path() {
        let (list, object) = (json!([3, 4, 5]), json!({"R": 1, "G": 2}));
        for (raw, style, explode) in [
            ("3,4,5", Style::Simple, false),
            ("3,4,5", Style::Simple, true),
            (".3,4,5", Style::Label, false),
            (".3.4.5", Style::Label, true),
            (";c=3,4,5", Style::Matrix, false),
            (";c=3;c=4;c=5", Style::Matrix, true),
        ] {
            assert_eq!(path(raw, style, explode, &integers()), Ok(list.clone()), "{raw}");
        }
        for (raw, style, explode) in [
            ("R,1,G,2", Style::Simple, false),
            ("R=1,G=2", Style::Simple, true),
            (".R,1,G,2", Style::Label, false),
            (".R=1.G=2", Style::Label, true),
            (";c=R,1,G,2", Style::Matrix, false),
            (";R=1;G=2", Style::Matrix, true),
        ] {
            assert_eq!(path(raw, style, explode, &color()), Ok(object.clone()), "{raw}");
        }
        let text = shape(&json!({"type": "string"}));
        assert_eq!(path("a%2Cb,c", Style::Simple, false, &text), Ok(json!("a,b,c")));
        assert_eq!(path(".x", Style::Label, false, &text), Ok(json!("x")));
        assert_eq!(path(";c=x", Style::Matrix, false, &text), Ok(json!("x")));
        assert_eq!(path(";d=x", Style::Matrix, false, &text), Err(Unreadable::Syntax));
        assert_eq!(path("x", Style::Label, false, &text), Err(Unreadable::Syntax));
        assert_eq!(path("%ff", Style::Simple, false, &text), Err(Unreadable::Encoding));
        assert_eq!(path("R,1,G", Style::Simple, false, &color()), Err(Unreadable::Syntax));
    }

    #[test]
    fn styles_of_the_query() {
        let (list, object) = (json!([3, 4]), json!({"R": 1, "G": 2}));
        for (raw, style, explode) in [
            ("c=3&x=1&c=4", Style::Form, true),
            ("c=3,4", Style::Form, false),
            ("c=3%204", Style::SpaceDelimited, false),
            ("c=3+4", Style::SpaceDelimited, false),
            ("c=3|4", Style::PipeDelimited, false),
            ("c=3%7C4", Style::PipeDelimited, false),
            ("c=3&c=4", Style::PipeDelimited, true),
        ] {
            assert_eq!(query(raw, style, explode, &integers()), Ok(Some(list.clone())), "{raw}");
        }
        for (raw, style, explode) in [
            ("R=1&other=9&G=2", Style::Form, true),
            ("c=R,1,G,2", Style::Form, false),
            ("c[R]=1&c[G]=2", Style::DeepObject, true),
            ("c%5BR%5D=1&c%5BG%5D=2", Style::DeepObject, true),
            ("c=R|1|G|2", Style::PipeDelimited, false),
        ] {
            assert_eq!(query(raw, style, explode, &color()), Ok(Some(object.clone())), "{raw}");
        }
        let text = shape(&json!({"type": "string"}));
        assert_eq!(query("c=a+b%2Bc", Style::Form, true, &text), Ok(Some(json!("a b+c"))));
        assert_eq!(query("c=a,b", Style::Form, true, &text), Ok(Some(json!("a,b"))));
        assert_eq!(query("d=1", Style::Form, true, &text), Ok(None));
        assert_eq!(query("c=1&c=2", Style::Form, true, &text), Err(Unreadable::Repeated));
        assert_eq!(query("c=%ff", Style::Form, true, &text), Err(Unreadable::Encoding));
        assert_eq!(query("c=", Style::Form, false, &integers()), Ok(Some(json!([]))));
    }

    #[test]
    fn one_or_many_is_told_by_the_text() {
        let either = shape(&json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}));
        assert_eq!(query("c=x", Style::Form, true, &either), Ok(Some(json!("x"))));
        assert_eq!(query("c=x&c=y", Style::Form, true, &either), Ok(Some(json!(["x", "y"]))));
    }

    #[test]
    fn deep_objects_nest() {
        let filter = shape(&json!({"type": "object", "properties": {
            "ids": {"type": "array", "items": {"type": "integer"}},
            "range": {"type": "object", "properties": {"from": {"type": "integer"}}}
        }}));
        let read = |raw: &str| query(raw, Style::DeepObject, true, &filter);
        assert_eq!(
            read("c[ids][]=1&c[ids][1]=2&c[ids]=3&c[range][from]=4"),
            Ok(Some(json!({"ids": [1, 2, 3], "range": {"from": 4}})))
        );
        assert_eq!(read("c[range][from]=1&c[range][from]=2"), Err(Unreadable::Repeated));
        assert_eq!(read("c[range]=1&c[range][from]=2"), Err(Unreadable::Syntax));
        assert_eq!(read("c[other][0]=a&c[other][1]=b"), Ok(Some(json!({"other": ["a", "b"]}))));
        let people = shape(&json!({"type": "array", "items": {"type": "object", "properties": {
            "email": {"type": "string"}, "id": {"type": "integer"}
        }}}));
        assert_eq!(
            query("c[1][email]=b&c[1][id]=2&c[0][email]=a", Style::DeepObject, true, &people),
            Ok(Some(json!([{"email": "a"}, {"email": "b", "id": 2}])))
        );
        assert_eq!(read("c[a"), Err(Unreadable::Syntax));
        assert_eq!(read(&format!("c{}=1", "[a]".repeat(100))), Err(Unreadable::Syntax));
        assert_eq!(read("cx[a]=1"), Ok(None));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(raw in ".{0,40}", explode: bool) {
            let all = [
                Style::Matrix, Style::Label, Style::Simple, Style::Form, Style::SpaceDelimited, Style::PipeDelimited,
                Style::DeepObject, Style::Cookie,
            ];
            for style in all {
                for shape in [integers(), color(), Shape::default()] {
                    let _ = path(&raw, style, explode, &shape);
                    let _ = query(&raw, style, explode, &shape);
                    let _ = query(&format!("c[{raw}"), style, explode, &shape);
                }
            }
        }
    }
}
