//! Which branch of a union a value is, where several could hold it and give it back: no round trip shows that.

use oas_types_runtime::{
    Additional, Branch, Error, Fixed, FromJson, Ipv4, Members, Reader, Record, Shape, ToJson, Unknown, Writer, from_str,
};

/// An object with one member that is read as `$ty`.
macro_rules! record {
    ($name:ident, [$($wire:literal)*], [$($required:literal)*], $ty:ty $(, $fixed:expr)?) => {
        #[derive(Debug, PartialEq)]
        struct $name {
            first: Option<$ty>,
            additional: Additional,
        }

        impl Record for $name {
            fn shape() -> &'static Shape {
                static SHAPE: Shape =
                    Shape::new(stringify!($name), &[$($wire),*], &[$($required),*], Unknown::Kept)$(.fixed($fixed))?;
                &SHAPE
            }

            fn read(members: &mut Members<'_, '_>) -> Option<Self> {
                let (mut first, mut there) = (None, 0);
                while let Some(at) = members.next_field() {
                    there += 1;
                    if at == 0 {
                        members.value(&mut first);
                    } else {
                        let mut other = None::<serde_json::Value>;
                        members.value(&mut other);
                    }
                }
                let required: &[u16] = &[$($required),*];
                (there >= required.len()).then(|| Self { first, additional: members.additional() })
            }

            fn write(&self, writer: &mut Writer) {
                writer.optional(Self::shape().names()[0], &self.first);
                writer.additional(&self.additional);
            }
        }

        oas_types_runtime::records! { $name }
    };
}

record!(One, ["version" "name"], [], i64, &[Fixed { path: &["version"], values: &["1"] }]);
record!(Two, ["version" "name"], [], i64, &[Fixed { path: &["version"], values: &["2"] }]);
record!(Dated, ["at"], [], Ipv4);
record!(Worded, ["at"], [], String);
record!(Near, ["a" "b" "c"], [0], i64);
record!(Far, ["x" "y"], [0 1], i64);

#[derive(Debug, PartialEq)]
enum Any {
    One(One),
    Two(Two),
    Dated(Dated),
    Worded(Worded),
    Near(Near),
    Far(Far),
}

/// Reads a value as one of some branches, given in this order.
fn chosen(json: &str, branches: &[Branch<Any>]) -> Result<Any, Error> {
    Reader::new(json, oas_types_runtime::Reading::Lenient).choose("Any", branches)
}

/// A branch of the union.
macro_rules! branch {
    ($name:ident) => {
        Branch::new(stringify!($name), Any::$name, |reader| $name::from_json(reader).map(Any::$name))
    };
}

#[test]
fn a_member_with_one_value_tells_the_branch() {
    for (json, is_one) in [(r#"{"version":1,"name":"a"}"#, true), (r#"{"version":2,"name":"a"}"#, false)] {
        for branches in [[branch!(One), branch!(Two)], [branch!(Two), branch!(One)]] {
            let read = chosen(json, &branches).expect("one of both");
            assert_eq!(matches!(read, Any::One(_)), is_one, "{json}: {read:?}");
        }
    }
}

#[test]
fn what_fits_exactly_comes_before_what_could_be_kept() {
    let read = chosen(r#"{"at":"soon"}"#, &[branch!(Dated), branch!(Worded)]).expect("one of both");
    assert!(matches!(read, Any::Worded(_)), "{read:?}");
    let read = chosen(r#"{"at":"127.0.0.1"}"#, &[branch!(Dated), branch!(Worded)]).expect("one of both");
    assert!(matches!(read, Any::Dated(_)), "{read:?}");
}

#[test]
fn an_error_names_the_branch_that_lacks_least() {
    let error = chosen("{}", &[branch!(Far), branch!(Near)]).expect_err("neither has what it must");
    assert!(error.to_string().contains("Near") && !error.to_string().contains("Far"), "{error}");
}

#[test]
fn a_tag_without_a_member_is_written_once() {
    struct Tagged<'a>(&'a Near);
    impl ToJson for Tagged<'_> {
        fn to_json(&self, writer: &mut Writer) {
            writer.tagged("kind", "near", Some(&self.0.additional), self.0);
        }
    }
    let written = |json: &str| {
        let value: Near = from_str(json).expect("a value");
        oas_types_runtime::to_string(&Tagged(&value)).expect("JSON")
    };
    assert_eq!(written(r#"{"a":1}"#), r#"{"kind":"near","a":1}"#);
    assert_eq!(written(r#"{"a":1,"kind":"other"}"#), r#"{"a":1,"kind":"other"}"#);
}
