//! What a page says, read from its text: only what is asked for is looked at.

use std::borrow::Cow;
use std::collections::BTreeMap;

use oas_wire::integer;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{Misfit, RawAnswer};

/// A member's name, which may hold escapes.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The value at a JSON Pointer below `value`; `None` when there is none, or `null`.
pub(super) fn find<'a>(value: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    let mut value = value;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let text = value.get();
        value = if text.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            items.get(token.parse::<usize>().ok()?).copied()?
        } else {
            let members: BTreeMap<Name<'_>, &RawValue> = serde_json::from_str(text).ok()?;
            members.get(&Name(Cow::Owned(token))).copied()?
        };
    }
    (value.get() != "null").then_some(value)
}

/// The body of a page.
pub(super) fn body(raw: &RawAnswer) -> Result<&RawValue, Misfit> {
    serde_json::from_slice(raw.json_text()?).map_err(|error| Misfit::new(format!("the page is no JSON: {error}")))
}

/// The items of a page, each as it is written; none when the page has no list.
pub(super) fn list<'a>(body: &'a RawValue, pointer: &str) -> Result<Vec<&'a RawValue>, Misfit> {
    let Some(list) = find(body, pointer) else { return Ok(Vec::new()) };
    serde_json::from_str(list.get()).map_err(|_| Misfit::new("the items of the page are no list").below(pointer))
}

/// The items of a page.
pub(super) fn items<T: DeserializeOwned>(raw: &RawAnswer, pointer: &str) -> Result<Vec<T>, Misfit> {
    let items = list(body(raw)?, pointer)?;
    let read = |(index, item): (usize, &RawValue)| {
        integer::from_slice(item.get().as_bytes())
            .map_err(|error| Misfit::of::<T>(item.get().as_bytes(), &error).below(&format!("{pointer}/{index}")))
    };
    items.into_iter().enumerate().map(read).collect()
}

/// The text that a value stands for in a request; `None` when it is empty or none that could.
pub(super) fn scalar(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(value.get()).ok().filter(|text| !text.is_empty()),
        b'{' | b'[' | b't' | b'f' | b'n' => None,
        _ => Some(integer::plain(value.get()).into_owned()),
    }
}
