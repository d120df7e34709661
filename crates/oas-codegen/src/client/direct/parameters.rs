//! The parameters of a request builder without progenitor.

use oas_model::{Parameter, ParameterLocation, Payload, Style};
use proc_macro2::TokenStream;
use quote::quote;

use super::Field;
use crate::client::request::{Planned, Request};
use crate::client::template::{self, Piece};
use crate::client::{media_type, wording};
use crate::plan::{ParamField, ParamPresence};
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
        unpack: quote!(let #ident = #ident.map_err(Error::InvalidRequest)?;),
        is_cloneable: true,
    }
}

/// What writes the parameters into the local `request`.
pub(super) fn writes(request: &Request<'_>) -> TokenStream {
    let mut written = Vec::new();
    let mut in_path = Vec::new();
    for piece in template::pieces(request) {
        match piece {
            Piece::Text(text) => written.push(quote!(request.path(#text);)),
            Piece::Parameter(field) => {
                in_path.push(field.parameter);
                written.extend(write(request, field));
            }
        }
    }
    for field in request.item.params.iter().flat_map(|params| &params.fields) {
        if in_path.contains(&field.parameter) {
            continue;
        }
        let is_in_path = |parameter: &Parameter| parameter.location == ParameterLocation::Path;
        if request.operation.parameters.get(field.parameter).is_some_and(is_in_path) {
            // A path parameter that the template lacks goes nowhere.
            let ident = rust::ident(&field.ident);
            written.push(quote!(let _ = #ident;));
            continue;
        }
        written.extend(write(request, field));
    }
    quote!(#(#written)*)
}

/// What writes one parameter.
fn write(request: &Request<'_>, field: &ParamField) -> Option<TokenStream> {
    let parameter = request.operation.parameters.get(field.parameter)?;
    let ident = rust::ident(&field.ident);
    if parameter.location == ParameterLocation::Querystring {
        return Some(querystring(parameter, &ident));
    }
    let method = match parameter.location {
        ParameterLocation::Path => quote!(path_parameter),
        ParameterLocation::Query | ParameterLocation::Querystring => quote!(query_parameter),
        ParameterLocation::Header => quote!(header_parameter),
        ParameterLocation::Cookie => quote!(cookie_parameter),
    };
    let descriptor = descriptor(parameter);
    Some(quote!(request.#method(#descriptor, &#ident)?;))
}

/// The query as a whole.
fn querystring(parameter: &Parameter, ident: &syn::Ident) -> TokenStream {
    match &parameter.payload {
        Payload::Content(content) if media_type::is_json(&content.name) => {
            quote!(request.querystring_json(&#ident)?;)
        }
        Payload::Content(content) => {
            let encodings = super::body::encodings(content);
            quote!(request.querystring_form(&#ident, &[#(#encodings),*])?;)
        }
        Payload::Schema(_) => quote!(request.querystring_form(&#ident, &[])?;),
    }
}

/// The runtime's description of a parameter: what is as the style has it by default is not said.
fn descriptor(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    if let Payload::Content(content) = &parameter.payload {
        let style = if media_type::is_json(&content.name) { quote!(Json) } else { quote!(Simple) };
        return quote!(Parameter::new(#name, Style::#style));
    }
    described(name, parameter.style, parameter.explode, parameter.allow_reserved)
}

/// The runtime's description of a value in a style.
pub(super) fn described(name: &str, style: Style, explode: bool, allow_reserved: bool) -> TokenStream {
    let (style, explodes) = match style {
        Style::Matrix => (quote!(Matrix), false),
        Style::Label => (quote!(Label), false),
        Style::Simple => (quote!(Simple), false),
        Style::Form => (quote!(Form), true),
        Style::SpaceDelimited => (quote!(SpaceDelimited), false),
        Style::PipeDelimited => (quote!(PipeDelimited), false),
        Style::DeepObject => (quote!(DeepObject), explode),
        Style::Cookie => (quote!(Cookie), true),
    };
    let explode = (explode != explodes).then(|| quote!(.explode(#explode)));
    let allow_reserved = allow_reserved.then(|| quote!(.allow_reserved()));
    quote!(Parameter::new(#name, Style::#style) #explode #allow_reserved)
}
