//! Holding a caller's list against what storage has.

use std::collections::BTreeMap;

use super::{MIN_PART_SIZE, PartList, PartNumber, Refusal, StoredPart};

/// Checks that the list names exactly the parts that storage has, with their ETags and sizes, and that they add up to
/// `declared` bytes. Returns the parts as storage has them.
pub fn check(
    list: &PartList,
    stored: &BTreeMap<PartNumber, StoredPart>,
    declared: u64,
) -> Result<BTreeMap<PartNumber, StoredPart>, Refusal> {
    refuse_unless_empty(
        list.iter().map(|(number, _)| number).filter(|number| !stored.contains_key(number)),
        Refusal::PartsMissing,
    )?;
    refuse_unless_empty(stored.keys().copied().filter(|number| list.get(*number).is_none()), Refusal::PartsUnlisted)?;
    let differs =
        |(number, part): (&PartNumber, &StoredPart)| (list.get(*number) != Some(&part.etag)).then_some(*number);
    refuse_unless_empty(stored.iter().filter_map(differs), Refusal::InvalidPart)?;
    let final_part = stored.keys().next_back();
    let small = |(number, part): (&PartNumber, &StoredPart)| {
        (part.size < MIN_PART_SIZE && Some(number) != final_part).then_some(*number)
    };
    refuse_unless_empty(stored.iter().filter_map(small), Refusal::PartTooSmall)?;
    let found = stored.values().fold(0_u64, |sum, part| sum.saturating_add(part.size));
    if found != declared {
        return Err(Refusal::SizeDiffers { declared, found });
    }
    Ok(stored.clone())
}

fn refuse_unless_empty(
    parts: impl Iterator<Item = PartNumber>,
    refusal: fn(Vec<PartNumber>) -> Refusal,
) -> Result<(), Refusal> {
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() { Ok(()) } else { Err(refusal(parts)) }
}

#[cfg(test)]
mod tests {
    use super::super::{ETag, ListedPart};
    use super::*;

    fn list(parts: &[(i64, &str)]) -> PartList {
        let listed: Vec<_> = parts
            .iter()
            .map(|(number, etag)| ListedPart { number: Some(*number), etag: Some((*etag).to_owned()), same_etag: None })
            .collect();
        PartList::normalise(&listed).expect("a good list")
    }

    fn stored(parts: &[(i64, &str, u64)]) -> BTreeMap<PartNumber, StoredPart> {
        let part = |(number, etag, size): &(i64, &str, u64)| {
            let number = PartNumber::try_from(*number).expect("in range");
            (number, StoredPart { etag: ETag::parse(etag).expect("an ETag"), size: *size })
        };
        parts.iter().map(part).collect()
    }

    const FULL: u64 = MIN_PART_SIZE;

    #[test]
    fn a_list_that_fits_passes() {
        let has = stored(&[(1, "aa", FULL), (7, "bb", 1)]);
        assert_eq!(check(&list(&[(7, "BB"), (1, "aa")]), &has, FULL + 1), Ok(has));
    }

    #[test]
    fn each_mismatch_has_its_refusal() {
        let has = stored(&[(1, "aa", FULL), (2, "bb", 1)]);
        let code = |parts: &[(i64, &str)], declared| {
            let refusal = check(&list(parts), &has, declared).expect_err("a mismatch");
            (refusal.code(), refusal.parts().iter().map(|part| part.get()).collect::<Vec<_>>())
        };
        let whole = FULL + 1;
        assert_eq!(code(&[(1, "aa")], whole), ("upload_incomplete", vec![2]));
        assert_eq!(code(&[(1, "aa"), (2, "bb"), (3, "cc")], whole), ("upload_incomplete", vec![3]));
        assert_eq!(code(&[(1, "aa"), (2, "cc")], whole), ("invalid_part", vec![2]));
        assert_eq!(code(&[(1, "aa"), (2, "bb")], whole + 1), ("upload_incomplete", vec![]));
        let small = stored(&[(1, "aa", FULL - 1), (2, "bb", 1)]);
        let refusal = check(&list(&[(1, "aa"), (2, "bb")]), &small, FULL).expect_err("a small part");
        assert_eq!(refusal.code(), "part_too_small");
    }
}
