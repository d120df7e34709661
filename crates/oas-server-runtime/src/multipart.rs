//! `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).

use oas_wire::{Members, Shape, Unreadable};
use std::collections::BTreeMap;

use axum::body::Body;
use bytes::Bytes;

use crate::form::Field;
use crate::{Encoding, Location, Violation, parameter};

/// What a part says of itself. None of it can be trusted: a file name may be a path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartHead {
    /// The name of the form's member.
    pub name: String,
    /// The name of the file on the caller's side.
    pub file_name: Option<String>,
    /// The media type, as written.
    pub content_type: Option<String>,
}

/// What a form became.
pub(crate) struct Form {
    pub(crate) field: Field,
    pub(crate) heads: Vec<PartHead>,
    pub(crate) violations: Vec<Violation>,
}

/// Reads a form; `None` when its parts cannot be told apart.
pub(crate) async fn read(body: Bytes, boundary: &str, shape: &Shape, encoding: &[Encoding]) -> Option<Form> {
    let mut multipart = multer::Multipart::new(Body::from(body).into_data_stream(), boundary);
    let none = Members::default();
    let members = shape.members.as_ref().unwrap_or(&none);
    let mut form = Form { field: Field::Form(Vec::new()), heads: Vec::new(), violations: Vec::new() };
    let mut fields = Fields::default();
    while let Some(part) = multipart.next_field().await.ok()? {
        let head = PartHead {
            name: part.name()?.to_owned(),
            file_name: part.file_name().map(str::to_owned),
            content_type: part.content_type().map(ToString::to_string),
        };
        let bytes = part.bytes().await.ok()?;
        let member = members.shape(&head.name);
        let shape = member.items.as_deref().unwrap_or(&member);
        let encoding = encoding.iter().find(|encoding| encoding.name == head.name);
        let added = value(bytes, &head, shape, encoding)
            .and_then(|field| fields.add(&head.name, field, member.items.is_some()));
        if let Err(fault) = added {
            form.violations.push(parameter::violation(fault, Location::Body, &head.name));
        }
        form.heads.push(head);
    }
    form.field = Field::Form(fields.all);
    Some(form)
}

/// The members of a form, in the order in which they came first.
#[derive(Default)]
struct Fields {
    all: Vec<(String, Field)>,
    /// Where each name stands: callers may send very many.
    places: BTreeMap<String, usize>,
}

impl Fields {
    /// Adds a value; a name that `repeats` is a list of values.
    fn add(&mut self, name: &str, field: Field, repeats: bool) -> Result<(), Unreadable> {
        let known = self.places.get(name).and_then(|at| self.all.get_mut(*at));
        match known {
            Some((_, Field::List(items))) if repeats => items.push(field),
            Some(_) => return Err(Unreadable::Repeated),
            None => {
                self.places.insert(name.to_owned(), self.all.len());
                let field = if repeats { Field::List(vec![field]) } else { field };
                self.all.push((name.to_owned(), field));
            }
        }
        Ok(())
    }
}

/// The value of one part: bytes where the schema says so, JSON where the part or the document says so or nothing else
/// could be meant, otherwise a text.
fn value(bytes: Bytes, head: &PartHead, shape: &Shape, encoding: Option<&Encoding>) -> Result<Field, Unreadable> {
    if shape.bytes {
        return Ok(Field::Bytes(bytes));
    }
    let stated = head.content_type.as_deref().or_else(|| encoding.and_then(|encoding| encoding.content_type));
    let json = stated.is_some_and(oas_wire::is_json);
    if json || shape.members.is_some() && !shape.is_scalar() {
        return serde_json::from_slice(&bytes).map(Field::Json).map_err(|_| Unreadable::Syntax);
    }
    match String::from_utf8(bytes.into()) {
        Ok(text) => Ok(Field::Json(shape.value(text))),
        Err(error) if shape.is_unknown() => Ok(Field::Bytes(error.into_bytes().into())),
        Err(_) => Err(Unreadable::Encoding),
    }
}
