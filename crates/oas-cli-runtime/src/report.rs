//! Failures, for the person at the terminal.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use crate::Failure;
use crate::output::visible;

/// Prints what went wrong and what to do about it to standard error.
pub fn report(failure: &Failure) {
    let error = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let hint = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
    let mut out = anstream::stderr().lock();
    // There is nobody left to tell when standard error is gone.
    let _ = writeln!(out, "{error}error{error:#}: {}", lines(&failure.to_string()));
    for violation in violations(failure) {
        let _ = writeln!(out, "  {}", lines(&violation));
    }
    if let Some(text) = failure.hint() {
        let _ = writeln!(out, "{hint}hint{hint:#}: {}", lines(text));
    }
}

/// What exactly the API refused, a line each.
fn violations(failure: &Failure) -> Vec<String> {
    let Failure::Answer { body: Some(body), .. } = failure else { return Vec::new() };
    let listed = body.get("violations").and_then(Value::as_array);
    let text =
        |violation: &Value, name: &str| violation.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    listed
        .into_iter()
        .flatten()
        .map(|one| format!("{}{}: {}", text(one, "location"), text(one, "pointer"), text(one, "message")))
        .collect()
}

/// Text that may come from a server, with its lines kept and nothing else that steers a terminal.
fn lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}
