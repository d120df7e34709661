//! For packages that generate while they are built, instead of keeping generated code in the repository.
//!
//! ```no_run
//! // build.rs
//! use oas_codegen::build_script::generate;
//! use oas_codegen::generate::Package;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     generate("petstore", "openapi/petstore.yaml", &["openapi/fixes.yaml"], Package::Types)?;
//!     Ok(())
//! }
//! ```
//!
//! ```text
//! // src/lib.rs
//! include!(concat!(env!("OUT_DIR"), "/types.rs"));
//! ```
//!
//! A client or server made so is a package of its own, which depends on one for the types that is called as it expects:
//! `petstore-types`. What generated code names, `serde` and the runtime crates say, is among the dependencies of the
//! package.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use oas_document::{Failure, Severity};

use crate::files::{self, Mode, OWNED};
use crate::generate::{self, Job, Package};
use crate::plan::Settings;
use crate::{GeneratedFile, HEADER};

/// Why nothing was generated.
#[derive(Debug)]
pub enum Error {
    /// This is no build script: cargo did not say where generated files belong.
    NoOutput,
    /// The document cannot be generated from.
    Document(Box<Failure>),
    /// The files cannot be written.
    Files(files::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOutput => formatter.write_str("`OUT_DIR` is not set: this is to be called by a build script"),
            Self::Document(failure) => write!(formatter, "{failure}"),
            Self::Files(error) => write!(formatter, "{error}"),
        }
    }
}

impl std::error::Error for Error {}

/// Generates one package of a document below `OUT_DIR`, and tells cargo what it was made of.
///
/// `OUT_DIR/types.rs` (or `client.rs` and so on) brings all of it in.
///
/// # Errors
/// When the document cannot be generated from, or the files cannot be written.
pub fn generate(
    name: &str,
    document: impl AsRef<Path>,
    overlays: &[impl AsRef<Path>],
    package: Package,
) -> Result<(), Error> {
    let root = PathBuf::from(env::var_os("OUT_DIR").ok_or(Error::NoOutput)?);
    let job = Job {
        document: document.as_ref().to_owned(),
        overlays: overlays.iter().map(|path| path.as_ref().to_owned()).collect(),
        reference_root: None,
        selection: oas_model::Selection::default(),
        settings: Settings::new(name),
        describe: generate::Describe::Nothing,
        packages: vec![(package, PathBuf::new())],
    };
    let generated = generate::generate(&job, &mut |_| {}).map_err(|failure| Error::Document(Box::new(failure)))?;
    let sources = generated.document.sources();
    for (_, source) in sources.iter() {
        tell(&format!("rerun-if-changed={}", source.path().display()));
    }
    for one in generated.diagnostics.iter().filter(|one| one.severity != Severity::Note) {
        tell(&format!("warning={}", one.message.escape_debug()));
    }
    let folder = root.join(package.as_str());
    let made = generated.packages.into_iter().next().map(|package| package.files).unwrap_or_default();
    files::apply(&made, &folder, Mode::Write).map_err(Error::Files)?;
    let inner = folder.join(OWNED).join("mod.rs");
    let inner = inner.to_string_lossy();
    let contents = format!("// {HEADER}\n\n#[path = {inner:?}]\nmod generated;\npub use generated::*;\n");
    let outer = GeneratedFile { path: PathBuf::from(format!("{package}.rs")), contents };
    files::apply(&[outer], &root, Mode::Write).map_err(Error::Files).map(drop)
}

/// Tells cargo something: build scripts do that on their standard output.
#[expect(clippy::print_stdout, reason = "it is how build scripts speak")]
fn tell(line: &str) {
    println!("cargo::{line}");
}
