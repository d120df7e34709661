//! An upload and its states.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{PartNumber, StoredPart};

/// Where an upload stands.
///
/// `Uploading` becomes `Completing`, `Aborted` or `Expired`; `Completing` becomes `Completed` or `Failed`, or
/// `Uploading` again when storage refuses the list. The last four are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Parts are awaited.
    Uploading,
    /// A list was accepted and recorded; storage puts the parts together.
    Completing,
    /// The object is there and was checked.
    Completed,
    /// The parts are gone and there is no object.
    Failed,
    /// Its owner gave it up.
    Aborted,
    /// It was not completed in time.
    Expired,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Uploading, Self::Completing, Self::Completed, Self::Failed, Self::Aborted, Self::Expired];

    /// As the database has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Completing => "completing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
            Self::Expired => "expired",
        }
    }
}

impl std::str::FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for State {
    type Error = UnknownState;

    fn try_from(text: String) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(UnknownState(text))
    }
}

/// The database has a state that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown state {0:?}")]
pub struct UnknownState(String);

/// An upload, and the clip it makes. Times are milliseconds since 1970, sizes are bytes.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the fields are named as the columns are")]
pub struct Upload {
    /// The upload.
    pub upload_id: String,
    /// The clip it makes.
    pub clip_id: String,
    /// Whose it is.
    pub organisation: String,
    /// The brand, as its owner named it.
    pub brand_id: String,
    /// The title of the clip.
    pub title: String,
    /// The file's name, as its owner named it; never a path.
    pub file_name: String,
    /// The file's media type, as its owner named it.
    pub mime_type: String,
    /// The file's size, as its owner said it.
    pub file_size: i64,
    /// The name of the object in storage.
    pub object_key: String,
    /// What storage calls the upload.
    pub storage_id: String,
    /// Storage keeps this beside the object, which proves that the object is this upload's.
    pub write_token: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// How many completions have begun.
    pub completions: i64,
    /// How often storage could not be asked in this completion.
    pub setbacks: i64,
    /// The normalised list of the completion, as JSON.
    pub parts: Option<String>,
    /// The hash of that list.
    pub parts_hash: Option<String>,
    /// What storage said against the list of the last completion, as JSON.
    pub rejection: Option<String>,
    /// The ETag of the object.
    pub object_etag: Option<String>,
    /// The status in the saved answer.
    pub answer: Option<String>,
    /// When it began.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// When it expires, unless it is completed or completing.
    pub expires_at: i64,
    /// Until when the process that works on its completion has it for itself.
    pub lease_until: i64,
    /// Since when storage has neither parts nor object, although a completion was recorded.
    pub missing_since: Option<i64>,
    /// When its bytes were found damaged.
    pub damaged_at: Option<i64>,
}

/// What storage keeps beside an object, so that a database that was lost can be made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The upload.
    pub upload_id: String,
    /// The clip it makes.
    pub clip_id: String,
    /// Whose it is.
    pub organisation: String,
    /// The brand, as its owner named it.
    pub brand_id: String,
    /// The title of the clip.
    pub title: String,
    /// The file's name.
    pub file_name: String,
    /// The file's media type.
    pub mime_type: String,
    /// When the upload began.
    pub created_at: i64,
}

impl Upload {
    /// What storage keeps beside the object.
    pub fn origin(&self) -> Origin {
        Origin {
            upload_id: self.upload_id.clone(),
            clip_id: self.clip_id.clone(),
            organisation: self.organisation.clone(),
            brand_id: self.brand_id.clone(),
            title: self.title.clone(),
            file_name: self.file_name.clone(),
            mime_type: self.mime_type.clone(),
            created_at: self.created_at,
        }
    }

    /// The recorded list; empty when there is none.
    pub fn recorded_parts(&self) -> Result<BTreeMap<PartNumber, StoredPart>, serde_json::Error> {
        let entries: Vec<(PartNumber, StoredPart)> =
            self.parts.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        Ok(entries.into_iter().collect())
    }

    /// The file's size, as its owner said it.
    pub fn declared_size(&self) -> u64 {
        u64::try_from(self.file_size).unwrap_or_default()
    }
}
