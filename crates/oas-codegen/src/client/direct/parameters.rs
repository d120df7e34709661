//! The parameters of a request builder without progenitor.

use proc_macro2::TokenStream;
use quote::quote;

use super::Field;
use crate::client::request::{Planned, Request};
use crate::client::wording;
use crate::plan::ParamPresence;
use crate::rust;

/// The fields of the builder for its parameters.
pub(super) fn fields(planned: Planned<'_>, request: &Request<'_>) -> Vec<Field> {
    let fields = request.item.params.iter().flat_map(|params| &params.fields);
    fields
        .filter_map(|field| {
            let parameter = request.operation.parameters.get(field.parameter)?;
            let is_required = field.presence == ParamPresence::Required;
            Some(value_field(
                &rust::ident(&field.ident),
                &planned.ty(&field.ty),
                is_required,
                &parameter.name,
                &wording::parameter(request, field),
            ))
        })
        .collect()
}

/// A field that is set with a value of some type.
pub(super) fn value_field(
    ident: &syn::Ident,
    ty: &TokenStream,
    is_required: bool,
    wire: &str,
    docs: &TokenStream,
) -> Field {
    let (missing, unfit) = (wording::missing(wire), wording::unfit(wire));
    let (holds, start, some) = if is_required {
        (quote!(#ty), quote!(Err(#missing.to_string())), TokenStream::new())
    } else {
        (quote!(Option<#ty>), quote!(Ok(None)), quote!(.map(Some)))
    };
    Field {
        ident: ident.clone(),
        ty: quote!(Result<#holds, String>),
        start,
        setter: quote! {
            #docs
            pub fn #ident<V>(mut self, value: V) -> Self
            where
                V: std::convert::TryInto<#ty>,
            {
                self.#ident = value.try_into() #some.map_err(|_| #unfit.to_string());
                self
            }
        },
        is_cloneable: true,
    }
}
