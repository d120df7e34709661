//! The flags.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measure the upload service, the uploader, and the generated code between them
///
/// Programs are optimized as a whole; what they are compared with runs in turns with them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench uploads", bin_name = "cargo xtask bench uploads", max_term_width = 100)]
pub(crate) struct Cli {
    /// Print JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// What to measure [default: everything]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "GROUPS")]
    pub(crate) only: Vec<Group>,
    /// How many rounds of requests the generated router and client are measured in
    #[arg(long, default_value_t = 96, value_parser = clap::value_parser!(u32).range(4..))]
    pub(crate) rounds: u32,
    /// The size of the file whose upload is timed
    #[arg(long, default_value_t = 256, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) size: u32,
    /// Measure completions in turns with another build of the service, such as that of the commit before
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) beside: Option<PathBuf>,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Group {
    /// The generated router, beside an axum handler by hand
    Router,
    /// The generated client, beside reqwest by hand
    Client,
    /// Completions per second, and one completion of 10,000 parts
    Completions,
    /// Uploads, beside `aws s3 cp` and a plain copy
    Transfer,
    /// The peak memory of the service and the uploader, for a small and a large file and for 20,000 uploads
    Memory,
}
