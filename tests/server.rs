//! Generated servers, over HTTP on loopback: the Autoposting server, and small documents that are compiled for it.

#[path = "server/bodies.rs"]
mod bodies;
#[path = "server/clips.rs"]
mod clips;
#[path = "server/compile_fail.rs"]
mod compile_fail;
#[path = "server/findings.rs"]
mod findings;
#[path = "server/harness.rs"]
mod harness;
#[path = "server/parameters.rs"]
mod parameters;
#[path = "server/routing.rs"]
mod routing;
#[path = "server/schemas.rs"]
mod schemas;
#[path = "server/security.rs"]
mod security;
