//! What a schema without a type takes, what answers leave out, and how strictly a client reads.

use oas_types_runtime::{Additional, Members, Record, Shape, Unknown, Writer, from_str, to_answer, to_string};
use serde_json::Value;

/// `properties` without `type`; `secret` is `writeOnly`.
#[derive(Debug, Clone, PartialEq)]
struct Loose {
    name: Option<String>,
    secret: Option<String>,
    additional: Additional,
}

impl Record for Loose {
    fn shape() -> &'static Shape {
        static SHAPE: Shape = Shape::new("Loose", &["name", "secret"], &[], Unknown::Kept).taking_others();
        &SHAPE
    }

    fn read(members: &mut Members<'_, '_>) -> Option<Self> {
        let (mut name, mut secret) = (None, None);
        while let Some(member) = members.next_field() {
            match member {
                0 => members.optional(&mut name),
                _ => members.optional(&mut secret),
            }
        }
        Some(Self { name, secret, additional: members.additional() })
    }

    fn write(&self, writer: &mut Writer) {
        writer.optional("name", &self.name);
        if !writer.is_answer() {
            writer.optional("secret", &self.secret);
        }
        writer.additional(&self.additional);
    }

    fn other(&self) -> Option<&str> {
        self.additional.other()
    }
}

oas_types_runtime::records! { Loose }

/// The same in an API whose configuration says `reading = "exact"`.
#[derive(Debug, Clone, PartialEq)]
struct Strict {
    name: Option<String>,
}

impl Record for Strict {
    fn shape() -> &'static Shape {
        static SHAPE: Shape = Shape::new("Strict", &["name"], &[], Unknown::Forbidden);
        &SHAPE
    }

    fn read(members: &mut Members<'_, '_>) -> Option<Self> {
        let mut name = None;
        while members.next_field().is_some() {
            members.optional(&mut name);
        }
        Some(Self { name })
    }

    fn write(&self, writer: &mut Writer) {
        writer.optional("name", &self.name);
    }
}

oas_types_runtime::records! { exact: Strict }

#[test]
fn a_value_of_no_type_is_kept_as_it_is() {
    for text in ["3", "\"x\"", "[1,{\"a\":1.50}]", "null", "true"] {
        let loose: Loose = from_str(text).expect(text);
        assert_eq!(loose.name, None);
        assert_eq!(loose.additional.other(), Some(text));
        assert_eq!(to_string(&loose).expect(text), text);
    }
    let same = |one: &str, two: &str| from_str::<Loose>(one).expect(one) == from_str::<Loose>(two).expect(two);
    assert!(same("3", "3.0"));
    assert!(!same("3", "{}") && !same("3", "4"));
    let mut object: Loose = from_str("3").expect("a number");
    object.additional.set("name", &1).expect("a number");
    assert_eq!(to_string(&object).expect("an object"), r#"{"name":1}"#);
    assert!(from_str::<Loose>("{").is_err());
}

#[test]
fn what_is_written_only_is_none_of_an_answer() {
    let text = r#"{"name":"n","secret":"s","more":1}"#;
    let loose: Loose = from_str(text).expect("an object");
    assert_eq!(to_string(&loose).expect("JSON"), text);
    let nested = to_answer(&vec![Some(loose)]).expect("JSON");
    assert_eq!(String::from_utf8(nested).expect("a text"), r#"[{"name":"n","more":1}]"#);
}

#[test]
fn exact_reading_takes_nothing_that_is_not_described() {
    assert!(serde_json::from_str::<Strict>(r#"{"name":"n"}"#).is_ok());
    for text in [r#"{"name":null}"#, r#"{"name":"n","more":1}"#] {
        assert!(serde_json::from_str::<Strict>(text).is_err(), "{text}");
        assert!(from_str::<Strict>(text).is_ok(), "a lenient reader takes {text}");
    }
}

#[test]
fn a_number_is_never_its_neighbour() {
    for text in ["9007199254740993", "-9223372036854775808.5", "1e400", "123456789012345678901"] {
        assert!(from_str::<f64>(text).is_err(), "{text}");
    }
    for text in ["9007199254740992", "1e30", "-1e21", "0.1", "1.7976931348623157e308", "12345678901234567000"] {
        let float: f64 = from_str(text).expect(text);
        assert_eq!(float.to_bits(), text.parse::<f64>().expect(text).to_bits(), "{text}");
    }
    // Of what has too many digits behind the point the nearest float is meant.
    assert_eq!(from_str::<f64>("0.1000000000000000055511151231257827").expect("a number").to_string(), "0.1");
    for text in ["18446744073709551615", "-9223372036854775808", "1e30", "[1,{\"a\":0.5}]"] {
        let value: Value = from_str(text).expect(text);
        assert_eq!(from_str::<Value>(&to_string(&value).expect("JSON")).expect(text), value);
    }
    let error = from_str::<Value>(r#"{"a":[123456789012345678901]}"#).expect_err("too large");
    assert_eq!(error.to_string(), "/a/0: expected a number that 64 bits can say, found 123456789012345678901");
}
