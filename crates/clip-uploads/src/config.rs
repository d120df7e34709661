//! The command line and the environment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Takes videos in parts, and makes them whole.
///
/// Without any option it needs no server, account or configuration: bytes and metadata go to the folder `clip-uploads-data`,
/// and the first start prints an API key.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub struct Config {
    /// What to do; to serve, when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Where things are kept.
    #[command(flatten)]
    pub stores: Stores,

    /// How to serve.
    #[command(flatten)]
    pub serving: Serving,
}

const EXAMPLES: &str = "\
Examples:
  clip-uploads
      One machine, everything in ./clip-uploads-data
  clip-uploads --listen 0.0.0.0:8080 --public-url https://clips.example.com
      The same for callers elsewhere, who reach it through a proxy
  clip-uploads --storage s3://clips --database postgres://clips@db/clips
      One of many machines
  clip-uploads keys create --organisation acme --note laptop
      Another API key
";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve. This is what happens when no command is given.
    Serve,
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    Keys(KeysCommand),
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key and print it. It is shown this once: only its hash is kept.
    Create {
        /// Whose key it is. Keys of one organisation see the same clips, and nobody else's.
        #[arg(long, default_value = "default")]
        organisation: String,
        /// What the key is for.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// List the keys, without their secrets.
    List,
    /// Revoke a key. It stops working at once, and cannot be brought back.
    Revoke {
        /// The part of the key between `sk-social-` and the next hyphen, as `list` shows it.
        key_id: String,
    },
}

/// Where things are kept.
#[derive(Debug, Args)]
pub struct Stores {
    /// The folder for everything that is kept on this machine.
    #[arg(long, global = true, env = "CLIP_UPLOADS_DATA", default_value = "clip-uploads-data", value_name = "FOLDER")]
    pub data: PathBuf,

    /// The database: `sqlite:FILE` or `postgres://...`. [default: a SQLite file in the data folder]
    #[arg(long, global = true, env = "CLIP_UPLOADS_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,

    /// Where the bytes are: `folder:PATH` or `s3://BUCKET[/PREFIX]`. [default: a folder in the data folder]
    ///
    /// For S3, credentials come from where the AWS tools find them, such as `AWS_ACCESS_KEY_ID` and
    /// `AWS_SECRET_ACCESS_KEY`. The bucket should have a lifecycle rule that ends incomplete multipart uploads.
    #[arg(long, env = "CLIP_UPLOADS_STORAGE", value_name = "URL")]
    pub storage: Option<Place>,

    /// The address of an S3-compatible service that is not AWS.
    #[arg(long, env = "CLIP_UPLOADS_S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<String>,

    /// The region of the bucket, when `AWS_REGION` does not say it.
    #[arg(long, env = "CLIP_UPLOADS_S3_REGION", value_name = "REGION")]
    pub s3_region: Option<String>,
}

/// Where the bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder.
    Folder(PathBuf),
    /// A bucket, and what comes before every name in it.
    S3 {
        /// The bucket.
        bucket: String,
        /// Empty, or ending in a slash.
        prefix: String,
    },
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("folder:") {
            return Ok(Self::Folder(path.into()));
        }
        let rest = text.strip_prefix("s3://").ok_or("begins with neither `folder:` nor `s3://`")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err("names no bucket".to_owned());
        }
        let slash = if prefix.is_empty() || prefix.ends_with('/') { "" } else { "/" };
        Ok(Self::S3 { bucket: bucket.to_owned(), prefix: format!("{prefix}{slash}") })
    }
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serving {
    /// The address to listen on. With port 0 the system picks one; the log says which.
    #[arg(long, env = "CLIP_UPLOADS_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Where callers reach this process; the addresses of parts begin with it. [default: http:// and the listening
    /// address]
    #[arg(long, env = "CLIP_UPLOADS_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// How long an upload may take until it is completed.
    #[arg(long, env = "CLIP_UPLOADS_UPLOAD_LIFETIME", default_value = "24h", value_parser = duration, value_name = "TIME")]
    pub upload_lifetime: Duration,

    /// How long the address of a part or a finished video is valid.
    #[arg(long, env = "CLIP_UPLOADS_URL_LIFETIME", default_value = "1h", value_parser = duration, value_name = "TIME")]
    pub url_lifetime: Duration,

    /// How long a caller waits for a completion before being told to ask again.
    #[arg(long, env = "CLIP_UPLOADS_COMPLETION_WAIT", default_value = "20s", value_parser = duration, value_name = "TIME")]
    pub completion_wait: Duration,

    /// After how long other processes take over the completions of one that has gone silent.
    #[arg(long, env = "CLIP_UPLOADS_LEASE", default_value = "30s", value_parser = duration, value_name = "TIME")]
    pub lease: Duration,

    /// How often expired uploads and abandoned completions are looked for.
    #[arg(long, env = "CLIP_UPLOADS_SWEEP_INTERVAL", default_value = "30s", value_parser = duration, value_name = "TIME")]
    pub sweep_interval: Duration,

    /// The most bytes of a request, other than the bytes of parts.
    #[arg(long, env = "CLIP_UPLOADS_BODY_LIMIT", default_value_t = 2 * 1024 * 1024, value_name = "BYTES")]
    pub body_limit: usize,

    /// How long the head of a request may take.
    #[arg(long, env = "CLIP_UPLOADS_HEAD_TIMEOUT", default_value = "10s", value_parser = duration, value_name = "TIME")]
    pub head_timeout: Duration,

    /// How long a client may send nothing of a part before it is cut off.
    #[arg(long, env = "CLIP_UPLOADS_IDLE_TIMEOUT", default_value = "30s", value_parser = duration, value_name = "TIME")]
    pub idle_timeout: Duration,

    /// How long an answer may take, parts apart.
    #[arg(long, env = "CLIP_UPLOADS_ANSWER_TIMEOUT", default_value = "30s", value_parser = duration, value_name = "TIME")]
    pub answer_timeout: Duration,

    /// How long the end of the process waits for requests and completions.
    #[arg(long, env = "CLIP_UPLOADS_STOP_TIMEOUT", default_value = "20s", value_parser = duration, value_name = "TIME")]
    pub stop_timeout: Duration,

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

/// Reads `250ms`, `30s`, `15m`, `24h` or `7d`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "begins with no number".to_owned())?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return Err("ends in none of `ms`, `s`, `m`, `h`, `d`".to_owned()),
    };
    let millis = number.checked_mul(millis).filter(|millis| (1..=366 * 24 * 60 * 60 * 1000).contains(millis));
    millis.map(Duration::from_millis).ok_or_else(|| "is not between 1 ms and a year".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Config::command().debug_assert();
    }

    #[test]
    fn durations_have_a_unit_and_bounds() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for text in ["", "5", "s", "0s", "-1s", "367d", "99999999999999999999h", "1 s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        assert_eq!("folder:/a".parse(), Ok(Place::Folder("/a".into())));
        let bucket = |prefix: &str| Ok(Place::S3 { bucket: "b".into(), prefix: prefix.into() });
        assert_eq!("s3://b".parse(), bucket(""));
        assert_eq!("s3://b/c".parse(), bucket("c/"));
        assert_eq!("s3://b/c/".parse(), bucket("c/"));
        for text in ["", "/a", "s3:///c", "http://b"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
