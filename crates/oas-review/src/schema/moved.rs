//! References that point to another component.

use oas_model::SchemaId;

use super::choice::component_name;
use super::lens::Lens;
use super::walk::{Found, Pair};
use crate::rule::is;

/// What stands for all differences of a pair: a reference that points to another component, where not only the name of
/// the component is another one.
pub(crate) fn reference(base: &Lens<'_>, revision: &Lens<'_>, pair: Pair) -> Option<Found> {
    let [old] = base.seeds(pair.base) else { return None };
    let [new] = revision.seeds(pair.revision) else { return None };
    let (was, is) = (target(base, *old)?, target(revision, *new)?);
    if was == is || is_renamed(base, revision, was, is) {
        return None;
    }
    let (before, after) = (Some(format!("`{was}`").into()), Some(format!("`{is}`").into()));
    let (base, revision) = (base.schema(*old).at.clone(), revision.schema(*new).at.clone());
    let (limit, name) = (None, None);
    let (is_whole, is_meaning) = (true, false);
    Some(Found { rule: is::REFERENCE_CHANGED, base, revision, limit, name, before, after, is_whole, is_meaning })
}

/// The component that a schema refers to and says nothing beside.
fn target<'a>(lens: &Lens<'a>, id: SchemaId) -> Option<&'a str> {
    let schema = lens.schema(id);
    schema.reference.filter(|_| schema.is_mere_reference()).and_then(|_| component_name(lens, id))
}

/// Whether one name took the place of the other: neither stands on both sides.
pub(crate) fn is_renamed(base: &Lens<'_>, revision: &Lens<'_>, was: &str, is: &str) -> bool {
    !revision.side.api.components.contains_key(was) && !base.side.api.components.contains_key(is)
}
