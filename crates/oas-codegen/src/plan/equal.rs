//! Inline types that say the same in several places: one type, and an alias in each of the other places.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use oas_model::{Api, Schema, SchemaId};

use super::draft::Draft;
use super::facets::Part;
use super::register::Register;
use super::{Field, RustType, Tagging, TypeIndex, TypeItem, TypeKind, UnionVariant};

/// How deep the lists and maps inside of a member are looked at.
const DEEPEST: usize = 8;

/// Which type each draft is the same as: itself, or one that says the same.
pub(super) fn representatives(api: &Api, drafts: &[Draft], register: &Register<'_>) -> Vec<TypeIndex> {
    let classes = classes(api, drafts);
    let mut members: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, class) in classes.iter().enumerate() {
        members.entry(*class).or_default().push(index);
    }
    let mut same: Vec<TypeIndex> = (0..drafts.len()).map(TypeIndex).collect();
    for members in members.into_values().filter(|members| members.len() > 1) {
        // What was a type stays one: by the smallest key alone a place that is added could take the type over.
        let rank = |index: &usize| {
            let path = &drafts[*index].path;
            (register.former(&path.type_key()), path)
        };
        let first = members.iter().copied().min_by(|one, other| rank(one).cmp(&rank(other)));
        let first = first.expect("a class has a member");
        for member in members {
            same[member] = TypeIndex(first);
        }
    }
    same
}

/// A number for each type, the same for those that are the same. Refined until types that differ in something inside of
/// them differ as well.
fn classes(api: &Api, drafts: &[Draft]) -> Vec<u64> {
    let own: Vec<u64> = drafts.iter().enumerate().map(|(index, draft)| own_class(api, index, draft)).collect();
    let mut classes = own.clone();
    let mut count = distinct(&classes);
    loop {
        let refined: Vec<u64> = drafts
            .iter()
            .zip(&own)
            .map(|(draft, own)| {
                let mut hasher = DefaultHasher::new();
                own.hash(&mut hasher);
                for ty in contents(draft) {
                    hash_type(ty, &classes, &mut hasher);
                }
                hasher.finish()
            })
            .collect();
        let refined_count = distinct(&refined);
        classes = refined;
        if refined_count == count {
            return classes;
        }
        count = refined_count;
    }
}

fn distinct(classes: &[u64]) -> usize {
    classes.iter().collect::<std::collections::BTreeSet<_>>().len()
}

/// What a type says of itself, without the types inside of it. Components are always types of their own.
fn own_class(api: &Api, index: usize, draft: &Draft) -> u64 {
    let mut hasher = DefaultHasher::new();
    let is_inline = matches!(draft.conjunction.as_slice(), [Part::Whole(id)] if api.schemas[*id].component.is_none());
    let Some(kind) = draft.kind.as_ref().filter(|_| is_inline) else {
        index.hash(&mut hasher);
        return hasher.finish();
    };
    std::mem::discriminant(kind).hash(&mut hasher);
    hash_rules(api, draft.schema, DEEPEST, &mut hasher);
    match kind {
        TypeKind::Struct(structure) => {
            for field in in_wire_order(&structure.fields) {
                (&field.ident, &field.wire, field.deprecated).hash(&mut hasher);
                std::mem::discriminant(&field.presence).hash(&mut hasher);
                hash_rules(api, field.schema, DEEPEST, &mut hasher);
            }
            structure.rest.as_ref().map(|rest| &rest.ident).hash(&mut hasher);
        }
        TypeKind::StringEnum(variants) => {
            let mut variants: Vec<_> = variants.iter().map(|one| (&one.wire, &one.ident)).collect();
            variants.sort_unstable();
            variants.hash(&mut hasher);
        }
        TypeKind::IntegerEnum(variants) => {
            let mut variants: Vec<_> = variants.iter().map(|one| (one.wire, &one.ident)).collect();
            variants.sort_unstable();
            variants.hash(&mut hasher);
        }
        TypeKind::Union(union) => {
            format!("{:?}", union.tagging).hash(&mut hasher);
            for variant in in_name_order(&union.variants) {
                (&variant.ident, &variant.tags, variant.is_default).hash(&mut hasher);
                hash_rules(api, variant.schema, DEEPEST, &mut hasher);
            }
        }
        TypeKind::Newtype(_) => {}
    }
    hasher.finish()
}

fn in_wire_order(fields: &[Field]) -> Vec<&Field> {
    let mut fields: Vec<&Field> = fields.iter().collect();
    fields.sort_by(|one, other| one.wire.cmp(&other.wire));
    fields
}

fn in_name_order(variants: &[UnionVariant]) -> Vec<&UnionVariant> {
    let mut variants: Vec<&UnionVariant> = variants.iter().collect();
    variants.sort_by(|one, other| one.ident.cmp(&other.ident));
    variants
}

/// The types inside of one, in an order that does not depend on that of the document.
fn contents(draft: &Draft) -> Vec<&RustType> {
    match &draft.kind {
        Some(TypeKind::Struct(structure)) => {
            let fields = in_wire_order(&structure.fields).into_iter().map(|field| &field.ty);
            fields.chain(structure.rest.iter().map(|rest| &rest.ty)).collect()
        }
        Some(TypeKind::Union(union)) => in_name_order(&union.variants).into_iter().map(|variant| &variant.ty).collect(),
        Some(TypeKind::Newtype(inner)) => vec![inner],
        Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)) | None => Vec::new(),
    }
}

/// Hashes a type, where a type of the plan stands for its class.
fn hash_type(ty: &RustType, classes: &[u64], hasher: &mut DefaultHasher) {
    std::mem::discriminant(ty).hash(hasher);
    match ty {
        RustType::Named(TypeIndex(index)) => classes[*index].hash(hasher),
        other => {
            other.parts().len().hash(hasher);
            for part in other.parts() {
                hash_type(part, classes, hasher);
            }
        }
    }
}

/// Hashes what a schema asks of a value beyond its Rust type, with that of its items and values: a type that checks less
/// is not the same.
fn hash_rules(api: &Api, id: SchemaId, deeper: usize, hasher: &mut DefaultHasher) {
    let schema = &api.schemas[api.schemas.resolve(id)];
    if schema.component.is_some() {
        schema.component.hash(hasher);
        return;
    }
    let Schema { format, pattern, min_length, max_length, min_items, max_items, unique_items, .. } = schema;
    (format, pattern, min_length, max_length, min_items, max_items, unique_items).hash(hasher);
    let Schema { content_encoding, content_media_type, min_properties, max_properties, required, .. } = schema;
    let mut required: Vec<&String> = required.iter().collect();
    required.sort_unstable();
    (content_encoding, content_media_type, min_properties, max_properties, required).hash(hasher);
    (schema.deprecated, schema.read_only, schema.write_only, schema.boolean).hash(hasher);
    let Schema { minimum, maximum, multiple_of, default, constant, xml, discriminator, not, .. } = schema;
    let is_bare = minimum.is_none() && maximum.is_none() && multiple_of.is_none() && default.is_none();
    if !(is_bare && constant.is_none() && xml.is_none() && discriminator.is_none() && not.is_none()) {
        format!("{minimum:?}{maximum:?}{multiple_of:?}{default:?}{constant:?}{xml:?}{discriminator:?}{not:?}")
            .hash(hasher);
    }
    schema.prefix_items.len().hash(hasher);
    let Some(deeper) = deeper.checked_sub(1) else { return };
    let inside = [schema.items.schema(), schema.additional_properties.schema()];
    for id in inside.into_iter().flatten().chain(schema.prefix_items.iter().copied()) {
        hash_rules(api, id, deeper, hasher);
    }
}

/// Of branches that became one type, and that nothing but a tag could tell apart, the one of the smallest key stays.
pub(super) fn drop_equal_branches(types: &mut [TypeItem]) {
    for item in types {
        let TypeKind::Union(union) = &mut item.kind else { continue };
        if union.tagging != Tagging::Shape {
            continue;
        }
        let mut first: BTreeMap<RustType, String> = BTreeMap::new();
        for variant in &union.variants {
            let key = first.entry(variant.ty.clone()).or_insert_with(|| variant.key.clone());
            if variant.key < *key {
                key.clone_from(&variant.key);
            }
        }
        union.variants.retain(|variant| first.get(&variant.ty) == Some(&variant.key));
        if let [only] = union.variants.as_slice() {
            item.kind = TypeKind::Newtype(only.ty.clone());
        }
    }
}
