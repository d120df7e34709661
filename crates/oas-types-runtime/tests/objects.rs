//! Objects and unions as the generator writes them, and what must hold of them.

use oas_types_runtime::{
    Additional, Branch, Error, Fit, Fixed, FromJson, Maybe, Members, Raw, Reader, Reading, Record, Shape, ToJson,
    Unknown, Writer, from_slice_as, from_str, to_string,
};
use serde_json::json;

#[derive(Debug, Clone, PartialEq)]
struct Transfer {
    from: String,
    amount: u64,
    limit: Option<i64>,
    rate: Option<f64>,
    note: Maybe<String>,
    inner: Option<Box<Transfer>>,
    additional: Additional,
}

impl Record for Transfer {
    fn shape() -> &'static Shape {
        static SHAPE: Shape =
            Shape::new("Transfer", &["from", "amount", "limit", "rate", "note", "inner"], &[0, 1, 2], Unknown::Kept);
        &SHAPE
    }

    fn read(members: &mut Members<'_, '_>) -> Option<Self> {
        let (mut from, mut amount, mut limit) = (None, None, None);
        let (mut rate, mut note, mut inner) = (None, Maybe::Absent, None);
        while let Some(member) = members.next_field() {
            match member {
                0 => members.value(&mut from),
                1 => members.value(&mut amount),
                2 => members.value(&mut limit),
                3 => members.optional(&mut rate),
                4 => members.maybe(&mut note),
                _ => members.optional(&mut inner),
            }
        }
        let (Some(from), Some(amount), Some(limit)) = (from, amount, limit) else { return None };
        Some(Self { from, amount, limit, rate, note, inner, additional: members.additional() })
    }

    fn write(&self, writer: &mut Writer) {
        writer.member("from", &self.from);
        writer.member("amount", &self.amount);
        writer.member("limit", &self.limit);
        writer.optional("rate", &self.rate);
        writer.maybe("note", &self.note);
        writer.optional("inner", &self.inner);
        writer.additional(&self.additional);
    }
}

/// `additionalProperties: false`, and a member that says what it is.
#[derive(Debug, Clone, PartialEq)]
struct Closed {
    kind: i64,
    id: Option<u64>,
}

impl Record for Closed {
    fn shape() -> &'static Shape {
        static SHAPE: Shape = Shape::new("Closed", &["kind", "id"], &[0], Unknown::Forbidden)
            .fixed(&[Fixed { path: &["kind"], values: &["1"] }]);
        &SHAPE
    }

    fn read(members: &mut Members<'_, '_>) -> Option<Self> {
        let (mut kind, mut id) = (None, None);
        while let Some(member) = members.next_field() {
            match member {
                0 => members.value(&mut kind),
                _ => members.optional(&mut id),
            }
        }
        Some(Self { kind: kind?, id })
    }

    fn write(&self, writer: &mut Writer) {
        writer.member("kind", &self.kind);
        writer.optional("id", &self.id);
    }
}

oas_types_runtime::records! { Transfer Closed }

#[derive(Debug, Clone, PartialEq)]
enum Event {
    Transfer(Transfer),
    Closed(Closed),
    Number(f64),
    Text(String),
}

impl FromJson for Event {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.choose(
            "Event",
            &[
                Branch::new("Transfer", Self::Transfer, |reader| reader.read().map(Self::Transfer)),
                Branch::new("Closed", Self::Closed, |reader| reader.read().map(Self::Closed)),
                Branch::new("Number", Self::Number, |reader| reader.read().map(Self::Number)),
                Branch::new("Text", Self::Text, |reader| reader.read().map(Self::Text)),
            ],
        )
    }

    fn fit(value: &Raw<'_>) -> Fit {
        Fit::best([Transfer::fit(value), Closed::fit(value), f64::fit(value), String::fit(value)])
    }
}

impl ToJson for Event {
    fn to_json(&self, writer: &mut Writer) {
        match self {
            Self::Transfer(value) => value.to_json(writer),
            Self::Closed(value) => value.to_json(writer),
            Self::Number(value) => value.to_json(writer),
            Self::Text(value) => value.to_json(writer),
        }
    }
}

oas_types_runtime::serde_traits! { Event }

const FULL: &str = r#"{"from":"a","amount":18446744073709551615,"limit":null,"rate":0.12345678901234568,"note":null,"inner":{"from":"b","amount":1,"limit":2,"big":123456789012345678901234567890.5},"deep":{"z":[1e400, "x"]}}"#;

#[track_caller]
fn transfer(rest: &str) -> Result<Transfer, Error> {
    from_str(&format!(r#"{{"from":"a","amount":1,"limit":1{rest}}}"#))
}

#[test]
fn everything_comes_back() {
    let one: Transfer = from_str(FULL).expect("it is read");
    assert_eq!((one.amount, one.limit, &one.note), (u64::MAX, None, &Maybe::Null));
    assert_eq!(to_string(&one).expect("it is written"), FULL);
    assert_eq!(one.additional.text("deep"), Some(r#"{"z":[1e400, "x"]}"#));
    assert_eq!(std::mem::size_of::<Additional>(), std::mem::size_of::<usize>());
    assert!(transfer("").expect("it is read").additional.is_empty());
}

#[test]
fn serde_reads_and_writes_the_same() {
    let direct: Transfer = from_str(FULL).expect("it is read");
    assert_eq!(serde_json::from_str::<Transfer>(FULL).expect("it is read"), direct);
    assert_eq!(
        serde_json::from_slice::<Vec<Transfer>>(format!("[{FULL}]").as_bytes()).expect("it is read"),
        std::slice::from_ref(&direct)
    );
    assert_eq!(serde_json::from_reader::<_, Transfer>(FULL.as_bytes()).expect("it is read"), direct);
    assert_eq!(serde_json::to_string(&direct).expect("it is written"), FULL.replace("1e400, ", "1e400,"));
    let tree = json!({ "from": "a", "amount": 1, "limit": null, "other": [1, 2.5, { "x": "y" }] });
    let read: Transfer = serde_json::from_value(tree.clone()).expect("it is read");
    assert_eq!(serde_json::to_value(&read).expect("it is written"), tree);
    // A format that knows nothing of JSON's texts.
    let pairs = [("from", "a"), ("amount", "1")].into_iter();
    let map = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(pairs);
    let error = <Transfer as serde::Deserialize>::deserialize(map).expect_err("a number is a text there");
    assert_eq!(error.to_string(), "/amount: expected an integer (u64), found a string");
}

#[test]
fn absence_null_and_value_are_three() {
    assert_eq!(transfer("").map(|one| one.note).ok(), Some(Maybe::Absent));
    assert_eq!(transfer(r#","note":null"#).map(|one| one.note).ok(), Some(Maybe::Null));
    assert_eq!(transfer(r#","note":"x""#).map(|one| one.note).ok(), Some("x".into()));
    // What may be absent but not `null` is absent to a lenient reader.
    assert_eq!(transfer(r#","rate":null"#).map(|one| one.rate).ok(), Some(None));
    let exact = br#"{"from":"a","amount":1,"limit":1,"rate":null}"#;
    assert_eq!(from_slice_as::<Transfer>(exact, Reading::Exact).expect_err("no number").pointer(), "/rate");
    // What must be there but may be `null` is missed.
    let error = from_str::<Transfer>(r#"{"from":"a","amount":1}"#).expect_err("`limit` is missing");
    assert_eq!(error.to_string(), "expected Transfer with all that it must have, found an object without `limit`");
}

#[test]
fn errors_have_a_place() {
    let error = |json: &str| from_str::<Transfer>(json).expect_err("it is refused").to_string();
    assert_eq!(error(&FULL.replace("\"b\"", "7")), "/inner/from: expected a string, found 7");
    assert_eq!(error("[\"a\",1,2]"), "expected an object (Transfer), found an array");
    assert_eq!(
        error("{}"),
        "expected Transfer with all that it must have, found an object without `from`, `amount`, `limit`"
    );
    assert_eq!(error(r#"{"from":"a","x":tru}"#), "/x: expected a value, found a boolean");
}

#[test]
fn of_several_members_of_one_name_the_last_counts() {
    let one = transfer(r#","from":"b","x":1,"y":2,"x":3"#).expect("it is read");
    assert_eq!((one.from.as_str(), one.additional.text("x"), one.additional.len()), ("b", Some("3"), 2));
    let many: Vec<String> = (0..100).map(|at| format!(r#","m{}":{at}"#, at % 50)).collect();
    let many = many.concat();
    let one = transfer(&many).expect("it is read");
    assert_eq!((one.additional.len(), one.additional.text("m7")), (50, Some("57")));
}

#[test]
fn members_that_are_not_described_can_be_changed() {
    let mut one = transfer(r#","x":{"a": 1, "b": [1.0]}"#).expect("it is read");
    let mut two = transfer(r#", "x" : {"b":[1],"a":1}"#).expect("it is read");
    assert_eq!(one, two);
    assert_eq!(one.additional.get::<serde_json::Value>("x").and_then(Result::ok), Some(json!({ "a": 1, "b": [1.0] })));
    one.additional.set("y", &[1_u64]).expect("it can be written");
    one.additional.set("x", "text").expect("it can be written");
    assert_ne!(one, two);
    assert_eq!(one.additional.iter().collect::<Vec<_>>(), [("x", "\"text\""), ("y", "[1]")]);
    assert_eq!(one.additional.remove("y").as_deref(), Some("[1]"));
    assert_eq!(two.additional.remove("x").as_deref(), Some(r#"{"b":[1],"a":1}"#));
    assert!(two.additional.is_empty() && two.additional.remove("x").is_none());
}

#[test]
fn names_may_be_escaped() {
    let one: Transfer = from_str(r#"{"fr\u006fm":"a","amount":1,"limit":1,"\u0078":2}"#).expect("it is read");
    assert_eq!((one.from.as_str(), one.additional.text("x")), ("a", Some("2")));
}

#[test]
fn unions_find_the_branch_and_keep_numbers() {
    let read = |json: &str| from_str::<Event>(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(
        read(r#"{"id":18446744073709551615,"kind":1.0}"#),
        Event::Closed(Closed { kind: 1, id: Some(u64::MAX) })
    );
    assert!(
        matches!(read(FULL), Event::Transfer(one) if one.inner.as_ref().is_some_and(|inner| !inner.additional.is_empty()))
    );
    assert_eq!(read("1.5"), Event::Number(1.5));
    assert_eq!(read("\"1.5\""), Event::Text("1.5".to_owned()));
    // A member that is not allowed where nothing else fits is passed over.
    assert_eq!(read(r#"{"kind":1,"new":2}"#), Event::Closed(Closed { kind: 1, id: None }));
    let error = from_str::<Event>(r#"{"kind":1,"id":-1}"#).expect_err("no branch fits");
    assert_eq!(error.pointer(), "/id");
    assert_eq!(error.expected(), "an integer (u64) (`Closed` came nearest in Event)");
    assert!(from_str::<Event>("[]").is_err() && from_str::<Event>("null").is_err());
}

#[test]
fn bytes_come_as_text_or_as_numbers() {
    assert_eq!(from_str::<Vec<u8>>("\"ab\"").ok().as_deref(), Some(&b"ab"[..]));
    assert_eq!(from_str::<Vec<u8>>("[97,255]").ok().as_deref(), Some(&[97, 255][..]));
    assert!(from_str::<Vec<u16>>("\"ab\"").is_err());
}

/// A union of unions of objects in each other: every level tries several branches.
#[derive(Debug, PartialEq)]
enum Nest {
    Left(Vec<Nest>),
    Right(Vec<Nest>),
}

impl FromJson for Nest {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.choose(
            "Nest",
            &[
                Branch::new("Left", Self::Left, |reader| reader.read().map(Self::Left)),
                Branch::new("Right", Self::Right, |reader| reader.read().map(Self::Right)),
            ],
        )
    }
}

#[test]
fn a_text_made_to_be_read_over_and_over_ends_in_an_error() {
    let json = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let error = from_str::<Nest>(&json).expect_err("no branch fits");
    assert!(error.to_string().contains("read again and again"), "{error}");
}

mod any_order {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn of_members_gives_the_same_value(order in Just([0, 1, 2, 3, 4, 5, 6]).prop_shuffle(), amount: u64, limit: i64, rate: f64, text in ".*") {
            prop_assume!(rate.is_finite());
            let text = serde_json::to_string(&text).expect("a text");
            let members = [
                format!(r#""from":{text}"#), format!(r#""amount":{amount}"#), format!(r#""limit":{limit}"#),
                format!(r#""rate":{rate:e}"#), format!(r#""note":{text}"#), format!(r#""x":{text}"#),
                r#" "inner" : {"from":"","amount":0,"limit":0}"#.to_owned(),
            ];
            let written: Vec<&str> = order.iter().map(|at| members[*at].as_str()).collect();
            let one: Transfer = from_str(&format!("{{{}}}", written.join(","))).expect("it is read");
            prop_assert_eq!((one.amount, one.limit, one.rate), (amount, Some(limit), Some(rate)));
            prop_assert_eq!(serde_json::to_string(&one.from).expect("a text"), text);
            let again: Transfer = from_str(&to_string(&one).expect("it is written")).expect("it is read");
            prop_assert_eq!(again, one);
        }

        #[test]
        fn of_bytes_never_panics(bytes: Vec<u8>) {
            let _ = oas_types_runtime::from_slice::<Event>(&bytes);
            let _ = oas_types_runtime::from_slice::<serde_json::Value>(&bytes);
        }

        #[test]
        fn of_marks_is_read_as_serde_json_reads_it(text in r#"[\[\]{}:,"\\a0-9.eE+\- tfn]{0,24}"#) {
            let ours = oas_types_runtime::from_str::<serde_json::Value>(&text).ok();
            prop_assert_eq!(ours, serde_json::from_str(&text).ok());
        }

        #[test]
        fn of_floats_comes_back(float: f64) {
            prop_assume!(float.is_finite());
            let text = to_string(&float).expect("it is written");
            prop_assert_eq!(from_str::<f64>(&text).expect("it is read").to_bits(), float.to_bits());
        }
    }
}

#[test]
fn of_several_members_of_one_name_the_last_counts_and_no_other_has_to_fit() {
    let transfer = |json: &str| from_str::<Transfer>(json);
    let read = transfer(r#"{"from":1,"from":"a","amount":{"x":[1}"#);
    assert!(read.is_err(), "the text is broken: {read:?}");
    let read =
        transfer(r#"{"from":1,"amount":{"x":[1]},"from":"b","limit":null,"amount":"no","amount":7}"#).expect("one");
    assert_eq!((read.from.as_str(), read.amount), ("b", 7));
    let error = transfer(r#"{"from":"a","amount":7,"limit":1,"amount":"no"}"#).expect_err("the last is no number");
    assert_eq!(error.pointer(), "/amount");
    let map = from_str::<std::collections::BTreeMap<String, u8>>(r#"{"a":"x","b":1,"a":2}"#).expect("a map");
    assert_eq!(map.into_iter().collect::<Vec<_>>(), [("a".to_owned(), 2), ("b".to_owned(), 1)]);
    // As a validator does, which sees the last one alone.
    let value: serde_json::Value = from_str(r#"{"a":1,"a":2}"#).expect("JSON");
    assert_eq!(value, json!({"a": 2}));
    assert_eq!(value, serde_json::from_str::<serde_json::Value>(r#"{"a":1,"a":2}"#).expect("JSON"));
    // A text made of nothing else ends soon.
    let many = format!("{{{}\"from\":\"a\"}}", "\"amount\":\"x\",".repeat(20_000));
    assert!(transfer(&many).is_err());
}
