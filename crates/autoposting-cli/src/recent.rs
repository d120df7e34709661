//! What was uploaded from here, so that nobody has to copy the name of a clip by hand.
//!
//! It is a convenience beside the configuration file, and no record: what cannot be kept is forgotten.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use oas_cli_runtime::Settings;
use serde_json::{Map, Value, json};

/// How many files are remembered for each server.
const MOST: usize = 100;

/// What was uploaded to a server from here.
pub(crate) struct Recent {
    file: PathBuf,
    server: String,
}

impl Recent {
    /// What is kept beside the configuration file, for the server that is talked to.
    pub(crate) fn of(settings: &Settings) -> Self {
        let server = settings.base_url.clone().unwrap_or_default();
        Self { file: settings.path.with_file_name("recent-uploads.json"), server }
    }

    /// The clip that a file was last uploaded as.
    pub(crate) fn clip_of(&self, file: &Path) -> Option<String> {
        self.text(&["files", &name(file)])
    }

    /// The clip that was uploaded last.
    pub(crate) fn last(&self) -> Option<String> {
        self.text(&["last"])
    }

    /// Remembers what a file is uploaded as.
    pub(crate) fn remember(&self, file: &Path, clip: &str) {
        let mut all = self.all();
        let mut files: BTreeMap<String, Value> = BTreeMap::new();
        if let Some(known) = all.get(&self.server).and_then(|own| own["files"].as_object()) {
            files.extend(known.iter().rev().take(MOST - 1).map(|(name, clip)| (name.clone(), clip.clone())));
        }
        files.insert(name(file), json!(clip));
        all.insert(self.server.clone(), json!({ "last": clip, "files": files }));
        let folder = self.file.parent().unwrap_or(Path::new("."));
        // Nothing depends on it: without a place to keep it, the name has to be typed.
        let _ = self.replace(folder, &Value::from(all).to_string());
    }

    /// Writes the file in one step: two uploads at once leave one or the other, and no half of either.
    fn replace(&self, folder: &Path, text: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&self.file)?;
        Ok(())
    }

    fn all(&self) -> Map<String, Value> {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn text(&self, path: &[&str]) -> Option<String> {
        let all = self.all();
        let own = all.get(&self.server)?;
        let found = path.iter().try_fold(own, |value, name| value.get(*name))?;
        found.as_str().map(str::to_owned)
    }
}

/// A file by its whole path, whatever folder one is in.
fn name(file: &Path) -> String {
    file.canonicalize().unwrap_or_else(|_| file.to_owned()).display().to_string()
}
