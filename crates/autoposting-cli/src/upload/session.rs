//! An upload as the API knows it.

use autoposting_client::{Client, Error};
use autoposting_types::{Clip, ClipUploadPartsWanted, ClipUploadStart, new};
use oas_cli_runtime::{Failure, answer};
use oas_client_runtime::ErrorReport as _;

use super::layout::Part;

/// An upload that has begun.
#[derive(Debug)]
pub(super) struct Session<'c> {
    pub(super) client: &'c Client,
    /// What talks to storage: it must not send the API key there.
    pub(super) storage: reqwest::Client,
    pub(super) clip_id: String,
    pub(super) upload_id: String,
    pub(super) key: String,
}

impl<'c> Session<'c> {
    /// Begins an upload.
    pub(super) async fn begin(client: &'c Client, start: ClipUploadStart) -> Result<(Self, Option<Clip>), Failure> {
        let upload = match client.init_clip_upload().body(start).send().await {
            Ok(answer) => answer.into_inner().data,
            Err(error) => return Err(failed(&error)),
        };
        let storage = storage()?;
        Ok((Self { client, storage, clip_id: upload.clip_id, upload_id: upload.upload_id, key: upload.key }, None))
    }

    /// Goes on with the upload of a clip.
    pub(super) async fn resume(client: &'c Client, clip: &str) -> Result<(Self, Option<Clip>), Failure> {
        let clip = match client.get_clip().id(clip).include_parts(true).send().await {
            Ok(answer) => answer.into_inner().data,
            Err(error) => return Err(failed(&error)),
        };
        let (Some(upload_id), Some(key)) = (clip.upload_id.clone(), clip.key.clone()) else {
            let message = format!("the server does not say how to go on with the upload of {}: begin anew", clip.id);
            return Err(Failure::Usage(message));
        };
        let session = Self { client, storage: storage()?, clip_id: clip.id.clone(), upload_id, key };
        Ok((session, Some(clip)))
    }

    /// The clip as it is now.
    pub(super) async fn clip(&self) -> Result<Clip, Failure> {
        match self.client.get_clip().id(&self.clip_id).send().await {
            Ok(answer) => Ok(answer.into_inner().data),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Where the bytes of `parts` go, one address each, in their order.
    pub(super) async fn addresses(&self, parts: &[Part]) -> Result<Vec<String>, Failure> {
        let numbers: Vec<i32> = parts.iter().map(|part| part.number).collect();
        // Without the size of a part, which the vendor's own client does not send either.
        let wanted = ClipUploadPartsWanted::from(new::ClipUploadPartsWanted {
            clip_id: self.clip_id.clone(),
            upload_id: self.upload_id.clone(),
            key: self.key.clone(),
            part_numbers: numbers,
        });
        let urls = match self.client.presign_clip_upload_parts().body(wanted).send().await {
            Ok(answer) => answer.into_inner().data.presigned_urls,
            Err(error) => return Err(failed(&error)),
        };
        let address = |part: &Part| urls.iter().find(|one| one.part_number == part.number).map(|one| one.url.clone());
        parts
            .iter()
            .map(|part| {
                address(part).ok_or_else(|| Failure::Connection(format!("no address came for part {}", part.number)))
            })
            .collect()
    }
}

/// What an error of the client is. An answer that cannot be read is one that is not asked for again: the next one would
/// be the same.
pub(super) fn failed<E: std::fmt::Display>(error: &Error<E>) -> Failure {
    if matches!(error, Error::InvalidResponsePayload(answer, _) if answer.status().is_success()) {
        let message = format!("the server's answer is not what its document says: {}", error.report());
        return Failure::Output(std::io::Error::new(std::io::ErrorKind::InvalidData, message));
    }
    answer::failure(error)
}

/// The client for storage. A part may take long, but it must not stand still.
fn storage() -> Result<reqwest::Client, Failure> {
    reqwest::Client::builder()
        .connect_timeout(std::time::Duration::from_secs(10))
        .read_timeout(std::time::Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| Failure::Connection(error.to_string()))
}
