//! What makes the generated client a package of its own, outside of this workspace.

use std::path::PathBuf;

use oas_model::Api;
use quote::quote;

use super::example;
use super::request::{Context, Request, Success};
use crate::config::PackageConfig;
use crate::package::{
    CargoManifest, Dependency, PackageOptions, Surroundings, crate_attributes, group_features, title, types_dependency,
};
use crate::plan::{BodyContent, Plan, RustType};
use crate::{GeneratedFile, rust};

/// `Cargo.toml` and `src/lib.rs` of the client, beside the types package.
pub fn package(api: &Api, plan: &Plan, options: &PackageOptions) -> Surroundings {
    let manifest = CargoManifest {
        name: plan.packages.client.clone(),
        version: options.version.clone(),
        description: format!("A client of the {}.", title(api)),
        program: None,
        dependencies: dependencies(api, plan, options),
        features: features(plan),
        metadata: PackageConfig::default(),
    };
    Surroundings { manifest, root: root(api, plan) }
}

/// A feature for each group of operations, all on by default, and those of the runtime.
fn features(plan: &Plan) -> Vec<(String, Vec<String>)> {
    let default = plan.group_features().chain(["rustls"]).map(ToOwned::to_owned).collect();
    let groups = group_features(plan);
    let of_runtime = ["brotli", "gzip", "native-tls", "rustls", "tracing", "zstd"];
    let of_runtime = of_runtime.map(|name| (name.to_owned(), vec![format!("oas-client-runtime/{name}")]));
    std::iter::once(("default".to_owned(), default)).chain(groups).chain(of_runtime).collect()
}

/// What the generated code refers to.
fn dependencies(api: &Api, plan: &Plan, options: &PackageOptions) -> Vec<Dependency> {
    let mut dependencies = vec![types_dependency(plan)];
    dependencies.push(options.runtime("oas-client-runtime"));
    dependencies.push(Dependency::version("reqwest", "0.13").no_default_features());
    if names(api, plan, |ty| matches!(ty, RustType::Json | RustType::JsonObject)) {
        dependencies.push(Dependency::version("serde_json", "1"));
    }
    dependencies
}

/// Whether a request builder names a type that is `wanted`, other than inside of a type of the types package.
fn names(api: &Api, plan: &Plan, wanted: impl Fn(&RustType) -> bool + Copy) -> bool {
    let client = Context { api, plan };
    plan.operations.iter().enumerate().any(|(index, item)| {
        let parameters = item.params.iter().flat_map(|params| &params.fields).map(|field| &field.ty);
        let body = item.body.iter().filter_map(|body| match &body.content {
            BodyContent::Single(content) => Some(&content.ty),
            BodyContent::Several { .. } => None,
        });
        let request = Request::new(client, index, item);
        let structure = request.body_in_parts(client);
        let parts = structure.iter().flat_map(|(structure, _)| &structure.fields).map(|field| &field.ty);
        let answers = [Some(&request.success), request.stream.as_ref()].into_iter().flatten();
        let answered = answers.filter_map(|success| match success {
            Success::Json(ty) | Success::Events(ty) | Success::JsonLines(ty) => Some(*ty),
            _ => None,
        });
        let paged = item.behavior.pages.iter().map(|pages| &pages.item);
        parameters.chain(body).chain(parts).chain(answered).chain(paged).any(|ty| holds(ty, wanted))
    })
}

/// Whether `wanted` is true of a type or of one that is written inside of it.
fn holds(ty: &RustType, wanted: impl Fn(&RustType) -> bool + Copy) -> bool {
    wanted(ty) || ty.parts().iter().any(|part| holds(part, wanted))
}

/// `src/lib.rs`.
fn root(api: &Api, plan: &Plan) -> GeneratedFile {
    let items = quote! {
        #[rustfmt::skip]
        #[allow(deprecated, clippy::all, clippy::pedantic, clippy::nursery, reason = "generated code")]
        mod generated;

        pub use generated::*;
        pub use oas_client_runtime as runtime;
        pub use oas_client_runtime::{ByteStream, Call, Error, ResponseValue};
    };
    let mut first_use = example::first_use(api, plan);
    if !first_use.is_empty() {
        first_use.insert(0, String::new());
    }
    let attributes = crate_attributes(&format!("A client of the {}.", title(api)), &first_use);
    GeneratedFile { path: PathBuf::from("src/lib.rs"), contents: rust::file_with(attributes, [items]) }
}
