//! Values of parameters as they are written into a request, and as they are read from one.

use oas_model::{Parameter, ParameterLocation, Payload, Style};
use serde_json::{Map, Value};

use crate::schema::{text_of, texts as texts_of};

/// Texts of a request, each with the name it goes by.
pub(super) type Texts = Vec<(String, String)>;

/// Writes a value as a parameter; `None` when its style has no text for the value.
pub(super) fn write(parameter: &Parameter, value: &Value) -> Option<Texts> {
    let name = parameter.name.as_str();
    let one = |text: String| vec![(name.to_owned(), text)];
    if matches!(parameter.payload, Payload::Content(_)) {
        return Some(one(value.to_string()));
    }
    let (style, explode) = (parameter.style, parameter.explode);
    match value {
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(text_of).collect::<Option<_>>()?;
            list(name, style, explode, &texts)
        }
        Value::Object(members) => {
            let pairs: Vec<(&str, String)> =
                members.iter().map(|(name, value)| Some((name.as_str(), text_of(value)?))).collect::<Option<_>>()?;
            object(name, style, explode, &pairs)
        }
        value => {
            let text = text_of(value)?;
            Some(one(match style {
                Style::Label => format!(".{text}"),
                Style::Matrix => format!(";{name}={text}"),
                _ => text,
            }))
        }
    }
}

fn list(name: &str, style: Style, explode: bool, texts: &[String]) -> Option<Texts> {
    let one = |text: String| Some(vec![(name.to_owned(), text)]);
    match style {
        Style::DeepObject => None,
        Style::Simple => one(texts.join(",")),
        Style::Label => one(format!(".{}", texts.join(if explode { "." } else { "," }))),
        Style::Matrix if explode => one(texts.iter().flat_map(|text| [";", name, "=", text]).collect()),
        Style::Matrix => one(format!(";{name}={}", texts.join(","))),
        _ if explode => Some(texts.iter().map(|text| (name.to_owned(), text.clone())).collect()),
        style => one(texts.join(delimiter(style))),
    }
}

fn object(name: &str, style: Style, explode: bool, pairs: &[(&str, String)]) -> Option<Texts> {
    let one = |text: String| Some(vec![(name.to_owned(), text)]);
    let joined = |between: &str, delimiter: &str| {
        pairs.iter().map(|(name, text)| format!("{name}{between}{text}")).collect::<Vec<_>>().join(delimiter)
    };
    match (style, explode) {
        (Style::DeepObject, _) => {
            Some(pairs.iter().map(|(key, text)| (format!("{name}[{key}]"), text.clone())).collect())
        }
        (Style::Simple, true) => one(joined("=", ",")),
        (Style::Simple, false) => one(joined(",", ",")),
        (Style::Label, true) => one(format!(".{}", joined("=", "."))),
        (Style::Label, false) => one(format!(".{}", joined(",", ","))),
        (Style::Matrix, true) => one(format!(";{}", joined("=", ";"))),
        (Style::Matrix, false) => one(format!(";{name}={}", joined(",", ","))),
        (Style::Form | Style::Cookie, true) => {
            Some(pairs.iter().map(|(key, text)| ((*key).to_owned(), text.clone())).collect())
        }
        (style, _) => one(joined(delimiter(style), delimiter(style))),
    }
}

const fn delimiter(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    }
}

/// Whether a text that goes by `name` belongs to the parameter; `is_object` when its value may be one.
pub(super) fn belongs(parameter: &Parameter, name: &str, is_object: bool, is_other: impl Fn(&str) -> bool) -> bool {
    let is_own = match parameter.location {
        ParameterLocation::Header => parameter.name.eq_ignore_ascii_case(name),
        ParameterLocation::Querystring => true,
        _ => parameter.name == name,
    };
    let is_deep = parameter.style == Style::DeepObject
        && name.strip_prefix(parameter.name.as_str()).is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']'));
    let is_spread = is_object && parameter.explode && matches!(parameter.style, Style::Form | Style::Cookie);
    is_own || is_deep || (is_spread && !is_other(name))
}

/// The values that texts of a parameter can stand for.
pub(super) fn read(parameter: &Parameter, texts: &[(String, String)]) -> Vec<Value> {
    if let Payload::Content(_) = parameter.payload {
        return texts.iter().take(1).filter_map(|(_, text)| serde_json::from_str(text).ok()).collect();
    }
    let (style, explode, name) = (parameter.style, parameter.explode, parameter.name.as_str());
    let mut values = Vec::new();
    let (prefix, between) = match (style, explode) {
        (Style::Label, true) => (".".to_owned(), ".".to_owned()),
        (Style::Label, false) => (".".to_owned(), ",".to_owned()),
        (Style::Matrix, true) => (format!(";{name}="), format!(";{name}=")),
        (Style::Matrix, false) => (format!(";{name}="), ",".to_owned()),
        (Style::Simple, _) => (String::new(), ",".to_owned()),
        (style, _) => (String::new(), delimiter(style).to_owned()),
    };
    let is_spread = explode && !matches!(style, Style::Label | Style::Matrix | Style::Simple);
    if let ([(own, text)], false) = (texts, style == Style::DeepObject) {
        if let Some(inner) = text.strip_prefix(&prefix).filter(|_| own.eq_ignore_ascii_case(name)) {
            values.extend(texts_of(inner));
            if !is_spread {
                let parts: Vec<&str> = inner.split(between.as_str()).collect();
                values.extend(lists(&parts));
                values.extend(objects(&pairs(&parts, explode && style != Style::Matrix)));
            }
        } else if let Some(inner) = text.strip_prefix(';').filter(|_| style == Style::Matrix && explode) {
            values.extend(objects(&pairs(&inner.split(';').collect::<Vec<_>>(), true)));
        }
    }
    if is_spread && texts.iter().all(|(own, _)| own == name) {
        values.extend(lists(&texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>()));
    }
    if style == Style::DeepObject {
        let inside = |own: &str| Some(own.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.to_owned());
        let all: Option<Vec<(String, String)>> =
            texts.iter().map(|(own, text)| Some((inside(own)?, text.clone()))).collect();
        values.extend(objects(&all.unwrap_or_default()));
    } else if is_spread {
        values.extend(objects(texts));
    }
    values
}

fn lists(parts: &[&str]) -> Vec<Value> {
    let typed = |pick: fn(Vec<Value>) -> Option<Value>| -> Value {
        parts.iter().filter_map(|part| pick(texts_of(part))).collect()
    };
    vec![typed(|all| all.into_iter().next()), typed(|all| all.into_iter().last())]
}

/// `a=1` taken apart, or texts that take turns with their names.
fn pairs(parts: &[&str], is_joined: bool) -> Texts {
    if is_joined {
        let apart = parts.iter().filter_map(|part| part.split_once('='));
        return apart.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    }
    let pair =
        |pair: &[&str]| if let [name, text] = pair { Some(((*name).to_owned(), (*text).to_owned())) } else { None };
    parts.chunks(2).filter_map(pair).collect()
}

fn objects(pairs: &[(String, String)]) -> Vec<Value> {
    if pairs.is_empty() {
        return Vec::new();
    }
    let object = |pick: fn(Vec<Value>) -> Option<Value>| {
        let members = pairs.iter().filter_map(|(name, text)| Some((name.clone(), pick(texts_of(text))?)));
        Value::Object(members.collect::<Map<_, _>>())
    };
    vec![object(|all| all.into_iter().next()), object(|all| all.into_iter().last())]
}
