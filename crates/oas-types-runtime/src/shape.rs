//! What an object type has: the names of its members, found in constant time.

use std::sync::OnceLock;

/// What becomes of members that a type has no field for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// They are kept.
    Kept,
    /// They are passed over.
    Dropped,
    /// The document forbids them: they are passed over, and refused where a union looks for the type of a value.
    Forbidden,
}

/// A member that can have these values alone.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// The way to the member.
    pub path: &'static [&'static str],
    /// The values, as JSON.
    pub values: &'static [&'static str],
}

/// What an object type has.
pub struct Shape {
    /// The name of the type.
    pub(crate) name: &'static str,
    /// The names of its members.
    pub(crate) names: &'static [&'static str],
    /// Which of them must be there.
    pub(crate) required: &'static [u16],
    /// What becomes of the others.
    pub(crate) unknown: Unknown,
    /// Members that have few values.
    pub(crate) fixed: &'static [Fixed],
    /// Whether values that are no objects are values of it, too.
    pub(crate) takes_others: bool,
    /// Made when it is first needed, so that rustc evaluates nothing.
    table: OnceLock<Table>,
}

impl Shape {
    /// A type of this name with members of these names, some of which must be there.
    pub const fn new(
        name: &'static str,
        names: &'static [&'static str],
        required: &'static [u16],
        unknown: Unknown,
    ) -> Self {
        Self { name, names, required, unknown, fixed: &[], takes_others: false, table: OnceLock::new() }
    }

    /// The same, with members that have few values.
    #[must_use]
    pub const fn fixed(mut self, fixed: &'static [Fixed]) -> Self {
        self.fixed = fixed;
        self
    }

    /// The same, of which values that are no objects are values, too: the schema speaks of members, and of no type.
    #[must_use]
    pub const fn taking_others(mut self) -> Self {
        self.takes_others = true;
        self
    }

    /// The names of the members.
    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }

    /// The table of its names.
    #[inline]
    pub(crate) fn table(&self) -> &Table {
        self.table.get_or_init(|| Table::of(self.names))
    }
}

/// A name as its first 8 bytes, its last 8 and its length: up to 16 bytes that is all of it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Packed {
    head: u64,
    tail: u64,
    length: usize,
}

impl Packed {
    #[inline]
    fn of(key: &[u8]) -> Self {
        let length = key.len();
        let (head, tail) = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
                (Some(head), Some(tail)) => {
                    (u64::from(u32::from_le_bytes(*head)), u64::from(u32::from_le_bytes(*tail)))
                }
                _ => match (key.first(), key.get(length / 2), key.last()) {
                    (Some(first), Some(middle), Some(last)) => {
                        (u64::from(*first), (u64::from(*middle) << 8) | u64::from(*last))
                    }
                    _ => (0, 0),
                },
            },
        };
        Self { head, tail, length }
    }

    #[inline]
    fn slot(self, mask: usize) -> usize {
        let mixed = (self.head ^ self.length as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.tail.rotate_left(23);
        (mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 40) as usize & mask
    }
}

/// The names of a type as a hash table with linear probing.
pub(crate) struct Table {
    keys: Box<[Packed]>,
    /// 0 is empty, others are the index of a name and one more.
    slots: Box<[u16]>,
}

impl Table {
    #[cold]
    fn of(names: &[&str]) -> Self {
        let keys: Box<[Packed]> = names.iter().map(|name| Packed::of(name.as_bytes())).collect();
        let mut slots = vec![0_u16; (names.len() * 2 + 1).next_power_of_two()];
        let mask = slots.len() - 1;
        for (index, key) in (1_u16..).zip(keys.iter()) {
            let mut at = key.slot(mask);
            while slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = index;
            }
        }
        Self { keys, slots: slots.into() }
    }

    /// The index of a name. `guess` is the member behind the last one, which it is when a server writes in the order of
    /// its document.
    #[inline]
    pub(crate) fn find(&self, names: &[&str], key: &str, guess: usize) -> Option<usize> {
        let packed = Packed::of(key.as_bytes());
        if self.is(names, guess, packed, key) {
            return Some(guess);
        }
        let mask = self.slots.len() - 1;
        let mut at = packed.slot(mask);
        loop {
            let index = usize::from(*self.slots.get(at)?).checked_sub(1)?;
            if self.is(names, index, packed, key) {
                return Some(index);
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn is(&self, names: &[&str], index: usize, packed: Packed, key: &str) -> bool {
        self.keys.get(index).is_some_and(|one| *one == packed)
            && (packed.length <= 16 || names.get(index).is_some_and(|name| *name == key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let owned: Vec<String> = (0..700).map(|index| "member_".repeat(index % 4) + &index.to_string()).collect();
        let names: Vec<&str> = owned.iter().map(String::as_str).chain(["", "a", "ab", "abc", "é"]).collect();
        let table = Table::of(&names);
        for (index, name) in names.iter().enumerate() {
            assert_eq!(table.find(&names, name, 3), Some(index), "{name}");
            assert_eq!(table.find(&names, name, usize::MAX), Some(index), "{name}");
        }
        for other in ["b", "ac", "member", "member_member_member_70", "0123456789abcdef0", "701"] {
            assert_eq!(table.find(&names, other, 0), None, "{other}");
        }
    }

    #[test]
    fn long_names_that_differ_in_the_middle_are_two() {
        let names = ["aaaaaaaa1bbbbbbbb", "aaaaaaaa2bbbbbbbb"];
        let table = Table::of(&names);
        assert_eq!(table.find(&names, names[1], 0), Some(1));
        assert_eq!(table.find(&names, "aaaaaaaa3bbbbbbbb", 0), None);
    }
}
