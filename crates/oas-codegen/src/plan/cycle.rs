//! Types that contain themselves get a box where the cycle closes.

use super::{RustType, Tagging, TypeIndex, TypeItem, TypeKind};

/// Boxes one value of every cycle of types that hold each other by value. Lists and maps break a cycle already.
pub(super) fn break_cycles(types: &mut [TypeItem]) {
    break_empty_cycles(types);
    let mut state = vec![State::New; types.len()];
    for start in 0..types.len() {
        visit(types, &mut state, start);
    }
}

/// How far the search has come with a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// Searches depth first, without recursion: documents chain thousands of types.
fn visit(types: &mut [TypeItem], state: &mut [State], start: usize) {
    if state[start] != State::New {
        return;
    }
    let mut path: Vec<(usize, usize)> = Vec::new();
    enter(state, start, &mut path);
    while let Some((index, next)) = path.last_mut() {
        let (index, slot) = (*index, *next);
        *next += 1;
        let Some(place) = held(&mut types[index].kind, slot) else {
            state[index] = State::Done;
            path.pop();
            continue;
        };
        let RustType::Named(TypeIndex(target)) = *place else { continue };
        match state[target] {
            State::Open => *place = RustType::Boxed(Box::new(RustType::Named(TypeIndex(target)))),
            State::New => enter(state, target, &mut path),
            State::Done => {}
        }
    }
}

fn enter(state: &mut [State], index: usize, path: &mut Vec<(usize, usize)>) {
    state[index] = State::Open;
    path.push((index, 0));
}

/// The type at the place numbered `slot` that a type holds by value; what is no named type counts as one place too.
fn held(kind: &mut TypeKind, slot: usize) -> Option<&mut RustType> {
    let places: Vec<&mut RustType> = match kind {
        TypeKind::Struct(structure) => return nth(structure.fields.iter_mut().map(|field| &mut field.ty), slot),
        TypeKind::Union(union) => return nth(union.variants.iter_mut().map(|variant| &mut variant.ty), slot),
        TypeKind::Newtype(inner) => vec![inner],
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    };
    nth(places.into_iter(), slot)
}

/// The place numbered `slot` of those that `types` have together.
fn nth<'a>(types: impl Iterator<Item = &'a mut RustType>, slot: usize) -> Option<&'a mut RustType> {
    let mut left = slot;
    for ty in types {
        let count = places(ty);
        if left < count {
            return place(ty, left);
        }
        left -= count;
    }
    None
}

/// How many places a type has that hold something by value; at least one, itself.
fn places(ty: &RustType) -> usize {
    match ty {
        RustType::Option(inner) => places(inner),
        RustType::Tuple(parts) => parts.iter().map(places).sum::<usize>().max(1),
        _ => 1,
    }
}

fn place(ty: &mut RustType, slot: usize) -> Option<&mut RustType> {
    if matches!(ty, RustType::Tuple(parts) if parts.is_empty()) {
        return Some(ty);
    }
    match ty {
        RustType::Option(inner) => place(inner, slot),
        RustType::Tuple(parts) => nth(parts.iter_mut(), slot),
        other => Some(other),
    }
}

/// Takes out what leads a reader back to a type before anything of a value was read: a branch of a union that is the
/// union itself, however many unions and newtypes lie between, adds no value; a newtype around itself has none, and
/// becomes a JSON value.
fn break_empty_cycles(types: &mut [TypeItem]) {
    for start in 0..types.len() {
        while let Some((index, target)) = empty_cycle(types, start) {
            cut(&mut types[index].kind, target);
        }
    }
}

/// The last step of a way from a type back to itself that reads nothing: which type it leaves, and to which it leads.
fn empty_cycle(types: &[TypeItem], start: usize) -> Option<(usize, usize)> {
    let mut seen = vec![false; types.len()];
    let mut open = vec![start];
    while let Some(index) = open.pop() {
        for target in transparent(&types[index].kind) {
            if target == start {
                return Some((index, target));
            }
            if !std::mem::replace(&mut seen[target], true) {
                open.push(target);
            }
        }
    }
    None
}

/// The types that a reader of this one goes to with the same value.
fn transparent(kind: &TypeKind) -> Vec<usize> {
    match kind {
        TypeKind::Union(union) => union.variants.iter().filter_map(|variant| same_value(&variant.ty)).collect(),
        TypeKind::Newtype(inner) => same_value(inner).into_iter().collect(),
        TypeKind::Struct(_) | TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}

/// The type that reads the value of `ty`.
fn same_value(ty: &RustType) -> Option<usize> {
    match ty {
        RustType::Named(TypeIndex(index)) => Some(*index),
        RustType::Option(inner) | RustType::Boxed(inner) => same_value(inner),
        _ => None,
    }
}

/// Takes the way to `target` out of a type.
fn cut(kind: &mut TypeKind, target: usize) {
    if let TypeKind::Union(union) = kind {
        union.variants.retain(|variant| same_value(&variant.ty) != Some(target));
        if let [only] = union.variants.as_slice()
            && union.tagging == Tagging::Shape
        {
            *kind = TypeKind::Newtype(only.ty.clone());
            return;
        }
        if !union.variants.is_empty() {
            return;
        }
    }
    *kind = TypeKind::Newtype(RustType::Json);
}
