//! Which standard traits a type can have, which depends on what it holds.

use crate::plan::{Plan, Presence, RustType, StructItem, TypeIndex, TypeItem, TypeKind};

/// The traits of each type of a plan.
pub(super) struct Traits {
    /// Whether equality of two values is always decided: no floating-point numbers inside.
    eq: Vec<bool>,
}

impl Traits {
    /// Looks at every type of a plan.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut traits = Self { eq: vec![true; plan.types.len()] };
        // Types hold each other, so what one lacks travels until nothing changes.
        loop {
            let eq: Vec<bool> = plan.types.iter().map(|item| traits.kind_is_eq(item)).collect();
            if eq == traits.eq {
                return traits;
            }
            traits.eq = eq;
        }
    }

    fn kind_is_eq(&self, item: &TypeItem) -> bool {
        match &item.kind {
            TypeKind::Struct(structure) => {
                let rest = structure.rest.iter().map(|rest| &rest.ty);
                structure.fields.iter().map(|field| &field.ty).chain(rest).all(|ty| self.is_eq(ty))
            }
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => true,
            TypeKind::Union(union) => union.variants.iter().all(|variant| self.is_eq(&variant.ty)),
            TypeKind::Newtype(inner) => self.is_eq(inner),
        }
    }

    /// Whether `ty` can be `Eq`.
    pub(super) fn is_eq(&self, ty: &RustType) -> bool {
        match ty {
            RustType::F32 | RustType::F64 => false,
            RustType::Option(inner) | RustType::Boxed(inner) | RustType::List(inner) | RustType::Map(inner) => {
                self.is_eq(inner)
            }
            RustType::Tuple(parts) => parts.iter().all(|part| self.is_eq(part)),
            RustType::Named(TypeIndex(index)) => self.eq.get(*index).copied().unwrap_or(false),
            _ => true,
        }
    }
}

/// Whether a struct has a value without being told anything: no member must be there.
pub(super) fn has_default(structure: &StructItem) -> bool {
    structure.fields.iter().all(|field| field.presence != Presence::Required && field.presence != Presence::Nullable)
}
