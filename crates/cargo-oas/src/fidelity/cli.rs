//! The flags. What they mean is documented here and nowhere else; `--help` prints it.

use std::path::PathBuf;

use clap::Args;

use crate::program;

/// Send values through generated types, client and server, and tell what they lose
#[derive(Debug, Clone, Args)]
#[command(after_help = program::spelled(EXAMPLES))]
pub struct Cli {
    /// The documents [default: those of `openapi/codegen.toml`, with their overlays]
    #[arg(value_name = "DOCUMENT")]
    pub documents: Vec<PathBuf>,
    /// How many valid values each schema, parameter and header gets; twice as many are broken
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub cases: usize,
    /// Where chance starts: the same seed makes the same values
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The folder for the program that is made [default: `fidelity` in cargo's target folder]
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
    /// Report as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// Show every fault, not only the first ones
    #[arg(long, short)]
    pub verbose: bool,
}

const EXAMPLES: &str = "\
Exit codes: 0 as good as the goals, 1 not so, 2 could not run.
Goals stand in `openapi/codegen.toml`, below [fidelity].

Examples:
  cargo oas fidelity
      Measure the documents of this workspace
  cargo oas fidelity petstore.yaml --cases 100 --seed 7
      Measure a document with more values, and with others than usual";
