//! Orders that do not depend on the order of the document.

/// The indices of a list in the order of a key.
pub(super) fn in_order<'a, T, K: Ord>(list: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by_key(|index| key(&list[*index]));
    order
}
