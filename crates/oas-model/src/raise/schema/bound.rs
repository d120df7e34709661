//! Ranges of numbers: `minimum`, `exclusiveMinimum` and their like, of which the number that binds is kept.

use std::cmp::Ordering;

use oas_document::{Diagnostic, Value};
use serde_json::Number;

use super::Draft;
use crate::Bound;
use crate::raise::Builder;
use crate::raise::reading::NodeRef;
use crate::vocabulary::Version;

/// What `exclusiveMinimum` or `exclusiveMaximum` says.
pub(super) enum Exclusive {
    /// Whether the number of `minimum` or `maximum` itself is outside (OpenAPI 3.0).
    Flag(bool, oas_document::Location),
    /// A number that is outside (OpenAPI 3.1).
    Number(Number),
}

/// Reads `exclusiveMinimum` or `exclusiveMaximum` in either form.
pub(super) fn read_exclusive<'d>(builder: &mut Builder<'d>, node: NodeRef<'_, 'd>) -> Option<Exclusive> {
    let is_flag = matches!(node.node.value, Value::Bool(_)) || matches!(node.node.as_str(), Some("true" | "false"));
    let owner = if is_flag { Version::V3_0 } else { Version::V3_1 };
    if (owner == Version::V3_0) != (builder.version == Version::V3_0) {
        let form = if is_flag { "as a boolean" } else { "as a number" };
        builder.report_version(&format!("{} {form}", node.title()), owner, &node.location());
    }
    if is_flag {
        builder.read_flag(node).map(|flag| Exclusive::Flag(flag, node.location()))
    } else {
        builder.read_number(node).map(Exclusive::Number)
    }
}

/// Reads `multipleOf`, which must be above zero.
pub(super) fn read_multiple_of<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    let Some(number) = builder.read_number(node) else { return };
    if compare(&number, &Number::from(0)) == Ordering::Greater {
        draft.schema.multiple_of = Some(number);
    } else {
        builder.wrong_kind(node, "a number above zero");
    }
}

impl Builder<'_> {
    /// Puts the four keywords together.
    pub(super) fn finish_bounds(&mut self, draft: &mut Draft) {
        let minimum = (draft.minimum.take(), draft.exclusive_minimum.take());
        draft.schema.minimum = self.bound(minimum, Ordering::Greater);
        let maximum = (draft.maximum.take(), draft.exclusive_maximum.take());
        draft.schema.maximum = self.bound(maximum, Ordering::Less);
    }

    /// The bound that binds: of two, the one that is `tighter` than the other.
    fn bound(&mut self, stated: (Option<Number>, Option<Exclusive>), tighter: Ordering) -> Option<Bound> {
        match stated {
            (inclusive, None) => inclusive.map(|value| Bound { value, exclusive: false }),
            (Some(value), Some(Exclusive::Flag(exclusive, _))) => Some(Bound { value, exclusive }),
            (None, Some(Exclusive::Flag(flag, location))) => {
                if flag {
                    let finding =
                        Diagnostic::warning("no-bound", "there is no bound that could be exclusive; it is ignored");
                    self.report(finding.hint("add the bound, or remove the keyword"), &location);
                }
                None
            }
            (None, Some(Exclusive::Number(value))) => Some(Bound { value, exclusive: true }),
            (Some(inclusive), Some(Exclusive::Number(exclusive))) => {
                let is_inclusive = compare(&inclusive, &exclusive) == tighter;
                let value = if is_inclusive { inclusive } else { exclusive };
                Some(Bound { value, exclusive: !is_inclusive })
            }
        }
    }
}

/// Compares two numbers: whole ones exactly, others as floating point numbers.
fn compare(left: &Number, right: &Number) -> Ordering {
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return left.cmp(&right);
    }
    let float = |number: &Number| number.as_f64().unwrap_or_default();
    float(left).total_cmp(&float(right))
}
