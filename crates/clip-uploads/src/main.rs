//! The clip upload service.
fn main() {}
