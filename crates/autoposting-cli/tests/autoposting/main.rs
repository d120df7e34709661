//! The command line `autoposting`, run as a person runs it: against the service of this workspace, and against
//! servers that misbehave.

mod commands;
mod program;
mod trouble;
mod uploads;
mod vendor;
