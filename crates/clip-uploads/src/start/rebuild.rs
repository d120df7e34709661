//! Making a database again from what storage keeps beside every clip.

use super::stores::{Database, open_metadata, open_storage_to_read};
use super::{StartError, print};
use crate::config::Stores;
use crate::domain::{ListedPart, PartList, PartNumber, State, StoredPart, Upload, now};
use crate::service::ANSWER;
use crate::storage::{Found, StorageError};

pub(super) async fn run(stores: &Stores) -> Result<(), StartError> {
    let storage = open_storage_to_read(stores).await?;
    let Some(identity) = storage.identity().await? else {
        return Err(StartError::Usage(
            "storage has no identity: no version that keeps clips' owners beside them has used it".to_owned(),
        ));
    };
    let metadata = open_metadata(stores, Database::MayBeNew).await?;
    if metadata.installation().await?.is_some_and(|known| known.identity != identity) {
        return Err(StartError::Usage("the database belongs to other storage; name one that is new".to_owned()));
    }
    let (mut added, mut known, mut unclear) = (0, 0, 0);
    for name in storage.object_names().await? {
        match storage.found(&name).await {
            Ok(Some(found)) => {
                if metadata.insert_found(&upload_of(found)).await? {
                    added += 1;
                } else {
                    known += 1;
                }
            }
            Ok(None) => {
                unclear += 1;
                print(&format!("left out: {name} does not say whose it is\n"))?;
            }
            Err(StorageError::Unavailable(reason)) => {
                unclear += 1;
                print(&format!("left out: {name}: {reason}\n"))?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    metadata.adopt_identity(&identity).await?;
    metadata.close().await;
    print(&format!("{added} clips added, {known} known already, {unclear} left out\n"))?;
    print("API keys are not in storage: make new ones with `clip-uploads keys create`\n")
}

fn upload_of(found: Found) -> Upload {
    let Found { handle, object, parts } = found;
    let parts: Option<Vec<(PartNumber, StoredPart)>> = parts.map(|parts| parts.into_iter().collect());
    let listed = |(number, part): &(PartNumber, StoredPart)| ListedPart {
        number: Some((*number).into()),
        etag: Some(part.etag.as_str().to_owned()),
        same_etag: None,
    };
    let list = parts.as_ref().map(|parts| parts.iter().map(listed).collect::<Vec<_>>());
    let list = list.and_then(|list| PartList::normalise(&list).ok());
    let origin = handle.origin;
    Upload {
        upload_id: origin.upload_id,
        clip_id: origin.clip_id,
        organisation: origin.organisation,
        brand_id: origin.brand_id,
        title: origin.title,
        file_name: origin.file_name,
        mime_type: origin.mime_type,
        file_size: i64::try_from(object.size).unwrap_or(i64::MAX),
        object_key: handle.key,
        storage_id: handle.id,
        write_token: handle.token,
        state: State::Completed,
        completions: 1,
        setbacks: 0,
        parts: parts.and_then(|parts| serde_json::to_string(&parts).ok()),
        parts_hash: list.map(|list| list.hash()),
        rejection: None,
        object_etag: Some(object.etag.as_str().to_owned()),
        answer: Some(ANSWER.to_owned()),
        created_at: origin.created_at,
        updated_at: now(),
        expires_at: origin.created_at,
        lease_until: 0,
        missing_since: None,
        damaged_at: None,
    }
}
