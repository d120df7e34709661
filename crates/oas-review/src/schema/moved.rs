//! References that point to another component.

use oas_model::SchemaId;

use super::pair::{Found, Pair};
use super::resolver::{Resolver, component_name};
use crate::rule::is;

/// What stands for all differences of a pair: a reference that points to another component, where not only the name of
/// the component is another one.
pub(crate) fn reference(base: &Resolver<'_>, revision: &Resolver<'_>, pair: Pair) -> Option<Found> {
    let [old] = base.seeds(pair.base) else { return None };
    let [new] = revision.seeds(pair.revision) else { return None };
    let ((was, there), (is, here)) = (target(base, *old)?, target(revision, *new)?);
    if was == is || is_renamed(base, revision, was, is) {
        return None;
    }
    let (before, after) = (Some(format!("`{was}`").into()), Some(format!("`{is}`").into()));
    let (base, revision) = (base.schema(there).at.clone(), revision.schema(here).at.clone());
    let (limit, name) = (None, None);
    let (is_whole, is_meaning) = (true, false);
    Some(Found { rule: is::REFERENCE_CHANGED, base, revision, limit, name, before, after, is_whole, is_meaning })
}

/// Whether two mere references name components of which both stand beside each other on a side.
pub(crate) fn is_elsewhere(base: &Resolver<'_>, revision: &Resolver<'_>, was: SchemaId, is: SchemaId) -> bool {
    let is_mere = |resolver: &Resolver<'_>, id: SchemaId| resolver.schema(id).is_mere_reference();
    let names = || component_name(base, was).zip(component_name(revision, is));
    is_mere(base, was)
        && is_mere(revision, is)
        && names().is_some_and(|(was, is)| was != is && !is_renamed(base, revision, was, is))
}

/// The component that a schema is a reference to, alone or as the one reference among what it puts together.
fn target<'a>(resolver: &Resolver<'a>, id: SchemaId) -> Option<(&'a str, SchemaId)> {
    let schema = resolver.schema(id);
    let is_mere = |id: &SchemaId| resolver.schema(*id).reference.is_some() && resolver.schema(*id).is_mere_reference();
    if is_mere(&id) {
        return Some((component_name(resolver, id)?, id));
    }
    let mut parts = schema.all_of.iter().chain(&schema.any_of).chain(&schema.one_of).copied().filter(is_mere);
    let (part, none) = (parts.next()?, parts.next());
    Some((component_name(resolver, part)?, part)).filter(|_| none.is_none())
}

/// Whether one name took the place of the other: neither stands on both sides.
pub(crate) fn is_renamed(base: &Resolver<'_>, revision: &Resolver<'_>, was: &str, is: &str) -> bool {
    !revision.side.api.components.contains_key(was) && !base.side.api.components.contains_key(is)
}
