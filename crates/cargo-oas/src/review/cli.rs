//! The flags. What they mean is documented here and nowhere else; `--help` prints it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::program;

/// Say what changes between two revisions of the OpenAPI documents, who breaks, and what to do about it
#[derive(Debug, Clone, Args)]
#[command(after_help = program::spelled(EXAMPLES))]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub struct Cli {
    /// What to compare with: a git revision, a document, or `REV:PATH`; several, the oldest first, or a range `A..B` or
    /// `A..B:PATH`, give a timeline [default: where this branch left the main branch]
    #[arg(long, value_name = "REV|FILE")]
    pub base: Vec<String>,
    /// What to review: a git revision, a document, or `REV:PATH` [default: the working tree]
    #[arg(long, value_name = "REV|FILE")]
    pub revision: Option<String>,
    /// An overlay for documents given as files; repeat it for several, which apply in order
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// An overlay for the revision alone, after the others: to see what it would change
    #[arg(long, value_name = "FILE")]
    pub revision_overlay: Vec<PathBuf>,
    /// The document to review, of those in `openapi/codegen.toml` [default: all]
    #[arg(long, value_name = "NAME")]
    pub api: Option<String>,
    /// What the report looks like
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Which findings make the command exit with 1
    #[arg(long, value_enum, default_value_t = FailOn::Breaking, value_name = "WHAT")]
    pub fail_on: FailOn,
    /// Write the report to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Explain a rule and exit
    #[arg(long, value_name = "RULE", exclusive = true)]
    pub explain: Option<String>,
    /// List every rule and exit
    #[arg(long, exclusive = true)]
    pub rules: bool,
    /// Find the lines of this workspace that stop compiling
    #[arg(long)]
    pub call_sites: bool,
    /// Print entries for the changelogs of the generated crates instead of the report
    #[arg(long)]
    pub changelog: bool,
    /// Leave out what changes in Rust
    #[arg(long, conflicts_with = "call_sites")]
    pub no_rust: bool,
    /// The accepted findings [default: openapi/accepted.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub accepted: Option<PathBuf>,
    /// Take the acceptances that match nothing out of their file, and exit
    #[arg(long)]
    pub prune_accepted: bool,
    /// Fail when an acceptance matches nothing
    #[arg(long)]
    pub deny_unused_accepted: bool,
    /// The day on which acceptances are looked at, as YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    pub today: Option<String>,
    /// The folder that holds `openapi/codegen.toml` [default: the nearest one upwards]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Measure the review this often instead of printing it
    #[arg(long, value_name = "RUNS", hide = true)]
    pub bench: Option<u32>,
}

/// What the report looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// One page that opens offline
    Html,
}

/// Which findings make the command exit with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Those that break clients
    Breaking,
    /// Those, and those that a person has to look at
    Review,
    /// None
    Never,
}

const EXAMPLES: &str = "\
Examples:
  cargo oas review
      Review the changes of this branch, uncommitted ones too
  cargo oas review --base v1.2.0 --revision HEAD --format markdown
      Review what happened since a tag, as a comment for a pull request
  cargo oas review --base old.yaml --revision new.yaml
      Review two documents
  cargo oas review --base v1 --base v2 --revision HEAD
      Tell what happened from revision to revision
  cargo oas review --explain request-property-became-required
      Tell what a rule means

Exit codes: 0 nothing that --fail-on names, 1 something, 2 could not run";
