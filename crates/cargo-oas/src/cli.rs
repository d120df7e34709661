//! The flags of the commands that generate. What they mean is documented here and nowhere else; `--help` prints it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use oas_codegen::generate::Package;
use oas_model::Selector;

use crate::program;

/// `cargo oas codegen`
#[derive(Debug, Clone, Default, Args)]
#[command(after_help = program::spelled(CODEGEN_EXAMPLES))]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub struct Codegen {
    /// Write nothing; exit with 1 if a generated file is stale, missing or orphaned
    #[arg(long)]
    pub check: bool,
    /// Generate whole crates from this document instead of what `openapi/codegen.toml` lists
    #[arg(long, value_name = "FILE", requires = "out")]
    pub document: Option<PathBuf>,
    /// An overlay for `--document`; repeat it for several, which apply in order
    #[arg(long, value_name = "FILE", requires = "document")]
    pub overlay: Vec<PathBuf>,
    /// The folder that references of `--document` to other files stay below [default: its git repository, or else its
    /// folder]
    #[arg(long, value_name = "DIR", requires = "document")]
    pub reference_root: Option<PathBuf>,
    /// The folder that gets the crates of `--document`
    #[arg(long, value_name = "DIR", requires = "document")]
    pub out: Option<PathBuf>,
    /// What the crates of `--document` are called: NAME-types, NAME-client, NAME-server, NAME-cli [default: the
    /// document's file name]
    #[arg(long, requires = "document")]
    pub name: Option<String>,
    /// The crates to generate [default: all; of those that are configured, without `--document`]
    #[arg(long, value_delimiter = ',', value_name = "CRATES")]
    pub only: Vec<Only>,
    /// Where the crates of `--document` find the runtime crates [default: embedded; path where this workspace has them]
    #[arg(long, value_enum, requires = "document")]
    pub runtime: Option<RuntimeKind>,
    /// The folder, repository or version requirement of `--runtime` [default: this workspace's]
    #[arg(long, value_name = "WHERE", requires = "document")]
    pub runtime_source: Option<String>,
    /// The commit, branch or tag of `--runtime git`
    #[arg(long, value_name = "REV", requires = "document")]
    pub runtime_rev: Option<String>,
    /// Record the version of this program in `openapi/codegen.toml`, and generate with it
    #[arg(long, conflicts_with_all = ["check", "document"])]
    pub upgrade: bool,
    /// Generate only these operations of `--document`: `tag:NAME`, `webhook:NAME`, an operation id, or `GET /path/*`;
    /// a `*` stands for anything. Repeat it for several
    #[arg(long, value_name = "SELECTOR", requires = "document")]
    pub include: Vec<Selector>,
    /// Leave these operations of `--document` out, written as for `--include`
    #[arg(long, value_name = "SELECTOR", requires = "document")]
    pub exclude: Vec<Selector>,
    /// Write `manifest.json` beside the crates of `--document`: what each place of the document became
    #[arg(long, requires = "document")]
    pub manifest: bool,
    /// Keep schemas that no operation reaches
    #[arg(long)]
    pub no_prune: bool,
    /// Treat slips of the document as errors: rules that it breaks while the rest of it is sound
    #[arg(long)]
    pub strict: bool,
    /// Treat warnings about the document as errors
    #[arg(long)]
    pub deny_warnings: bool,
    /// Report as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// Say nothing unless something is wrong
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every message, every file and every line that differs
    #[arg(long, short)]
    pub verbose: bool,
    /// The folder that holds `openapi/codegen.toml` [default: the nearest one upwards]
    #[arg(long, value_name = "DIR", conflicts_with = "document")]
    pub root: Option<PathBuf>,
}

/// One of the crates that a document becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Schemas, parameters, bodies, responses, errors and credentials
    Types,
    /// The client
    Client,
    /// The server traits and their router
    Server,
    /// The command line over the client
    Cli,
}

impl Only {
    /// The package that it means.
    pub fn package(self) -> Package {
        match self {
            Self::Types => Package::Types,
            Self::Client => Package::Client,
            Self::Server => Package::Server,
            Self::Cli => Package::Cli,
        }
    }
}

/// Where generated crates find the runtime crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuntimeKind {
    /// Beside the generated crates: their sources come along
    Embedded,
    /// In a folder
    Path,
    /// In a git repository
    Git,
    /// In the registry
    Version,
}

/// `cargo oas init`
#[derive(Debug, Clone, Args)]
#[command(after_help = program::spelled(INIT_EXAMPLES))]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub struct Init {
    /// The OpenAPI document: a file, or an https address with --fetch
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// What the packages are called: NAME-types, NAME-client, NAME-server, NAME-cli [default: from the document]
    #[arg(long)]
    pub name: Option<String>,
    /// The packages to make; types are always among them [default: all]
    #[arg(long, value_delimiter = ',', value_name = "PACKAGES")]
    pub only: Vec<Only>,
    /// Where the packages find the runtime crates [default: embedded, their sources come along]
    #[arg(long, value_enum)]
    pub runtime: Option<RuntimeKind>,
    /// The folder, repository or version requirement of `--runtime`
    #[arg(long, value_name = "WHERE", requires = "runtime")]
    pub runtime_source: Option<String>,
    /// The commit, branch or tag of `--runtime git`
    #[arg(long, value_name = "REV", requires = "runtime")]
    pub runtime_rev: Option<String>,
    /// Write no workflows for GitHub Actions
    #[arg(long)]
    pub no_workflows: bool,
    /// Fetch the document from its https address, with curl
    #[arg(long)]
    pub fetch: bool,
    /// Only show what would be written
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Go on without a question
    #[arg(long, short)]
    pub yes: bool,
    /// The root of the workspace [default: the nearest one upwards, or the current folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

/// `cargo oas corpus`
#[derive(Debug, Clone, Args)]
#[command(after_help = program::spelled(CORPUS_EXAMPLES))]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub struct Corpus {
    /// Documents, or folders of documents
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Compile the generated types crates
    #[arg(long)]
    pub check_types: bool,
    /// Compile all generated crates
    #[arg(long, conflicts_with = "check_types")]
    pub compile: bool,
    /// Where generated crates are compiled [default: a folder in `target/`]
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
    /// How many documents at once [default: one per processor]
    #[arg(long, short)]
    pub jobs: Option<usize>,
    /// Report as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// Show every document, not only those that failed or warned
    #[arg(long, short)]
    pub verbose: bool,
}

const CODEGEN_EXAMPLES: &str = "\
Examples:
  cargo oas codegen
      Bring the generated crates of this workspace up to date
  cargo oas codegen --check
      Tell which generated files are not what the documents say, as CI does
  cargo oas codegen --document petstore.yaml --out ../petstore --name petstore
      Generate the crates petstore-types, petstore-client, petstore-server and
      petstore-cli, the command line
  cargo oas codegen --document petstore.yaml --overlay fixes.yaml \\
          --out ../petstore --only types,client
      The same after an overlay, without server and command line
  cargo oas codegen --document petstore.yaml --out ../petstore \\
          --include tag:pets --exclude 'DELETE /*'
      Only the operations of one tag, without those that delete

Exit codes: 0 all is well, 1 something is stale, 2 could not run";

const INIT_EXAMPLES: &str = "\
Examples:
  cargo oas init petstore.yaml --yes
      Make a workspace, or add to the one that is here: types, client, server
      and command line of that API, a configuration, workflows
  cargo oas init petstore.yaml --only client --dry-run
      Show what types and client alone would add

What is there already stays as it is; a second run changes nothing";

const CORPUS_EXAMPLES: &str = "\
Examples:
  cargo oas corpus ../documents
      Generate from every document below that folder, in memory
  cargo oas corpus --compile petstore.yaml
      Generate from one document, and compile the crates

Exit codes: 0 all is well, 1 a document failed without saying why, or its crates do not compile, 2 could not run";
