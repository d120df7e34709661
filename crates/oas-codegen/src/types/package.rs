//! The files around the generated ones, for a types package outside of the workspace.

use std::collections::BTreeSet;
use std::path::PathBuf;

use oas_model::Api;

use crate::GeneratedFile;
use crate::config::PackageConfig;
use crate::package::{CargoManifest, Dependency, PackageOptions, Surroundings, crate_attributes, title};
use crate::plan::{Plan, RustType, TypeKind};

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
            match &item.kind {
                TypeKind::Struct(structure) => {
                    structure.fields.iter().for_each(|field| needs.add(&field.ty));
                    structure.rest.iter().for_each(|rest| needs.add(&rest.ty));
                }
                TypeKind::Union(union) => union.variants.iter().for_each(|variant| needs.add(&variant.ty)),
                TypeKind::Newtype(inner) => needs.add(inner),
                TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
            }
        }
        for operation in &plan.operations {
            let params = operation.params.iter().flat_map(|params| &params.fields);
            params.for_each(|field| needs.add(&field.ty));
            let headers = operation.responses.iter().filter_map(|response| response.headers.as_ref());
            headers.flat_map(|headers| &headers.fields).for_each(|field| needs.add(&field.ty));
            let bodies = operation.responses.iter().filter_map(|response| response.body.as_ref());
            let all = bodies.clone().chain(operation.body.iter().map(|body| &body.content));
            all.flat_map(|content| content.items()).for_each(|item| needs.add(&item.ty));
            needs.futures_core |= bodies.into_iter().any(super::content::holds_stream);
        }
        needs
    }

    fn add(&mut self, ty: &RustType) {
        match ty {
            RustType::Formatted(format) => self.formats.extend(format.feature()),
            RustType::Option(inner) | RustType::Boxed(inner) | RustType::List(inner) | RustType::Map(inner) => {
                self.add(inner);
            }
            RustType::Tuple(parts) => parts.iter().for_each(|part| self.add(part)),
            _ => {}
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

/// `Cargo.toml` and `src/lib.rs` of a types package outside of the workspace.
pub fn package(api: &Api, plan: &Plan, options: &PackageOptions) -> Surroundings {
    let manifest = CargoManifest {
        name: plan.packages.types.clone(),
        version: options.version.clone(),
        description: format!("Types of the {}: schemas, parameters, bodies, responses, credentials.", title(api)),
        program: None,
        dependencies: Needs::of(plan).dependencies(options),
        features: vec![(
            "schemars".to_owned(),
            vec!["dep:schemars".to_owned(), "oas-types-runtime/schemars".to_owned()],
        )],
        metadata: PackageConfig::default(),
    };
    let attributes = crate_attributes(&format!(
        "Types of the {}: schemas, parameters, bodies, responses and errors, credentials.",
        title(api)
    ));
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
