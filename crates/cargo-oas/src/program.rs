//! Which program this is: what people type, and what it can assume about where it runs.

use std::path::PathBuf;
use std::sync::OnceLock;

/// A program that has these commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// What people type before the name of a command.
    pub name: &'static str,
    /// The folder of the runtime crates, for a program that only ever runs beside them.
    pub runtimes: Option<PathBuf>,
}

/// The program that people install.
pub const OAS: Program = Program { name: "cargo oas", runtimes: None };

/// The program that runs.
static RUNNING: OnceLock<Program> = OnceLock::new();

/// Says which program runs. Only the first call counts; without one it is [`OAS`].
pub fn introduce(program: Program) {
    let _ = RUNNING.set(program);
}

/// The program that runs.
pub fn running() -> &'static Program {
    RUNNING.get_or_init(|| OAS)
}

/// A text that names commands of `cargo oas`, with what people really type.
pub fn spelled(text: &str) -> String {
    text.replace(OAS.name, running().name)
}
