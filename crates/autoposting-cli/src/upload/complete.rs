//! The end of an upload: completing it, waiting for it, checking the whole.

use std::time::Duration;

use autoposting_types::{Clip, ClipStatus, CompleteClipUploadBody, CompleteClipUploadBodyPartsItem, new};
use backon::{ExponentialBuilder, Retryable};
use md5::{Digest, Md5};
use oas_cli_runtime::Failure;

use super::part::{Sent, hex, is_md5};
use super::same;
use super::session::{Session, failed};

/// Completes the upload. It is repeatable, so it is tried again for as long as that can help; the upload is never
/// given up because of a completion that failed.
pub(super) async fn complete(session: &Session<'_>, sent: &[Sent]) -> Result<(), Failure> {
    let parts: Vec<CompleteClipUploadBodyPartsItem> = sent
        .iter()
        .map(|part| {
            // The document has one spelling, the vendor's own client the other.
            let item = CompleteClipUploadBodyPartsItem::new().with_part_number(i64::from(part.number));
            item.with_e_tag(&part.e_tag).with_etag(&part.e_tag)
        })
        .collect();
    let once = || async {
        let new = new::CompleteClipUploadBody {
            clip_id: session.clip_id.clone(),
            upload_id: session.upload_id.clone(),
            parts: parts.clone(),
        };
        let body = CompleteClipUploadBody::from(new).with_key(&session.key);
        match session.client.complete_clip_upload().body(body).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    };
    once.retry(patience()).when(worth_another).await
}

fn patience() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(500))
        .with_max_delay(Duration::from_secs(15))
        .with_max_times(10)
        .with_jitter()
}

/// Whether asking again can help: no answer, a server in trouble, or one that is at it already.
fn worth_another(failure: &Failure) -> bool {
    match failure {
        Failure::Connection(_) | Failure::Answer { status: 429 | 500.., .. } => true,
        Failure::Answer { status: 409, body: Some(body), .. } => {
            body.get("error").and_then(serde_json::Value::as_str) == Some("in_progress")
        }
        _ => false,
    }
}

/// Waits until the clip is ready, and checks it.
pub(super) async fn settled(session: &Session<'_>, whole: Option<&str>) -> Result<Clip, Failure> {
    let mut wait = Duration::from_millis(100);
    loop {
        let clip = (|| session.clip()).retry(patience()).when(worth_another).await?;
        match &clip.status {
            ClipStatus::Ready | ClipStatus::Rendering | ClipStatus::Rendered => {
                check(&clip, whole)?;
                return Ok(clip);
            }
            ClipStatus::Failed | ClipStatus::Aborted | ClipStatus::Expired => {
                let message = format!("the clip is {}, it will not be ready", clip.status);
                return Err(Failure::Connection(message));
            }
            // Processing, uploading, or a status that this version does not know: on the way.
            _ => {}
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(5));
    }
}

/// Holds the clip's ETag against that of the parts.
pub(super) fn check(clip: &Clip, whole: Option<&str>) -> Result<(), Failure> {
    match (clip.e_tag.as_deref(), whole) {
        (Some(theirs), Some(ours)) if !same(theirs, ours) => Err(Failure::Connection(format!(
            "the clip {} is not the file: its ETag is {theirs}, that of the file is {ours}",
            clip.id
        ))),
        _ => Ok(()),
    }
}

/// The ETag of the whole: the MD5 of the parts' MD5s, and their number. `None` where the parts' ETags are no MD5s.
pub(super) fn whole(sent: &[Sent]) -> Option<String> {
    let mut digest = Md5::new();
    for part in sent {
        digest.update(is_md5(&part.e_tag).then(|| bytes(&part.e_tag))?);
    }
    Some(format!("{}-{}", hex(&digest.finalize()), sent.len()))
}

/// The bytes behind hexadecimal digits.
fn bytes(digits: &str) -> Vec<u8> {
    let value = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default();
    digits.as_bytes().chunks(2).map(|pair| pair.iter().fold(0, |number, byte| number << 4 | value(*byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_is_the_md5_of_md5s() {
        // `printf a | md5sum`, `printf b | md5sum`, and the MD5 of the two in binary.
        let tags = ["0cc175b9c0f1b6a831c399e269772661", "92eb5ffee6ae2fec3ad71c777531578f"];
        let sent: Vec<Sent> =
            tags.iter().zip(1..).map(|(tag, number)| Sent { number, e_tag: (*tag).to_owned() }).collect();
        assert_eq!(whole(&sent).as_deref(), Some(EXPECTED));
        let encrypted = [Sent { number: 1, e_tag: "not-an-md5".to_owned() }];
        assert_eq!(whole(&encrypted), None);
    }

    const EXPECTED: &str = "96e024ba2074fe77e8e965ba43a704be-2";
}
