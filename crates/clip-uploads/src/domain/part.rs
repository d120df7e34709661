//! Parts of an upload, as callers list them and as storage has them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use data_encoding::HEXLOWER;
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::Violation;

/// The most parts that an upload can have.
pub const MAX_PARTS: usize = 10_000;

/// The fewest bytes of a part that is not the last: 5 MiB.
pub const MIN_PART_SIZE: u64 = 5 * 1024 * 1024;

/// The number of a part, from 1 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct PartNumber(u16);

impl PartNumber {
    /// As a number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<i64> for PartNumber {
    type Error = OutOfRange;

    fn try_from(number: i64) -> Result<Self, OutOfRange> {
        u16::try_from(number).ok().filter(|number| (1..=10_000).contains(number)).map(Self).ok_or(OutOfRange)
    }
}

impl From<PartNumber> for i64 {
    fn from(number: PartNumber) -> Self {
        Self::from(number.0)
    }
}

impl fmt::Display for PartNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A part has a number from 1 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be between 1 and 10000")]
pub struct OutOfRange;

/// An ETag without its quotes, in lower case, so that two spellings of one ETag are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ETag(String);

impl ETag {
    /// Reads an ETag with or without quotes; `None` when it is empty or cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        let fits = (1..=128).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        fits.then(|| Self(bare.to_ascii_lowercase()))
    }

    /// The ETag of bytes with this MD5.
    pub fn of_md5(md5: &[u8]) -> Self {
        Self(HEXLOWER.encode(md5))
    }

    /// Without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The MD5 that it stands for; `None` when storage makes its ETags in another way.
    fn md5(&self) -> Option<Vec<u8>> {
        HEXLOWER.decode(self.0.as_bytes()).ok().filter(|bytes| bytes.len() == 16)
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part that storage has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPart {
    /// Its ETag.
    pub etag: ETag,
    /// Its size in bytes.
    pub size: u64,
}

/// An entry of a caller's list, before anything is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListedPart {
    /// The number, when there is one.
    pub number: Option<i64>,
    /// The ETag, when there is one.
    pub etag: Option<String>,
    /// The ETag once more, when the caller sent both spellings of the member.
    pub same_etag: Option<String>,
}

/// A caller's list in normal form: every number once, ascending, ETags in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartList(BTreeMap<PartNumber, ETag>);

impl PartList {
    /// Brings a list into normal form, or says everything that is wrong with it.
    pub fn normalise(listed: &[ListedPart]) -> Result<Self, Vec<Violation>> {
        if listed.is_empty() {
            return Err(vec![Violation::new("/parts", "min_items", "must have at least one part")]);
        }
        if listed.len() > MAX_PARTS {
            return Err(vec![Violation::new("/parts", "max_items", "must have at most 10000 parts")]);
        }
        let mut parts = BTreeMap::new();
        let mut repeated = BTreeSet::new();
        let mut violations = Vec::new();
        for (index, part) in listed.iter().enumerate() {
            let number = number_of(index, part, &mut violations);
            let etag = etag_of(index, part, &mut violations);
            if let (Some(number), Some(etag)) = (number, etag)
                && parts.insert(number, etag).is_some()
                && repeated.insert(number)
            {
                let message = format!("part {number} is listed more than once");
                violations.push(Violation::new(format!("/parts/{index}/partNumber"), "duplicate", message));
            }
        }
        if violations.is_empty() { Ok(Self(parts)) } else { Err(violations) }
    }

    /// The parts, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (PartNumber, &ETag)> {
        self.0.iter().map(|(number, etag)| (*number, etag))
    }

    /// The ETag that the list has for a part.
    pub fn get(&self, number: PartNumber) -> Option<&ETag> {
        self.0.get(&number)
    }

    /// A SHA-256 that two lists share exactly when they mean the same, in hexadecimal.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (number, etag) in &self.0 {
            hasher.update(format!("{number} {etag}\n"));
        }
        HEXLOWER.encode(&hasher.finalize())
    }
}

fn number_of(index: usize, part: &ListedPart, violations: &mut Vec<Violation>) -> Option<PartNumber> {
    let pointer = format!("/parts/{index}/partNumber");
    let Some(number) = part.number else {
        violations.push(Violation::new(pointer, "required", "is missing"));
        return None;
    };
    PartNumber::try_from(number)
        .map_err(|error| violations.push(Violation::new(pointer, "range", error.to_string())))
        .ok()
}

fn etag_of(index: usize, part: &ListedPart, violations: &mut Vec<Violation>) -> Option<ETag> {
    let pointer = format!("/parts/{index}/eTag");
    let texts: Vec<_> = part.etag.iter().chain(&part.same_etag).collect();
    let etags: Vec<_> = texts.iter().map(|text| ETag::parse(text)).collect();
    match etags.as_slice() {
        [] => violations.push(Violation::new(pointer, "required", "is missing")),
        [Some(etag), rest @ ..] if rest.iter().all(|same| same.as_ref() == Some(etag)) => return Some(etag.clone()),
        [Some(_), Some(_), ..] => violations.push(Violation::new(pointer, "differs", "differs from `etag`")),
        _ => violations.push(Violation::new(pointer, "format", "is no ETag")),
    }
    None
}

/// The ETag that storage gives to an object made of these parts: the MD5 of their MD5s, a hyphen, and how many there
/// are. `None` when the ETag of a part is no MD5, so that the formula does not hold.
pub fn whole_etag<'a>(parts: impl IntoIterator<Item = &'a ETag>) -> Option<ETag> {
    let mut hasher = Md5::new();
    let mut count = 0;
    for etag in parts {
        hasher.update(etag.md5()?);
        count += 1;
    }
    Some(ETag(format!("{}-{count}", HEXLOWER.encode(&hasher.finalize()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(number: i64, etag: &str) -> ListedPart {
        ListedPart { number: Some(number), etag: Some(etag.to_owned()), ..ListedPart::default() }
    }

    #[test]
    fn spellings_of_an_etag_are_equal() {
        let bare = ETag::parse("9bb58f26192e4ba00f01e2e7b136bbd8");
        assert!(bare.is_some());
        assert_eq!(ETag::parse("\"9BB58F26192E4BA00F01E2E7B136BBD8\""), bare);
        for text in ["", "\"\"", "a b", "a\"b", "\u{e9}", &"a".repeat(129)] {
            assert_eq!(ETag::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn order_and_spelling_do_not_change_the_hash_of_a_list() {
        let one = PartList::normalise(&[listed(1, "aa"), listed(2, "bb")]).expect("a good list");
        let other = PartList::normalise(&[listed(2, "\"BB\""), listed(1, "aa")]).expect("a good list");
        let third = PartList::normalise(&[listed(1, "bb"), listed(2, "aa")]).expect("a good list");
        assert_eq!(one.hash(), other.hash());
        assert_ne!(one.hash(), third.hash());
    }

    #[test]
    fn every_fault_of_a_list_is_reported_at_once() {
        let list = [listed(0, "aa"), ListedPart::default(), listed(3, "aa"), listed(3, "bb"), listed(10_001, "")];
        let violations = PartList::normalise(&list).expect_err("a bad list");
        let found: Vec<_> = violations.iter().map(|violation| (violation.pointer.as_str(), violation.code)).collect();
        assert_eq!(
            found,
            [
                ("/parts/0/partNumber", "range"),
                ("/parts/1/partNumber", "required"),
                ("/parts/1/eTag", "required"),
                ("/parts/3/partNumber", "duplicate"),
                ("/parts/4/partNumber", "range"),
                ("/parts/4/eTag", "format"),
            ]
        );
    }

    #[test]
    fn the_etag_of_the_whole_follows_the_formula() {
        let empty = ETag::of_md5(&Md5::digest(b""));
        let whole = whole_etag([&empty]).expect("the part's ETag is an MD5");
        assert_eq!(whole.as_str(), "59adb24ef3cdbe0297f05b395827453f-1");
        assert_eq!(whole_etag([&ETag("not-a-digest".into())]), None);
    }

    proptest::proptest! {
        #[test]
        fn no_list_makes_it_panic_and_a_normal_form_is_stable(
            parts in proptest::collection::vec((proptest::option::of(-3_i64..10_005), proptest::option::of(".{0,40}")), 0..40)
        ) {
            let listed: Vec<_> = parts.into_iter().map(|(number, etag)| ListedPart { number, etag, same_etag: None }).collect();
            if let Ok(list) = PartList::normalise(&listed) {
                let again: Vec<_> = list.iter().map(|(number, etag)| ListedPart {
                    number: Some(number.into()), etag: Some(etag.as_str().to_owned()), same_etag: None
                }).collect();
                proptest::prop_assert_eq!(PartList::normalise(&again), Ok(list));
            }
        }
    }
}
