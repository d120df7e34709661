//! Other names of types: components that are nothing but a reference, and inline types that say the same as others.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use oas_model::{Api, SchemaId};

use super::draft::Draft;
use super::file::{FileRef, Files};
use super::key::KeyPath;
use super::register::Register;
use super::{AliasItem, Ident, TypeIndex, TypeItem, type_names};

/// The components that are other names of `types`, in the order of the document. `components` has what stands for the
/// name of each.
pub(super) fn of_components(
    api: &Api,
    components: &IndexMap<SchemaId, Ident>,
    types: &[TypeItem],
    names: &type_names::Settled,
    files: &Files,
) -> Vec<AliasItem> {
    let types: BTreeSet<&Ident> = types.iter().map(|item| &item.name).collect();
    let mere = components.iter().filter(|(id, _)| api.schemas[**id].is_mere_reference());
    mere.filter_map(|(id, name)| {
        let (name, target) = (names.of(name), names.of(components.get(&api.schemas.resolve(*id))?));
        let component = api.schemas[*id].component.as_deref()?;
        let alias = || AliasItem {
            name: name.clone(),
            key: KeyPath::root("schemas", component),
            at: api.schemas[*id].at.clone(),
            module: files.of(&FileRef::Component(*id)),
            target: target.clone(),
        };
        (name != target && types.contains(&target)).then(alias)
    })
    .collect()
}

/// The places whose types are those of others, in the order of their keys.
pub(super) fn of_equal(
    drafts: &[Draft],
    same: &[TypeIndex],
    names: &type_names::Settled,
    files: &Files,
    register: &mut Register<'_>,
) -> Vec<AliasItem> {
    let others = drafts.iter().zip(same).enumerate().filter(|(index, (_, same))| same.0 != *index);
    let mut aliases: Vec<AliasItem> = others
        .map(|(_, (draft, same))| {
            register.note_alias(&draft.path.type_key());
            AliasItem {
                name: names.of(&draft.name),
                key: draft.path.clone(),
                at: draft.at.clone(),
                module: files.of(&draft.file),
                target: names.of(&drafts[same.0].name),
            }
        })
        .collect();
    aliases.sort_by(|one, other| one.key.cmp(&other.key));
    aliases
}
