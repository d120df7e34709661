//! Generated servers, over HTTP on loopback: the Autoposting server, and small documents that are compiled for it.
//!
//! A package of its own: the crates of the cases are written by `cargo xtask bless`, which runs tests that must compile
//! while those crates do not.

mod bodies;
mod clips;
mod discriminators;
mod harness;
mod layers;
mod parameters;
mod routing;
mod schemas;
mod security;
mod service;
mod webhooks;
