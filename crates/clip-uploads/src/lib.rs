//! The clip upload service: it stores the bytes of clips, and completes their uploads so that a crash loses nothing.
//!
//! - [`domain`]: parts, states, and the reasons to refuse; no input or output.
//! - [`metadata`]: uploads and API keys, in SQLite or PostgreSQL.
//! - [`storage`]: bytes, in a folder or in S3-compatible object storage.
//! - [`service`]: what happens: begin, presign, complete, abort, show, settle, sweep.
//! - [`http`]: the generated server trait over all that, and the server.
//! - [`start`]: puts it together.

pub mod config;
pub mod domain;
mod failpoint;
pub mod http;
pub mod keys;
pub mod metadata;
pub mod metrics;
pub mod service;
pub mod start;
pub mod storage;
