//! Which standard traits a type can have, which depends on what it holds.

use crate::plan::{Plan, RustType, StructItem, TypeKind};

/// Whether equality of two values is always decided, as far as that is said: objects and unions are compared as values,
/// and say no more.
pub(super) fn is_eq(plan: &Plan, ty: &RustType) -> bool {
    // Newtypes can stand in each other, but not without end.
    is_eq_within(plan, ty, 64)
}

fn is_eq_within(plan: &Plan, ty: &RustType, deeper: usize) -> bool {
    let Some(deeper) = deeper.checked_sub(1) else { return false };
    match ty {
        RustType::F64 => false,
        RustType::Named(index) => match &plan[*index].kind {
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => true,
            TypeKind::Newtype(inner) => is_eq_within(plan, inner, deeper),
            _ => false,
        },
        other => other.parts().iter().all(|part| is_eq_within(plan, part, deeper)),
    }
}

/// Whether a struct has a value without being told anything: no member must be there.
pub(super) fn has_default(structure: &StructItem) -> bool {
    structure.fields.iter().all(|field| !field.is_required())
}
