//! A whole program: its commands are those of the table.

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::{ArgMatches, Command};

use crate::output::Format;
use crate::{Answer, Failure, Input, Operation, Program, Settings, answer, auth, command, report};

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
    if has_auth(program) {
        whole = whole.subcommand(auth::command(program));
    }
    if has_completions(program) { whole.subcommand(command::completions()) } else { whole }
}

/// Whether the program keeps credentials: not when there are none, or the document needs the word.
fn has_auth(program: &Program) -> bool {
    !program.schemes.is_empty() && program.groups.iter().all(|group| group.name != auth::AUTH)
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
    if group == auth::AUTH && has_auth(program) {
        return auth::run(program, rest);
    }
    let chosen = rest.subcommand().and_then(|(name, rest)| Some((program.operation(group, name)?, rest)));
    let Some((operation, rest)) = chosen else {
        return Err(Failure::Usage(format!("there is no such command in {group}")));
    };
    let input = Input::read(operation, rest)?;
    let settings = Settings::of(program, rest)?;
    settings.require_file(rest)?;
    let credentials = settings.describe_credentials();
    let answered = call(operation, input, settings).await;
    let answered = answered.map_err(|failure| explained(program, failure, credentials.as_deref()));
    let format = Format::choose(rest.get_one::<String>("output").map(String::as_str));
    answer::write(program, answered?, format, &mut std::io::stdout()).await
}

/// The same failure, with where credentials come from when the API asks for other ones.
fn explained(program: &Program, failure: Failure, credentials: Option<&str>) -> Failure {
    let variables: Vec<&str> = program.schemes.iter().map(|scheme| scheme.env).collect();
    match failure {
        Failure::Usage(message) if message.contains("needs credentials: call") && !variables.is_empty() => {
            let login =
                if has_auth(program) { format!(", or run `{} auth login`", program.name) } else { String::new() };
            Failure::Usage(format!("this command needs credentials: set {}{login}", variables.join(" or ")))
        }
        Failure::Answer { status: 401, message, body, .. } if !variables.is_empty() => {
            let variables = variables.join(" or ");
            let hint = match credentials {
                Some(used) => format!("what was sent is {used}; set {variables} to send something else"),
                None => format!("no credentials were sent: set {variables}"),
            };
            Failure::Answer { status: 401, message, hint: Some(hint), body }
        }
        other => other,
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "scratch files of these tests")]
mod tests {
    use super::*;
    use crate::{Argument, Body, Group, Scheme, Target, ValueKind};

    const fn argument(flag: &'static str, value: ValueKind, required: bool) -> Argument {
        Argument { flag, target: Target::Member(flag), value, required, help: "" }
    }

    const fn operation(name: &'static str, arguments: &'static [Argument], body: Body) -> Operation {
        Operation { id: name, name, about: "", details: "", deprecated: false, arguments, body, has_pages: false }
    }

    const PARTS: &[Argument] = &[
        argument("file", ValueKind::File, true),
        argument("more", ValueKind::FileList, false),
        argument("size", ValueKind::Integer, false),
        argument("input", ValueKind::TextOrJson, false),
    ];

    const PROGRAM: Program = Program {
        name: "example",
        about: "An example",
        env_prefix: "EXAMPLE_OF_RUN",
        base_url: None,
        envelope: Some("/data"),
        schemes: &[Scheme { name: "token", env: "EXAMPLE_OF_RUN_TOKEN", about: "" }],
        groups: &[Group {
            name: "things",
            about: "",
            operations: &[
                operation("send", PARTS, Body::Parts),
                operation("write", &[], Body::Raw { required: true }),
                operation("help", &[], Body::None),
            ],
        }],
    };

    /// What is read of these arguments.
    fn read(arguments: &[&str]) -> Input {
        let matches = build(&PROGRAM, "1").try_get_matches_from(arguments).expect("they are understood");
        let (group, rest) = matches.subcommand().expect("a group");
        let (name, rest) = rest.subcommand().expect("an operation");
        Input::read(PROGRAM.operation(group, name).expect("it is in the table"), rest).expect("an input")
    }

    #[test]
    fn the_table_makes_a_program() {
        build(&PROGRAM, "1").debug_assert();
        let completing =
            build(&PROGRAM, "1").try_get_matches_from(["example", "completions", "bash"]).expect("a shell");
        let (_, shell) = completing.subcommand().expect("a command");
        let mut script = Vec::new();
        command::print_completions(build(&PROGRAM, "1"), shell, &mut script).expect("printed");
        assert!(String::from_utf8_lossy(&script).contains("things"));
    }

    #[test]
    fn parts_are_files_and_values() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.bin");
        std::fs::write(&path, [0, 255]).expect("written");
        let path = path.to_str().expect("a path");
        let mut input =
            read(&["example", "things", "send", "--file", path, "--more", path, "--more", path, "--size", "7"]);
        assert_eq!(input.member::<i64>("size").expect("an integer"), Some(7));
        assert_eq!(input.member::<i64>("size").expect("nothing is left"), None);
        let file = format!("{:?}", input.files("file"));
        assert!(file.contains("a.bin"), "{file}");
        assert_eq!((input.files("more").len(), input.files("file").len()), (2, 0));
    }

    #[test]
    fn a_text_or_a_list_is_typed_as_it_is() {
        for (typed, expected) in [
            ("plain", serde_json::json!("plain")),
            ("7", serde_json::json!("7")),
            ("[1] is no list", serde_json::json!("[1] is no list")),
            (r#"["a", "b"]"#, serde_json::json!(["a", "b"])),
            (r#""quoted""#, serde_json::json!("quoted")),
        ] {
            let file = tempfile::NamedTempFile::new().expect("a file");
            let path = file.path().to_str().expect("a path");
            let mut input = read(&["example", "things", "send", "--file", path, "--input", typed]);
            assert_eq!(input.member::<serde_json::Value>("input").expect("a value"), Some(expected));
        }
    }

    #[test]
    fn an_envelope_is_taken_off_in_tables_only() {
        let value = serde_json::json!({"success": true, "data": {"clipId": "c1"}});
        assert_eq!(PROGRAM.shown(&value, Format::Table), &value["data"]);
        assert_eq!(PROGRAM.shown(&value, Format::Json), &value);
        for plain in [serde_json::json!({"success": true, "data": null}), serde_json::json!([1])] {
            assert_eq!(PROGRAM.shown(&plain, Format::Table), &plain);
        }
    }

    #[test]
    fn a_text_has_to_be_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        for (bytes, text) in [(&b"hi"[..], Some("hi")), (&[255], None)] {
            std::fs::write(&path, bytes).expect("written");
            let mut input = read(&["example", "things", "write", "--data", path.to_str().expect("a path")]);
            assert_eq!(input.text().ok().flatten().as_deref(), text);
        }
    }

    #[test]
    fn a_name_and_a_password_have_a_colon_between() {
        let settings = |secret: &str| Settings {
            base_url: None,
            credentials: [("token", (crate::Secret::new(secret), "here".to_owned()))].into(),
            timeout: None,
            headers: Vec::new(),
            path: std::path::PathBuf::new(),
        };
        assert_eq!(settings("a:b:c").name_and_password("token").expect("both"), Some(("a", "b:c")));
        assert!(settings("a").name_and_password("token").is_err());
        assert_eq!(settings("a").name_and_password("other").expect("nothing"), None);
    }

    #[test]
    fn hints_are_those_of_a_shell() {
        let missing = Failure::Usage("the request was not sent: `x` needs credentials: call `.token(..)`".to_owned());
        let told = explained(&PROGRAM, missing, None).to_string();
        assert_eq!(told, "this command needs credentials: set EXAMPLE_OF_RUN_TOKEN, or run `example auth login`");
    }

    #[test]
    fn who_sends_no_credentials_is_told_where_they_come_from() {
        let hint = |status, credentials| {
            let refused = Failure::Answer { status, message: "no".to_owned(), hint: None, body: None };
            explained(&PROGRAM, refused, credentials).hint().map(ToOwned::to_owned)
        };
        assert_eq!(hint(401, None).as_deref(), Some("no credentials were sent: set EXAMPLE_OF_RUN_TOKEN"));
        let other = "what was sent is …1234 from a file; set EXAMPLE_OF_RUN_TOKEN to send something else";
        assert_eq!(hint(401, Some("…1234 from a file")).as_deref(), Some(other));
        assert_eq!(hint(404, None), None);
    }
}
