//! The operations that nobody may call, because the server cannot check what the document asks for.

use quote::quote;

use super::{Context, generated};
use crate::{GeneratedFile, rust};

/// `refused.rs`, when there are such operations. They have no method in a trait, and are there all the same: without
/// them another operation might answer at their paths.
pub(super) fn file(server: &Context<'_>) -> Option<GeneratedFile> {
    let tables: Vec<_> = server
        .refused()
        .map(|(id, operation)| {
            let (method, path) = (operation.method.as_str(), &operation.path);
            quote! {
                Operation { id: #id, method: #method, path: #path, ..Operation::EMPTY }
            }
        })
        .collect();
    if tables.is_empty() {
        return None;
    }
    let uses = quote!(
        use ::oas_server_runtime::{Operation, Routes};
    );
    let code = quote! {
        /// The operations whose callers cannot be known as the document asks.
        static OPERATIONS: &[Operation] = &[#(#tables),*];

        /// Refuses every caller of these operations.
        pub(super) fn routes() -> Routes {
            OPERATIONS.iter().fold(Routes::new(), Routes::refused)
        }
    };
    Some(generated("refused.rs", rust::file([uses, code])))
}
