//! How a file is cut into parts.

/// Storage takes no part that is smaller, except the last.
pub(super) const SMALLEST: u64 = 5 * 1024 * 1024;
/// Storage takes no part that is larger.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;
/// Storage takes no more parts.
const MOST: u64 = 10_000;
/// What a part has when the file's size leaves the choice: little is lost when one fails, and few requests are made.
const USUAL: u64 = 8 * 1024 * 1024;

/// One part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// From 1.
    pub(super) number: i32,
    /// The first byte.
    pub(super) start: u64,
    /// How many bytes.
    pub(super) size: u64,
}

/// The parts of a file, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    part_size: u64,
    parts: Vec<Part>,
}

impl Layout {
    /// Cuts `size` bytes into parts of `wanted`, or of the usual size and as much more as the number of parts asks.
    pub(super) fn new(size: u64, wanted: Option<u64>) -> Result<Self, String> {
        let part_size = match wanted {
            Some(wanted) if size.div_ceil(wanted) > MOST => {
                let mib = size.div_ceil(MOST).div_ceil(1024 * 1024);
                return Err(format!(
                    "parts of {} MiB would be more than {MOST}: use at least {mib}",
                    wanted / 1024 / 1024
                ));
            }
            Some(wanted) => wanted,
            None => size.div_ceil(MOST).max(USUAL).next_multiple_of(1024 * 1024),
        };
        if part_size > LARGEST {
            return Err(format!("a file of {size} bytes does not fit into {MOST} parts"));
        }
        let count = size.div_ceil(part_size);
        let parts = (1..).zip(0..count).map(|(number, index)| {
            let start = index * part_size;
            Part { number, start, size: part_size.min(size - start) }
        });
        Ok(Self { part_size, parts: parts.collect() })
    }

    /// The layout in which `stored` parts of a file of `size` bytes were cut; `None` when there are none, an error when
    /// no layout explains all of them.
    pub(super) fn of_stored(size: u64, stored: &[(i32, u64)]) -> Result<Option<Self>, String> {
        let Some((last, last_size)) = stored.iter().copied().max() else { return Ok(None) };
        // Any part but the last tells the size of a part. The last one alone tells it by what is before it.
        let before = u64::try_from(last).unwrap_or(1).saturating_sub(1);
        let by_last = size.checked_sub(last_size).and_then(|rest| rest.checked_div(before));
        let largest = stored.iter().map(|(_, size)| *size).max();
        let fits = |layout: &Self| {
            let part = |number: i32| layout.parts.get(usize::try_from(number).ok()?.checked_sub(1)?);
            stored.iter().all(|(number, size)| part(*number).is_some_and(|part| part.size == *size))
        };
        let found = [largest, by_last].into_iter().flatten().filter(|size| *size > 0).find_map(|part_size| {
            // A file of one part may be smaller than a part.
            let layout = Self::new(size, Some(part_size)).ok().filter(|_| part_size >= SMALLEST || part_size == size);
            layout.filter(|layout| fits(layout))
        });
        found.map(Some).ok_or_else(|| "storage has parts that were not cut from this file in one way".to_owned())
    }

    /// The size of every part but the last.
    pub(super) fn part_size(&self) -> u64 {
        self.part_size
    }

    /// The parts, in order.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn parts_cover_the_file_without_gap_or_overlap() {
        for size in [1, SMALLEST, USUAL, USUAL + 1, 100 * MIB + 17, 200_000 * MIB + 1] {
            let layout = Layout::new(size, None).expect("fits");
            let mut next = 0;
            for (part, number) in layout.parts().iter().zip(1..) {
                assert_eq!((part.number, part.start), (number, next));
                next += part.size;
            }
            assert_eq!(next, size);
            assert!(layout.parts().len() as u64 <= MOST);
            assert!(layout.parts().iter().rev().skip(1).all(|part| part.size >= SMALLEST));
        }
    }

    #[test]
    fn a_layout_is_known_by_any_of_its_parts() {
        let size = 11 * MIB;
        let layout = Layout::new(size, Some(5 * MIB)).expect("fits");
        for stored in [&[(1, 5 * MIB)][..], &[(2, 5 * MIB)], &[(3, MIB)], &[(1, 5 * MIB), (3, MIB)]] {
            assert_eq!(Layout::of_stored(size, stored), Ok(Some(layout.clone())), "{stored:?}");
        }
        assert_eq!(Layout::of_stored(size, &[]), Ok(None));
        assert_eq!(Layout::of_stored(7, &[(1, 7)]).map(|found| found.map(|layout| layout.parts.len())), Ok(Some(1)));
        for stored in [&[(1, 5 * MIB), (2, 6 * MIB)][..], &[(3, 5 * MIB)], &[(2, MIB), (3, MIB)], &[(1, 3)]] {
            assert!(Layout::of_stored(size, stored).is_err(), "{stored:?}");
        }
    }

    #[test]
    fn sizes_that_cannot_work_are_refused_with_a_way_out() {
        assert!(Layout::new(100_000 * MIB, Some(5 * MIB)).expect_err("too many").contains("at least 10"));
        assert!(Layout::new(u64::MAX / 2, None).is_err());
    }
}
