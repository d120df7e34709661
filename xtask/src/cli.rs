//! The flags of every command. What they mean is documented here and nowhere else; `--help` prints it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    #[command(after_help = CODEGEN_EXAMPLES)]
    Codegen(Codegen),
    /// Say what changes between two revisions of the documents, and who breaks; `review --help` lists its flags
    #[command(disable_help_flag = true)]
    Review {
        /// The flags of the review
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        flags: Vec<OsString>,
    },
    /// Generate, then run every test and accept what it finds as expected
    Bless,
    /// Generate from many documents, and tell what became of each
    #[command(after_help = CORPUS_EXAMPLES)]
    Corpus(Corpus),
    /// Measure the generator, or the upload service
    #[command(subcommand)]
    Bench(Bench),
    /// Check what no compiler checks: lengths of files, names in documents, unused cases
    Tidy,
}

/// `cargo xtask codegen`
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub(crate) struct Codegen {
    /// Write nothing; exit with 1 if a generated file is stale, missing or orphaned
    #[arg(long)]
    pub(crate) check: bool,
    /// Generate whole crates from this document instead of what `openapi/codegen.toml` lists
    #[arg(long, value_name = "FILE", requires = "out")]
    pub(crate) document: Option<PathBuf>,
    /// An overlay for `--document`; repeat it for several, which apply in order
    #[arg(long, value_name = "FILE", requires = "document")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The folder that references of `--document` to other files stay below [default: its git repository, or its folder]
    #[arg(long, value_name = "DIR", requires = "document")]
    pub(crate) reference_root: Option<PathBuf>,
    /// The folder that gets the crates of `--document`
    #[arg(long, value_name = "DIR", requires = "document")]
    pub(crate) out: Option<PathBuf>,
    /// What the crates of `--document` are called: NAME-types, NAME-client, NAME-server, NAME-cli [default: the
    /// document's file name]
    #[arg(long, requires = "document")]
    pub(crate) name: Option<String>,
    /// The crates to generate [default: all; of those that are configured, without `--document`]
    #[arg(long, value_delimiter = ',', value_name = "CRATES")]
    pub(crate) only: Vec<Only>,
    /// Where the crates of `--document` find the runtime crates
    #[arg(long, value_enum, default_value_t = RuntimeKind::Path, requires = "document")]
    pub(crate) runtime: RuntimeKind,
    /// The folder, repository or version requirement of `--runtime` [default: this workspace's]
    #[arg(long, value_name = "WHERE", requires = "document")]
    pub(crate) runtime_source: Option<String>,
    /// Keep schemas that no operation reaches
    #[arg(long)]
    pub(crate) no_prune: bool,
    /// Treat slips of the document as errors: rules that it breaks, and of which the rest is sound
    #[arg(long)]
    pub(crate) strict: bool,
    /// Treat warnings about the document as errors
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Report as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Say nothing unless something is wrong
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show every message, every file and every line that differs
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// The folder that holds `openapi/codegen.toml` [default: the nearest one upwards]
    #[arg(long, value_name = "DIR", conflicts_with = "document")]
    pub(crate) root: Option<PathBuf>,
}

/// One of the crates that a document becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    /// Schemas, parameters, bodies, responses, errors and credentials
    Types,
    /// The client
    Client,
    /// The server traits and their router
    Server,
    /// The command line over the client
    Cli,
}

/// Where generated crates find the runtime crates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuntimeKind {
    /// In a folder
    #[default]
    Path,
    /// In a git repository
    Git,
    /// In the registry
    Version,
}

/// `cargo xtask corpus`
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub(crate) struct Corpus {
    /// Documents, or folders of documents
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Compile the generated types crates
    #[arg(long)]
    pub(crate) check_types: bool,
    /// Compile all generated crates
    #[arg(long, conflicts_with = "check_types")]
    pub(crate) compile: bool,
    /// Where generated crates are compiled [default: a folder in `target/`]
    #[arg(long, value_name = "DIR")]
    pub(crate) scratch: Option<PathBuf>,
    /// How many documents at once [default: one per processor]
    #[arg(long, short)]
    pub(crate) jobs: Option<usize>,
    /// Report as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Show every document, not only those that failed or warned
    #[arg(long, short)]
    pub(crate) verbose: bool,
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
    /// Time of `review` between two documents, in an optimised build
    Review {
        /// The base
        base: OsString,
        /// The revision
        revision: OsString,
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

const CODEGEN_EXAMPLES: &str = "\
Examples:
  cargo xtask codegen
      Bring the generated crates of this workspace up to date
  cargo xtask codegen --check
      Tell which generated files are not what the documents say, as CI does
  cargo xtask codegen --document petstore.yaml --out ../petstore --name petstore
      Generate the crates petstore-types, petstore-client, petstore-server and
      petstore-cli, the command line
  cargo xtask codegen --document petstore.yaml --overlay fixes.yaml \\
          --out ../petstore --only types,client
      The same after an overlay, without server and command line

Exit codes: 0 all is well, 1 something is stale, 2 could not run";

const CORPUS_EXAMPLES: &str = "\
Examples:
  cargo xtask corpus ../documents
      Generate from every document below that folder, in memory
  cargo xtask corpus --compile petstore.yaml
      Generate from one document, and compile the crates

Exit codes: 0 all is well, 1 a document failed without saying why, or its crates do not compile, 2 could not run";

const BENCH_EXAMPLES: &str = "\
Examples:
  cargo run --release --package xtask -- bench codegen large.json
      Measure an optimised build, which is what counts";
