//! `pages` and `items` of request builders whose answers are lists that come in pages.

use proc_macro2::TokenStream;
use quote::quote;

use super::request::{Context, Request, Success};
use crate::plan::{NextPage, PagesItem, RequestPlace};

/// What the runtime knows of the pages, as a field of the operation's constant.
pub(super) fn table(pages: &PagesItem) -> TokenStream {
    let PagesItem { items, item: _, next, more } = pages;
    let next = match next {
        NextPage::Offset(at, first) => {
            let (at, first) = (place(at), integer(*first));
            quote!(Offset { at: #at, first: #first })
        }
        NextPage::Number(at, first) => {
            let (at, first) = (place(at), integer(*first));
            quote!(Number { at: #at, first: #first })
        }
        NextPage::Cursor(at, from) => {
            let at = place(at);
            quote!(Cursor { at: #at, from: #from })
        }
        NextPage::LastItem(at, from) => {
            let at = place(at);
            quote!(LastItem { at: #at, from: #from })
        }
        NextPage::Link(from) => quote!(Link { from: #from }),
        NextPage::LinkHeader => quote!(LinkHeader),
    };
    let more = if let Some((pointer, value)) = more { quote!(Some((#pointer, #value))) } else { quote!(None) };
    quote!(paging: Some(Paging { items: #items, next: NextPage::#next, more: #more }),)
}

/// An integer without its type behind it.
fn integer(value: i64) -> TokenStream {
    let digits = proc_macro2::Literal::u64_unsuffixed(value.unsigned_abs());
    let sign = (value < 0).then(|| quote!(-));
    quote!(#sign #digits)
}

fn place(place: &RequestPlace) -> TokenStream {
    match place {
        RequestPlace::Query(name) => quote!(Place::Query(#name)),
        RequestPlace::Body(name) => quote!(Place::Body(#name)),
    }
}

/// Whether the request hands out pages and items.
pub(super) fn is_paged(request: &Request<'_>) -> bool {
    request.item.behavior.pages.is_some() && matches!(request.success, Success::Json(_))
}

/// The methods; nothing when there are no pages. `ask` is what is said of a request before it is sent.
pub(super) fn methods(client: Context<'_>, request: &Request<'_>, ask: Option<&TokenStream>) -> Option<TokenStream> {
    let paging = request.item.behavior.pages.as_ref()?;
    let Success::Json(page) = &request.success else { return None };
    let (page, item, error) = (client.ty(page), client.ty(&paging.item), request.error_type());
    let started = |read: TokenStream| {
        let Some(ask) = ask else { return quote!(Call::into_request(self).#read) };
        quote! {
            let mut request = Call::into_request(self);
            #ask
            request.#read
        }
    };
    let (all_pages, all_items) = (started(quote!(pages())), started(quote!(items())));
    Some(quote! {
        /// The pages from this one on, each asked for when it is wanted.
        pub fn pages(self) -> Pages<#page, #error> {
            #all_pages
        }

        /// The items from this page on, each page asked for when it is wanted.
        pub fn items(self) -> Items<#item, #error> {
            #all_items
        }
    })
}
