//! `type` and `enum`.

use oas_document::{Diagnostic, Value, nearest};

use super::Draft;
use crate::raise::Builder;
use crate::raise::reading::NodeRef;
use crate::vocabulary::Version;
use crate::{Type, TypeSet};

/// Words of programming languages and databases that documents take for types, with the type that they plainly are.
const PLAIN: [(&str, Type); 27] = [
    ("arr", Type::Array),
    ("list", Type::Array),
    ("bool", Type::Boolean),
    ("int", Type::Integer),
    ("int32", Type::Integer),
    ("int64", Type::Integer),
    ("long", Type::Integer),
    ("decimal", Type::Number),
    ("double", Type::Number),
    ("float", Type::Number),
    ("numeric", Type::Number),
    ("dict", Type::Object),
    ("dictionary", Type::Object),
    ("hash", Type::Object),
    ("map", Type::Object),
    ("struct", Type::Object),
    ("date", Type::String),
    ("date-time", Type::String),
    ("datetime", Type::String),
    ("email", Type::String),
    ("str", Type::String),
    ("text", Type::String),
    ("timestamp", Type::String),
    ("uri", Type::String),
    ("url", Type::String),
    ("uuid", Type::String),
    ("varchar", Type::String),
];

/// What a word under `type` stands for.
enum Word {
    /// A type of JSON Schema.
    Type(Type),
    /// `file` of Swagger 2.
    File,
    /// Anything at all.
    Anything,
}

/// `type`: a word, or since OpenAPI 3.1 an array of words.
pub(super) fn read<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    let words: Vec<Word> = match &node.node.value {
        Value::Array(_) => {
            if builder.version == Version::V3_0 {
                builder.report_version("`type` as an array", Version::V3_1, &node.location());
            }
            node.at().items().filter_map(|item| word(builder, item)).collect()
        }
        _ => word(builder, node).into_iter().collect(),
    };
    if words.is_empty() || words.iter().any(|word| matches!(word, Word::Anything)) {
        return;
    }
    let mut types = TypeSet::default();
    for word in words {
        match word {
            Word::Type(one) => types = types.with(one),
            Word::File => {
                types = types.with(Type::String);
                draft.schema.format.get_or_insert_with(|| "binary".to_owned());
            }
            Word::Anything => {}
        }
    }
    draft.schema.types = Some(types);
}

/// One word.
fn word<'d>(builder: &mut Builder<'d>, node: NodeRef<'_, 'd>) -> Option<Word> {
    let text = match &node.node.value {
        Value::String(text) => text.as_str(),
        Value::Null => {
            let finding = Diagnostic::warning("wrong-kind", "type null is a word; this is taken as `\"null\"`");
            builder.report(finding.hint("put it in quotes"), &node.location());
            return Some(Word::Type(Type::Null));
        }
        _ => {
            builder.wrong_kind(node, "the name of a type");
            return None;
        }
    };
    if let Some(one) = Type::ALL.into_iter().find(|one| one.as_str() == text) {
        if one == Type::Null && builder.version == Version::V3_0 {
            builder.report_version("`type: null`", Version::V3_1, &node.location());
        }
        return Some(Word::Type(one));
    }
    Some(unknown_word(builder, text, node))
}

/// A word that is not in the specification.
fn unknown_word<'d>(builder: &mut Builder<'d>, text: &str, node: NodeRef<'_, 'd>) -> Word {
    let by_case = Type::ALL.into_iter().find(|one| one.as_str().eq_ignore_ascii_case(text));
    let (word, became, hint) = match (by_case, text) {
        (Some(one), _) => {
            (Word::Type(one), format!("`{}` is taken", one.as_str()), "types are written in lower case".to_owned())
        }
        (None, "file") => {
            let hint = "since OpenAPI 3.0 a file is a string of format `binary`".to_owned();
            (Word::File, "a string of format `binary` is taken".to_owned(), hint)
        }
        (None, "any") => (Word::Anything, "any value will do".to_owned(), "leave `type` out".to_owned()),
        (None, _) if let Some(one) = plain(text) => {
            let hint = format!("write `type: {}`, with a `format` where one says more", one.as_str());
            (Word::Type(one), format!("`{}` is taken", one.as_str()), hint)
        }
        (None, _) => {
            let words = Type::ALL.map(Type::as_str);
            let hint = nearest(text, words)
                .map_or_else(|| format!("one of {}", words.join(", ")), |word| format!("did you mean `{word}`?"));
            (Word::Anything, "any value will do".to_owned(), hint)
        }
    };
    let finding = Diagnostic::warning("unknown-type", format!("there is no type `{text}`; {became}")).hint(hint);
    builder.report(finding, &node.location());
    word
}

/// The type that a word of [`PLAIN`] is.
fn plain(text: &str) -> Option<Type> {
    PLAIN.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, one)| one)
}

/// `enum`: values, each once.
pub(super) fn read_enumeration<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    let Some(items) = node.node.as_array() else {
        builder.wrong_kind(node, "an array of values");
        return;
    };
    if items.is_empty() {
        let finding = Diagnostic::warning("empty-list", "`enum` is empty, which would allow nothing; it is ignored");
        builder.report(finding.hint("add a value, or remove the keyword"), &node.location());
        return;
    }
    let mut values: Vec<serde_json::Value> = Vec::with_capacity(items.len());
    let mut texts = std::collections::HashSet::new();
    for item in node.at().items() {
        let value = item.node.to_json();
        if texts.insert(value.to_string()) {
            values.push(value);
        } else {
            let finding = Diagnostic::note("duplicate-value", format!("the `enum` has {value} twice"));
            builder.report(finding, &item.location());
        }
    }
    draft.schema.enumeration = Some(values);
}
