//! Members that a document does not describe.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::{Error, FromJson, ToJson, equality};

/// Members that a document does not describe, each with the exact text of its value. Without any it is as large as a
/// pointer and holds nothing.
#[derive(Clone, Default)]
pub struct Additional(Option<Box<Kept>>);

/// What is kept. Boxed as a whole: it takes one word in every struct, and not several.
#[derive(Clone, Default)]
struct Kept {
    members: Vec<Entry>,
    /// A value that is no object, where the document allows any.
    other: Option<Box<str>>,
}

/// The name of a member, and the JSON text of its value.
type Entry = (Box<str>, Box<str>);

/// From how many members on they are looked through by hash.
const FEW: usize = 16;

impl Additional {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members().len()
    }

    fn members(&self) -> &[Entry] {
        self.0.as_ref().map_or(&[], |kept| &kept.members)
    }

    /// The members, to be changed. What is no object becomes one.
    fn members_mut(&mut self) -> &mut Vec<Entry> {
        let kept = self.0.get_or_insert_default();
        kept.other = None;
        &mut kept.members
    }

    /// The JSON text of the value as a whole when it is no object: the schema describes members, but says nothing of the
    /// type, so that any other value is valid, too.
    pub fn other(&self) -> Option<&str> {
        self.0.as_ref()?.other.as_deref()
    }

    /// What keeps a value that is no object.
    pub(crate) fn of_other(json: &str) -> Self {
        Self(Some(Box::new(Kept { members: Vec::new(), other: Some(json.into()) })))
    }

    /// Every member with the text of its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().iter().map(|(name, json)| (&**name, &**json))
    }

    /// The JSON text of a member.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.iter().find(|(one, _)| *one == name).map(|(_, json)| json)
    }

    /// A member as a value of this type.
    pub fn get<T: FromJson>(&self, name: &str) -> Option<Result<T, Error>> {
        self.text(name).map(crate::from_str)
    }

    /// Sets a member.
    ///
    /// # Errors
    /// When JSON cannot say the value.
    pub fn set<T: ToJson + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let json = crate::to_string(value)?;
        match self.members_mut().iter_mut().find(|(one, _)| **one == *name) {
            Some((_, old)) => *old = json.into(),
            None => self.push(name, &json),
        }
        Ok(())
    }

    /// Takes a member away, and returns its JSON text.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let members = &mut self.0.as_mut()?.members;
        let at = members.iter().position(|(one, _)| **one == *name)?;
        let (_, json) = members.remove(at);
        if members.is_empty() {
            self.0 = None;
        }
        Some(json.into())
    }

    /// Adds a member that may be there already.
    pub(crate) fn push(&mut self, name: &str, json: &str) {
        self.members_mut().push((name.into(), json.into()));
    }

    /// Of several members of one name, the last.
    pub(crate) fn without_repetition(mut self) -> Self {
        let Some(members) = self.0.as_mut().map(|kept| &mut kept.members) else { return self };
        if members.len() < 2 {
            return self;
        }
        let repeats = if members.len() <= FEW {
            members.iter().enumerate().any(|(at, (name, _))| members.iter().skip(at + 1).any(|(one, _)| one == name))
        } else {
            let names: std::collections::HashSet<&str> = members.iter().map(|(name, _)| &**name).collect();
            names.len() < members.len()
        };
        if repeats {
            let mut last: HashMap<Box<str>, usize> = HashMap::new();
            for (at, (name, _)) in members.iter().enumerate() {
                last.insert(name.clone(), at);
            }
            let mut at = 0;
            members.retain(|(name, _)| {
                at += 1;
                last.get(name) == Some(&(at - 1))
            });
        }
        self
    }
}

/// The same members with the same values, whatever their order, white space and the spelling of numbers.
impl PartialEq for Additional {
    fn eq(&self, other: &Self) -> bool {
        match (self.other(), other.other()) {
            (None, None) => {}
            (Some(one), Some(two)) => return equality::are_equal(one, two),
            _ => return false,
        }
        if self.len() != other.len() {
            return false;
        }
        let members: BTreeMap<&str, &str> = other.iter().collect();
        self.iter().all(|(name, json)| members.get(name).is_some_and(|other| equality::are_equal(json, other)))
    }
}

impl Eq for Additional {}

impl fmt::Debug for Additional {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}
