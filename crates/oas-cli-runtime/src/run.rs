//! A whole program: its commands are those of the table.

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::{ArgMatches, Command};

use crate::output::Format;
use crate::{Answer, Failure, Input, Operation, Program, Settings, answer, command, report};

/// Runs a program that has no commands but those of its table: reads what was typed, has `call` call the operation,
/// and prints what it answers.
pub fn run<Call>(program: &'static Program, version: &'static str, call: Call) -> ExitCode
where
    Call: AsyncFnOnce(&'static Operation, Input, Settings) -> Result<Answer, Failure>,
{
    let matches = build(program, version).get_matches();
    let done = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(one(program, version, &matches, call)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Every command.
fn build(program: &Program, version: &'static str) -> Command {
    let mut whole = command::build(program).version(version);
    if !program.schemes.is_empty() {
        whole = whole.after_help(command::credentials_help(program));
    }
    if has_completions(program) { whole.subcommand(command::completions()) } else { whole }
}

/// Whether the program prints completions: not when the document needs the word.
fn has_completions(program: &Program) -> bool {
    program.groups.iter().all(|group| group.name != command::COMPLETIONS)
}

/// Does what was typed.
async fn one<Call>(
    program: &'static Program,
    version: &'static str,
    matches: &ArgMatches,
    call: Call,
) -> Result<(), Failure>
where
    Call: AsyncFnOnce(&'static Operation, Input, Settings) -> Result<Answer, Failure>,
{
    let Some((group, rest)) = matches.subcommand() else {
        return Err(Failure::Usage("no command was given".to_owned()));
    };
    if group == command::COMPLETIONS && has_completions(program) {
        return command::print_completions(build(program, version), rest, &mut std::io::stdout());
    }
    let chosen = rest.subcommand().and_then(|(name, rest)| Some((program.operation(group, name)?, rest)));
    let Some((operation, rest)) = chosen else {
        return Err(Failure::Usage(format!("there is no such command in {group}")));
    };
    let input = Input::read(operation, rest)?;
    let settings = Settings::of(program, rest)?;
    let unauthenticated = settings.credentials.is_empty() && !program.schemes.is_empty();
    let answered =
        call(operation, input, settings).await.map_err(|failure| explained(program, failure, unauthenticated));
    let format = Format::choose(rest.get_one::<String>("output").map(String::as_str));
    answer::write(answered?, format, &mut std::io::stdout()).await
}

/// The same failure, with where credentials come from when the API asks for them and none are known.
fn explained(program: &Program, failure: Failure, unauthenticated: bool) -> Failure {
    let variables: Vec<&str> = program.schemes.iter().map(|scheme| scheme.env).collect();
    match failure {
        Failure::Answer { status: 401, message, hint: None, body } if unauthenticated => {
            let hint = Some(format!("no credentials were sent: set {}", variables.join(" or ")));
            Failure::Answer { status: 401, message, hint, body }
        }
        other => other,
    }
}
