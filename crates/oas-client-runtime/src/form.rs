//! `application/x-www-form-urlencoded`, with the encodings of OpenAPI 3.1.1, section 4.8.15.

use progenitor_client::Error;
use serde::Serialize;
use serde_json::Value;

use crate::parameter::to_json;
use crate::text::Escape;
use crate::{Parameter, Style};

/// A value as a form. Scalars are written as they are, arrays as several members of one name, objects as JSON text;
/// `fields` says which members are written otherwise.
pub(crate) fn encode<T: Serialize + ?Sized, E>(value: &T, fields: &[Parameter<'_>]) -> Result<String, Error<E>> {
    match to_json("body", value)? {
        Value::Null => Ok(String::new()),
        Value::Object(members) => {
            let pairs =
                members.iter().flat_map(|(name, value)| match fields.iter().find(|field| field.name() == name) {
                    Some(field) => field.pairs_of(value),
                    None if value.is_object() => Parameter::new(name, Style::Json).pairs_of(value),
                    None => Parameter::new(name, Style::Form).pairs_of(value),
                });
            Ok(pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"))
        }
        _ => Err(Error::InvalidRequest("only an object can be written as a form".to_owned())),
    }
}

/// A value as the JSON text of a whole query; `None` when it is absent.
pub(crate) fn json_query<T: Serialize + ?Sized, E>(value: &T) -> Result<Option<String>, Error<E>> {
    let value = to_json("query", value)?;
    Ok((!value.is_null()).then(|| Escape::All.apply(&value.to_string()).into_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_written_by_their_kind() {
        let body = json!({"a": "x y", "b": [1, 2], "c": {"d": null}, "e": null, "f": {"g": 1}, "h": [3, 4]});
        let fields = [Parameter::new("f", Style::DeepObject), Parameter::new("h", Style::Form).explode(false)];
        assert_eq!(
            encode::<_, ()>(&body, &fields).expect("an object"),
            "a=x%20y&b=1&b=2&c=%7B%22d%22%3Anull%7D&f%5Bg%5D=1&h=3,4"
        );
    }

    #[test]
    fn only_objects_are_forms() {
        assert!(encode::<_, ()>(&1, &[]).is_err());
        assert_eq!(encode::<_, ()>(&json!({}), &[]).expect("an object"), "");
    }
}
