//! Which of the names there are somebody may have meant.

use oas_document::nearest;

/// A hint that names the candidate nearest to `name`, when one is near.
pub(super) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}
