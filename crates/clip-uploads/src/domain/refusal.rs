//! The reasons not to do what was asked, as callers see them.

use std::time::Duration;

use super::PartNumber;

/// One thing that is wrong with the body of a request. It never repeats the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The place in the body, as a JSON Pointer.
    pub pointer: String,
    /// The rule, for programs.
    pub code: &'static str,
    /// The rule, for people.
    pub message: String,
}

impl Violation {
    /// A violation of a rule at a place of the body.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into() }
    }
}

/// Why a request is refused. None of it says how storage or the database put it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such clip or upload for this caller. The same words whatever the reason, so that nobody learns
    /// which clips exist.
    #[error("There is no such upload.")]
    NotFound,
    /// The body is wrong in itself.
    #[error("The request is not valid.")]
    Invalid(Vec<Violation>),
    /// Storage has other bytes for these parts than the list says.
    #[error("The ETag of {} is not the one of the uploaded part.", name(.0))]
    InvalidPart(Vec<PartNumber>),
    /// Parts that are not the last are smaller than 5 MiB.
    #[error("Every part but the last has at least 5 MiB; {} has fewer.", name(.0))]
    PartTooSmall(Vec<PartNumber>),
    /// Listed parts were never uploaded.
    #[error("The list has {}, which was not uploaded.", name(.0))]
    PartsMissing(Vec<PartNumber>),
    /// Uploaded parts are not listed.
    #[error("The list leaves out {}, which was uploaded.", name(.0))]
    PartsUnlisted(Vec<PartNumber>),
    /// The parts do not add up to the size that the upload began with.
    #[error("The parts have {found} bytes together; the upload began with a file of {declared} bytes.")]
    SizeDiffers {
        /// What was said when the upload began, in bytes.
        declared: u64,
        /// What the parts have together, in bytes.
        found: u64,
    },
    /// It is complete already, with another list or in a way that leaves nothing to abort.
    #[error("The upload is already complete.")]
    AlreadyCompleted,
    /// It is being completed.
    #[error("The upload is being completed.")]
    InProgress(Duration),
    /// The organisation stores as many bytes as it may.
    #[error("The organisation may store {limit} bytes; with this file it would be {wanted}.")]
    QuotaExceeded {
        /// What it may store, in bytes.
        limit: u64,
        /// What it would be, in bytes.
        wanted: u64,
    },
    /// Storage has no room for a file of this size.
    #[error("There is no room for a file of this size.")]
    StorageFull,
    /// The organisation has as many uploads open as it may.
    #[error("The organisation may have {0} uploads open at once: complete or abort some.")]
    TooManyUploads(u64),
    /// The organisation asks more often than it may.
    #[error("Too many requests.")]
    RateLimited(Duration),
    /// It is not done here.
    #[error("This service does not {0}.")]
    NotImplemented(&'static str),
    /// It was aborted.
    #[error("The upload was aborted.")]
    Aborted,
    /// It could not be completed, and never will be.
    #[error("The upload has failed.")]
    Failed,
    /// It was not completed in time.
    #[error("The upload has expired.")]
    Expired,
    /// Storage or the database does not answer; the state is kept.
    #[error("The service cannot do this just now.")]
    Unavailable(Duration),
}

impl Refusal {
    /// The code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Invalid(_) => "invalid_request",
            Self::InvalidPart(_) => "invalid_part",
            Self::PartTooSmall(_) => "part_too_small",
            Self::PartsMissing(_) | Self::PartsUnlisted(_) | Self::SizeDiffers { .. } => "upload_incomplete",
            Self::QuotaExceeded { .. } => "quota_exceeded",
            Self::StorageFull => "storage_full",
            Self::TooManyUploads(_) => "too_many_uploads",
            Self::RateLimited(_) => "rate_limited",
            Self::NotImplemented(_) => "not_implemented",
            Self::AlreadyCompleted => "already_completed",
            Self::InProgress(_) => "in_progress",
            Self::Aborted => "upload_aborted",
            Self::Failed => "upload_failed",
            Self::Expired => "upload_expired",
            Self::Unavailable(_) => "unavailable",
        }
    }

    /// The parts at fault, ascending.
    pub fn parts(&self) -> &[PartNumber] {
        match self {
            Self::InvalidPart(parts)
            | Self::PartTooSmall(parts)
            | Self::PartsMissing(parts)
            | Self::PartsUnlisted(parts) => parts,
            _ => &[],
        }
    }

    /// When to ask again.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::InProgress(after) | Self::Unavailable(after) | Self::RateLimited(after) => Some(*after),
            _ => None,
        }
    }
}

/// Names the first few of the parts, for people.
fn name(parts: &[PartNumber]) -> String {
    const SHOWN: usize = 10;
    let numbers: Vec<_> = parts.iter().take(SHOWN).map(PartNumber::to_string).collect();
    let noun = if parts.len() == 1 { "part" } else { "parts" };
    let more = if parts.len() > SHOWN { format!(" and {} more", parts.len() - SHOWN) } else { String::new() };
    format!("{noun} {}{more}", numbers.join(", "))
}
