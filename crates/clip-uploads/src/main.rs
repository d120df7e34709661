//! The clip upload service.

use std::io::{Write as _, stderr};
use std::process::ExitCode;

use clap::Parser as _;
use clip_uploads::config::Config;

#[tokio::main]
async fn main() -> ExitCode {
    match clip_uploads::start::run(Config::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
