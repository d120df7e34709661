/// The crates that generated code stands on, each before those that stand on it. All of them can be carried along; a
/// new one is added here.
pub const RUNTIMES: &[&str] = &["oas-wire", "oas-types-runtime", "oas-client-runtime", "oas-server-runtime", "oas-cli-runtime"];
