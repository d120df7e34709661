//! What the schemas behind a position say, and which of them says it.

use oas_model::{Schema, SchemaId};

use super::resolver::Resolver;

/// The tightest of what several schemas say, and which of them says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Constraint<T> {
    pub(crate) value: T,
    pub(crate) by: SchemaId,
}

/// The tightest of what `sources` say; `tighter(a, b)` tells whether `a` allows less than `b`.
pub(crate) fn tightest<T>(
    resolver: &Resolver<'_>,
    sources: &[SchemaId],
    read: impl Fn(&Schema) -> Option<T>,
    tighter: impl Fn(&T, &T) -> bool,
) -> Option<Constraint<T>> {
    let mut best: Option<Constraint<T>> = None;
    for by in sources {
        let Some(value) = read(resolver.schema(*by)) else { continue };
        if best.as_ref().is_none_or(|best| tighter(&value, &best.value)) {
            best = Some(Constraint { value, by: *by });
        }
    }
    best
}

/// All that `sources` say, without repetitions.
pub(crate) fn distinct<T: PartialEq>(
    resolver: &Resolver<'_>,
    sources: &[SchemaId],
    read: impl Fn(&Schema) -> Option<T>,
) -> Vec<Constraint<T>> {
    let mut all: Vec<Constraint<T>> = Vec::new();
    for by in sources {
        if let Some(value) =
            read(resolver.schema(*by)).filter(|value| all.iter().all(|constraint| constraint.value != *value))
        {
            all.push(Constraint { value, by: *by });
        }
    }
    all
}
