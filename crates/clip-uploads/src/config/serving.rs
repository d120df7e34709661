//! How to serve.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::HeaderValue;
use clap::{Args, ValueEnum};

use super::values;

/// How to serve.
#[derive(Debug, Args)]
pub struct Serving {
    /// The address to listen on. With port 0 the system picks one; the log says which.
    #[arg(long, env = "CLIP_UPLOADS_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Where callers reach this process; the addresses of parts begin with it. [default: http:// and the listening
    /// address]
    #[arg(long, env = "CLIP_UPLOADS_PUBLIC_URL", value_parser = values::public_url, value_name = "URL")]
    pub public_url: Option<String>,

    /// The origin of web pages that may call, such as `https://app.example.com`. Can be given several times.
    #[arg(
        long = "cors-origin",
        env = "CLIP_UPLOADS_CORS_ORIGIN",
        value_parser = values::origin,
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub cors_origins: Vec<HeaderValue>,

    /// How long an upload may take until it is completed. The addresses of its parts are valid for as long; with S3, for
    /// seven days at most.
    #[arg(long, env = "CLIP_UPLOADS_UPLOAD_LIFETIME", default_value = "24h", value_parser = values::duration, value_name = "TIME")]
    pub upload_lifetime: Duration,

    /// How long the address of a finished video is valid. With S3, seven days at most.
    #[arg(long, env = "CLIP_UPLOADS_URL_LIFETIME", default_value = "1h", value_parser = values::duration, value_name = "TIME")]
    pub url_lifetime: Duration,

    /// How long a caller waits for a completion before being told to ask again.
    #[arg(long, env = "CLIP_UPLOADS_COMPLETION_WAIT", default_value = "20s", value_parser = values::duration, value_name = "TIME")]
    pub completion_wait: Duration,

    /// After how long other processes take over the completions of one that has gone silent.
    #[arg(long, env = "CLIP_UPLOADS_LEASE", default_value = "30s", value_parser = values::duration, value_name = "TIME")]
    pub lease: Duration,

    /// How often expired uploads and abandoned completions are looked for.
    #[arg(long, env = "CLIP_UPLOADS_SWEEP_INTERVAL", default_value = "30s", value_parser = values::duration, value_name = "TIME")]
    pub sweep_interval: Duration,

    /// The most bytes of a request, other than the bytes of parts.
    #[arg(long, env = "CLIP_UPLOADS_BODY_LIMIT", default_value_t = 2 * 1024 * 1024, value_name = "BYTES")]
    pub body_limit: usize,

    /// How long the head of a request may take.
    #[arg(long, env = "CLIP_UPLOADS_HEAD_TIMEOUT", default_value = "10s", value_parser = values::duration, value_name = "TIME")]
    pub head_timeout: Duration,

    /// How long a connection stays open between two requests. Longer than a proxy in front keeps it.
    #[arg(long, env = "CLIP_UPLOADS_KEEP_ALIVE", default_value = "75s", value_parser = values::duration, value_name = "TIME")]
    pub keep_alive: Duration,

    /// How long a client may send nothing of a part, or take nothing of an answer, before it is cut off.
    #[arg(long, env = "CLIP_UPLOADS_IDLE_TIMEOUT", default_value = "30s", value_parser = values::duration, value_name = "TIME")]
    pub idle_timeout: Duration,

    /// How long an answer may take, parts apart.
    #[arg(long, env = "CLIP_UPLOADS_ANSWER_TIMEOUT", default_value = "30s", value_parser = values::duration, value_name = "TIME")]
    pub answer_timeout: Duration,

    /// How long the end of the process waits for requests and completions.
    #[arg(long, env = "CLIP_UPLOADS_STOP_TIMEOUT", default_value = "20s", value_parser = values::duration, value_name = "TIME")]
    pub stop_timeout: Duration,

    /// How long to go on accepting connections after being told to stop, while `/readyz` already says no: as long as a
    /// balancer in front needs to see it.
    #[arg(long, env = "CLIP_UPLOADS_DRAIN", value_parser = values::duration, value_name = "TIME")]
    pub drain: Option<Duration>,

    /// The longest time between two looks at the clock that is nothing special. After a longer one, nothing is deleted
    /// because of its age until the clock has agreed with itself again.
    #[arg(long, env = "CLIP_UPLOADS_CLOCK_GAP", default_value = "5m", value_parser = values::duration, value_name = "TIME")]
    pub clock_gap: Duration,

    /// How long the clock has to agree with itself after a jump until expired uploads are deleted again.
    #[arg(
        long,
        env = "CLIP_UPLOADS_CLOCK_AGREEMENT",
        default_value = "10m",
        value_parser = values::duration,
        value_name = "TIME"
    )]
    pub clock_agreement: Duration,

    /// The most bytes of an organisation, stored and announced. [default: with a folder, what its disk has room for, of
    /// all organisations together; with S3, no limit]
    #[arg(long, env = "CLIP_UPLOADS_ORGANISATION_BYTES", value_parser = values::bytes, value_name = "SIZE")]
    pub organisation_bytes: Option<u64>,

    /// The most uploads of an organisation that take parts at once.
    #[arg(long, env = "CLIP_UPLOADS_ORGANISATION_UPLOADS", default_value_t = 10_000, value_name = "NUMBER")]
    pub organisation_uploads: u64,

    /// The most requests of an organisation in a second, to this process; parts are not counted.
    #[arg(
        long,
        env = "CLIP_UPLOADS_ORGANISATION_REQUESTS",
        default_value_t = 5000,
        value_parser = clap::value_parser!(u32).range(1..),
        value_name = "NUMBER"
    )]
    pub organisation_requests: u32,

    /// Where the key that the first start makes goes.
    #[arg(long, env = "CLIP_UPLOADS_FIRST_KEY", default_value = "auto", value_name = "WHERE")]
    pub first_key: FirstKey,

    /// How the log looks.
    #[arg(long, env = "CLIP_UPLOADS_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,

    /// What is logged, such as `info` or `clip_uploads=debug`.
    #[arg(long, env = "CLIP_UPLOADS_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
}

/// How the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line per event, for people.
    Text,
    /// A JSON object per event, for programs.
    Json,
}

/// Where the key that the first start makes goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FirstKey {
    /// To standard output, unless that is the journal; then to a file.
    Auto,
    /// To standard output.
    Stdout,
    /// To the file `first-api-key` in the data folder, readable for its user alone.
    File,
    /// Nowhere: none is made.
    None,
}
