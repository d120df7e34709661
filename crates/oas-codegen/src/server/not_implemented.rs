//! Methods of operations that a service does not have yet.

use proc_macro2::TokenStream;
use quote::quote;

use super::access::Security;
use super::{Context, Endpoint, interface};
use crate::plan::GroupItem;
use crate::rust;

/// `not_implemented!`, which writes methods that answer with status 501.
///
/// It is a macro and not a body in the trait, so that whoever reads the service sees what is missing, and an operation
/// that the document gains stays a compile error.
pub(super) fn macro_rules(server: &Context<'_>, groups: &[&GroupItem]) -> TokenStream {
    let arms = groups.iter().flat_map(|group| server.operations(group)).map(|endpoint| arm(&endpoint));
    quote! {
        /// Writes methods for operations that the service does not have yet: they answer with status 501.
        ///
        /// It stands in the implementation of a trait and takes the names of methods. An operation that is neither
        /// written nor named here is still one that the compiler asks for.
        #[macro_export]
        macro_rules! not_implemented {
            #(#arms)*
            ($($method:ident),* $(,)?) => { $($crate::not_implemented!(@ $method);)* };
        }
    }
}

/// The method of one operation.
fn arm(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { item, security, .. } = endpoint;
    let (method, response) = (rust::ident(&item.method_ident), rust::ident(&item.response_ident));
    let request = interface::request_ident(item);
    let principal = (*security != Security::Public).then(|| quote!(<Self::Principal>));
    let id = &item.id;
    quote! {
        (@ #method) => {
            async fn #method(
                &self,
                _: $crate::#request #principal,
            ) -> Result<$crate::types::#response, $crate::ServerError> {
                Err($crate::ServerError::not_implemented(#id))
            }
        };
    }
}
