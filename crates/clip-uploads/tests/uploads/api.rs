//! The API, as a caller sees it.

use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The fewest bytes of a part that is not the last.
pub(crate) const MIN_PART: usize = 5 * 1024 * 1024;

/// The API of a process.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) http: reqwest::Client,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: Value,
}

/// An upload that has begun.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) clip: String,
    pub(crate) id: String,
    pub(crate) key: String,
    /// The bytes of its parts.
    pub(crate) parts: Vec<Vec<u8>>,
    /// The ETags that storage gave, with their quotes.
    pub(crate) etags: Vec<String>,
}

impl Upload {
    pub(crate) fn body(&self, extra: &Value) -> Value {
        let mut body = json!({ "clipId": self.clip, "uploadId": self.id });
        for (name, value) in extra.as_object().expect("an object") {
            body[name] = value.clone();
        }
        body
    }

    /// The list that completes it.
    pub(crate) fn list(&self) -> Value {
        let part = |(index, etag): (usize, &String)| json!({ "partNumber": index + 1, "eTag": etag });
        self.etags.iter().enumerate().map(part).collect()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.parts.concat()
    }
}

/// Bytes that differ from part to part and from seed to seed.
pub(crate) fn some_bytes(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

impl Api {
    /// The same API, called with another key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self.clone() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// Begins an upload of a file of this size.
    pub(crate) async fn begin(&self, size: usize) -> Upload {
        let start = json!({
            "brandId": "brand_1", "title": "A clip", "fileName": "a clip.mp4", "fileSize": size, "mimeType": "video/mp4",
        });
        let answer = self.post("/clips/upload/init", &start).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let member = |name: &str| answer.body["data"][name].as_str().expect("a string").to_owned();
        Upload {
            clip: member("clipId"),
            id: member("uploadId"),
            key: member("key"),
            parts: Vec::new(),
            etags: Vec::new(),
        }
    }

    /// The addresses of parts.
    pub(crate) async fn presign(&self, upload: &Upload, numbers: &[usize]) -> Vec<String> {
        let body = upload.body(&json!({ "key": upload.key, "partNumbers": numbers }));
        let answer = self.post("/clips/upload/presign", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let urls = answer.body["data"]["presignedUrls"].as_array().expect("a list");
        urls.iter().map(|part| part["url"].as_str().expect("a string").to_owned()).collect()
    }

    /// Uploads one part and returns its ETag.
    pub(crate) async fn put(&self, upload: &Upload, number: usize, bytes: Vec<u8>) -> String {
        let url = self.presign(upload, &[number]).await.remove(0);
        let answer = self.http.put(url).body(bytes).send().await.expect("storage answers");
        assert_eq!(answer.status(), StatusCode::OK, "{answer:?}");
        answer.headers()["etag"].to_str().expect("text").to_owned()
    }

    /// Begins an upload and uploads its parts.
    pub(crate) async fn upload(&self, parts: Vec<Vec<u8>>) -> Upload {
        let mut upload = self.begin(parts.iter().map(Vec::len).sum()).await;
        for (index, bytes) in parts.iter().enumerate() {
            let etag = self.put(&upload, index + 1, bytes.clone()).await;
            upload.etags.push(etag);
        }
        upload.parts = parts;
        upload
    }

    /// An upload of a large and a small part.
    pub(crate) async fn two_parts(&self, seed: u64) -> Upload {
        self.upload(vec![some_bytes(seed, MIN_PART), some_bytes(seed + 1, 1000)]).await
    }

    /// An upload of one small part, where the number of parts does not matter.
    pub(crate) async fn one_part(&self, seed: u64) -> Upload {
        self.upload(vec![some_bytes(seed, 2000)]).await
    }

    pub(crate) async fn complete(&self, upload: &Upload, list: &Value) -> Answer {
        self.post("/clips/upload/complete", &upload.body(&json!({ "parts": list }))).await
    }

    /// Completes an upload, asking again as long as the service says that this helps.
    pub(crate) async fn complete_patiently(&self, upload: &Upload) -> Answer {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let answer = self.complete(upload, &upload.list()).await;
            if answer.retry_after.is_none() || Instant::now() > deadline {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) async fn abort(&self, upload: &Upload) -> Answer {
        self.post("/clips/upload/abort", &upload.body(&json!({ "key": upload.key }))).await
    }

    pub(crate) async fn show(&self, clip: &str) -> Answer {
        Answer::of(self.request(Method::GET, &format!("/clips/{clip}?includeParts=true"))).await
    }

    /// The status that a clip is shown with.
    pub(crate) async fn status(&self, upload: &Upload) -> String {
        let answer = self.show(&upload.clip).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["data"]["status"].as_str().expect("a string").to_owned()
    }

    /// Waits until a clip is shown with this status.
    pub(crate) async fn wait_status(&self, upload: &Upload, status: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let now = self.status(upload).await;
            if now == status {
                return;
            }
            assert!(Instant::now() < deadline, "it is {now}, and not {status}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Makes sure that a clip is complete, byte for byte.
    pub(crate) async fn assert_whole(&self, upload: &Upload) {
        let shown = self.show(&upload.clip).await;
        assert_eq!(shown.body["data"]["status"], "ready", "{shown:?}");
        let url = shown.body["data"]["downloadUrl"].as_str().expect("an address");
        let answer = self.http.get(url).send().await.expect("storage answers");
        assert_eq!(answer.status(), StatusCode::OK, "{answer:?}");
        let etag = answer.headers()["etag"].to_str().expect("text").trim_matches('"').to_owned();
        let bytes = answer.bytes().await.expect("the bytes");
        assert!(bytes == upload.bytes(), "the object has {} bytes, which differ", bytes.len());
        assert_eq!(etag, whole_etag(&upload.parts));
        assert_eq!(shown.body["data"]["eTag"], etag);
    }
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        Self::try_of(request).await.expect("the service answers")
    }

    pub(crate) async fn try_of(request: RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after");
        let retry_after = retry_after.map(|value| value.to_str().expect("text").parse().expect("seconds"));
        let text = response.text().await?;
        Ok(Self { status, retry_after, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }

    /// Status and code.
    pub(crate) fn error(&self) -> (u16, &str) {
        (self.status, self.body["error"].as_str().unwrap_or_default())
    }
}

/// The MD5 of the parts' MD5s, a hyphen, and the number of parts.
pub(crate) fn whole_etag(parts: &[Vec<u8>]) -> String {
    use md5::{Digest as _, Md5};
    let digests: Vec<u8> = parts.iter().flat_map(|bytes| Md5::digest(bytes).to_vec()).collect();
    format!("{}-{}", data_encoding::HEXLOWER.encode(&Md5::digest(digests)), parts.len())
}
