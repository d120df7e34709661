//! S3-compatible object storage.
//!
//! The write token is the object's metadata, which S3 takes when the upload begins. Errors are told apart by their
//! codes; one whose code says nothing certain is [`StorageError::Unavailable`], as is an answer that was lost, and an
//! error inside an answer with status 200.

mod about;
mod verify;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Region, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, ServerSideEncryption};

use super::{
    Download, Found, Handle, LONGEST_ADDRESS, Object, PartLength, PartRoom, Space, Storage, StorageError, Verdict,
};
use crate::domain::{ETag, PartNumber, StoredPart};
use crate::http::content_disposition;

/// The object that says which database the bucket, with its prefix, belongs to.
const IDENTITY: &str = "clip-uploads.identity";

/// What the names of all objects begin with.
const CLIPS: &str = "clips/";

/// Where the bucket is. Credentials come from where the AWS tools find them: environment, profile, instance.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// The bucket.
    pub bucket: String,
    /// What comes before every name in the bucket; empty, or ending in a slash.
    pub prefix: String,
    /// The address of the service, when it is not AWS.
    pub endpoint: Option<String>,
    /// The region, when the environment does not say it.
    pub region: Option<String>,
}

/// A bucket as storage.
#[derive(Debug, Clone)]
pub struct S3Storage {
    client: Client,
    bucket: String,
    prefix: String,
    /// Which database the bucket belongs to, once that is known.
    identity: Arc<OnceLock<String>>,
}

impl S3Storage {
    /// Prepares a client. Nothing is sent yet.
    pub async fn open(settings: S3Settings) -> Self {
        let S3Settings { bucket, prefix, endpoint, region } = settings;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(Duration::from_secs(120))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts);
        if let Some(region) = region {
            loader = loader.region(Region::new(region));
        }
        let shared = loader.load().await;
        // Checksums of the newer kinds are unknown to many S3-compatible services, and would be signed into the
        // addresses of parts.
        let mut config = aws_sdk_s3::config::Builder::from(&shared)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        if let Some(endpoint) = endpoint {
            config = config.endpoint_url(endpoint).force_path_style(true);
        }
        Self { client: Client::from_conf(config.build()), bucket, prefix, identity: Arc::default() }
    }

    fn name(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// An object and its metadata; `None` when there is none.
    async fn head(&self, key: &str) -> Result<Option<(Object, HashMap<String, String>)>, StorageError> {
        let request = self.client.head_object().bucket(&self.bucket).key(self.name(key));
        let head = match request.send().await {
            Ok(head) => head,
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => return Ok(None),
            Err(error) => return Err(meaning(error)),
        };
        let size = head.content_length().and_then(|size| u64::try_from(size).ok());
        let (Some(size), Some(etag)) = (size, head.e_tag().and_then(ETag::parse)) else {
            return Err(StorageError::unavailable("storage shows an object without its size or ETag"));
        };
        let encrypted = !matches!(head.server_side_encryption(), None | Some(ServerSideEncryption::Aes256));
        let etag_is_digest = !encrypted && head.sse_customer_algorithm().is_none();
        let metadata = head.metadata().cloned().unwrap_or_default();
        let token = metadata.get(about::TOKEN).cloned();
        Ok(Some((Object { size, etag, etag_is_digest, token }, metadata)))
    }
}

/// What an error means. Its text goes to the log.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn meaning<E, R>(error: SdkError<E, R>) -> StorageError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error().and_then(ProvideErrorMetadata::code) {
        Some("NoSuchUpload") => StorageError::UnknownUpload,
        Some("InvalidPart" | "InvalidPartOrder") => StorageError::InvalidParts(Vec::new()),
        Some("EntityTooSmall") => StorageError::PartTooSmall,
        _ => StorageError::unavailable(words(&error)),
    }
}

/// What an error says, for whoever operates this: the code and message of the service, or what stood in the way of
/// asking it, down to its cause.
fn words<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let service = error.as_service_error();
    if let Some(code) = service.and_then(ProvideErrorMetadata::code) {
        let message = service.and_then(ProvideErrorMetadata::message).unwrap_or("it says no more");
        return format!("{code}: {message}");
    }
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words += ": ";
        words += &error.to_string();
        cause = error.source();
    }
    words
}

fn presigning(valid: Duration) -> Result<PresigningConfig, StorageError> {
    PresigningConfig::expires_in(valid.min(LONGEST_ADDRESS)).map_err(StorageError::unavailable)
}

fn part_of(part: &aws_sdk_s3::types::Part) -> Option<(PartNumber, StoredPart)> {
    let number = PartNumber::try_from(i64::from(part.part_number()?)).ok()?;
    let etag = ETag::parse(part.e_tag()?)?;
    Some((number, StoredPart { etag, size: u64::try_from(part.size()?).ok()? }))
}

#[async_trait]
impl Storage for S3Storage {
    async fn identity(&self) -> Result<Option<String>, StorageError> {
        let request = self.client.get_object().bucket(&self.bucket).key(self.name(IDENTITY));
        let object = match request.send().await {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => return Ok(None),
            Err(error) => return Err(meaning(error)),
        };
        let bytes = object.body.collect().await.map_err(StorageError::unavailable)?.into_bytes();
        let identity = String::from_utf8_lossy(&bytes).trim().to_owned();
        let _ = self.identity.set(identity.clone());
        Ok(Some(identity))
    }

    async fn set_identity(&self, identity: &str) -> Result<(), StorageError> {
        let request = self.client.put_object().bucket(&self.bucket).key(self.name(IDENTITY));
        request.body(identity.as_bytes().to_vec().into()).send().await.map_err(meaning)?;
        let _ = self.identity.set(identity.to_owned());
        Ok(())
    }

    async fn open(&self, handle: &Handle) -> Result<String, StorageError> {
        let request = self.client.create_multipart_upload().bucket(&self.bucket).key(self.name(&handle.key));
        let request = request.set_metadata(Some(about::metadata(handle)));
        let opened = request.content_type(&handle.origin.mime_type).send().await.map_err(meaning)?;
        let id = opened.upload_id().ok_or_else(|| StorageError::unavailable("storage named no upload"))?;
        Ok(id.to_owned())
    }

    async fn presign_part(
        &self,
        handle: &Handle,
        part: PartNumber,
        room: PartRoom,
        valid: Duration,
    ) -> Result<String, StorageError> {
        let request = self.client.upload_part().bucket(&self.bucket).key(self.name(&handle.key));
        let request = request.upload_id(&handle.id).part_number(i32::from(part.get()));
        // S3 signs an exact length or none; an upper bound is held by the size check of the completion.
        let request = match room.length {
            PartLength::Exactly(bytes) => request.content_length(i64::try_from(bytes).unwrap_or(i64::MAX)),
            PartLength::AtMost(_) => request,
        };
        Ok(request.presigned(presigning(valid)?).await.map_err(meaning)?.uri().to_owned())
    }

    async fn presign_download(
        &self,
        handle: &Handle,
        download: Download<'_>,
        valid: Duration,
    ) -> Result<String, StorageError> {
        let request = self.client.get_object().bucket(&self.bucket).key(self.name(&handle.key));
        let request = request.response_content_disposition(content_disposition(download.file_name));
        let request = request.response_content_type(download.mime_type);
        Ok(request.presigned(presigning(valid)?).await.map_err(meaning)?.uri().to_owned())
    }

    async fn parts(&self, handle: &Handle) -> Result<BTreeMap<PartNumber, StoredPart>, StorageError> {
        let request = self.client.list_parts().bucket(&self.bucket).key(self.name(&handle.key));
        let mut pages = request.upload_id(&handle.id).into_paginator().send();
        let mut parts = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(meaning)?;
            for part in page.parts() {
                let (number, part) =
                    part_of(part).ok_or_else(|| StorageError::unavailable("storage lists a part without its data"))?;
                parts.insert(number, part);
            }
        }
        Ok(parts)
    }

    async fn complete(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<(), StorageError> {
        let listed = parts.iter().map(|(number, part)| {
            let etag = format!("\"{}\"", part.etag);
            CompletedPart::builder().part_number(i32::from(number.get())).e_tag(etag).build()
        });
        let list = CompletedMultipartUpload::builder().set_parts(Some(listed.collect())).build();
        let request = self.client.complete_multipart_upload().bucket(&self.bucket).key(self.name(&handle.key));
        let answer = request.upload_id(&handle.id).multipart_upload(list).send().await.map_err(meaning)?;
        // An answer that names no object is no success, whatever its status.
        answer.e_tag().map(drop).ok_or_else(|| StorageError::unavailable("storage named no object"))
    }

    async fn object(&self, handle: &Handle) -> Result<Option<Object>, StorageError> {
        Ok(self.head(&handle.key).await?.map(|(object, _)| object))
    }

    async fn discard(&self, handle: &Handle) -> Result<(), StorageError> {
        let request = self.client.abort_multipart_upload().bucket(&self.bucket).key(self.name(&handle.key));
        match request.upload_id(&handle.id).send().await.map_err(meaning) {
            Ok(_) | Err(StorageError::UnknownUpload) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn delete(&self, handle: &Handle) -> Result<(), StorageError> {
        self.client.delete_object().bucket(&self.bucket).key(self.name(&handle.key)).send().await.map_err(meaning)?;
        // A clip that was found in storage when its database was lost has no upload any more.
        if handle.id.is_empty() { Ok(()) } else { self.discard(handle).await }
    }

    async fn verify(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<Verdict, StorageError> {
        verify::verify(self, handle, parts).await
    }

    async fn object_names(&self) -> Result<Vec<String>, StorageError> {
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(self.name(CLIPS));
        let mut pages = request.into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(meaning)?;
            let keys = page.contents().iter().filter_map(|object| object.key());
            names.extend(keys.filter_map(|key| key.strip_prefix(&self.prefix)).map(str::to_owned));
        }
        Ok(names)
    }

    async fn found(&self, name: &str) -> Result<Option<Found>, StorageError> {
        let Some((object, metadata)) = self.head(name).await? else { return Ok(None) };
        let handle = about::handle(name, &metadata);
        Ok(handle.map(|handle| Found { handle, object, parts: None }))
    }

    async fn space(&self) -> Result<Option<Space>, StorageError> {
        Ok(None)
    }

    async fn ready(&self) -> Result<(), StorageError> {
        match self.identity.get() {
            None => self.client.head_bucket().bucket(&self.bucket).send().await.map(drop).map_err(meaning),
            Some(own) => match self.identity().await? {
                Some(identity) if identity == *own => Ok(()),
                _ => Err(StorageError::unavailable("the bucket is not the one that belongs to the database")),
            },
        }
    }
}
