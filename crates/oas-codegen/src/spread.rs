//! How what would be a file of tens of thousands of lines becomes several: by the beginnings of names.
//!
//! Editors open no such file, and few people find anything in it. An item that a document gains or loses moves few
//! others, because where it stands depends on its name and not on how many stand before it.

use std::collections::BTreeMap;

/// How many lines share a file at most. An item that has more stands alone.
pub(crate) const MOST_LINES: usize = 4_000;

/// The module of some items of a spread, and which they are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its name: `of_re`, when the names of its items start with `Re`.
    pub(crate) module: String,
    /// Its items, by their places in what was spread.
    pub(crate) items: Vec<usize>,
}

/// Spreads items, each with its name and its lines; `None` when one file holds them all.
pub(crate) fn spread<'n>(items: impl IntoIterator<Item = (&'n str, usize)>) -> Option<Vec<Part>> {
    let items: Vec<Item> = items.into_iter().map(|(name, lines)| Item { key: key(name), lines }).collect();
    let all: Vec<usize> = (0..items.len()).collect();
    if lines(&items, &all) <= MOST_LINES {
        return None;
    }
    let mut parts = Vec::new();
    divide(&items, all, common(&items), &mut parts);
    parts.sort_by(|one, other| one.module.cmp(&other.module));
    (parts.len() > 1).then_some(parts)
}

struct Item {
    key: Vec<u8>,
    lines: usize,
}

/// A name as modules begin with it.
fn key(name: &str) -> Vec<u8> {
    let snake = heck::ToSnakeCase::to_snake_case(name);
    snake.chars().map(|letter| u8::try_from(letter).ok().filter(u8::is_ascii_alphanumeric).unwrap_or(b'_')).collect()
}

fn lines(items: &[Item], some: &[usize]) -> usize {
    some.iter().filter_map(|at| items.get(*at)).map(|item| item.lines).sum()
}

/// How much all names begin with.
fn common(items: &[Item]) -> usize {
    let Some(first) = items.first() else { return 0 };
    let shared = |item: &Item| first.key.iter().zip(&item.key).take_while(|(one, other)| one == other).count();
    items.iter().map(shared).min().unwrap_or(0)
}

/// Divides items that share the first `length` letters, until each part is small enough.
fn divide(items: &[Item], some: Vec<usize>, length: usize, parts: &mut Vec<Part>) {
    let mut by_letter: BTreeMap<Option<u8>, Vec<usize>> = BTreeMap::new();
    for at in some {
        by_letter.entry(items.get(at).and_then(|item| item.key.get(length).copied())).or_default().push(at);
    }
    for (letter, some) in by_letter {
        if letter.is_some() && some.len() > 1 && lines(items, &some) > MOST_LINES {
            divide(items, some, length + 1, parts);
            continue;
        }
        let known = some.first().and_then(|at| items.get(*at)).map(|item| item.key.as_slice()).unwrap_or_default();
        let beginning = known.get(..known.len().min(length + 1)).unwrap_or_default();
        // Names that end here are told from those that go on.
        let word = if letter.is_some() { "of" } else { "is" };
        parts.push(Part { module: format!("{word}_{}", String::from_utf8_lossy(beginning)), items: some });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(items: &[(&str, usize)]) -> Vec<String> {
        spread(items.iter().copied()).into_iter().flatten().map(|part| part.module).collect()
    }

    #[test]
    fn what_fits_stays_together() {
        assert_eq!(spread([("Cat", 1_000), ("Dog", 3_000)]), None);
    }

    #[test]
    fn names_are_divided_where_they_differ_first() {
        assert_eq!(modules(&[("Cat", 1_000), ("Dog", 3_001)]), ["of_c", "of_d"]);
        assert_eq!(modules(&[("PetCat", 3_000), ("PetDog", 3_001)]), ["of_pet_c", "of_pet_d"]);
        assert_eq!(modules(&[("Pet", 3_000), ("PetDog", 3_001)]), ["is_pet", "of_pet_"]);
        assert_eq!(modules(&[("猫", 3_000), ("犬", 3_001), ("Cat", 1)]), ["is__", "of_c"]);
    }

    #[test]
    fn parts_hold_every_item_once_and_are_small() {
        let names: Vec<String> = (0..5_000).map(|at| format!("Thing{at}")).collect();
        let parts = spread(names.iter().map(|name| (name.as_str(), 10))).unwrap_or_default();
        let mut all: Vec<usize> = parts.iter().flat_map(|part| part.items.clone()).collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..names.len()));
        assert!(parts.iter().all(|part| part.items.len() * 10 <= MOST_LINES));
        let mut modules: Vec<&str> = parts.iter().map(|part| part.module.as_str()).collect();
        modules.dedup();
        assert_eq!(modules.len(), parts.len());
    }
}
