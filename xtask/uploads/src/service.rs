//! The service, running, and calls to it through the generated client.

use std::path::Path;
use std::process::Stdio;

use autoposting_client::Client;
use autoposting_types::{ClipUpload, CompleteClipUploadBody, CompleteClipUploadBodyPartsItem, new};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::failure::Failure;
use crate::peers::Peers;
use crate::process;

/// A running service. Dropped, it is killed.
pub(crate) struct Service {
    pub(crate) child: Child,
    pub(crate) url: String,
    pub(crate) key: String,
}

/// Storage that speaks S3, and a database, for one service.
pub(crate) struct Shared {
    pub(crate) endpoint: String,
    pub(crate) bucket: String,
    pub(crate) database: String,
}

impl Shared {
    /// A bucket and a database of their own.
    pub(crate) async fn make(peers: &Peers, name: &str) -> Result<Self, Failure> {
        let psql = peers.postgres_programs.join("psql");
        let statement = format!("CREATE DATABASE {}", name.replace('-', "_"));
        process::run(Command::new(psql).args([&format!("{}/postgres", peers.postgres), "-qc", &statement])).await?;
        let made = reqwest::Client::new().put(format!("{}/{name}", peers.s3)).send().await;
        made.and_then(reqwest::Response::error_for_status).map_err(Failure::unexpected)?;
        Ok(Self {
            endpoint: peers.s3.clone(),
            bucket: name.to_owned(),
            database: format!("{}/{}", peers.postgres, name.replace('-', "_")),
        })
    }
}

/// Credentials that a stand-in for S3 takes, where the AWS tools look for them.
pub(crate) fn credentials(command: &mut Command) -> &mut Command {
    command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    command.env("AWS_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true")
}

impl Service {
    /// Starts the service on a folder, or on storage and a database that others could use too.
    pub(crate) async fn start(data: &Path, shared: Option<&Shared>) -> Result<Self, Failure> {
        Self::start_program(&process::program("clip-uploads")?, data, shared).await
    }

    /// Starts this build of the service.
    pub(crate) async fn start_program(program: &Path, data: &Path, shared: Option<&Shared>) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        // The parts of one measurement have sizes and no bytes, more than any disk has room for. Builds that know no
        // limits know no options for them.
        command.env("CLIP_UPLOADS_ORGANISATION_BYTES", "1024TiB").env("CLIP_UPLOADS_ORGANISATION_REQUESTS", "1000000");
        command.args(["--listen", "127.0.0.1:0", "--log", "warn", "--data"]).arg(data);
        if let Some(Shared { endpoint, bucket, database }) = shared {
            credentials(&mut command).args(["--database", database, "--s3-endpoint", endpoint]);
            command.arg("--storage").arg(format!("s3://{bucket}"));
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let (mut key, mut url) = (None, None);
        if let Some(output) = child.stdout.take() {
            let mut lines = BufReader::new(output).lines();
            while url.is_none() {
                let Some(line) = lines.next_line().await? else { break };
                key = key.or_else(|| line.strip_prefix("API key: ").map(str::to_owned));
                url = line.strip_prefix("listening on ").map(str::to_owned);
            }
        }
        let (Some(key), Some(url)) = (key, url) else {
            return Err(Failure::unexpected("the service does not start"));
        };
        Ok(Self { child, url, key })
    }

    /// A client of it.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        Client::builder().base_url(&self.url).bearer_auth(&self.key).build().map_err(Failure::unexpected)
    }
}

/// Begins the upload of a file of this size.
pub(crate) async fn begin(client: &Client, size: i64) -> Result<ClipUpload, Failure> {
    let start = new::ClipUploadStart {
        brand_id: "bench".to_owned(),
        title: "A clip".to_owned(),
        file_name: "clip.mp4".to_owned(),
        file_size: size,
        mime_type: "video/mp4".to_owned(),
    };
    let answer = client.init_clip_upload().body(start).send().await.map_err(Failure::unexpected)?;
    Ok(answer.into_inner().data)
}

/// Begins an upload, sends its one small part, and returns what completes it.
pub(crate) async fn small(client: &Client, storage: &reqwest::Client) -> Result<CompleteClipUploadBody, Failure> {
    const BYTES: &[u8] = &[7; 1024];
    let upload = begin(client, 1024).await?;
    let wanted = new::ClipUploadPartsWanted {
        clip_id: upload.clip_id.clone(),
        upload_id: upload.upload_id.clone(),
        key: upload.key.clone(),
        part_numbers: vec![1],
    };
    let urls = client.presign_clip_upload_parts().body(wanted).send().await.map_err(Failure::unexpected)?;
    let url = urls.into_inner().data.presigned_urls.into_iter().next().map(|part| part.url);
    let url = url.ok_or_else(|| Failure::unexpected("no address came"))?;
    let put = storage.put(url).body(BYTES).send().await.map_err(Failure::unexpected)?;
    let e_tag = put.headers().get("etag").and_then(|tag| tag.to_str().ok());
    let e_tag = e_tag.ok_or_else(|| Failure::unexpected(format!("storage answered {}", put.status())))?;
    let part = CompleteClipUploadBodyPartsItem::new().with_part_number(1).with_e_tag(e_tag);
    let new = new::CompleteClipUploadBody { clip_id: upload.clip_id, upload_id: upload.upload_id, parts: vec![part] };
    Ok(CompleteClipUploadBody::from(new).with_key(upload.key))
}
