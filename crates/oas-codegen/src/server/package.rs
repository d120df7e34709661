//! What makes the generated server a package of its own, outside of this workspace.

use std::collections::BTreeMap;
use std::path::PathBuf;

use oas_model::Api;

use super::Context;
use crate::config::PackageConfig;
use crate::package::{
    CargoManifest, Dependency, PackageOptions, RECURSION_LIMIT, Surroundings, group_features, title, types_dependency,
};
use crate::plan::Plan;
use crate::{GeneratedFile, HEADER, docs};

/// `Cargo.toml` and `src/lib.rs` of the server, beside the types package.
pub fn package(api: &Api, plan: &Plan, options: &PackageOptions) -> Surroundings {
    let (server, _) = Context::new(api, plan);
    let types = &plan.packages.types;
    let webhooks =
        (!plan.webhooks.is_empty()).then(|| ("webhooks".to_owned(), vec!["oas-server-runtime/webhooks".to_owned()]));
    let groups: Vec<String> = server.groups().map(|group| group.module.as_str().to_owned()).collect();
    let of_types: BTreeMap<String, Vec<String>> = group_features(plan).collect();
    let mut dependencies = vec![types_dependency(plan)];
    dependencies.push(options.runtime("oas-server-runtime"));
    dependencies.push(Dependency::version("serde_json", "1"));
    let default = groups.iter().cloned().chain(webhooks.iter().map(|(name, _)| name.clone()));
    let features = std::iter::once(("default".to_owned(), default.collect::<Vec<_>>()));
    let groups = groups.iter().map(|group| (group.clone(), of_types.get(group).cloned().unwrap_or_default()));
    let manifest = CargoManifest {
        name: plan.packages.server.clone(),
        version: options.version.clone(),
        description: format!("A server of {}: traits to implement, and a router.", title(api)),
        program: None,
        dependencies,
        features: features.chain(groups).chain(webhooks).collect(),
        metadata: PackageConfig::default(),
    };
    Surroundings { manifest, root: root(api, types) }
}

/// `src/lib.rs`
fn root(api: &Api, types: &str) -> GeneratedFile {
    let title = docs::code(&api.info.title);
    let types = types.replace('-', "_");
    // Paths start with `::` where a tag could have a name that hides the crate's. Each line is one that rustfmt leaves as
    // it is, however wide its lines may be.
    let contents = format!(
        "// {HEADER}\n\n\
         //! A server of {title}: implement the traits, and give the result to `router`.\n\n\
         #![recursion_limit = \"{RECURSION_LIMIT}\"]\n\n\
         #[rustfmt::skip]\n\
         mod generated;\n\n\
         pub use ::{types} as types;\n\n\
         pub use ::oas_server_runtime::{{AnswerCheck, AnswerExtras, AuthContext, AuthError, ByteStream}};\n\
         pub use ::oas_server_runtime::{{ClientCertificate, ItemStream, Location, Operation, Part, Parts}};\n\
         pub use ::oas_server_runtime::{{RejectWith, Rejection, Request, RouterOptions, Routes}};\n\
         pub use ::oas_server_runtime::{{ServerError, Service, Violation, axum}};\n\
         pub use generated::*;\n"
    );
    GeneratedFile { path: PathBuf::from("src/lib.rs"), contents }
}
