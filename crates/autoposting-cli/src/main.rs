//! `autoposting`: every operation of the Autoposting API as a command, and uploads of clips that survive interruptions.

mod auth;
mod command;
mod connect;
mod download;
mod recent;
mod upload;

#[rustfmt::skip]
mod generated;

use std::io::Write;
use std::process::ExitCode;

use clap::ArgMatches;
use oas_cli_runtime::command::COMPLETIONS;
use oas_cli_runtime::output::Format;
use oas_cli_runtime::{Failure, Input, Operation, answer};

fn main() -> ExitCode {
    let matches = command::build().get_matches();
    let done = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(&matches)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            oas_cli_runtime::report(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Does what was typed.
async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some((group, rest)) = matches.subcommand() else {
        return Err(Failure::Usage("no command was given".to_owned()));
    };
    match (group, rest.subcommand()) {
        (COMPLETIONS, _) => oas_cli_runtime::command::print_completions(command::build(), rest, &mut std::io::stdout()),
        ("auth", Some((action, matches))) => auth::run(action, matches),
        ("clips", Some(("upload", matches))) => upload::run(matches).await,
        ("clips", Some(("download", matches))) => download::run(matches).await,
        (group, Some((name, matches))) => match generated::PROGRAM.operation(group, name) {
            Some(operation) => call(operation, matches).await,
            None => Err(Failure::Usage(format!("there is no command {group} {name}"))),
        },
        (group, None) => Err(Failure::Usage(format!("there is no command {group}"))),
    }
}

/// Calls an operation and prints its answer.
async fn call(operation: &'static Operation, matches: &ArgMatches) -> Result<(), Failure> {
    let input = Input::read(operation, matches)?;
    let connection = connect::open(matches)?;
    let answer = generated::call(&connection.client, operation.id, input).await;
    let answer = answer.map_err(|failure| connection.explain(failure))?;
    answer::write(&generated::PROGRAM, answer, format(matches), &mut std::io::stdout()).await
}

/// How to print answers.
fn format(matches: &ArgMatches) -> Format {
    Format::choose(matches.get_one::<String>("output").map(String::as_str))
}

/// Prints a value as an answer is printed.
fn print(value: &serde_json::Value, matches: &ArgMatches) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let format = format(matches);
    oas_cli_runtime::output::print(generated::PROGRAM.shown(value, format), format, &mut out)?;
    Ok(out.flush()?)
}
