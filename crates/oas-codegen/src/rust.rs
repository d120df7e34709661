//! Printing Rust: idents, types and files.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens as _, quote};
use serde_json::Value;

use crate::HEADER;
use crate::plan::{self, Plan, RustType, TypeIndex, TypeKind};

/// The token of an ident that the plan settled on, or of the name of a package.
pub fn ident(settled: impl AsRef<str>) -> Ident {
    plan::Ident::new(settled.as_ref()).to_token()
}

/// The tokens of `ty`. Types of the plan are looked for in the module or crate `types`: `autoposting_types` gives
/// `autoposting_types::SuccessEnvelope`; without tokens the bare name is written.
pub fn type_tokens(plan: &Plan, ty: &RustType, types: &TokenStream) -> TokenStream {
    match ty {
        RustType::Bool => quote!(bool),
        RustType::Integer(integer) => ident(integer.type_name()).into_token_stream(),
        RustType::F64 => quote!(f64),
        RustType::String => quote!(String),
        RustType::Bytes => quote!(Vec<u8>),
        RustType::Json => quote!(serde_json::Value),
        RustType::JsonObject => quote!(serde_json::Map<String, serde_json::Value>),
        RustType::Null => quote!(()),
        RustType::Formatted(format) => runtime(format.type_name(), types),
        RustType::Number => runtime("Number", types),
        RustType::Option(inner) => {
            let inner = type_tokens(plan, inner, types);
            quote!(Option<#inner>)
        }
        RustType::Boxed(inner) => {
            let inner = type_tokens(plan, inner, types);
            quote!(Box<#inner>)
        }
        RustType::List(inner) => {
            let inner = type_tokens(plan, inner, types);
            quote!(Vec<#inner>)
        }
        RustType::Map(inner) => {
            let inner = type_tokens(plan, inner, types);
            quote!(std::collections::BTreeMap<String, #inner>)
        }
        RustType::OrOther(inner) => {
            let (inner, or_other) = (type_tokens(plan, inner, types), runtime("OrOther", types));
            quote!(#or_other<#inner>)
        }
        RustType::Tuple(parts) => {
            let parts = parts.iter().map(|part| type_tokens(plan, part, types));
            quote!((#(#parts,)*))
        }
        RustType::Named(index) => named(&plan[*index].name, types),
    }
}

/// The path of a type of the runtime, which the types package exports too.
fn runtime(name: &str, types: &TokenStream) -> TokenStream {
    let name = ident(name);
    if types.is_empty() || types.to_string() == "super" {
        quote!(oas_types_runtime::#name)
    } else {
        quote!(#types::runtime::#name)
    }
}

/// The path of the generated type `name`, looked for where [`type_tokens`] does.
pub fn named(name: impl AsRef<str>, types: &TokenStream) -> TokenStream {
    let name = ident(name);
    if types.is_empty() { quote!(#name) } else { quote!(#types::#name) }
}

/// An expression of type `ty` for a JSON value that fits it, as the default of a parameter does; types of the plan are
/// looked for where [`type_tokens`] does. `None` when there is no such expression.
pub fn value_tokens(plan: &Plan, ty: &RustType, value: &Value, types: &TokenStream) -> Option<TokenStream> {
    Some(match ty {
        RustType::Bool => {
            let truth = value.as_bool()?;
            quote!(#truth)
        }
        RustType::Integer(_) => integer(value.as_number()?.as_i128()?),
        RustType::F64 => float(value.as_f64()?),
        RustType::String => {
            let text = value.as_str()?;
            quote!(#text.to_owned())
        }
        RustType::Option(_) if value.is_null() => quote!(None),
        RustType::Option(inner) => {
            let inner = value_tokens(plan, inner, value, types)?;
            quote!(Some(#inner))
        }
        RustType::Boxed(inner) => {
            let inner = value_tokens(plan, inner, value, types)?;
            quote!(Box::new(#inner))
        }
        RustType::List(inner) => {
            let items = value.as_array()?.iter().map(|item| value_tokens(plan, inner, item, types));
            let items = items.collect::<Option<Vec<_>>>()?;
            quote!(vec![#(#items),*])
        }
        RustType::Json => {
            let text = value.to_string();
            quote!(serde_json::from_str(#text).unwrap_or_default())
        }
        RustType::JsonObject => {
            let text = value.as_object().map(|_| value.to_string())?;
            quote!(serde_json::from_str(#text).unwrap_or_default())
        }
        RustType::Formatted(_) => {
            let text = value.as_str()?;
            let ty = type_tokens(plan, ty, types);
            quote!(#ty::from_text(#text))
        }
        RustType::Null => quote!(()),
        RustType::Named(index) => named_value(plan, *index, value, types)?,
        RustType::Bytes | RustType::Map(_) | RustType::OrOther(_) | RustType::Tuple(_) | RustType::Number => {
            return None;
        }
    })
}

/// A value of a named type: a variant of an enum, or a newtype around a value.
fn named_value(plan: &Plan, index: TypeIndex, value: &Value, types: &TokenStream) -> Option<TokenStream> {
    let item = &plan[index];
    let name = named(&item.name, types);
    let variant = match &item.kind {
        TypeKind::StringEnum(variants) => &variants.iter().find(|one| Some(one.wire.as_str()) == value.as_str())?.ident,
        TypeKind::IntegerEnum(variants) => {
            &variants
                .iter()
                .find(|one| Some(one.wire) == value.as_number().and_then(serde_json::Number::as_i128))?
                .ident
        }
        TypeKind::Newtype(inner) => {
            let inner = value_tokens(plan, inner, value, types)?;
            return Some(quote!(#name(#inner)));
        }
        TypeKind::Struct(_) | TypeKind::Union(_) => return None,
    };
    let variant = ident(variant);
    Some(quote!(#name::#variant))
}

/// An integer, with its sign as an operator of its own, as the grammar has it.
fn integer(number: i128) -> TokenStream {
    let digits = Literal::u128_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#digits) } else { quote!(#digits) }
}

fn float(number: f64) -> TokenStream {
    let digits = Literal::f64_unsuffixed(number.abs());
    if number.is_sign_negative() { quote!(-#digits) } else { quote!(#digits) }
}

/// The text of a generated file: the header, then each of `items`, formatted one by one with a blank line between.
/// Neighbours that are `use` or `mod` lines stand close together.
pub fn file(items: impl IntoIterator<Item = TokenStream>) -> String {
    file_with(TokenStream::new(), items)
}

/// Like [`file`](file()), with inner attributes (`#![...]`) in front of the items.
pub fn file_with(attributes: TokenStream, items: impl IntoIterator<Item = TokenStream>) -> String {
    file_of(attributes, items.into_iter().flat_map(parsed))
}

/// Like [`file_with`], from items that need no parsing, or have been parsed.
pub fn file_of(attributes: TokenStream, items: impl IntoIterator<Item = Part>) -> String {
    joined(attributes, items.into_iter().map(print))
}

/// Items of a file that is still being made, as text: tokens take many times its memory, and a large document has
/// hundreds of files.
#[derive(Debug, Default)]
pub struct Printed(Vec<String>);

impl Printed {
    /// Adds an item, or several.
    pub fn push(&mut self, tokens: TokenStream) {
        self.0.extend(parsed(tokens).into_iter().map(print));
    }

    /// How many lines they have.
    pub fn lines(&self) -> usize {
        self.0.iter().map(|item| item.lines().count() + 1).sum()
    }

    /// The same items, each with an outer attribute.
    #[must_use]
    pub fn behind(self, attribute: &TokenStream) -> Self {
        // Attributes are printed with what they belong to.
        let item: Vec<String> = parsed(quote!(#attribute mod item;)).into_iter().map(print).collect();
        let attribute = item.concat().replace("mod item;\n", "");
        Self(self.0.into_iter().map(|item| format!("{attribute}{item}")).collect())
    }
}

/// The text of a file of printed items, with these inner attributes and `use` lines in front.
pub fn printed(attributes: TokenStream, uses: TokenStream, items: impl IntoIterator<Item = Printed>) -> String {
    let uses = parsed(uses).into_iter().map(print);
    joined(attributes, uses.chain(items.into_iter().flat_map(|items| items.0)))
}

impl Extend<TokenStream> for Printed {
    fn extend<T: IntoIterator<Item = TokenStream>>(&mut self, items: T) {
        items.into_iter().for_each(|tokens| self.push(tokens));
    }
}

impl FromIterator<TokenStream> for Printed {
    fn from_iter<T: IntoIterator<Item = TokenStream>>(items: T) -> Self {
        let mut printed = Self::default();
        printed.extend(items);
        printed
    }
}

/// The text of a file of printed items.
fn joined(attributes: TokenStream, items: impl Iterator<Item = String>) -> String {
    let mut text = format!("// {HEADER}\n");
    if let Ok(file) = syn::parse2::<syn::File>(attributes)
        && !file.attrs.is_empty()
    {
        text.push('\n');
        text.push_str(&prettyplease::unparse(&file));
    }
    let mut previous: Option<&str> = None;
    for printed in items {
        // The attribute of a line that features leave out stands before it.
        let behind = printed.starts_with("#[cfg(").then(|| printed.trim_end().rsplit('\n').next()).flatten();
        let bare = behind.unwrap_or(&printed);
        let line = ["use ", "pub use ", "mod ", "pub mod "].into_iter().find(|start| bare.starts_with(start));
        if line.is_none() || line != previous {
            text.push('\n');
        }
        text.push_str(&printed);
        previous = line;
    }
    text
}

/// A part of a file, ready to print.
pub enum Part {
    /// An item.
    Item(Box<syn::Item>),
    /// Tokens that are no items: only a fault of an emitter, which the compiler of the output then shows.
    Raw(TokenStream),
}

/// The items that `tokens` are.
pub fn parsed(tokens: TokenStream) -> Vec<Part> {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => file.items.into_iter().map(|item| Part::Item(Box::new(item))).collect(),
        Err(_) => vec![Part::Raw(tokens)],
    }
}

/// The text of one item.
fn print(part: Part) -> String {
    match part {
        Part::Item(item) => {
            let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![*item] };
            space_members(&prettyplease::unparse(&file))
        }
        Part::Raw(tokens) => format!("{tokens}\n"),
    }
}

/// Puts a blank line behind each member of an `impl`, `trait` or `mod` that has lines of its own, as people write them.
/// Text literals never span lines in printed tokens, so a line is what it looks like.
fn space_members(item: &str) -> String {
    let mut spaced = String::with_capacity(item.len() + item.len() / 16);
    let mut lines = item.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        inside |= ["impl", "trait", "pub trait", "unsafe impl", "mod"].iter().any(|start| line.starts_with(start));
        let Some(next) = lines.peek().filter(|next| inside && next.starts_with("    ")) else { continue };
        let uses_end = line.starts_with("    use ") && !next.starts_with("    use ");
        // Between two members of a trait stands documentation.
        let is_signature = next.starts_with("    ///") && !line.starts_with("    ///") && line.ends_with(';');
        if line == "    }"
            || line == "    };"
            || line.starts_with("    type ") && line.ends_with(';')
            || uses_end
            || is_signature
        {
            spaced.push('\n');
        }
    }
    spaced
}
