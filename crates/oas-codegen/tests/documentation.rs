//! Whatever a document says, as documentation of generated code: it stays where it was put, and rustdoc finds nothing
//! to run, to load or to warn about.

use oas_codegen::{docs, rust};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use quote::quote;

/// What Markdown, Rust and terminals act on.
const PIECES: [&str; 52] = [
    "\n",
    "\r\n",
    "\u{2028}",
    "\n\n",
    " ",
    "    ",
    "\t",
    "`",
    "``",
    "```",
    "~~~",
    "```rust",
    "- ",
    "1. ",
    "> ",
    "# ",
    "* ",
    "| ",
    "\\",
    "[",
    "]",
    "](",
    ")",
    "[x]: y",
    "[^1]",
    "[Vec]",
    "[`a`]",
    "![",
    "<",
    ">",
    "<b>",
    "</b>",
    "<!--",
    "-->",
    "<https://a.example>",
    "https://a.example/b_c",
    "http://",
    "*/",
    "/*",
    "\"",
    "\"#",
    "#[",
    "'",
    "{}",
    "\u{0}",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{feff}",
    "&amp;",
    "---",
    "===",
    "word",
];

/// Texts made of such pieces, with anything at all between them.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => any::<String>()];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Whether a character could end a line, or show text where it is not.
fn is_unsafe(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}')
}

/// What rustdoc would act on in `markdown`, as it reads it.
fn acted_on(markdown: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut found = Vec::new();
    let mut broken = |link: pulldown_cmark::BrokenLink<'_>| {
        found.push(format!("a link to {}", link.reference));
        None
    };
    let events: Vec<Event<'_>> = Parser::new_with_broken_link_callback(markdown, options, Some(&mut broken)).collect();
    found.extend(events.iter().filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(format!("HTML {html:?}")),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => Some("a doctest".to_owned()),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if matches!(&**language, "" | "rust") => {
            Some("a doctest".to_owned())
        }
        Event::Start(Tag::Image { dest_url, .. }) => Some(format!("an image from {dest_url}")),
        Event::Start(Tag::Link { dest_url, .. }) if !dest_url.starts_with("http") => {
            Some(format!("a link to {dest_url}"))
        }
        Event::Start(Tag::FootnoteDefinition(name)) | Event::FootnoteReference(name) => Some(format!("note {name}")),
        _ => None,
    }));
    found
}

#[test]
fn what_rustdoc_acts_on_is_seen() {
    for (markdown, found) in [
        ("<b>", "HTML"),
        ("    let a = 1;", "a doctest"),
        ("```\nlet a = 1;\n```", "a doctest"),
        ("![a](https://a.example/i)", "an image"),
        ("[a](javascript:evil)", "a link"),
        ("[Vec]", "a link to Vec"),
    ] {
        let all = acted_on(markdown);
        assert!(all.iter().any(|one| one.starts_with(found)), "{markdown:?}: {all:?}");
    }
}

proptest! {
    #[test]
    fn text_stays_in_its_lines(text in texts()) {
        let lines = docs::lines(&text);
        prop_assert!(lines.iter().all(|line| !line.contains(is_unsafe)), "{lines:?}");
        prop_assert!(!docs::code(&text).contains(is_unsafe));
        prop_assert!(docs::visible(&text).lines().all(|line| !line.contains(is_unsafe)));
    }

    #[test]
    fn text_stays_in_its_attributes(text in texts()) {
        let (outer, inner) = (docs::outer(&text), docs::inner(&text));
        let printed = rust::file_with(inner, [quote!(#outer pub struct Item;)]);
        let file = syn::parse_file(&printed).expect("it is Rust");
        prop_assert!(file.attrs.iter().all(|one| one.path().is_ident("doc")), "{printed}");
        let [syn::Item::Struct(item)] = file.items.as_slice() else {
            return Err(TestCaseError::fail(printed));
        };
        prop_assert_eq!(&item.ident, "Item");
        prop_assert_eq!(item.attrs.len(), docs::lines(&text).len());
        prop_assert!(item.attrs.iter().all(|one| one.path().is_ident("doc")), "{printed}");
    }

    #[test]
    fn rustdoc_acts_on_nothing(text in texts()) {
        let lines = docs::lines(&text);
        let found = acted_on(&lines.join("\n"));
        prop_assert!(found.is_empty(), "{found:?} in {lines:#?}");
    }

    #[test]
    fn code_is_code(text in texts()) {
        let code = docs::code(&text);
        let events: Vec<Event<'_>> = Parser::new(&code).collect();
        prop_assert!(matches!(events.as_slice(), [_, Event::Code(_), _]), "{code:?}: {events:?}");
    }
}
