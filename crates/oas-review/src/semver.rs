//! What each package owes its users: the step of its version.

use serde::Serialize;

/// A step of a version (Semantic Versioning 2.0.0, and what Cargo makes of it below 1.0.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Nothing that users can notice.
    Patch,
    /// Something new.
    Minor,
    /// Something that may stop users from compiling.
    Major,
}

impl Step {
    /// The word for it in a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What one package owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrateStep {
    /// The package.
    pub package: String,
    /// The step that its changes ask for.
    pub step: Step,
    /// Its version in the base, when it is known.
    pub base: Option<String>,
    /// Its version in the revision, when it is known.
    pub revision: Option<String>,
    /// The least version that is right, when the base's is known.
    pub min_version: Option<String>,
    /// Whether the revision's version is at least that; `true` when versions are not known.
    pub is_sufficient: bool,
}

impl CrateStep {
    /// Holds the step against the versions on both sides.
    #[must_use]
    pub fn with_versions(mut self, base: Option<&str>, revision: Option<&str>) -> Self {
        self.base = base.map(ToOwned::to_owned);
        self.revision = revision.map(ToOwned::to_owned);
        let least = base.and_then(numbers).map(|version| least(version, self.step));
        self.is_sufficient = match (least, revision.and_then(numbers)) {
            (Some(least), Some(revision)) => revision >= least,
            _ => true,
        };
        self.min_version = least.map(|[major, minor, patch]| format!("{major}.{minor}.{patch}"));
        self
    }
}

/// The three numbers of a version; what follows them is left out.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let core = version.split(['-', '+']).next()?;
    let mut parts = core.split('.').map(str::parse::<u64>);
    let all = [parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?];
    parts.next().is_none().then_some(all)
}

/// The least version after `version`. Below 1.0.0 each number stands for the one before it.
fn least([major, minor, patch]: [u64; 3], step: Step) -> [u64; 3] {
    match (step, major, minor) {
        (Step::Patch, _, _) => [major, minor, patch],
        (Step::Major, 0, 0) | (Step::Minor, 0, _) => [major, minor, patch + 1],
        (Step::Major, 0, _) | (Step::Minor, _, _) => [major, minor + 1, 0],
        (Step::Major, _, _) => [major + 1, 0, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_step_as_cargo_reads_them() {
        let rows = [
            ("1.2.3", Step::Major, "2.0.0"),
            ("1.2.3", Step::Minor, "1.3.0"),
            ("0.2.3", Step::Major, "0.3.0"),
            ("0.2.3", Step::Minor, "0.2.4"),
            ("0.0.3", Step::Major, "0.0.4"),
            ("1.2.3", Step::Patch, "1.2.3"),
        ];
        for (from, step, to) in rows {
            let owed = CrateStep {
                package: "p".to_owned(),
                step,
                base: None,
                revision: None,
                min_version: None,
                is_sufficient: true,
            };
            let owed = owed.with_versions(Some(from), Some(from));
            assert_eq!(owed.min_version.as_deref(), Some(to), "{from} {step:?}");
            assert_eq!(owed.is_sufficient, step == Step::Patch);
        }
    }
}
