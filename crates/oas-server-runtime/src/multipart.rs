//! `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).

use oas_wire::{MediaType, Members, Shape, Unreadable, split_quoted};
use std::collections::BTreeMap;

use axum::body::Body;
use bytes::Bytes;

use crate::form::Field;
use crate::{Encoding, Location, Rejection, Violation, parameter, violation};

/// What a part says of itself. None of it can be trusted: a file name may be a path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartHeaders {
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
    pub(crate) heads: Vec<PartHeaders>,
    pub(crate) violations: Vec<Violation>,
}

/// A form without parts. What clients send in its place is often nothing at all.
pub(crate) fn without_parts(boundary: &str) -> String {
    format!("--{boundary}--\r\n")
}

/// A form out of a body that is at hand.
pub(crate) fn open(body: Bytes, boundary: &str) -> multer::Multipart<'static> {
    multer::Multipart::new(Body::from(body).into_data_stream(), boundary)
}

/// What a part says of itself; `None` when it has no name.
pub(crate) fn head(part: &multer::Field<'_>) -> Option<PartHeaders> {
    Some(PartHeaders {
        name: part.name()?.to_owned(),
        file_name: part.file_name().map(str::to_owned),
        content_type: part.content_type().map(ToString::to_string),
    })
}

/// What is wrong with the media type of a part, where the document lists those that it may have.
pub(crate) fn media_type_fault(head: &PartHeaders, encoding: Option<&Encoding>) -> Option<Violation> {
    let (stated, listed) = (head.content_type.as_deref()?, encoding?.content_type?);
    let stated = MediaType::parse(stated);
    let covers = |range: &str| MediaType::parse(range)?.covers(stated.as_ref()?);
    if split_quoted(listed, ',').into_iter().any(|range| covers(range).is_some()) {
        return None;
    }
    let pointer = violation::pointer(&head.name);
    Some(Violation::new(Location::Body, pointer, "contentType", format!("must be of the media type {listed}")))
}

/// Status 400 for a body that is not what its media type says.
pub(crate) fn unreadable(detail: &'static str) -> Rejection {
    Rejection::malformed(detail, Violation::new(Location::Body, "", "syntax", detail))
}

/// Reads a form.
pub(crate) async fn read(
    mut multipart: multer::Multipart<'static>,
    shape: &Shape,
    encoding: &[Encoding],
) -> Result<Form, multer::Error> {
    let none = Members::default();
    let members = shape.members.as_ref().unwrap_or(&none);
    let mut form = Form { field: Field::Form(Vec::new()), heads: Vec::new(), violations: Vec::new() };
    let mut fields = Fields::default();
    while let Some(part) = multipart.next_field().await? {
        let head = head(&part).ok_or(multer::Error::IncompleteHeaders)?;
        let bytes = part.bytes().await?;
        let member = members.shape(&head.name);
        let shape = member.items.as_deref().unwrap_or(&member);
        let encoding = encoding.iter().find(|encoding| encoding.name == head.name);
        form.violations.extend(media_type_fault(&head, encoding));
        let added = value(bytes, &head, shape, encoding)
            .and_then(|field| fields.add(&head.name, field, member.items.is_some()));
        if let Err(fault) = added {
            form.violations.push(parameter::violation(fault, Location::Body, &head.name));
        }
        form.heads.push(head);
    }
    form.field = Field::Form(fields.all);
    Ok(form)
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
pub(crate) fn value(
    bytes: Bytes,
    head: &PartHeaders,
    shape: &Shape,
    encoding: Option<&Encoding>,
) -> Result<Field, Unreadable> {
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
