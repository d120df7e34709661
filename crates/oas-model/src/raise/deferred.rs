//! What has to wait until every schema was read.

use oas_document::Location;

use crate::SchemaId;

/// What has to wait until every schema was read.
#[derive(Default)]
pub(super) struct Deferred<'d> {
    /// The schemas with a discriminator.
    pub(super) discriminators: Vec<SchemaId>,
    /// The places of unions that also allow `null`, and where they say so.
    pub(super) nullable_unions: Vec<(Location, Location)>,
    /// Every `$dynamicRef` to a `$dynamicAnchor`.
    pub(super) dynamic_references: Vec<DynamicReference<'d>>,
}

/// A `$dynamicRef` whose target has a `$dynamicAnchor` of its name.
pub(super) struct DynamicReference<'d> {
    /// The name.
    pub(super) name: &'d str,
    /// The schema that refers.
    pub(super) holder: SchemaId,
}
