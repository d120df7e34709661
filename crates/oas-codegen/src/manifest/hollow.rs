//! Files without the bodies of their functions: most of a file is bodies, and nobody outside sees them.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What the next pair of braces belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// A function: the braces hold its body.
    Function,
    /// The implementation of a trait: what it holds is as the trait says.
    TraitImpl,
    /// Something that holds items: an inherent `impl`, a trait, a module.
    Items,
    /// Anything else: fields, variants, an expression.
    Other,
}

/// Parses a file without the bodies of its functions. Everything else keeps its place.
pub(super) fn parse(text: &str) -> syn::Result<syn::File> {
    let tokens: TokenStream = text.parse().map_err(syn::Error::from)?;
    syn::parse2(hollow(tokens))
}

/// Empties the braces of functions and of implementations of traits.
fn hollow(tokens: TokenStream) -> TokenStream {
    let mut owner = Owner::Other;
    let mut after_for = false;
    let mut hollowed = Vec::new();
    for token in tokens {
        let keyword = if let TokenTree::Ident(ident) = &token { Some(ident.to_string()) } else { None };
        match keyword.as_deref() {
            Some("fn") => owner = Owner::Function,
            // `-> impl Future` belongs to a function, `where for<'a>` to whatever it stands in.
            Some("impl" | "trait" | "mod") if owner == Owner::Other => owner = Owner::Items,
            Some("for") if owner == Owner::Items => after_for = true,
            _ => {
                let generic = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '<');
                if after_for && !generic {
                    owner = Owner::TraitImpl;
                }
                after_for = false;
            }
        }
        let (token, ends) = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                (TokenTree::Group(emptied(group, owner)), true)
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => (TokenTree::Punct(punct), true),
            other => (other, false),
        };
        if ends {
            owner = Owner::Other;
        }
        hollowed.push(token);
    }
    hollowed.into_iter().collect()
}

/// The braces of `owner`, in the same place.
fn emptied(group: Group, owner: Owner) -> Group {
    let inside = match owner {
        Owner::Function | Owner::TraitImpl => TokenStream::new(),
        Owner::Items => hollow(group.stream()),
        Owner::Other => return group,
    };
    let mut emptied = Group::new(Delimiter::Brace, inside);
    emptied.set_span(group.span());
    emptied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_go_and_everything_else_stays() {
        let text = "pub struct A { pub a: fn() }\n\
                    impl A { pub fn b(&self) -> impl Fn() { let c = D { e }; } const F: G = G { h: 1 }; }\n\
                    impl<T> I<T> for A where for<'a> T: J<'a> { fn k() { l() } }\n\
                    mod m { pub fn n() { o() } }\n\
                    pub trait P { fn q(&self); fn r(&self) { s() } }\n\
                    pub const T: G = G { u: 1 };\n";
        let expected = "pub struct A { pub a: fn() }\n\
                        impl A { pub fn b(&self) -> impl Fn() { } const F: G = G { h: 1 }; }\n\
                        impl<T> I<T> for A where for<'a> T: J<'a> { }\n\
                        mod m { pub fn n() { } }\n\
                        pub trait P { fn q(&self); fn r(&self) { } }\n\
                        pub const T: G = G { u: 1 };\n";
        let tokens: TokenStream = text.parse().expect("tokens");
        let wanted: TokenStream = expected.parse().expect("tokens");
        assert_eq!(hollow(tokens).to_string(), wanted.to_string());
        assert_eq!(parse(text).expect("a file").items.len(), 6);
    }

    #[test]
    fn what_is_left_keeps_its_place() {
        let file = parse("impl A {\n    fn b() {\n        c()\n    }\n\n    fn d() {}\n}\n").expect("a file");
        let [syn::Item::Impl(item)] = file.items.as_slice() else { panic!("one item") };
        let Some(syn::ImplItem::Fn(last)) = item.items.last() else { panic!("a function") };
        assert_eq!(last.sig.ident.span().start().line, 6);
        assert_eq!(item.brace_token.span.close().start().line, 7);
    }
}
