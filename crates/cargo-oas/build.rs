//! Puts the sources of the runtime crates into the program, for workspaces that carry them along.
//!
//! In a checkout the crates stand beside this one. A package of this crate brings them in `runtimes/`, where the command
//! that packs it puts them: cargo leaves out what lies above a package, and packages inside of it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

include!("src/embedded/table.rs");

fn main() -> io::Result<()> {
    let own = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let packed = own.join("runtimes");
    let (folder, workspace) = if packed.is_dir() {
        (packed.clone(), packed.join("workspace.toml"))
    } else {
        (own.join(".."), own.join("../../Cargo.toml"))
    };
    let mut text = format!("pub(super) const WORKSPACE: &str = {};\n", include_str(&workspace)?);
    text.push_str("pub(super) const CRATES: &[Crate] = &[\n");
    for name in RUNTIMES {
        let root = folder.join(name);
        println!("cargo::rerun-if-changed={}", root.join("src").display());
        let manifest =
            ["Cargo.toml", "manifest.toml"].map(|file| root.join(file)).into_iter().find(|file| file.is_file());
        let manifest = manifest.ok_or_else(|| missing(&root))?;
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "    Crate {{ name: {name:?}, manifest: {}, files: &[", include_str(&manifest)?);
        for file in sources(&root)? {
            let path = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            let _ = writeln!(text, "        ({path:?}, {}),", include_str(&file)?);
        }
        text.push_str("    ] },\n");
    }
    text.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("embedded.rs");
    #[expect(clippy::disallowed_methods, reason = "half a file is not compiled: cargo sees that this program failed")]
    fs::write(out, text)
}

/// The source files of a crate, in the order of their paths.
fn sources(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![root.join("src")];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { pending.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    Ok(found)
}

/// The expression that stands for the text of a file.
fn include_str(path: &Path) -> io::Result<String> {
    Ok(format!("include_str!({:?})", path.canonicalize()?))
}

fn missing(root: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("{} has no manifest: is it in the table?", root.display()))
}
