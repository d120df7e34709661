//! The commands: those of the table, and those written by hand.

use clap::{Arg, ArgAction, Command, ValueHint};
use oas_cli_runtime::command;

use crate::generated::PROGRAM;

const EXAMPLES: &str = "Examples:
  autoposting auth login
      Keep an API key for later commands
  autoposting clips upload launch.mp4 --brand-id brand_7
      Upload a video
  autoposting clips get-clip --id clip_1 -o json
      Show a clip
  autoposting clips complete-clip-upload --json -
      Complete an upload with the body on standard input

Exit codes: 0 fine, 1 the API refused, 2 wrong use, 3 not authenticated or not allowed, 4 no answer, 130 interrupted";

/// Every command.
pub(crate) fn build() -> Command {
    command::build(&PROGRAM)
        .version(env!("CARGO_PKG_VERSION"))
        .after_help(format!("{EXAMPLES}\n\n{}", command::credentials_help(&PROGRAM)))
        .mut_subcommand("clips", |clips| clips.subcommand(upload()).subcommand(download()))
        .subcommand(auth())
        .subcommand(command::completions())
}

fn upload() -> Command {
    Command::new("upload")
        .about("Upload a video as a clip, in parts, and complete the upload")
        .long_about(
            "Upload a video as a clip: its parts go to storage in parallel, each is tried again when it fails, and at \
             the end the whole is checked. An interrupted upload goes on with --resume, from what storage already has.\n\nThe API key \
             may be in AUTOPOSTING_API_KEY, as for the vendor's own client.",
        )
        .arg(Arg::new("file").required(true).value_name("FILE").value_hint(ValueHint::FilePath).help("The video"))
        .arg(
            Arg::new("brand-id")
                .long("brand-id")
                .value_name("ID")
                .env("AUTOPOSTING_BRAND_ID")
                .required_unless_present("resume")
                .help("The brand that the clip is for"),
        )
        .arg(
            Arg::new("title")
                .long("title")
                .value_name("TEXT")
                .help("What people call the clip [default: the file's name]"),
        )
        .arg(
            Arg::new("mime-type")
                .long("mime-type")
                .value_name("TYPE")
                .help("The media type of the file [default: by its extension]"),
        )
        .arg(
            Arg::new("resume")
                .long("resume")
                .value_name("CLIP")
                .num_args(0..=1)
                .default_missing_value("")
                .conflicts_with_all(["title", "mime-type"])
                .help("Go on with the upload of this clip [without a name: of the one that the file was last uploaded as]"),
        )
        .arg(
            Arg::new("part-size")
                .long("part-size")
                .value_name("MIB")
                .value_parser(clap::value_parser!(u64).range(5..=5120))
                .help("The size of a part [default: by the size of the file]"),
        )
        .arg(
            Arg::new("parallel")
                .long("parallel")
                .value_name("N")
                .default_value("4")
                .value_parser(clap::value_parser!(u64).range(1..=32))
                .help("How many parts are sent at once"),
        )
        .arg(Arg::new("quiet").long("quiet").short('q').action(ArgAction::SetTrue).help("Show no progress"))
        .after_help("Example:\n  autoposting clips upload launch.mp4 --brand-id brand_7 --title \"Summer launch\"")
}

fn download() -> Command {
    Command::new("download")
        .about("Download the bytes of a clip")
        .arg(Arg::new("id").value_name("CLIP").help("The clip [default: the one that was last uploaded from here]"))
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("FILE")
                .value_hint(ValueHint::FilePath)
                .help("Where to put them, or - for standard output [default: the name the clip was uploaded with]"),
        )
        .arg(Arg::new("quiet").long("quiet").short('q').action(ArgAction::SetTrue).help("Show no progress"))
}

fn auth() -> Command {
    Command::new("auth")
        .about("Keep and show credentials")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("login")
                .about("Keep an API key in the configuration file, readable for you alone")
                .long_about(
                    "Keep an API key in the configuration file, readable for you alone. The key is asked for on a \
                 terminal, and read from standard input otherwise; it is never an argument, which others could see.",
                ),
        )
        .subcommand(Command::new("status").about("Show which credentials would be used"))
        .subcommand(Command::new("logout").about("Forget the kept credentials"))
}
