//! What a person sees: status lines in cargo's manner on standard error, colour only on a terminal.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use oas_document::{Diagnostic, Severity, Sources};

/// How many warnings are shown unless all are asked for.
const SHOWN: usize = 10;

/// How wide excerpts are at most, in columns.
const WIDTH: usize = 120;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// What is wrong.
    Quiet,
    /// What was done, and the first of long lists.
    Normal,
    /// Everything.
    Verbose,
}

/// The place where everything for a person goes.
#[derive(Debug, Clone, Copy)]
pub struct Shell {
    /// How much is said.
    pub verbosity: Verbosity,
}

impl Shell {
    /// A line with a right-aligned verb: what was done.
    pub fn status(self, verb: &str, words: impl Display) {
        if self.verbosity > Verbosity::Quiet {
            line(AnsiColor::Green, verb, words);
        }
    }

    /// A line that the next one replaces; only on a terminal.
    pub fn progress(self, words: impl Display) {
        if self.verbosity > Verbosity::Quiet && std::io::stderr().is_terminal() {
            let _ = write!(anstream::stderr(), "\r\x1b[2K{words}");
        }
    }

    /// Takes the last line of [`progress`](Self::progress) away.
    pub fn end_progress(self) {
        self.progress("");
    }

    /// Shows diagnostics: all errors, then the first warnings, notes only when asked for.
    pub fn diagnostics(self, diagnostics: &[Diagnostic], sources: &Sources) {
        let limit = |severity| match (severity, self.verbosity) {
            (Severity::Error, _) | (_, Verbosity::Verbose) => usize::MAX,
            (Severity::Warning, Verbosity::Normal) => SHOWN,
            _ => 0,
        };
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            let all: Vec<Diagnostic> = diagnostics.iter().filter(|one| one.severity == severity).cloned().collect();
            let shown = all.len().min(limit(severity));
            render(all.get(..shown).unwrap_or_default(), sources);
            if shown < all.len() && self.verbosity > Verbosity::Quiet {
                let more = if shown == 0 { "" } else { "more " };
                let count = counted(all.len() - shown, &format!("{more}{}", word(severity)));
                line(AnsiColor::Yellow, word(severity), format_args!("{count}: --verbose shows all"));
            }
        }
    }
}

/// A line with a right-aligned verb, for something that is not as it should be; it is said even when quiet.
pub fn alarm(verb: &str, words: impl Display) {
    line(AnsiColor::Red, verb, words);
}

/// A line that belongs to the one above.
pub fn detail(words: impl Display) {
    // Standard error may be closed; there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{words}");
}

/// A way on, at the end of a report.
pub fn help(words: impl Display) {
    line(AnsiColor::Cyan, "help", words);
}

/// Shows diagnostics with what they point at.
fn render(diagnostics: &[Diagnostic], sources: &Sources) {
    // The stream takes colours away where they are not wanted, and nobody is left to tell when it is closed.
    let _ = oas_document::render(diagnostics, sources, oas_document::Style::Colour, WIDTH, &mut anstream::stderr());
}

/// What a severity is called.
pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A number with its word.
pub fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// A verb, right-aligned as cargo does it, and the rest.
fn line(colour: AnsiColor, verb: &str, words: impl Display) {
    let style = Style::new().bold().fg_color(Some(colour.into()));
    let _ = writeln!(anstream::stderr(), "{style}{verb:>12}{style:#} {words}");
}
