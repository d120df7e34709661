//! `clap` commands from the table.

use std::fmt::Write as _;
use std::io::Write;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use clap_complete::Shell;

use crate::{Argument, Body, Failure, Group, Operation, Program, ValueKind};

/// The argument that holds a whole JSON body.
pub(crate) const JSON: &str = "json";
/// The argument that holds a body of text or bytes.
pub(crate) const DATA: &str = "data";

/// The argument that asks for every page.
pub(crate) const ALL: &str = "all";

/// The command that `clap` adds, unless the document has one of that name.
const HELP: &str = "help";

/// The command that prints completions.
pub const COMPLETIONS: &str = "completions";

/// The flags that every operation has; arguments of the table are called otherwise.
pub const RESERVED_FLAGS: &[&str] =
    &["json", "data", "output", "base-url", "config", "timeout", "header", "all", "verbose", "help", "version"];

/// The whole command: one subcommand per group, in it one per operation. Commands of the program's own are added to it.
pub fn build(program: &Program) -> Command {
    Command::new(program.name)
        .about(program.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(program.groups.iter().any(|group| group.name == HELP))
        .args(global(program))
        .subcommands(program.groups.iter().map(group))
}

/// Where credentials are taken from, for the end of the help.
pub fn credentials_help(program: &Program) -> String {
    let mut help = "Credentials are taken from the environment, then from the configuration file:".to_owned();
    for scheme in program.schemes {
        // Writing to a string cannot fail.
        let _ = write!(help, "\n  {:<28} {}", scheme.env, scheme.about);
    }
    help
}

/// The command that prints completions, for [`print_completions`].
pub fn completions() -> Command {
    Command::new(COMPLETIONS)
        .about("Print a script that completes commands in a shell")
        .arg(Arg::new("shell").required(true).value_parser(clap::value_parser!(Shell)))
}

/// Prints the completions of `command` for the shell that was asked for.
///
/// # Errors
/// [`Failure::Usage`] when none was, [`Failure::Output`] when they cannot be written.
pub fn print_completions(mut command: Command, matches: &ArgMatches, out: &mut dyn Write) -> Result<(), Failure> {
    let Some(shell) = matches.get_one::<Shell>("shell") else {
        return Err(Failure::Usage("name a shell".to_owned()));
    };
    let name = command.get_name().to_owned();
    // Collected first: the generator of completions panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut command, name, &mut script);
    Ok(out.write_all(&script)?)
}

/// The arguments that every command has.
fn global(program: &Program) -> [Arg; 5] {
    let default_url = program.base_url.map_or_else(String::new, |url| format!(" [default: {url}]"));
    [
        Arg::new("base-url")
            .long("base-url")
            .value_name("URL")
            .env(format!("{}_BASE_URL", program.env_prefix))
            .help(format!("The server to talk to{default_url}"))
            .value_hint(ValueHint::Url)
            .help_heading("Options of every command")
            .global(true),
        Arg::new("output")
            .long("output")
            .short('o')
            .value_name("FORMAT")
            .value_parser(PossibleValuesParser::new(["json", "table"]))
            .help("How to print the answer [default: table on a terminal, json elsewhere]")
            .help_heading("Options of every command")
            .global(true),
        Arg::new("config")
            .long("config")
            .value_name("FILE")
            .env(format!("{}_CONFIG", program.env_prefix))
            .help("The configuration file")
            .value_hint(ValueHint::FilePath)
            .help_heading("Options of every command")
            .global(true),
        Arg::new("timeout")
            .long("timeout")
            .value_name("SECONDS")
            .value_parser(clap::value_parser!(u64).range(1..=86_400))
            .help("How long to wait for an answer")
            .help_heading("Options of every command")
            .global(true),
        Arg::new("header")
            .long("header")
            .short('H')
            .value_name("NAME: VALUE")
            .action(ArgAction::Append)
            .help("A header to send, several times for several")
            .help_heading("Options of every command")
            .global(true),
    ]
}

/// The command of a group.
fn group(group: &Group) -> Command {
    Command::new(group.name)
        .about(group.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(group.operations.iter().any(|operation| operation.name == HELP))
        .subcommands(group.operations.iter().map(operation))
}

/// The command of an operation.
fn operation(operation: &Operation) -> Command {
    let about =
        if operation.deprecated { format!("(deprecated) {}", operation.about) } else { operation.about.to_owned() };
    let mut command = Command::new(operation.name).about(about);
    if !operation.details.is_empty() {
        command = command.long_about(operation.details);
    }
    if operation.has_pages {
        command = command.arg(
            Arg::new(ALL)
                .long(ALL)
                .value_name("MOST")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value(usize::MAX.to_string())
                .value_parser(clap::value_parser!(usize))
                .help("Every page from this one on, an item per line; --all=500 for 500 items at the most"),
        );
    }
    let has_json = matches!(operation.body, Body::Json { .. });
    command = command.args(operation.arguments.iter().map(|one| argument(one, has_json)));
    match operation.body {
        Body::None | Body::Parts => command,
        Body::Json { required } => command.arg(json_argument(operation, required)),
        Body::Raw { required } => command.arg(
            Arg::new(DATA)
                .long(DATA)
                .value_name("FILE")
                .required(required)
                .help("The body: a file, or - for standard input")
                .value_hint(ValueHint::FilePath),
        ),
    }
}

/// The argument that takes the whole body. It is needed when the body is and no member could make one.
fn json_argument(operation: &Operation, required: bool) -> Arg {
    let has_members = operation.arguments.iter().any(is_member);
    Arg::new(JSON).long(JSON).value_name("BODY").required(required && !has_members).help(
        "The whole body as JSON, @FILE to read it from a file, or - for standard input; flags replace its members",
    )
}

fn is_member(argument: &Argument) -> bool {
    matches!(argument.target, crate::Target::Member(_))
}

/// One argument. A member that must be there may also come with the whole body.
fn argument(argument: &Argument, has_json: bool) -> Arg {
    let arg = Arg::new(argument.flag).long(argument.flag).help(argument.help).allow_hyphen_values(true);
    let arg = match argument.value {
        ValueKind::Text => arg.value_name("TEXT"),
        ValueKind::TextOrJson => arg.value_name("TEXT|JSON"),
        ValueKind::Choice(choices) => {
            arg.value_name("TEXT").help(format!("{} [{}]", argument.help, choices.join(", ")))
        }
        ValueKind::Integer => arg.value_name("INTEGER"),
        ValueKind::Number => arg.value_name("NUMBER"),
        ValueKind::Boolean => arg
            .value_name("true|false")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(PossibleValuesParser::new(["true", "false"])),
        ValueKind::TextList => arg.value_name("TEXT").action(ArgAction::Append),
        ValueKind::IntegerList => arg.value_name("INTEGER").action(ArgAction::Append),
        ValueKind::Json => arg.value_name("JSON"),
        ValueKind::File => arg.value_name("FILE").value_hint(ValueHint::FilePath),
        ValueKind::FileList => arg.value_name("FILE").value_hint(ValueHint::FilePath).action(ArgAction::Append),
    };
    match (argument.required, is_member(argument) && has_json) {
        (true, true) => arg.required_unless_present(JSON),
        (required, _) => arg.required(required),
    }
}
