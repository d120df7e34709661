//! What happened, in one sentence.

use serde_json::Value;

use crate::rule::Rule;

/// What a sentence is made of.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) rule: Rule,
    pub(crate) subject: String,
    pub(crate) limit: Option<&'static str>,
    pub(crate) name: Option<String>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// What happened, in one sentence.
pub(crate) fn sentence(terms: &Terms) -> String {
    let limit = terms.limit.map(camel_case).unwrap_or_default();
    let mut message = String::new();
    let mut rest = terms.rule.entry().message;
    // One pass over the template: what is filled in is never looked at again.
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let Some((hole, tail)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        match hole {
            "subject" => message.push_str(&terms.subject),
            "limit" => message.push_str(&limit),
            "name" => message.push_str(terms.name.as_deref().unwrap_or("it")),
            "before" => message.push_str(&show(terms.before.as_ref())),
            "after" => message.push_str(&show(terms.after.as_ref())),
            _ => {}
        }
        rest = tail;
    }
    message.push_str(rest);
    message
}

/// `max-length` as the document writes it: `maxLength`.
pub(crate) fn camel_case(words: &str) -> String {
    let mut text = String::new();
    for (index, word) in words.split('-').enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if index > 0 => {
                text.extend(first.to_uppercase());
                text.push_str(letters.as_str());
            }
            _ => text.push_str(word),
        }
    }
    text
}

/// A value in a sentence: texts as they are, long values cut.
fn show(value: Option<&Value>) -> String {
    let text = match value {
        None => return "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if text.chars().count() > 80 {
        let start: String = text.chars().take(77).collect();
        return format!("{start}...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bounds_are_written_as_keywords() {
        assert_eq!(camel_case("max-length"), "maxLength");
        assert_eq!(camel_case("minimum"), "minimum");
    }
}
