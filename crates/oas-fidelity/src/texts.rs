//! What texts can tell of a value: parameters, headers and forms are made of them.

use crate::json::Json;

/// Whether both are the same when they are written as text: what parameters and headers can say. What is empty may
/// as well be absent.
pub(crate) fn is_same_text(one: &Json, two: &Json) -> bool {
    fn is_empty(value: &Json) -> bool {
        match value {
            Json::List(items) => items.is_empty(),
            Json::Object(members) => members.iter().all(|(_, value)| is_empty(value)),
            Json::Text(text) => text.is_empty(),
            Json::Null => true,
            _ => false,
        }
    }
    let scalar = |value: &Json| match value {
        Json::Text(text) | Json::Number(text) => Some(text.clone()),
        Json::Bool(_) | Json::Null => Some(value.to_string()),
        _ => None,
    };
    match (one, two) {
        _ if is_empty(one) && is_empty(two) => true,
        (Json::List(items), one) | (one, Json::List(items)) if !matches!(one, Json::List(_)) => {
            matches!(items.as_slice(), [only] if is_same_text(only, one))
        }
        (Json::List(one), Json::List(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| is_same_text(one, two))
        }
        (Json::Object(one), Json::Object(two)) => {
            let find = |all: &[(String, Json)], name: &str| {
                all.iter().find(|(other, _)| other == name).map_or(Json::Null, |(_, value)| value.clone())
            };
            let covers = |one: &[(String, Json)], two: &[(String, Json)]| {
                one.iter().all(|(name, value)| is_same_text(value, &find(two, name)))
            };
            covers(one, two) && covers(two, one)
        }
        _ => one.is_same(two) || matches!((scalar(one), scalar(two)), (Some(one), Some(two)) if one == two),
    }
}

/// Gives back the texts that came as lists of bytes: those of files.
pub(crate) fn with_texts(sent: &Json, found: &mut Json) {
    match (sent, found) {
        (Json::Text(_), found @ Json::List(_)) => {
            if let Some(text) = text_of(found) {
                *found = Json::Text(text);
            }
        }
        (Json::List(sent), Json::List(found)) => {
            sent.iter().zip(found).for_each(|(sent, found)| with_texts(sent, found));
        }
        (Json::Object(sent), Json::Object(found)) => {
            for (name, value) in found {
                if let Some((_, sent)) = sent.iter().find(|(other, _)| other == name) {
                    with_texts(sent, value);
                }
            }
        }
        _ => {}
    }
}

/// The text that bytes are.
fn text_of(bytes: &Json) -> Option<String> {
    let Json::List(items) = bytes else { return None };
    let byte = |item: &Json| match item {
        Json::Number(digits) => digits.parse().ok(),
        _ => None,
    };
    String::from_utf8(items.iter().map(byte).collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_the_text_that_was_sent_and_numbers_stay_numbers() {
        let json = |text: &str| Json::parse(text).expect("JSON");
        let mut found = json(r#"{"file":[195,164],"pages":[[97],[]],"sizes":[97]}"#);
        with_texts(&json(r#"{"file":"x","pages":["a",""],"sizes":[97]}"#), &mut found);
        assert_eq!(found, json(r#"{"file":"ä","pages":["a",""],"sizes":[97]}"#));
    }

    #[test]
    fn what_a_text_cannot_tell_is_the_same() {
        let same =
            |one: &str, two: &str| is_same_text(&Json::parse(one).expect("JSON"), &Json::parse(two).expect("JSON"));
        assert!(same("1", r#""1""#) && same("[\"a\"]", r#""a""#) && same(r#"{"a":[]}"#, "{}"));
        assert!(!same("1", "2") && !same(r#"["a","b"]"#, r#"["b","a"]"#));
    }
}
