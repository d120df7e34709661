//! What a reference plainly means that is not written as the specification wants it.

use super::uri;
use crate::{Document, Location, Node, Pointer};

impl Document {
    /// What a reference means that names nothing as it is written, and how it should have been written.
    ///
    /// Published documents refer to `Pet`, `components/schemas/Pet` or, as Swagger 2.0 did, `#/definitions/Pet`; and
    /// inside of a schema with an `$id`, from which references count, to `#/components/schemas/Pet` all the same. Where
    /// only one component is called like it in other cases, that is meant.
    pub fn meant(&self, from: &Location, reference: &str) -> Option<(Location, String)> {
        let written = reference.strip_prefix("./").unwrap_or(reference);
        let path = written.strip_prefix('#').unwrap_or(written);
        let path = path.strip_prefix('/').unwrap_or(path);
        let pointer = if let Some(name) = path.strip_prefix("definitions/") {
            Pointer::parse(&format!("/components/schemas/{name}"))?
        } else if path.contains(['/', '#']) || written.starts_with("#/") {
            Pointer::parse(&format!("/{}", uri::decode(path)?))?
        } else {
            self.component_called(path)?
        };
        let pointer = self.in_its_case(from, pointer);
        let location = Location { file: from.file, pointer };
        let is_known = location.pointer.tokens().next().is_some_and(|first| first == "components");
        let node = self.get(&location).filter(|_| is_known)?;
        let own = node.get("$ref").and_then(Node::as_str);
        (own != Some(reference)).then(|| {
            let written = format!("#{}", location.pointer.as_str());
            (location, written)
        })
    }

    /// A pointer to a component with the name as the one component has it that is called so in other cases.
    fn in_its_case(&self, from: &Location, pointer: Pointer) -> Pointer {
        let tokens: Vec<_> = pointer.tokens().collect();
        let [components, section, name] = tokens.as_slice() else { return pointer };
        let around = Pointer::root().child(components).child(section);
        let node = self.get(&Location { file: from.file, pointer: around.clone() });
        let Some(members) = node.and_then(Node::as_object).filter(|members| !members.contains_key(name.as_ref()))
        else {
            return pointer;
        };
        let mut alike = members.keys().filter(|other| other.eq_ignore_ascii_case(name));
        match (alike.next(), alike.next()) {
            (Some(only), None) => around.child(only),
            _ => pointer,
        }
    }

    /// The one component of a name.
    fn component_called(&self, name: &str) -> Option<Pointer> {
        let components = self.root().get("components").and_then(Node::as_object)?;
        let mut sections = components.iter().filter(|(_, member)| member.node.get(name).is_some());
        let (section, _) = sections.next()?;
        sections.next().is_none().then(|| Pointer::root().child("components").child(section).child(name))
    }
}
