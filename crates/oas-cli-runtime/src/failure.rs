//! Why a command failed, and which exit code says so.

use std::fmt;

/// Why a command failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// What was typed, or a file it names, is not what it should be.
    Usage(String),
    /// The configuration cannot be used.
    Config(String),
    /// The API answered with an error.
    Answer {
        /// The HTTP status.
        status: u16,
        /// What the answer says.
        message: String,
        /// What to do about it.
        hint: Option<String>,
        /// The body, when it is JSON.
        body: Option<serde_json::Value>,
    },
    /// There was no answer, or none that can be read.
    Connection(String),
    /// The command was interrupted; what was said explains how to go on.
    Interrupted(String),
    /// The answer could not be written.
    Output(std::io::Error),
}

impl Failure {
    /// 1: the API said no; 2: wrong use or configuration; 3: not authenticated or not allowed; 4: no answer;
    /// 130: interrupted.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Config(_) => 2,
            Self::Answer { status: 401 | 403, .. } => 3,
            Self::Answer { .. } | Self::Output(_) => 1,
            Self::Connection(_) => 4,
            Self::Interrupted(_) => 130,
        }
    }

    /// What to do about it, when that is known.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Answer { hint, .. } => hint.as_deref(),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Config(message) | Self::Connection(message) | Self::Interrupted(message) => {
                formatter.write_str(message)
            }
            Self::Answer { status, message, .. } => write!(formatter, "the server answered {status}: {message}"),
            Self::Output(error) => write!(formatter, "the answer could not be written: {error}"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Output(error) = self { Some(error) } else { None }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}
