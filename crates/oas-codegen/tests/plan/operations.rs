//! What the file `operations.toml` of a case says of single operations, as a part of `codegen.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use oas_codegen::config::{self, Unknown};
use oas_codegen::plan::OperationSettings;

/// What is said of the operations of a case; nothing without the file.
pub(crate) fn of(case: &Path) -> BTreeMap<String, OperationSettings> {
    let text = std::fs::read_to_string(case.join("operations.toml")).unwrap_or_default();
    let text = format!("[[api]]\nname = \"case\"\ndocument = \"document.yaml\"\n{text}");
    let config = config::parse(&text, Path::new("operations.toml"), Unknown::Refuse);
    let mut config = config.unwrap_or_else(|failure| panic!("{failure}"));
    config.apis.remove(0).operations
}
