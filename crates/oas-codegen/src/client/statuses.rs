//! Which statuses are a success, and which an error that the document describes.

use std::ops::RangeInclusive;

use oas_model::StatusPattern;
use proc_macro2::TokenStream;
use quote::quote;

use super::request::Request;
use crate::plan::SuccessItem;

/// The statuses that an operation's document describes, the most specific first.
pub(super) struct Statuses {
    /// Those that are a success.
    pub(super) success: Vec<RangeInclusive<u16>>,
    /// Those that are an error.
    pub(super) error: Vec<RangeInclusive<u16>>,
}

impl Statuses {
    /// The statuses of an operation. The default stands for no success that the document does not call one: a caller
    /// who meets such an answer wants to see it as it came.
    pub(super) fn of(request: &Request<'_>) -> Self {
        let mut statuses = Self { success: Vec::new(), error: Vec::new() };
        for (index, response) in request.item.responses.iter().enumerate() {
            let is_success = match &request.item.success {
                SuccessItem::Single(one) => *one == index,
                SuccessItem::Several { responses, .. } => responses.contains(&index),
                SuccessItem::Undocumented => false,
            };
            match response.status {
                StatusPattern::Code(code) if is_success => statuses.success.push(code..=code),
                StatusPattern::Code(code) => statuses.error.push(code..=code),
                StatusPattern::Range(hundred) => {
                    let all = u16::from(hundred) * 100..=u16::from(hundred) * 100 + 99;
                    if is_success { statuses.success.push(all) } else { statuses.error.push(all) }
                }
                StatusPattern::Default => {
                    if is_success {
                        statuses.success.push(200..=299);
                    }
                    statuses.error.extend([100..=199, 300..=599]);
                }
            }
        }
        if matches!(request.item.success, SuccessItem::Undocumented) {
            statuses.success.push(200..=299);
        }
        statuses
    }

    /// The tables that the runtime looks answers up in: successes, errors.
    pub(super) fn tables(&self) -> (TokenStream, TokenStream) {
        let table = |all: &[RangeInclusive<u16>]| {
            let ranges = joined(all).into_iter().map(|statuses| range(&statuses));
            quote!(&[#(#ranges),*])
        };
        (table(&self.success), table(&self.error))
    }
}

/// The same statuses in fewer ranges: neighbours of one class become one.
fn joined(all: &[RangeInclusive<u16>]) -> Vec<RangeInclusive<u16>> {
    let mut joined: Vec<RangeInclusive<u16>> = Vec::new();
    for statuses in all {
        match joined.last_mut() {
            Some(last) if *last.end() + 1 == *statuses.start() && last.start() / 100 == statuses.end() / 100 => {
                *last = *last.start()..=*statuses.end();
            }
            _ => joined.push(statuses.clone()),
        }
    }
    joined
}

/// The media types an operation may answer with, for `Accept`: JSON first, each once, in the order of the document.
pub(super) fn accept(request: &Request<'_>) -> String {
    let mut names: Vec<String> = Vec::new();
    for index in 0..request.item.responses.len() {
        for media_type in request.response_media_types(index) {
            let name = oas_wire::essence(&media_type.name);
            if super::media_type::is_sendable(&name) && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.sort_by_key(|name| !oas_wire::is_json(name));
    names.join(", ")
}

/// A range as an expression.
fn range(statuses: &RangeInclusive<u16>) -> TokenStream {
    let first = proc_macro2::Literal::u16_unsuffixed(*statuses.start());
    let last = proc_macro2::Literal::u16_unsuffixed(*statuses.end());
    quote!(#first..=#last)
}
