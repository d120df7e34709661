//! The names of types, which are settled together once every type is known: what has a name of the document first, then
//! what is named after operations, schemes and tags, then inline types by how deep they stand.

use oas_document::Location;

use super::key::Key;
use super::names::{self, Kind};
use super::register::Register;
use super::request::Request;
use super::scope::Scope;
use super::{BodyContent, Ident, Plan, SuccessItem};

/// What a type is named after.
#[derive(Debug, Clone)]
pub(super) enum Base {
    /// The name of a component.
    Component,
    /// Words of our own around a name that is settled: of an operation, a scheme, a tag. Tells whether that has the
    /// name it had before, for what is named after it keeps its own then.
    Settled { is_kept: bool },
    /// The type around it, which comes first in the name.
    Type(Ident),
}

/// A type that asks for a name.
#[derive(Debug)]
pub(super) struct TypeRequest {
    pub(super) key: Key,
    pub(super) base: Base,
    /// The name, or what follows the name of the type around it.
    pub(super) words: String,
    /// The same in more words, for when the name is wanted by others too.
    pub(super) longer: Option<String>,
    pub(super) at: Location,
    /// Whether a pin by that place means this name.
    pub(super) has_place: bool,
}

/// The types that have asked for names.
#[derive(Debug, Default)]
pub(super) struct TypeNames {
    requests: Vec<TypeRequest>,
}

impl TypeNames {
    /// Asks for a name: an ident that stands for it until all are settled.
    pub(super) fn ask(&mut self, request: TypeRequest) -> Ident {
        self.requests.push(request);
        Ident::pending(self.requests.len() - 1)
    }

    /// Settles every name, in the order in which they were asked for.
    pub(super) fn settle(self, register: &mut Register<'_>) -> Settled {
        let mut scope = Scope::new(Kind::Type, "types");
        let mut keeps: Vec<bool> = Vec::with_capacity(self.requests.len());
        let mut levels: Vec<usize> = Vec::with_capacity(self.requests.len());
        let mut requests: Vec<Request> = Vec::with_capacity(self.requests.len());
        for request in &self.requests {
            let around = around(request).filter(|index| *index < levels.len());
            levels.push(match &request.base {
                Base::Component => 0,
                Base::Settled { .. } => 1,
                Base::Type(_) => around.map_or(1, |index| levels[index].max(1) + 1),
            });
            let is_kept = match (&request.base, around) {
                (Base::Settled { is_kept }, _) => *is_kept,
                (Base::Type(_), Some(index)) => keeps[index],
                _ => true,
            };
            let asked = Request {
                key: request.key.clone(),
                forms: Vec::new(),
                at: request.at.clone(),
                has_place: request.has_place,
                keeps: is_kept,
                follows: None,
                level: 0,
                is_vague: false,
            };
            // What stands inside follows when a pin gives another name than before.
            keeps.push(
                is_kept && register.pinned(Kind::Type, &asked).is_none_or(|pin| register.is_kept(&asked.key, &pin)),
            );
            requests.push(asked);
        }
        super::request::tell_repeated_apart(&mut requests);
        let mut idents = scope.take_given(register, &requests);
        for level in 0..=levels.iter().copied().max().unwrap_or_default() {
            let members: Vec<usize> = (0..requests.len()).filter(|index| levels[*index] == level).collect();
            for index in &members {
                requests[*index].forms = forms(&self.requests[*index], &idents);
            }
            let members: Vec<(usize, &Request)> = members.into_iter().map(|index| (index, &requests[index])).collect();
            scope.take_rest(register, &members, &mut idents);
        }
        Settled { idents: idents.into_iter().flatten().collect() }
    }
}

/// The number of the type around one.
fn around(request: &TypeRequest) -> Option<usize> {
    match &request.base {
        Base::Type(ident) => ident.pending_index(),
        Base::Component | Base::Settled { .. } => None,
    }
}

/// The names that a type may have, now that the type around it has one.
fn forms(request: &TypeRequest, idents: &[Option<Ident>]) -> Vec<String> {
    let around = around(request).and_then(|index| idents[index].as_ref());
    let full = |words: &str| match around {
        Some(around) => format!("{} {words}", around.as_str()),
        None => words.to_owned(),
    };
    let words = full(&request.words);
    let mut forms = match request.base {
        Base::Component => names::forms(Kind::Type, &words),
        // How our own words are written tells nothing apart.
        Base::Settled { .. } | Base::Type(_) => vec![names::ident(Kind::Type, &words)],
    };
    forms.extend(request.longer.as_ref().map(|longer| names::ident(Kind::Type, &full(longer))));
    forms.dedup();
    forms
}

/// The names of all types.
#[derive(Debug)]
pub(super) struct Settled {
    idents: Vec<Ident>,
}

impl Settled {
    /// The name that an ident stands for.
    pub(super) fn of(&self, ident: &Ident) -> Ident {
        ident.pending_index().map_or(ident, |index| &self.idents[index]).clone()
    }

    /// Puts the names in their places, all but those of the types themselves.
    pub(super) fn fill(&self, plan: &mut Plan) {
        let fill = |ident: &mut Ident| *ident = self.of(ident);
        plan.groups.iter_mut().for_each(|group| fill(&mut group.trait_ident));
        plan.schemes.iter_mut().for_each(|scheme| fill(&mut scheme.type_ident));
        plan.credentials.iter_mut().for_each(|set| fill(&mut set.ident));
        for operation in &mut plan.operations {
            operation.params.iter_mut().for_each(|params| fill(&mut params.ident));
            operation.body.iter_mut().for_each(|body| fill_content(&mut body.content, &fill));
            for response in &mut operation.responses {
                response.body.iter_mut().for_each(|body| fill_content(body, &fill));
                response.headers.iter_mut().for_each(|headers| fill(&mut headers.ident));
            }
            if let SuccessItem::Several { ident, .. } = &mut operation.success {
                fill(ident);
            }
            for ident in [&mut operation.response_ident, &mut operation.error_ident] {
                fill(ident);
            }
        }
    }
}

fn fill_content(content: &mut BodyContent, fill: &impl Fn(&mut Ident)) {
    if let BodyContent::Several { ident, .. } = content {
        fill(ident);
    }
}
