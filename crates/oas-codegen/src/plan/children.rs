//! Parents: schemas that others extend by `allOf`, where a member says which of these a value is.

use super::RustType;
use super::facets::{Conjunction, Part};
use super::hint::Hint;
use super::planner::Planner;
use super::shape::Shape;

impl Planner<'_> {
    /// The union of those that extend what `conjunction` stands for, when a discriminator tells them apart.
    pub(super) fn children(&mut self, conjunction: &[Part], hint: &Hint) -> Option<RustType> {
        let [Part::Whole(parent)] = conjunction else { return None };
        self.families.contains_key(parent).then(|| {
            let path = hint.path.child("discriminator");
            let hint = Hint { longer: Some("child by discriminator".to_owned()), ..hint.inside("child", path) };
            self.type_of_all(&[Part::Children(*parent)], &hint)
        })
    }

    /// The shape of that union: a branch for each that extends the parent.
    pub(super) fn children_shape(&self, conjunction: &[Part]) -> Option<Shape> {
        let [Part::Children(parent)] = conjunction else { return None };
        let discriminator = self.families.get(parent)?;
        let mut branches: Vec<Conjunction> = Vec::with_capacity(discriminator.mapping.len());
        let mut seen = std::collections::BTreeSet::new();
        for target in discriminator.mapping.values().copied().chain(discriminator.default) {
            let branch = self.reduced(&[Part::Whole(target)]);
            if seen.insert(branch.clone()) {
                branches.push(branch);
            }
        }
        Some(Shape::Union(branches, Some(discriminator.clone())))
    }
}
