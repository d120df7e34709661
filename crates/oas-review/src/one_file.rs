//! Where a place of another file would stand if the document was one file, so that it is called the same.

use oas_document::{FileId, Location, Node};
use oas_model::Operation;

use crate::side::Side;

/// The way to a place from the root of the document; of a place in another file, the way that it would have.
pub(crate) fn tokens(side: Side<'_>, location: &Location) -> Vec<String> {
    let own = || location.pointer.tokens().map(std::borrow::Cow::into_owned).collect::<Vec<_>>();
    if location.file == FileId::DOCUMENT || own().first().is_some_and(|first| first == "components") {
        return own();
    }
    in_operation(side, location).or_else(|| in_component(side, location)).unwrap_or_else(own)
}

/// The way to a place that an operation has inside of it.
fn in_operation(side: Side<'_>, location: &Location) -> Option<Vec<String>> {
    let hooks =
        side.api.webhooks.iter().flat_map(|hook| hook.operations.iter().map(move |one| (Some(&hook.name), one)));
    let all = side.api.operations.iter().map(|one| (None, one)).chain(hooks);
    let is_around = |(_, one): &(Option<&String>, &Operation)| is_inside(location, &one.at);
    let (hook, operation) = all.into_iter().find(is_around)?;
    let start = match hook {
        Some(name) => ["webhooks", name],
        None => ["paths", &operation.path],
    };
    let start = start.map(str::to_owned).into_iter().chain([operation.method.as_str().to_lowercase()]);
    Some(start.chain(rest(location, &operation.at)).collect())
}

/// The way to a place inside of what is called like its file, or like a member of that.
fn in_component(side: Side<'_>, location: &Location) -> Option<Vec<String>> {
    // What is outermost has the name.
    let mut around = vec![location.clone()];
    while let Some(pointer) = around.last().and_then(|inner| inner.pointer.parent()) {
        around.push(Location { file: location.file, pointer });
    }
    let found = around.iter().rev().find_map(|place| Some((place, section(side, place)?)));
    let (place, (section, name)) = found?;
    Some(["components", section, &name].map(str::to_owned).into_iter().chain(rest(location, place)).collect())
}

/// The section of components that something would stand in, and the name that it would have there.
fn section(side: Side<'_>, place: &Location) -> Option<(&'static str, String)> {
    let node = side.document.get(place)?;
    let of_file = || side.document.sources().get(place.file)?.name().map(str::to_owned);
    let name = || place.pointer.last().map(std::borrow::Cow::into_owned).or_else(of_file);
    let text = |name: &str| node.get(name).and_then(Node::as_str);
    if text("in").is_some()
        && let Some(name) = text("name")
    {
        return Some(("parameters", name.to_owned()));
    }
    if node.get("content").is_some() {
        return Some((if text("description").is_some() { "responses" } else { "requestBodies" }, name()?));
    }
    let (_, schema) = side.api.schemas.iter().find(|(_, schema)| schema.at == *place)?;
    Some(("schemas", schema.component.clone().or_else(name)?))
}

fn is_inside(location: &Location, outer: &Location) -> bool {
    location.file == outer.file && location.pointer.starts_with(&outer.pointer)
}

/// The way from something to a place inside of it.
fn rest(location: &Location, outer: &Location) -> Vec<String> {
    let known = outer.pointer.tokens().count();
    location.pointer.tokens().skip(known).map(std::borrow::Cow::into_owned).collect()
}
