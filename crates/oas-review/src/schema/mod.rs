//! Comparison of schemas by the sets of values they mean.
//!
//! A *conjunction* is a list of schemas that a value has to satisfy together: what a reference, `allOf` and siblings
//! amount to. [`expand`] flattens a conjunction into cases, one per combination of alternatives; [`shape`] sorts the
//! cases by the type of value they allow; [`walk`] compares the shapes of both sides position by position and goes on
//! to the members and items. What is found keeps the place in both documents that caused it.

mod annotation;
mod array;
mod choice;
mod constraint;
mod digest;
mod ecma;
mod edges;
mod expand;
mod format;
mod inclusion;
mod limit;
mod medium;
mod member;
mod moved;
mod number;
mod object;
mod pair;
mod pair_comparison;
mod pattern;
mod polymorphism;
mod proofs;
mod record;
mod residual;
mod resolver;
mod scalar;
mod shape;
mod text;
mod types;
mod value;
mod walk;

pub(crate) use ecma::spelled;
pub(crate) use format::is_any_bytes;
pub(crate) use medium::Medium;
pub(crate) use member::{Members, members};
pub(crate) use pair::{Found, Inside, Pair, identity};
pub(crate) use pattern::{Decision, shortest_difference, shortest_match, shortest_outside};
pub(crate) use resolver::{Conjunction, Resolver};
pub(crate) use scalar::admits;
pub(crate) use shape::{Kind, Record, Shape, shape};
pub(crate) use value::{same_value, text_of, texts};
pub(crate) use walk::{Entry, Root, SchemaFinding, Walk};
