//! The flags of every command. What they mean is documented here and nowhere else; `--help` prints it.

use std::ffi::OsString;
use std::path::PathBuf;

use cargo_oas::cli::{Codegen, Corpus};
use clap::{Parser, Subcommand};

/// The commands of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate crates from OpenAPI documents: types, client, server and command line
    Codegen(Codegen),
    /// Say what changes between two revisions of the documents, and who breaks; `review --help` lists its flags
    #[command(disable_help_flag = true)]
    Review {
        /// The flags of the review
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        flags: Vec<OsString>,
    },
    /// Send values through generated types, client and server, and tell what they lose; `fidelity --help` lists its flags
    #[command(disable_help_flag = true)]
    Fidelity {
        /// The flags of the measurement
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        flags: Vec<OsString>,
    },
    /// Generate, then run every test and accept what it finds as expected
    Bless,
    /// Generate from many documents, and tell what became of each
    Corpus(Corpus),
    /// Measure the generator, or the upload service
    #[command(subcommand)]
    Bench(Bench),
    /// Pack every crate that is meant for others, as a registry would get it
    Package(Package),
    /// Check what no compiler checks: lengths of files, names in documents, unused cases
    Tidy,
}

/// `cargo xtask package`
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Package {
    /// Pack without compiling what was packed
    #[arg(long)]
    pub(crate) no_verify: bool,
}

/// `cargo xtask bench`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Bench {
    /// Time and peak memory of `codegen`, beside progenitor alone on the same operations
    #[command(after_help = BENCH_EXAMPLES)]
    Codegen {
        /// The document to generate from
        #[arg(default_value = "openapi/openapi.json")]
        document: PathBuf,
        /// How often each side runs; the fastest run counts
        #[arg(long, default_value_t = 3)]
        runs: u32,
    },
    /// Processor time and memory of rustc for the packages of a document, each by itself, beside others in one run
    Compile {
        /// The document to generate from
        document: PathBuf,
        /// What to measure beside: a commit of this repository, or a folder of packages whose names start with `bench-`
        #[arg(long, value_name = "COMMIT|DIR")]
        beside: Option<String>,
        /// How often each side is checked; medians are shown
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
    /// Time of `review` between two documents; with `--probes`, its laws on random pairs of schemas
    Review {
        /// The base
        #[arg(required_unless_present = "probes")]
        base: Option<OsString>,
        /// The revision
        #[arg(required_unless_present = "probes")]
        revision: Option<OsString>,
        /// Try each law on so many random pairs of schemas, with a validator as the judge
        #[arg(long, value_name = "COUNT", conflicts_with_all = ["base", "revision"])]
        probes: Option<u32>,
        /// Which pairs are tried
        #[arg(long, default_value_t = 0, requires = "probes")]
        seed: u32,
        /// How often it runs; the fastest run counts
        #[arg(long, default_value = "3")]
        runs: OsString,
    },
    /// The upload service, the uploader, and the generated code between them; `bench uploads --help` lists its flags
    #[command(disable_help_flag = true)]
    Uploads {
        /// The flags of the measurement
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        flags: Vec<OsString>,
    },
    /// One run of progenitor alone, as JSON
    #[command(hide = true)]
    Progenitor {
        /// The document
        document: PathBuf,
    },
}

const BENCH_EXAMPLES: &str = "\
Examples:
  cargo run --release --package xtask -- bench codegen large.json
      Measure an optimised build, which is what counts";
