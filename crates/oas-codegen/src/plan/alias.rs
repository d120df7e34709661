//! Components that are nothing but a reference to another: they are other names of its type.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use oas_model::{Api, SchemaId};

use super::{AliasItem, Ident, TypeItem};

/// The other names of `types`, in the order of the document. `components` has the name and file of each component.
pub(super) fn settle(
    api: &Api,
    components: &IndexMap<SchemaId, (Ident, String)>,
    types: &[TypeItem],
) -> Vec<AliasItem> {
    let names: BTreeSet<&Ident> = types.iter().map(|item| &item.name).collect();
    let mere = components.iter().filter(|(id, _)| api.schemas[**id].is_mere_reference());
    mere.filter_map(|(id, (name, module))| {
        let (target, _) = components.get(&api.schemas.resolve(*id))?;
        let alias = || AliasItem {
            name: name.clone(),
            at: api.schemas[*id].at.clone(),
            module: module.clone(),
            target: target.clone(),
        };
        (name != target && names.contains(target)).then(alias)
    })
    .collect()
}
