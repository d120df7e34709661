//! What generated types read, and that they write it back.

use std::fmt::Debug;

use oas_types_runtime::{Answer, FromAnswer, Maybe};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    all_of, default_mapping, many_values, names, nullability, objects_and_lists, operations, recursion, responses,
    scalars, unions,
};

/// Reads a value, holds that writing gives it back, and returns it.
#[expect(clippy::needless_pass_by_value, reason = "callers write the value where they call")]
fn round_trip<T: Serialize + DeserializeOwned + Debug>(value: Value) -> T {
    let read: T = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"));
    assert_eq!(serde_json::to_value(&read).expect("it can be written"), value, "{read:?}");
    read
}

/// Why a value is not read.
fn refusal<T: DeserializeOwned + Debug>(value: Value) -> String {
    serde_json::from_value::<T>(value).expect_err("it is not read").to_string()
}

#[test]
fn members_keep_their_names() {
    let root: names::Root = round_trip(json!({
        "type": "a", "self": "b", "Self": "c", "fooBar": "d", "foo_bar": "e", "foo-bar": "f", "": "g", "2fa": true,
        "@id": "h", "created<": "i", "created>=": "j", "日本": "k", "🦀": "l", "additionalProperties": "m",
        "order": "asc", "other": 1, "more": 2,
    }));
    assert_eq!(root.order, Some(names::RootOrder::AscLower));
    assert_eq!(root.other_members.len(), 2);
}

#[test]
fn enums_of_many_values_are_texts_with_a_constant_for_each() {
    use many_values::City;
    use oas_types_runtime::TextEnum;

    let listed: City = round_trip(json!("city 500"));
    assert_eq!(listed, City::City500);
    assert!(listed.is_listed() && City::City500.is_listed());
    let other: City = round_trip(json!("town"));
    assert!(!other.is_listed() && other != listed);
    assert_eq!(format!("{listed:?}"), r#"City("city 500")"#);
    assert_eq!(City::LISTED.len(), 501);
}

#[test]
fn enums_keep_what_the_document_does_not_list() {
    let order: names::RootOrder = round_trip(json!("sideways"));
    assert_eq!(order, names::RootOrder::Unknown("sideways".to_owned()));
    assert_eq!(names::RootOrder::from("<="), names::RootOrder::LessThanOrEqual);
    assert_eq!(format!("{:>4}", names::RootOrder::LessThan), "   <");
    assert_eq!("unknown".parse::<names::RootOrder>(), Ok(names::RootOrder::UnknownValue));
    let year: scalars::RootYears = round_trip(json!(1999));
    assert_eq!(year, scalars::RootYears::Unknown(1999));
    assert_eq!(round_trip::<scalars::RootYears>(json!(-1)), scalars::RootYears::Minus1);
}

#[test]
fn null_is_told_from_absence_where_the_document_does() {
    let absent: nullability::Sent = round_trip(json!({ "a": "", "b": null }));
    assert_eq!((absent.d, absent.j), (Maybe::Absent, None));
    let null: nullability::Sent =
        round_trip(json!({ "a": "", "b": null, "d": null, "e": null, "g": null, "j": null, "k": null }));
    assert_eq!((null.d, null.e, null.g), (Maybe::Null, Maybe::Null, Maybe::Null));
    assert_eq!((null.j, null.k), (Some(Value::Null), Some(())));
    let inside: nullability::Sent =
        round_trip(json!({ "a": "", "b": "x", "h": ["x", null], "i": { "x": null, "y": { "x": "" } } }));
    assert_eq!(inside.h, Some(vec![Some("x".to_owned()), None]));
    let got: nullability::Got =
        round_trip(json!({ "a": "", "b": null, "made": "", "d": null, "both": { "a": "", "b": null } }));
    assert_eq!(got.d, Maybe::Null);
}

#[test]
fn unknown_members_are_kept() {
    let mut dog: all_of::Dog = round_trip(json!({ "kind": "dog", "name": "Rex", "bark": true, "new": 1 }));
    assert_eq!(dog.additional_mut().remove("new").as_deref(), Some("1"));
    let new = all_of::new::Dog { kind: "dog".into(), name: "Rex".into(), bark: true };
    assert_eq!(dog, new.into());
    let open: objects_and_lists::RootOpen = round_trip(json!({ "a": "x", "b": [1], "c": null }));
    assert_eq!(open.additional_properties.len(), 2);
    round_trip::<objects_and_lists::Root>(
        json!({ "tuple": ["a", 1], "nested": [[[1.5]]], "map": { "x": 1 }, "closed": {} }),
    );
}

#[test]
fn tags_choose_the_variant() {
    let cat: unions::Pet = round_trip(json!({ "petType": "kitten", "meow": true }));
    assert!(matches!(cat, unions::Pet::Cat(_)), "{cat:?}");
    let fish: unions::Pet = round_trip(json!({ "petType": "fish", "fins": 2 }));
    assert!(matches!(fish, unions::Pet::Unknown(_)), "{fish:?}");
    // The tag of a variant without a member for it is written all the same.
    let bird: unions::Pet = round_trip(json!({ "petType": "Bird", "wings": 2 }));
    assert!(matches!(bird, unions::Pet::Bird(_)), "{bird:?}");
    let bird = unions::Pet::from(unions::Bird::new().with_wings(2));
    assert_eq!(serde_json::to_value(&bird).expect("it is written"), json!({ "petType": "Bird", "wings": 2 }));
    let square: unions::RootConstant = round_trip(json!({ "kind": "square", "side": 2.5 }));
    assert!(matches!(square, unions::RootConstant::Square(_)), "{square:?}");
    assert!(refusal::<unions::Pet>(json!({ "meow": true })).contains("`petType`, one of `cat`"));
}

#[test]
fn the_default_mapping_takes_what_no_tag_names() {
    for value in [json!({ "kind": "wolf", "bark": true }), json!({ "bark": true })] {
        let read: default_mapping::Pet = round_trip(value);
        assert!(matches!(read, default_mapping::Pet::Dog(_)), "{read:?}");
    }
    let cat: default_mapping::Pet = round_trip(json!({ "kind": "Cat", "meow": true }));
    assert!(matches!(cat, default_mapping::Pet::Cat(_)), "{cat:?}");
    // What does not fit the default is kept as it is.
    let odd: default_mapping::Pet = round_trip(json!({ "bark": "loud" }));
    assert!(matches!(odd, default_mapping::Pet::Unknown(_)), "{odd:?}");
}

#[test]
fn shape_chooses_the_variant_that_knows_most() {
    let cases = [
        (json!({ "a": "x" }), "WithA"),
        (json!({ "b": "x" }), "WithB"),
        (json!({ "a": "x", "b": "y" }), "WithA"),
        (json!(["x"]), "StringList"),
        (json!("x"), "String"),
    ];
    for (value, variant) in cases {
        let read: unions::RootShape = serde_json::from_value(value).expect("it is read");
        assert!(format!("{read:?}").starts_with(variant), "{read:?} is not {variant}");
    }
    let untagged: unions::RootUntagged = round_trip(json!({ "y": "1" }));
    assert!(matches!(untagged, unions::RootUntagged::WithY(_)), "{untagged:?}");
    let phone: unions::RootBeside = round_trip(json!({ "id": "1", "phone": "2" }));
    assert!(matches!(phone, unions::RootBeside::WithPhone(_)), "{phone:?}");
    let refusal = refusal::<unions::RootShape>(json!(1));
    assert!(refusal.contains("came nearest in RootShape"), "{refusal}");
}

#[test]
fn types_that_contain_themselves_are_read() {
    let json: recursion::Json = round_trip(json!({ "a": [1.5, "x", { "b": [] }] }));
    assert!(matches!(json, recursion::Json::Object(_)), "{json:?}");
    round_trip::<recursion::Expression>(json!({ "left": 1.5, "right": { "not": 2.5 } }));
    round_trip::<recursion::Tree>(json!({ "children": [{ "parent": {} }], "parent": { "children": [] } }));
}

#[test]
fn scalars_keep_their_values() {
    round_trip::<scalars::Root>(json!({
        "i": i64::MIN, "u64": u64::MAX, "big": u64::MAX, "f": 0.5, "d": 1.5, "moment": "2024-01-31T10:00:00Z",
        "day": "2024-01-31", "id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "mixed": ["anything"], "name": "x",
    }));
    assert_eq!(scalars::Name::from("x").to_string(), "x");
    assert!(refusal::<scalars::Root>(json!({ "i32": i64::MAX })).contains("expected an integer (i32)"));
}

/// An answer as a client hands it to the types.
struct Came<'a> {
    status: u16,
    headers: &'a [(&'a str, &'a str)],
    body: &'a [u8],
}

impl Answer for Came<'_> {
    fn status(&self) -> u16 {
        self.status
    }

    fn media_type(&self) -> String {
        self.header_text("content-type").unwrap_or_default().split(';').next().unwrap_or_default().to_owned()
    }

    fn bytes(&self) -> &[u8] {
        self.body
    }

    fn json_text(&self) -> Result<&[u8], oas_types_runtime::Error> {
        Ok(self.body)
    }

    fn text(&self) -> Result<String, oas_types_runtime::Error> {
        Ok(String::from_utf8_lossy(self.body).into_owned())
    }

    fn header_text(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name));
        found.map(|(_, value)| (*value).to_owned())
    }
}

#[test]
fn errors_are_decoded_by_status() {
    use responses::GetThingError as Error;
    let thing = || responses::Thing::new("x");
    let read = |status, body: &[u8]| Error::from_answer(&Came { status, headers: &[], body });
    let error = |status, body| read(status, body).expect("the body is what the document describes");
    let body: &[u8] = br#"{"name":"x"}"#;
    assert_eq!(error(401, body), Error::Status401(thing()));
    assert_eq!(error(404, b""), Error::Status404);
    assert_eq!(error(418, body), Error::Status4XX(418, thing()));
    assert_eq!(error(500, b"12.50"), Error::Default(500, "12.50".to_owned()), "a text stays as it came");
    let misfit = read(401, b"<p>").expect_err("no JSON");
    assert_eq!(misfit.to_string(), "expected an object (Thing), found `<`, as HTML and XML begin");
    assert_eq!(error(404, b"").to_string(), "404: Not there: look elsewhere");
    let headers = [("retry-after", "30"), ("x-limits", "1, 2"), ("X-NAME", "7")];
    let limited = Error::from_answer(&Came { status: 429, headers: &headers, body }).expect("all is there");
    let expected = responses::GetThingStatus429Headers::new(30).with_x_limits(vec![1, 2]).with_x_name("7");
    assert_eq!(limited, Error::Status429 { body: thing(), headers: expected });
    assert_eq!(limited.status(), 429);
    assert_eq!(read(429, body).expect_err("a header is missing").expected(), "the header `Retry-After`");
}

#[test]
fn successes_are_decoded_by_status_and_media_type() {
    use responses::{GetThingStatus206Body as Part, GetThingSuccess as Success};
    let read = |status, media_type, body| {
        let headers = [("Content-Type", media_type)];
        Success::from_answer(&Came { status, headers: &headers, body })
    };
    assert_eq!(read(204, "", b"").expect("it is decoded"), Success::Status204);
    let text = read(206, "text/plain; charset=utf-8", b"hello").expect("it is decoded");
    assert_eq!(text, Success::Status206(Part::Text("hello".to_owned())));
    let json = br#"{"name":"x"}"#;
    let thing = || Success::Status206(Part::Json(responses::Thing::new("x")));
    assert_eq!(read(206, "application/json", json).expect("it is decoded"), thing());
    assert_eq!(read(206, "application/other", json).expect("the first that fits"), thing());
    let wrong = read(200, "application/json", br#"{"no":"name"}"#).expect_err("it is not decoded");
    assert_eq!(wrong.found(), "an object without `name`");
    assert_eq!(read(201, "", b"{}").expect_err("no such status").found(), "201");
}

#[test]
fn parameters_have_their_defaults() {
    let params = operations::GetPetsByIdByTypeParams::from(operations::new::GetPetsByIdByTypeParams {
        id_path: 7,
        r#type: "a".into(),
    });
    assert_eq!(params.page_size, 20);
    assert_eq!(params.order, operations::GetPetsByIdByTypeOrder::Asc);
    assert_eq!(params.since.to_string(), "2024-01-31");
    assert_eq!(params.with_page_size(5).page_size, 5);
}

#[test]
fn secrets_are_shown_by_nothing() {
    use crate::security::{Bearer, BearerAndKeyOrLogin, Key, Login};
    let both = BearerAndKeyOrLogin::BearerAndKey { bearer: Bearer::new("hush"), key: Key::from("hush") };
    let login = BearerAndKeyOrLogin::Login(Login::new("me", "hush"));
    let shown = format!("{both:?} {both:#?} {login:?}");
    assert!(!shown.contains("hush") && shown.contains("me"), "{shown}");
    assert_eq!(Bearer::new("hush").expose(), "hush");
}

#[test]
fn a_branch_that_adds_nothing_is_what_stands_beside_the_choice() {
    let plain: recursion::Setting = round_trip(json!({ "hidden": true, "nested": { "shown": false } }));
    let chosen: recursion::Setting = round_trip(json!({ "choices": ["a"], "nested": { "size": 1 } }));
    assert_ne!(std::mem::discriminant(&plain), std::mem::discriminant(&chosen));
}

#[test]
fn unions_that_lead_to_each_other_end() {
    round_trip::<recursion::Outer>(json!("a"));
    round_trip::<recursion::Outer>(json!(1));
    round_trip::<recursion::Inner>(json!(1));
    refusal::<recursion::Outer>(json!([true]));
}
