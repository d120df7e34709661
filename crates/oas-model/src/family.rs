//! Schemas that others extend by `allOf`, and which of these a value is, as a member of it says.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use crate::{Api, Discriminator, SchemaId, Schemas};

/// How deep `allOf` is looked for in `allOf`.
const MOST_BRANCHES: usize = 4_096;

impl Api {
    /// For each schema that others extend the values of a member, with the schema that each stands for (OpenAPI 3.1.1,
    /// section 4.8.25): as its own discriminator says, or as that of a schema which it extends itself, of which only what
    /// stands for it and for those that extend it is left.
    ///
    /// Schemas that list their branches in `oneOf` or `anyOf` are not among them.
    pub fn families(&self) -> BTreeMap<SchemaId, Discriminator> {
        let mut families = BTreeMap::new();
        let is_parent = |id: SchemaId| self.schemas[id].one_of.is_empty() && self.schemas[id].any_of.is_empty();
        let parents = self.schemas.iter().filter_map(|(id, schema)| Some((id, schema.discriminator.as_ref()?)));
        let parents: Vec<_> = parents.filter(|(id, one)| is_parent(*id) && self.names_others(*id, one)).collect();
        if parents.is_empty() {
            return families;
        }
        let children = Children::of(&self.schemas, self.components.values().copied());
        let mut owners: HashMap<SchemaId, SchemaId> = HashMap::new();
        for (parent, discriminator) in parents {
            families.insert(parent, discriminator.clone());
            for heir in children.descendants(parent) {
                let schema = &self.schemas[heir];
                // The nearest of several has the word.
                let is_nearer = owners.get(&heir).is_none_or(|owner| children.descendants(*owner).contains(&parent));
                if schema.discriminator.is_some() || !is_parent(heir) || !is_nearer {
                    continue;
                }
                let narrowed = self.narrowed(discriminator, heir, &children);
                if self.names_others(heir, &narrowed) {
                    families.insert(heir, narrowed);
                    owners.insert(heir, parent);
                }
            }
        }
        families
    }

    /// Lets a discriminator take the name of its own schema for that schema, unless the name stands for another: a value
    /// of a parent may be no child of it.
    pub fn name_itself(&self, id: SchemaId, discriminator: &mut Discriminator) {
        if let Some(name) = self.schemas[id].component.clone().filter(|_| !discriminator.mapping.is_empty()) {
            discriminator.mapping.entry(name).or_insert(id);
        }
    }

    /// Whether a discriminator leads to more than the schema that has it.
    fn names_others(&self, id: SchemaId, discriminator: &Discriminator) -> bool {
        discriminator.mapping.values().any(|target| self.schemas.resolve(*target) != id)
    }

    /// What is left of a discriminator for `heir` and those that extend it.
    fn narrowed(&self, discriminator: &Discriminator, heir: SchemaId, children: &Children) -> Discriminator {
        let mut own: HashSet<SchemaId> = children.descendants(heir).into_iter().collect();
        own.insert(heir);
        let is_own = |target: &SchemaId| own.contains(&self.schemas.resolve(*target));
        let mapping = discriminator.mapping.iter().filter(|(_, target)| is_own(target));
        Discriminator {
            property: discriminator.property.clone(),
            mapping: mapping.map(|(value, target)| (value.clone(), *target)).collect(),
            default: discriminator.default.filter(is_own),
        }
    }
}

/// The components that extend each schema by `allOf`, or by what stands beside `$ref`.
pub(crate) struct Children(HashMap<SchemaId, Vec<SchemaId>>);

impl Children {
    pub(crate) fn of(schemas: &Schemas, components: impl Iterator<Item = SchemaId>) -> Self {
        let mut children: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        for child in components {
            for parent in extended(schemas, child) {
                let all = children.entry(parent).or_default();
                if all.last() != Some(&child) {
                    all.push(child);
                }
            }
        }
        Self(children)
    }

    /// The schemas that extend `id`, directly or not, each once, in the order of the document for each generation.
    pub(crate) fn descendants(&self, id: SchemaId) -> Vec<SchemaId> {
        let mut found = Vec::new();
        let mut seen = HashSet::from([id]);
        let mut next = VecDeque::from([id]);
        while let Some(parent) = next.pop_front() {
            for child in self.0.get(&parent).into_iter().flatten() {
                if seen.insert(*child) {
                    found.push(*child);
                    next.push_back(*child);
                }
            }
        }
        found
    }
}

/// The schemas that a component extends. Another name of a schema does not extend it.
fn extended(schemas: &Schemas, component: SchemaId) -> Vec<SchemaId> {
    let mut found = Vec::new();
    if schemas[component].is_mere_reference() {
        return found;
    }
    let mut open = vec![component];
    let mut count = 0;
    while let Some(id) = open.pop() {
        let schema = &schemas[id];
        count += 1;
        found.extend(schema.reference.map(|parent| schemas.resolve(parent)));
        // What stands in the text ends where the text ends.
        if count < MOST_BRANCHES {
            open.extend(schema.all_of.iter().rev());
        }
    }
    found
}
