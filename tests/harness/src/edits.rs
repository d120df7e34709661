//! Edits of documents that change nothing on the wire.

use serde_json::Value;

/// Numbers that are the same in every run.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`, or zero.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for index in (1..list.len()).rev() {
            list.swap(index, self.below(index + 1));
        }
    }
}

/// Puts everything whose order means nothing on the wire in another order.
pub fn reorder(value: &mut Value, tags: Tags, random: &mut Random) {
    reorder_inside(value, "", tags, random);
}

/// Whether the tags of operations are put in another order. The first is the one that an operation is grouped by, until
/// the lock remembers which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tags {
    /// They stay in their order.
    Stay,
    /// They move like the rest.
    Move,
}

/// The lists whose order means nothing.
const SETS: [&str; 8] = ["enum", "required", "parameters", "oneOf", "anyOf", "allOf", "type", "security"];

fn reorder_inside(value: &mut Value, name: &str, tags: Tags, random: &mut Random) {
    match value {
        Value::Object(members) => {
            let mut entries: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            random.shuffle(&mut entries);
            for (name, value) in &mut entries {
                if !matches!(name.as_str(), "example" | "examples" | "default" | "const") {
                    reorder_inside(value, name, tags, random);
                }
            }
            members.extend(entries);
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                reorder_inside(item, "", tags, random);
            }
            let is_tags = name == "tags" && (tags == Tags::Move || items.iter().all(Value::is_object));
            if SETS.contains(&name) || is_tags {
                random.shuffle(items);
            }
        }
        _ => {}
    }
}
