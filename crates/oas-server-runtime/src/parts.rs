//! Forms with files in them, read part by part as they arrive.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use oas_wire::{Members, Shape};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::form::Field;
use crate::multipart::{self, Form};
use crate::schemas::Compiled;
use crate::stream::{Cut, FromPieces, PiecesOf, Sealed, fit};
use crate::{Encoding, Location, PartHeaders, Rejection, ServerError, Violation, parameter, violation};

/// The parts of a `multipart/form-data` body, one after the other as they arrive.
///
/// A handler takes them one by one and reads the bytes of each as they come, or collects all of them in memory:
///
/// ```
/// use oas_server_runtime::{Parts, ServerError};
///
/// async fn store(mut body: Parts<serde_json::Value>) -> Result<usize, ServerError> {
///     let mut length = 0;
///     while let Some(mut part) = body.next_part().await? {
///         if part.head().name == "file" {
///             while let Some(piece) = part.chunk().await? {
///                 length += piece.len();
///             }
///         }
///     }
///     Ok(length)
/// }
/// ```
///
/// What is missing is known behind the last part, and told there. The limit of the operation holds for the whole body.
pub struct Parts<T> {
    multipart: multer::Multipart<'static>,
    compiled: Option<&'static Compiled>,
    encoding: &'static [Encoding],
    seen: BTreeSet<String>,
    form: PhantomData<fn() -> T>,
}

/// One part of a form.
pub struct Part {
    head: PartHeaders,
    field: multer::Field<'static>,
    compiled: Option<&'static Compiled>,
    encoding: Option<&'static Encoding>,
}

impl<T> Parts<T> {
    /// The next part; `None` behind the last one. The one before it has to be done with.
    ///
    /// # Errors
    /// When the body is no form, is too large or ends too early; when a part comes twice that may not; behind the last
    /// part, when one is missing.
    pub async fn next_part(&mut self) -> Result<Option<Part>, Rejection> {
        let Some(field) = self.multipart.next_field().await.map_err(refused)? else {
            return self.settle().map(|()| None);
        };
        let head = multipart::head(&field).ok_or_else(|| multipart::unreadable("a part has no name"))?;
        let repeats = self.shape(&head.name).items.is_some();
        if !self.seen.insert(head.name.clone()) && !repeats {
            let fault = parameter::violation(oas_wire::Unreadable::Repeated, Location::Body, &head.name);
            return Err(Rejection::invalid(vec![fault]));
        }
        let encoding = self.encoding.iter().find(|encoding| encoding.name == head.name);
        if let Some(violation) = multipart::media_type_fault(&head, encoding) {
            return Err(Rejection::invalid(vec![violation]));
        }
        Ok(Some(Part { head, field, compiled: self.compiled, encoding }))
    }

    fn shape(&self, name: &str) -> Shape {
        member(self.compiled, name)
    }

    /// What the parts that came lack together.
    fn settle(&self) -> Result<(), Rejection> {
        let Some(compiled) = self.compiled else { return Ok(()) };
        let names = self.seen.iter().map(|name| (name.clone(), Value::Null)).collect();
        let mut violations = Vec::new();
        compiled.check(&Value::Object(names), Location::Body, "", &mut violations);
        // The values were looked at one by one; here it is about which there are.
        let of_names =
            |one: &Violation| matches!(&*one.code, "required" | "additionalProperties" | "dependentRequired");
        violations.retain(|one| of_names(one) && one.pointer.matches('/').count() <= 1);
        if violations.is_empty() { Ok(()) } else { Err(Rejection::invalid(violations)) }
    }
}

impl<T: DeserializeOwned> Parts<T> {
    /// All of it, in memory.
    ///
    /// # Errors
    /// With everything that is wrong with the form; or when it cannot be read, is too large or ends too early.
    pub async fn collect(self) -> Result<T, Rejection> {
        self.collect_with_heads().await.map(|(form, _)| form)
    }

    /// All of it, in memory, with the names and media types of files.
    ///
    /// # Errors
    /// Like [`collect`](Self::collect).
    pub async fn collect_with_heads(self) -> Result<(T, Vec<PartHeaders>), Rejection> {
        let none = Shape::default();
        let shape = self.compiled.map_or(&none, |compiled| &compiled.shape);
        let Form { mut field, heads, mut violations } =
            multipart::read(self.multipart, shape, self.encoding).await.map_err(refused)?;
        if let Some(compiled) = self.compiled {
            compiled.check(&field.to_json(), Location::Body, "", &mut violations);
        }
        if !violations.is_empty() {
            return Err(Rejection::invalid(violations));
        }
        field.write_integers();
        let form = T::deserialize(field).map_err(|_| {
            Rejection::invalid(vec![Violation::new(
                Location::Body,
                "",
                "unrepresentable",
                "is beyond what this server can hold",
            )])
        })?;
        Ok((form, heads))
    }
}

impl Part {
    /// What it says of itself.
    pub fn head(&self) -> &PartHeaders {
        &self.head
    }

    /// The next of its bytes; `None` behind the last.
    ///
    /// # Errors
    /// When the body is too large or ends too early.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Rejection> {
        self.field.chunk().await.map_err(refused)
    }

    /// All of its bytes, in memory.
    ///
    /// # Errors
    /// When the body is too large or ends too early.
    pub async fn bytes(self) -> Result<Bytes, Rejection> {
        self.field.bytes().await.map_err(refused)
    }

    /// Its value, which is what the document describes of a member of this name.
    ///
    /// # Errors
    /// When it is not; or when the body is too large or ends too early.
    pub async fn value<V: DeserializeOwned>(self) -> Result<V, Rejection> {
        let Self { head, field, compiled, encoding } = self;
        let member = member(compiled, &head.name);
        let shape = member.items.as_deref().unwrap_or(&member);
        let bytes = field.bytes().await.map_err(refused)?;
        let pointer = violation::pointer(&head.name);
        let value = multipart::value(bytes, &head, shape, encoding)
            .map_err(|fault| Rejection::invalid(vec![parameter::violation(fault, Location::Body, &head.name)]))?;
        let Field::Json(value) = value else {
            return V::deserialize(value).map_err(|error| ServerError::new(error).into());
        };
        if let Some(compiled) = compiled {
            let alone = if member.items.is_some() { Value::Array(vec![value.clone()]) } else { value.clone() };
            let mut violations = Vec::new();
            let form = Value::Object(Map::from_iter([(head.name.clone(), alone)]));
            compiled.check(&form, Location::Body, "", &mut violations);
            let inside = |one: &Violation| one.pointer == pointer || one.pointer.starts_with(&format!("{pointer}/"));
            let of_number = |one: &Violation| matches!(&*one.code, "minItems" | "maxItems" | "contains");
            violations
                .retain(|one| inside(one) && !(of_number(one) && one.pointer == pointer && member.items.is_some()));
            if !violations.is_empty() {
                return Err(Rejection::invalid(violations));
            }
        }
        fit(None, value, &pointer)
    }
}

/// The shape of the member `name` of a form.
fn member(compiled: Option<&Compiled>, name: &str) -> Shape {
    let none = Members::default();
    compiled.and_then(|compiled| compiled.shape.members.as_ref()).unwrap_or(&none).shape(name)
}

/// What the caller is told when a form cannot be read.
#[expect(clippy::needless_pass_by_value, reason = "it is what an error becomes")]
fn refused(error: multer::Error) -> Rejection {
    if let multer::Error::LockFailure = error {
        return ServerError::new("a part was asked for before the one before it was done with").into();
    }
    let cut = error.source().and_then(|source| source.downcast_ref::<Cut>()).copied();
    cut.map_or_else(|| multipart::unreadable("the body is not multipart/form-data"), Rejection::from)
}

impl<T> Sealed for Parts<T> {}

impl<T> FromPieces for Parts<T> {
    fn from_pieces(PiecesOf { pieces, compiled, encoding, boundary, .. }: PiecesOf) -> Self {
        let multipart = multer::Multipart::new(pieces, boundary);
        Self { multipart, compiled, encoding, seen: BTreeSet::new(), form: PhantomData }
    }
}

impl<T> fmt::Debug for Parts<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Parts").finish_non_exhaustive()
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Part").field("head", &self.head).finish_non_exhaustive()
    }
}
