//! What makes the generated command line a package of its own, outside of this workspace.

use std::path::PathBuf;

use oas_model::Api;

use super::table;
use crate::config::PackageConfig;
use crate::package::{CargoManifest, Dependency, PackageOptions, Program, Surroundings, title};
use crate::plan::Plan;
use crate::{GeneratedFile, HEADER, docs};

/// Names that cargo needs for its own folders.
const FOLDERS: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// `Cargo.toml` and `src/main.rs` of the command line, beside the packages of types and client.
pub fn package(api: &Api, plan: &Plan, options: &PackageOptions) -> Surroundings {
    let packages = &plan.packages;
    let beside = |name: &str| Dependency::path(name, format!("../{name}"));
    let mut dependencies = vec![beside(&packages.client), beside(&packages.types)];
    dependencies.push(options.runtime("oas-cli-runtime"));
    dependencies.push(Dependency::version("serde_json", "1"));
    let name = table::program_name(plan);
    let manifest = CargoManifest {
        name: format!("{name}-cli"),
        version: options.version.clone(),
        description: format!("The command line of the {}: every operation is a command.", title(api)),
        program: (!FOLDERS.contains(&name)).then(|| Program { name: name.to_owned(), path: "src/main.rs".to_owned() }),
        dependencies,
        features: Vec::new(),
        metadata: PackageConfig::default(),
    };
    Surroundings { manifest, root: main(api) }
}

/// `src/main.rs`
fn main(api: &Api) -> GeneratedFile {
    let title = docs::code(&api.info.title);
    let contents = format!(
        "// {HEADER}\n\n\
         //! The command line of {title}: every operation is a command.\n\n\
         #[rustfmt::skip]\n\
         mod generated;\n\n\
         use std::process::ExitCode;\n\n\
         use oas_cli_runtime::Failure;\n\n\
         fn main() -> ExitCode {{\n    \
             let version = env!(\"CARGO_PKG_VERSION\");\n    \
             oas_cli_runtime::run(\n        \
                 &generated::PROGRAM,\n        \
                 version,\n        \
                 async |operation, input, settings| {{\n            \
                     let client = generated::client(&settings)?.without_credentials().build();\n            \
                     let client = client.map_err(|error| Failure::Config(error.to_string()))?;\n            \
                     generated::call(&client, operation.id, input).await\n        \
                 }},\n    \
             )\n\
         }}\n"
    );
    GeneratedFile { path: PathBuf::from("src/main.rs"), contents }
}
