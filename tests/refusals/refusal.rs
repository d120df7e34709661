//! A run that generates nothing, and what it says.

use std::path::Path;

use workspace_tests::program::{Ended, run};

/// The arguments that generate from a document in the folder of the run.
pub(crate) fn arguments(document: &str, overlay: Option<&str>) -> Vec<String> {
    let fixed = ["codegen", "--out", "out", "--name", "pets", "--runtime", "version", "--document", document];
    let overlay = overlay.iter().flat_map(|overlay| ["--overlay", overlay]);
    fixed.into_iter().chain(overlay).map(ToOwned::to_owned).collect()
}

/// Generates from a document in `home`.
pub(crate) fn generate(home: &Path, document: &str, overlay: Option<&str>) -> Ended {
    run(home, arguments(document, overlay))
}

/// What was said, after making sure that it was a refusal: exit code 2, one error or more, nothing written.
pub(crate) fn refusal(what: &str, home: &Path, ended: &Ended) -> String {
    assert_eq!(ended.code, 2, "{what}: {}", ended.stderr);
    assert!(!home.join("out").exists(), "{what}: something was written");
    assert!(ended.stderr.contains("error["), "{what}: {}", ended.stderr);
    assert!(!ended.stderr.contains("internal-error"), "{what}: {}", ended.stderr);
    ended.stderr_in(home)
}
