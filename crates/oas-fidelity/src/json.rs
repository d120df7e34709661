//! JSON values that keep every digit: what is sent and what comes back is compared as such.

use std::fmt::{self, Write as _};

use serde_json::Value;

/// A JSON value. Members keep their order, numbers their text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text. `None` when it is no JSON.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(0)?;
        parser.space();
        (parser.at == text.len()).then_some(value)
    }

    /// The value as validators take it; numbers that no float holds become the nearest one.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(one) => Value::Bool(*one),
            Self::Number(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            Self::Text(text) => Value::from(text.as_str()),
            Self::List(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(members) => members.iter().map(|(name, value)| (name.clone(), value.to_value())).collect(),
        }
    }

    /// Whether both are the same value: the order of members and the spelling of numbers aside.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => Number::of(one) == Number::of(two),
            (Self::List(one), Self::List(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.is_same(two))
            }
            (Self::Object(one), Self::Object(two)) => {
                one.len() == two.len()
                    && one.iter().all(|(name, value)| {
                        two.iter().find(|(other, _)| other == name).is_some_and(|(_, other)| value.is_same(other))
                    })
            }
            _ => self == other,
        }
    }

    /// The place of the first difference, as a JSON Pointer.
    pub fn difference(&self, other: &Self) -> Option<String> {
        if self.is_same(other) {
            return None;
        }
        match (self, other) {
            (Self::List(one), Self::List(two)) if one.len() == two.len() => one
                .iter()
                .zip(two)
                .enumerate()
                .find_map(|(at, (one, two))| Some(format!("/{at}{}", one.difference(two)?))),
            (Self::Object(one), Self::Object(two)) => one
                .iter()
                .find_map(|(name, value)| {
                    let found = two.iter().find(|(other, _)| other == name).map(|(_, other)| value.difference(other));
                    match found {
                        None => Some(format!("/{}", token(name))),
                        Some(difference) => difference.map(|rest| format!("/{}{rest}", token(name))),
                    }
                })
                .or_else(|| {
                    let more = two.iter().find(|(name, _)| one.iter().all(|(other, _)| other != name));
                    more.map(|(name, _)| format!("/{}", token(name)))
                }),
            _ => None,
        }
        .or_else(|| Some(String::new()))
    }

    /// Whether validators can tell what its numbers are: no float is another one, and no integer has more than 64 bits.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Self::Number(text) => is_plain(text),
            Self::List(items) => items.iter().all(Self::is_plain),
            Self::Object(members) => members.iter().all(|(_, value)| value.is_plain()),
            _ => true,
        }
    }

    /// Whether something in it makes `holds` true.
    pub(crate) fn has(&self, holds: &dyn Fn(&Self) -> bool) -> bool {
        holds(self)
            || match self {
                Self::List(items) => items.iter().any(|item| item.has(holds)),
                Self::Object(members) => members.iter().any(|(_, value)| value.has(holds)),
                _ => false,
            }
    }

    /// How much there is of it: what is smaller is easier to look at.
    pub fn size(&self) -> usize {
        self.to_string().len()
    }
}

/// Whether a number is what a validator, which has floats and integers of 64 bits, takes it for.
fn is_plain(text: &str) -> bool {
    /// From here on not every integer is a float.
    const LARGE: f64 = 9_007_199_254_740_992.0;
    if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        return true;
    }
    let float: f64 = text.parse().unwrap_or(f64::NAN);
    let is_same = Number::of(text) == Number::of(&float.to_string());
    let is_integer = Number::of(text).exponent >= 0;
    float.is_finite() && is_same && (!is_integer || float.abs() < LARGE)
}

/// A name as a JSON Pointer has it.
pub(crate) fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(one) => Self::Bool(*one),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|(name, value)| (name.clone(), Self::from(value))).collect())
            }
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(one) => write!(formatter, "{one}"),
            Self::Number(text) => formatter.write_str(text),
            Self::Text(text) => write!(formatter, "{}", Value::from(text.as_str())),
            Self::List(items) => {
                formatter.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    write!(formatter, "{}{item}", if at == 0 { "" } else { "," })?;
                }
                formatter.write_char(']')
            }
            Self::Object(members) => {
                formatter.write_char('{')?;
                for (at, (name, value)) in members.iter().enumerate() {
                    let name = Value::from(name.as_str());
                    write!(formatter, "{}{name}:{value}", if at == 0 { "" } else { "," })?;
                }
                formatter.write_char('}')
            }
        }
    }
}

/// A number: digits without zeros at either end, and the power of ten that they are multiplied by.
#[derive(PartialEq, Eq)]
struct Number {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Number {
    fn of(text: &str) -> Self {
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (is_negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        if kept.is_empty() {
            return Self { is_negative: false, digits: String::new(), exponent: 0 };
        }
        let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
        let power: i64 = power.trim_start_matches('+').parse().unwrap_or(i64::MAX / 2);
        let exponent = power - length(fraction) + length(digits) - length(kept);
        Self { is_negative, digits: kept.to_owned(), exponent }
    }
}

/// How deep values may be.
const DEEPEST: usize = 512;

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, one: u8) -> Option<()> {
        (self.peek() == Some(one)).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        match self.peek()? {
            _ if depth > DEEPEST => None,
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => self.list(depth),
            b'{' => self.object(depth),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        self.take(b'[')?;
        let mut items = Vec::new();
        self.space();
        if self.take(b']').is_some() {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']').is_some() {
                return Some(Json::List(items));
            }
            self.take(b',')?;
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.take(b'{')?;
        let mut members: Vec<(String, Json)> = Vec::new();
        self.space();
        if self.take(b'}').is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            self.take(b':')?;
            let value = self.value(depth + 1)?;
            // A name that comes twice is a fault of whoever wrote it: nothing equals it.
            members.push((name, value));
            self.space();
            if self.take(b'}').is_some() {
                return Some(Json::Object(members));
            }
            self.take(b',')?;
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }

    fn number(&mut self) -> Option<Json> {
        let rest = self.text.get(self.at..)?;
        let end = rest.find(|one: char| !matches!(one, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let text = rest.get(..end)?;
        self.at += end;
        let is_number = text.bytes().any(|one| one.is_ascii_digit())
            && !text.starts_with('+')
            && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
        is_number.then(|| Json::Number(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    fn are_same(one: &str, two: &str) -> bool {
        Json::parse(one).expect("JSON").is_same(&Json::parse(two).expect("JSON"))
    }

    #[test]
    fn numbers_are_compared_digit_by_digit() {
        assert!(are_same("1.0", "1"));
        assert!(are_same("1e3", "1000"));
        assert!(are_same("-0", "0.0"));
        assert!(are_same("1200e-2", "12"));
        assert!(!are_same("9007199254740993", "9007199254740992"));
        assert!(!are_same("0.1", "0.10000000000000001"));
        assert!(!are_same("1e400", "1e401"));
    }

    #[test]
    fn order_of_members_does_not_count_but_everything_else_does() {
        assert!(are_same(r#"{"a":1,"b":[null]}"#, r#"{"b":[null],"a":1.0}"#));
        assert!(!are_same(r#"{"a":null}"#, "{}"));
        assert!(!are_same("[1,2]", "[2,1]"));
        assert_eq!(Json::parse("{\"a\":1,}"), None);
        assert_eq!(Json::parse("01"), None);
    }

    #[test]
    fn a_difference_has_its_place() {
        let one = Json::parse(r#"{"a":{"x/y":[1,2]}}"#).expect("JSON");
        let two = Json::parse(r#"{"a":{"x/y":[1,3]}}"#).expect("JSON");
        assert_eq!(one.difference(&two).as_deref(), Some("/a/x~1y/1"));
        assert_eq!(one.difference(&one), None);
    }
}
