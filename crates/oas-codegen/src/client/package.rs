//! What makes the generated client a package of its own, outside of this workspace.

use std::path::PathBuf;

use oas_model::Api;

use crate::package::{CargoManifest, Dependency, PackageOptions};
use crate::plan::Plan;
use crate::{GeneratedFile, HEADER, docs};

/// `Cargo.toml` and `src/lib.rs` of the client, beside the types package.
pub fn package(api: &Api, plan: &Plan, options: &PackageOptions) -> Vec<GeneratedFile> {
    let types = &plan.packages.types;
    let manifest = CargoManifest {
        name: plan.packages.client.clone(),
        version: options.version.clone(),
        description: format!("A client of {}.", api.info.title),
        dependencies: vec![
            Dependency::path(types, format!("../{types}")),
            Dependency::version("chrono", "0.4").no_default_features(),
            options.runtime("oas-client-runtime"),
            Dependency::version("progenitor-client", "0.15"),
            Dependency::version("reqwest", "0.13").no_default_features(),
            Dependency::version("serde_json", "1"),
            Dependency::version("uuid", "1").no_default_features(),
        ],
        features: vec![
            ("default".to_owned(), vec!["rustls".to_owned()]),
            ("native-tls".to_owned(), vec!["oas-client-runtime/native-tls".to_owned()]),
            ("rustls".to_owned(), vec!["oas-client-runtime/rustls".to_owned()]),
        ],
    };
    vec![manifest.file(), root(api)]
}

/// `src/lib.rs`.
fn root(api: &Api) -> GeneratedFile {
    let contents = format!(
        "// {HEADER}\n\n//! A client of {title}.\n\n#[rustfmt::skip]\n#[allow(clippy::all, clippy::pedantic, missing_docs)]\nmod generated;\n\npub use generated::*;\npub use oas_client_runtime as runtime;\npub use progenitor_client::{{ByteStream, Error, ResponseValue}};\n",
        title = docs::code(&api.info.title)
    );
    GeneratedFile { path: PathBuf::from("src/lib.rs"), contents }
}
