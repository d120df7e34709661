//! The files around the generated ones, for a types package outside of the workspace.

use std::collections::BTreeSet;
use std::path::PathBuf;

use oas_model::Api;

use crate::GeneratedFile;
use crate::config::PackageConfig;
use crate::package::{CargoManifest, Dependency, PackageOptions, Surroundings, crate_attributes, title};
use crate::plan::{Plan, RustType};

/// Which libraries the types of a plan use besides `serde_json`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// The features of `oas-types-runtime` that bring the types of formats: `chrono`, `uuid`.
    pub formats: BTreeSet<&'static str>,
    /// `futures-core`, for bodies that come piece by piece.
    pub futures_core: bool,
}

impl Needs {
    /// What the types of `plan` use.
    pub fn of(plan: &Plan) -> Self {
        let mut needs = Self::default();
        for item in &plan.types {
            item.kind.types().into_iter().for_each(|ty| needs.add(ty));
        }
        for operation in &plan.operations {
            operation.types().for_each(|ty| needs.add(ty));
            let mut bodies = operation.responses.iter().filter_map(|response| response.body.as_ref());
            needs.futures_core |= bodies.any(super::content::holds_stream);
        }
        needs
    }

    fn add(&mut self, ty: &RustType) {
        match ty {
            RustType::Formatted(format) => self.formats.extend(format.feature()),
            other => other.parts().iter().for_each(|part| self.add(part)),
        }
    }

    /// The dependencies of the package.
    pub fn dependencies(self, options: &PackageOptions) -> Vec<Dependency> {
        let mut dependencies = Vec::new();
        if self.futures_core {
            dependencies.push(Dependency::version("futures-core", "0.3"));
        }
        let formats: Vec<&str> = self.formats.into_iter().collect();
        dependencies.push(options.runtime("oas-types-runtime").features(&formats));
        dependencies.push(Dependency::version("schemars", "1").optional());
        dependencies.push(Dependency::version("serde_json", "1"));
        dependencies
    }
}

/// A feature for each group of operations, all on by default, and `schemars`.
fn features(plan: &Plan) -> Vec<(String, Vec<String>)> {
    let groups: Vec<String> = plan.group_features().map(ToOwned::to_owned).collect();
    let default = (!groups.is_empty()).then(|| ("default".to_owned(), groups.clone()));
    let schemars = vec!["dep:schemars".to_owned(), "oas-types-runtime/schemars".to_owned()];
    let groups = groups.into_iter().map(|group| (group, Vec::new()));
    default.into_iter().chain(groups).chain([("schemars".to_owned(), schemars)]).collect()
}

/// `Cargo.toml` and `src/lib.rs` of a types package outside of the workspace.
pub fn package(api: &Api, plan: &Plan, options: &PackageOptions) -> Surroundings {
    let manifest = CargoManifest {
        name: plan.packages.types.clone(),
        version: options.version.clone(),
        description: format!("Types of the {}: schemas, parameters, bodies, responses, credentials.", title(api)),
        program: None,
        dependencies: Needs::of(plan).dependencies(options),
        features: features(plan),
        metadata: PackageConfig::default(),
    };
    let about = format!("Types of the {}: schemas, parameters, bodies, responses and errors, credentials.", title(api));
    let attributes = crate_attributes(&about, &[]);
    let has_items = !(plan.types.is_empty() && plan.operations.is_empty() && plan.schemes.is_empty());
    let lint = (!has_items).then(|| quote::quote!(#[allow(unused_imports, reason = "the document describes no type")]));
    let items = quote::quote! {
        #[rustfmt::skip]
        mod generated;
        #lint
        pub use generated::*;
    };
    let contents = crate::rust::file_with(attributes, [items]);
    Surroundings { manifest, root: GeneratedFile { path: PathBuf::from("src/lib.rs"), contents } }
}
