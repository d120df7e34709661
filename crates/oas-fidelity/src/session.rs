//! The running program, and what it answers.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::json::Json;

/// How a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Through a type, the client, the server and back.
    Round,
    /// From a handler through the server and the client.
    Answer,
    /// As text through the client.
    Text,
    /// As text to the server.
    Refuse,
}

impl Channel {
    fn as_str(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Answer => "answer",
            Self::Text => "text",
            Self::Refuse => "refuse",
        }
    }
}

/// What came of a value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// What the handler got.
    pub(crate) received: Option<Json>,
    /// What the client got back.
    pub(crate) returned: Option<Json>,
    /// What went wrong, and at which stage.
    pub(crate) error: Option<(String, String)>,
    /// The status of an answer that was asked for by hand, and its body.
    pub(crate) status: Option<(u64, String)>,
}

/// The program.
pub(crate) struct Session {
    program: PathBuf,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Session {
    pub(crate) fn new(program: &Path) -> Self {
        Self { program: program.to_owned(), running: None }
    }

    /// Sends a value. `None` when the program died of it; the next value gets a new one.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn send(&mut self, probe: usize, channel: Channel, value: &Json) -> io::Result<Option<Outcome>> {
        let line = json!({ "probe": probe, "way": channel.as_str(), "text": value.to_string() });
        let running = match &mut self.running {
            Some(running) => running,
            None => self.running.insert(start(&self.program)?),
        };
        let mut answer = String::new();
        let is_sent = writeln!(running.input, "{line}").and_then(|()| running.input.flush()).is_ok();
        if !is_sent || running.output.read_line(&mut answer).unwrap_or(0) == 0 {
            self.stop();
            return Ok(None);
        }
        Ok(Some(outcome(&serde_json::from_str(&answer).unwrap_or_default())))
    }

    fn stop(&mut self) {
        if let Some(Running { mut child, input, output }) = self.running.take() {
            drop((input, output));
            // It has nothing to read any more; should it hang, it is not waited for.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(program: &Path) -> io::Result<Running> {
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("the program has no pipes"));
    };
    Ok(Running { child, input, output: BufReader::new(output) })
}

fn outcome(answer: &Value) -> Outcome {
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let json = |name: &str| text(name).map(|text| Json::parse(text).unwrap_or_else(|| Json::Text(text.to_owned())));
    let error = text("error").map(|error| (text("stage").unwrap_or_default().to_owned(), error.to_owned()));
    let status = answer.get("status").and_then(Value::as_u64);
    Outcome {
        received: json("received"),
        returned: json("returned"),
        error,
        status: status.map(|status| (status, text("body").unwrap_or_default().to_owned())),
    }
}
