//! What is read, what is refused and where, and that writing gives it back.

use std::collections::BTreeMap;

use oas_types_runtime::{Error, FromJson, Maybe, Number, Reading, ToJson, from_slice_as, from_str, to_string};
use serde_json::Value;

#[track_caller]
fn same<T: FromJson + ToJson>(json: &str) {
    let value: T = from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_string(&value).expect("it can be written"), json);
}

#[track_caller]
fn refused<T: FromJson>(json: &str) -> String {
    match from_str::<T>(json) {
        Ok(_) => panic!("{json} is read"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn integers_are_exact_and_have_their_range() {
    same::<i64>("-9223372036854775808");
    same::<u64>("18446744073709551615");
    same::<i128>("170141183460469231731687303715884105727");
    for (json, value) in [("1.0", 1), ("1e3", 1000), ("-0", 0), ("-0.0e5", 0), ("120E-1", 12), ("0.001e3", 1)] {
        assert_eq!(from_str::<i64>(json).ok(), Some(value), "{json}");
    }
    // A neighbour would be 9007199254740992.
    assert_eq!(from_str::<i64>("9007199254740993.0").ok(), Some(9_007_199_254_740_993));
    assert_eq!(refused::<i64>("-9223372036854775809"), "expected an integer (i64), found -9223372036854775809");
    assert_eq!(refused::<u64>("18446744073709551616"), "expected an integer (u64), found 18446744073709551616");
    assert_eq!(refused::<i64>("1.5"), "expected an integer (i64), found 1.5");
    assert_eq!(refused::<i64>("1e400"), "expected an integer (i64), found 1e400");
    assert_eq!(refused::<u8>("256"), "expected an integer (u8), found 256");
    assert_eq!(refused::<u8>("-1"), "expected an integer (u8), found -1");
    assert_eq!(refused::<i8>("128"), "expected an integer (i8), found 128");
    assert_eq!(from_str::<u8>("2.55e2").ok(), Some(255));
    assert_eq!(refused::<u32>("\"1\""), "expected an integer (u32), found a string");
}

#[test]
fn floats_give_back_their_digits() {
    for json in ["0.1", "0.38120423768821243", "9.964281545707081", "1e+300", "5e-324", "-0.0", "16777217"] {
        same::<f64>(json);
    }
    same::<f32>("0.1");
    assert_eq!(to_string(&10.0_f64).ok().as_deref(), Some("10"));
    assert_eq!(to_string(&1e21_f64).ok().as_deref(), Some("1e+21"));
    assert_eq!(refused::<f64>("1e400"), "expected a number (f64), found 1e400");
    assert!(to_string(&f64::INFINITY).is_err());
    assert!(to_string(&vec![Some(f64::NAN)]).is_err());
}

#[test]
fn numbers_keep_their_digits() {
    same::<Number>("12345678901234567.89");
    same::<Number>("1e400");
    same::<Number>("100000000000000000000000000000000000000000001");
    let number = |text: &str| text.parse::<Number>().expect("a number");
    assert_eq!(number("1.50"), number("15e-1"));
    assert!(number("-2") < number("-1.5") && number("9") < number("10") && number("-1") < number("0"));
    assert_eq!(number("1e2").as_i128(), Some(100));
    assert_eq!(number("1.5").as_i128(), None);
    for text in ["", "-", "01", "1.", ".5", "1e", "+1", "0x1", "1 ", "NaN"] {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
}

#[test]
fn strings_are_what_they_say() {
    for json in [r#""""#, r#""plain""#, r#""a\"b\\c\n\t\r\b\f\u0001""#, "\"é日🦀\"", "\"0123456789abcdef\""] {
        same::<String>(json);
    }
    assert_eq!(from_str::<String>(r#""\u00e9\ud83e\udd80\/""#).ok().as_deref(), Some("é🦀/"));
    for json in ["\"", "\"a", r#""\x""#, r#""\u12""#, r#""\ud83e""#, r#""\udd80""#, "\"\n\"", "\"\\"] {
        assert!(from_str::<String>(json).is_err(), "{json}");
        assert!(from_str::<Value>(json).is_err(), "{json}");
    }
}

#[test]
fn what_is_no_json_is_refused() {
    for json in
        ["", " ", "nul", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1]x", "01", "tru"]
    {
        assert!(from_str::<Value>(json).is_err(), "{json}");
        assert!(from_str::<Vec<Value>>(json).is_err(), "{json}");
        assert!(from_str::<BTreeMap<String, Value>>(json).is_err(), "{json}");
    }
    assert_eq!(refused::<Vec<i64>>("<html>"), "expected an array, found `<`, as HTML and XML begin");
    assert_eq!(refused::<Vec<i64>>(""), "expected an array, found the end of the text");
    let bytes: Error = oas_types_runtime::from_slice::<String>(b"\"\xFF\"").expect_err("no text");
    assert_eq!((bytes.to_string().as_str(), bytes.offset()), ("expected UTF-8, found bytes that are no text", 1));
    assert_eq!(oas_types_runtime::from_slice::<i64>(b"\xEF\xBB\xBF 1").ok(), Some(1));
}

#[test]
fn errors_have_a_place() {
    let error = from_str::<BTreeMap<String, Vec<i64>>>(r#"{"a/b~c":[1,"x"]}"#).expect_err("no integer");
    assert_eq!(error.pointer(), "/a~1b~0c/1");
    assert_eq!((error.expected(), error.found(), error.offset()), ("an integer (i64)", "a string", 12));
    let error = from_str::<(String, i64)>(r#"["a",true]"#).expect_err("no integer");
    assert_eq!(error.pointer(), "/1");
    assert_eq!(refused::<(i64, i64)>("[1]"), "expected an array of 2, found a shorter one");
    assert_eq!(refused::<(i64, i64)>("[1,2,3]"), "expected an array of 2, found a longer one");
}

#[test]
fn nesting_ends_in_an_error() {
    let deep = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(from_str::<Value>(&deep(127)).is_ok());
    assert!(from_str::<Value>(&deep(100_000)).is_err());
    assert!(from_str::<Vec<Value>>(&deep(100_000)).is_err());
}

#[test]
fn maybe_is_three_things() {
    assert_eq!(from_str::<Maybe<i64>>("null").ok(), Some(Maybe::Null));
    assert_eq!(from_str::<Maybe<i64>>("1").ok(), Some(Maybe::Value(1)));
    assert_eq!(Maybe::<i64>::default(), Maybe::Absent);
    assert_eq!(Option::from(Maybe::Value(1)), Some(1));
    assert_eq!(Maybe::from("a").map(|text: String| text.len()), Maybe::Value(1));
}

#[test]
fn strictness_is_asked_for() {
    let exact = |json: &str| from_slice_as::<oas_types_runtime::Uuid>(json.as_bytes(), Reading::Exact).is_ok();
    assert!(exact(r#""6F9619FF-8B86-D011-B42D-00C04FC964FF""#));
    assert!(!exact(r#""not one""#));
    same::<oas_types_runtime::Uuid>(r#""6F9619FF-8B86-D011-B42D-00C04FC964FF""#);
    same::<oas_types_runtime::Uuid>(r#""not one""#);
    same::<oas_types_runtime::DateTime>(r#""2013-01-01 15:00""#);
    same::<oas_types_runtime::Date>(r#""2013-1-1""#);
}
