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
    fn sizes_that_cannot_work_are_refused_with_a_way_out() {
        assert!(Layout::new(100_000 * MIB, Some(5 * MIB)).expect_err("too many").contains("at least 10"));
        assert!(Layout::new(u64::MAX / 2, None).is_err());
    }
}
