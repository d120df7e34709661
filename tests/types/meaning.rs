//! Nothing that a schema allows is lost or changed: every value comes back as it came in.

use std::fmt::Debug;

use oas_types_runtime::{FromJson, Maybe, ToJson, from_str, to_string};

use crate::meaning;

/// Reads a text, holds that writing gives it back to the letter, directly and through serde, and returns the value.
#[track_caller]
fn same<T>(json: &str) -> T
where
    T: FromJson + ToJson + Debug + serde::Serialize + serde::de::DeserializeOwned,
{
    let value: T = from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_string(&value).expect("it can be written"), json, "{value:?}");
    let by_serde: T = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(serde_json::to_string(&by_serde).expect("it can be written"), json, "{by_serde:?}");
    value
}

#[test]
fn what_is_described_under_a_condition_is_a_member() {
    assert_eq!(same::<meaning::Conditional>(r#"{"kind":"plane","wings":2}"#).wings, Some(2));
    assert_eq!(same::<meaning::Conditional>(r#"{"kind":"ship","masts":3}"#).masts, Some(3));
    let dependent: meaning::Dependent = same(r#"{"card":"1","address":"here"}"#);
    assert_eq!(dependent.address.as_deref(), Some("here"));
}

#[test]
fn branches_are_told_apart_by_any_constant() {
    let variant = |shown: String| shown.split('(').next().unwrap_or_default().to_owned();
    let of = |json: &str| variant(format!("{:?}", same::<meaning::Numbered>(json)));
    assert_ne!(of(r#"{"version":1}"#), of(r#"{"version":2}"#));
    let of = |json: &str| variant(format!("{:?}", same::<meaning::Flagged>(json)));
    assert_ne!(of(r#"{"ok":true}"#), of(r#"{"ok":false}"#));
    let of = |json: &str| variant(format!("{:?}", same::<meaning::Deep>(json)));
    assert_ne!(of(r#"{"meta":{"kind":"a"},"x":1}"#), of(r#"{"meta":{"kind":"b"},"x":1}"#));
}

#[test]
fn what_fits_several_choices_loses_nothing() {
    for json in [r#"{"a":1,"c":1}"#, r#"{"b":1,"d":2}"#] {
        let value: meaning::Both = from_str(json).expect("it is read");
        let written: serde_json::Value = serde_json::to_value(&value).expect("it is written");
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).expect("a value"), "{value:?}");
    }
    for json in [r#"{"id":"x","tag":"t","weight":1.5}"#, r#"{"id":"x","size":1,"tag":"t"}"#, "{}"] {
        let value: meaning::Either = from_str(json).expect("it is read");
        let written: serde_json::Value = serde_json::to_value(&value).expect("it is written");
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).expect("a value"), "{value:?}");
    }
}

#[test]
fn every_open_enum_of_a_union_takes_what_is_not_listed() {
    for json in ["1", "7", "\"a\"", "\"zz\""] {
        same::<meaning::Open>(json);
    }
    assert!(
        matches!(same::<meaning::Open>("2"), meaning::Open::Integer(one) if !format!("{one:?}").contains("Unknown"))
    );
}

#[test]
fn numbers_are_exact() {
    assert_eq!(same::<meaning::Huge>("18446744073709551615").as_u64(), u64::MAX);
    same::<meaning::Huge>("9223372036854775807");
    for json in ["5", "5.5", "\"2020-01-01T00:00:00+02:00\"", "\"2020\""] {
        same::<meaning::Mixed>(json);
    }
    assert_eq!(same::<meaning::Closed>(r#"{"a":255}"#).a, Some(255));
}

#[test]
fn members_with_and_without_a_pattern_stand_beside_each_other() {
    same::<meaning::Patterned>(r#"{"x-a":"b","q":1}"#);
}

#[test]
fn presence_depends_on_the_schema_alone() {
    let value: meaning::Secretive = same(r#"{"id":"1","password":null,"name":null,"note":null}"#);
    assert_eq!((value.id.as_deref(), value.password, value.name), (Some("1"), Maybe::Null, None));
    let value: meaning::Secretive = same(r#"{"name":"x"}"#);
    assert_eq!((value.id, value.password, value.note), (None, Maybe::Absent, Maybe::Absent));
    // What must be there, but may be `null`, is missed.
    assert!(from_str::<meaning::Secretive>("{}").is_err());
}

#[test]
fn members_that_are_not_described_are_kept() {
    let value: meaning::Dated =
        same(r#"{"at":"2013-01-01 15:00:00","id":"6F9619FF-8B86-D011-B42D-00C04FC964FF","more":{"x":[1.5]}}"#);
    assert_eq!(value.at.value(), None);
    assert_eq!(value.additional().text("more"), Some(r#"{"x":[1.5]}"#));
    // Forbidden ones are passed over.
    assert_eq!(
        to_string(&from_str::<meaning::Closed>(r#"{"a":1,"b":2}"#).expect("it is read")).ok().as_deref(),
        Some(r#"{"a":1}"#)
    );
    // What nobody describes is not asked for.
    assert_eq!(same::<meaning::Undescribed>(r#"{"id":"a"}"#).version, None);
}

#[test]
fn lists_are_no_objects() {
    let error = from_str::<meaning::Dated>(r#"["2013-01-01T00:00:00Z"]"#).expect_err("a list");
    assert_eq!(error.to_string(), "expected an object (Dated), found an array");
}
