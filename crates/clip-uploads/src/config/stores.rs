//! Where things are kept.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

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
    #[arg(long, global = true, env = "CLIP_UPLOADS_STORAGE", value_name = "URL")]
    pub storage: Option<Place>,

    /// The address of an S3-compatible service that is not AWS.
    #[arg(long, global = true, env = "CLIP_UPLOADS_S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<String>,

    /// The region of the bucket, when `AWS_REGION` does not say it.
    #[arg(long, global = true, env = "CLIP_UPLOADS_S3_REGION", value_name = "REGION")]
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

#[cfg(test)]
mod tests {
    use super::*;

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
