//! The names of a plan while they are settled.

use super::Settings;
use super::register::Register;
use super::type_names::TypeNames;

/// The names that are settled, and those of types, which wait until all are known.
pub(super) struct Names<'a> {
    pub(super) settings: &'a Settings,
    /// Pins, lock, and the names that are settled.
    pub(super) register: Register<'a>,
    /// The types that have asked for names.
    pub(super) types: TypeNames,
}
