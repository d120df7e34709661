//! The parameters of a request builder without progenitor.

use super::field::{Field, value_field};
use crate::client::client_docs;
use crate::client::request::{Context, Request};
use crate::plan::ParamPresence;
use crate::rust;

/// The fields of the builder for its parameters.
pub(super) fn fields(client: Context<'_>, request: &Request<'_>) -> Vec<Field> {
    let fields = request.item.params.iter().flat_map(|params| &params.fields);
    fields
        .map(|field| {
            let parameter = request.parameter(field);
            let is_required = field.presence == ParamPresence::Required;
            value_field(
                &rust::ident(&field.ident),
                &client.ty(&field.ty),
                is_required,
                &parameter.name,
                &client_docs::parameter(request, field),
            )
        })
        .collect()
}
