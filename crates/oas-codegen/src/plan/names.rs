//! From names of a document to Rust idents: which words a name is made of, and how each kind of ident writes them.

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_normalization::UnicodeNormalization;

use super::ident::{KEYWORDS, NEVER_RAW, is_ident};
use super::key::digest;

/// What an ident is for; decides its case, and which names are taken by the language or the code around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A struct, enum or trait.
    Type,
    /// A variant of an enum.
    Variant,
    /// A field of a struct, or a method.
    Field,
    /// An operation or a security scheme: a method, and in the case of types what its types start with.
    Method,
    /// A parameter of an operation: a field, and a method of the client's request builder beside local variables.
    Parameter,
    /// A module, which is a file and a feature too: ASCII letters, digits and underscores.
    Module,
    /// A command or flag, which is typed with dashes.
    Flag,
}

/// Names that the prelude brings into scope, or that generated code writes without a path. A type of this name would
/// take its place.
const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "Display",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "Vec",
];

/// More names that types may not have: of the prelude, and of what generated packages bring themselves.
const PRELUDE_TOO: &[&str] = &["TryInto", "AsyncFn", "AsyncFnMut", "AsyncFnOnce", "ItemStream", "Self", "StreamError"];

/// Names of locals in the methods that progenitor writes, and of methods of its builders.
const PARAMETER_LOCALS: &[&str] = &[
    "client",
    "url",
    "request",
    "response",
    "result",
    "header_map",
    "info",
    "value",
    "body",
    "err",
    "inner",
    "query",
    "send",
    "new",
    "builder",
    "clone",
    "into",
];

/// File names that Windows keeps for devices, and module names that Cargo or we give a meaning.
const MODULE_NAMES: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "nul", "prn", "default", "lib", "main", "mod",
];

/// The ident of `kind` for a name of the document. Never fails: a name without anything to write becomes a word for
/// what it lacks. Different names may give the same ident; see [`forms`].
pub(super) fn ident(kind: Kind, name: &str) -> String {
    if is_sentence(name) {
        let start: Vec<&str> = name.split_whitespace().take(MOST_WORDS - 2).collect();
        return with_digest(kind, &spelled(kind, &words(&start.join(" "), Symbols::Sparingly)), name);
    }
    spelled(kind, &words(name, Symbols::Sparingly))
}

/// The idents that a name may become, from the one that people would write to one that tells more: with every symbol
/// spelled out, and with the style it is written in.
pub(super) fn forms(kind: Kind, name: &str) -> Vec<String> {
    forms_and_vagueness(kind, name).0
}

/// The same, and whether the first of them leaves out symbols of the name that a longer one spells.
pub(super) fn forms_and_vagueness(kind: Kind, name: &str) -> (Vec<String>, bool) {
    if is_sentence(name) {
        return (vec![ident(kind, name)], false);
    }
    let (sparing, detailed) = (words(name, Symbols::Sparingly), words(name, Symbols::All));
    let first = spelled(kind, &sparing);
    let second = if sparing == detailed { first.clone() } else { spelled(kind, &detailed) };
    let is_vague = first != second;
    let mut forms = vec![first, second];
    if let Some(style) = style(name) {
        forms.push(spelled(kind, &format!("{detailed} {style}")));
    }
    forms.dedup();
    (forms, is_vague)
}

/// An ident with digits that stand for `text`, which nothing else shares.
pub(super) fn with_digest(kind: Kind, ident: &str, text: &str) -> String {
    limited(kind, joined(kind, &[ident.trim_end_matches('_'), &format!("x{}", digest(text))]))
}

/// How a name is written, where names are told apart by nothing else.
fn style(name: &str) -> Option<&'static str> {
    let has = |one: char| name.contains(one);
    let (upper, lower) = (name.chars().any(char::is_uppercase), name.chars().any(char::is_lowercase));
    Some(match () {
        () if has(' ') => "spaced",
        () if has('.') => "dotted",
        () if has('/') => "path",
        () if has(':') => "colon",
        () if has(',') => "list",
        () if has('-') => "kebab",
        () if has('_') => "snake",
        () if upper && !lower => "upper",
        () if lower && !upper => "lower",
        () if name.chars().next().is_some_and(char::is_uppercase) => "pascal",
        () if upper => "camel",
        () => return None,
    })
}

/// The words in the case of `kind`, made a valid ident.
fn spelled(kind: Kind, words: &str) -> String {
    let cased = match kind {
        Kind::Type | Kind::Variant => words.to_upper_camel_case(),
        Kind::Field | Kind::Method | Kind::Parameter | Kind::Flag => words.to_snake_case(),
        Kind::Module => {
            let ascii: String = words.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { ' ' }).collect();
            ascii.to_snake_case()
        }
    };
    // Case changes can leave the composed form, and the compiler compares idents in it.
    let is_valid = |one: &char| *one == '_' || unicode_ident::is_xid_continue(*one);
    let valid: String = if cased.is_ascii() {
        cased.chars().filter(is_valid).collect()
    } else {
        cased.nfc().filter(is_valid).collect()
    };
    let started = match valid.chars().next() {
        None => missing(kind).to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => valid,
        Some(_) if matches!(kind, Kind::Type | Kind::Variant) => format!("N{valid}"),
        Some(_) => format!("n{valid}"),
    };
    limited(kind, reserved(kind, started))
}

/// How many characters an ident has at most. People read no further, and some tools and file systems have limits.
const LONGEST: usize = 60;

/// How many letters of an ident that is cut stay at each end, at most.
const EACH_END: usize = 26;

/// How many words a value or title has at most that is a name and no sentence.
const MOST_WORDS: usize = 7;

/// Cuts an ident that is too long in its middle, between words: its start says what it belongs to, its end what it is.
/// A digest of the whole tells it from others that are cut to the same.
fn limited(kind: Kind, ident: String) -> String {
    let count = ident.chars().count();
    if count <= LONGEST {
        return ident;
    }
    let letters: Vec<char> = ident.chars().collect();
    let is_start = |at: usize| match kind {
        Kind::Type | Kind::Variant => letters[at].is_uppercase(),
        Kind::Field | Kind::Method | Kind::Parameter | Kind::Module | Kind::Flag => letters[at - 1] == '_',
    };
    let head = (1..=EACH_END).rev().find(|at| is_start(*at)).unwrap_or(EACH_END);
    let tail = (count - EACH_END..count).find(|at| is_start(*at)).unwrap_or(count - EACH_END);
    let head: String = letters.iter().take(head).collect();
    let tail: String = letters.iter().skip(tail).collect();
    joined(kind, &[head.trim_end_matches('_'), &format!("x{}", digest(&ident)), &tail])
}

/// Words that are idents already, as one ident.
fn joined(kind: Kind, words: &[&str]) -> String {
    match kind {
        Kind::Type | Kind::Variant => words
            .iter()
            .map(|word| {
                let mut letters = word.chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
            })
            .collect(),
        Kind::Field | Kind::Method | Kind::Parameter | Kind::Module | Kind::Flag => words.join("_"),
    }
}

/// Whether a text is more than a name: words with spaces between, and many of them.
pub(super) fn is_sentence(text: &str) -> bool {
    text.split_whitespace().count() > MOST_WORDS
}

/// What a name becomes that has no letter, digit or symbol.
const fn missing(kind: Kind) -> &'static str {
    match kind {
        Kind::Type | Kind::Variant => "Empty",
        Kind::Field | Kind::Method | Kind::Parameter | Kind::Module | Kind::Flag => "empty",
    }
}

/// Whether an ident that was chosen before, by a person or by a run, can be one of `kind`.
pub(super) fn is_fit(kind: Kind, ident: &str) -> bool {
    let is_cased = match kind {
        Kind::Type | Kind::Variant => !ident.contains('_') && !ident.starts_with(char::is_lowercase),
        _ => !ident.contains(char::is_uppercase),
    };
    let is_written = kind != Kind::Module || ident.is_ascii();
    is_cased && is_written && is_ident(ident) && reserved(kind, ident.to_owned()) == ident
}

/// Keeps an ident off what has a meaning where it stands.
fn reserved(kind: Kind, ident: String) -> String {
    match kind {
        Kind::Type if PRELUDE.contains(&ident.as_str()) || PRELUDE_TOO.contains(&ident.as_str()) => {
            format!("{ident}Type")
        }
        Kind::Variant if ident == "Self" || ident == super::UNKNOWN_VARIANT => format!("{ident}Value"),
        Kind::Parameter if PARAMETER_LOCALS.contains(&ident.as_str()) => format!("{ident}_"),
        Kind::Module if MODULE_NAMES.contains(&ident.as_str()) || KEYWORDS.contains(&ident.as_str()) => {
            format!("{ident}_")
        }
        Kind::Field | Kind::Method | Kind::Parameter | Kind::Flag if NEVER_RAW.contains(&ident.as_str()) => {
            format!("{ident}_")
        }
        Kind::Type | Kind::Variant | Kind::Field | Kind::Method | Kind::Parameter | Kind::Module | Kind::Flag => ident,
    }
}

/// Which symbols become words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbols {
    /// Those that mean something by themselves: comparisons, signs; and all when there is nothing else.
    Sparingly,
    /// All but those that merely separate words.
    All,
}

/// The words of a name, separated by spaces.
fn words(name: &str, symbols: Symbols) -> String {
    let composed: Vec<char> = if name.is_ascii() { name.chars().collect() } else { name.nfc().collect() };
    let has_words = composed.iter().any(|one| one.is_alphanumeric() && unicode_ident::is_xid_continue(*one));
    let mut words = String::with_capacity(name.len());
    // Whether no letter or digit stands before.
    let mut leads = true;
    for (index, one) in composed.iter().copied().enumerate() {
        let is_word = one.is_alphanumeric() && unicode_ident::is_xid_continue(one);
        let before_digit = composed.get(index + 1).is_some_and(char::is_ascii_digit);
        let may_be_sign = leads && matches!(one, '+' | '-');
        leads &= !one.is_alphanumeric();
        let is_sign = may_be_sign && before_digit;
        let compares = matches!(one, '<' | '>' | '=' | '!' | '+');
        let spell = match symbols {
            Symbols::All => !has_words || may_be_sign || !matches!(one, '_' | ' ' | '-' | '.' | '/' | ':' | ','),
            Symbols::Sparingly => is_sign || compares || !has_words,
        };
        if is_word {
            words.push(one);
        } else if spell {
            words.push(' ');
            words.push_str(&symbol(one));
            words.push(' ');
        } else {
            words.push(' ');
        }
    }
    if !words.contains("  Equals ") {
        return words;
    }
    // `>=` reads "greater than or equal".
    words
        .replace(" GreaterThan  Equals ", " GreaterThanOrEqual ")
        .replace(" LessThan  Equals ", " LessThanOrEqual ")
        .replace(" Not  Equals ", " NotEqual ")
}

/// The word for a symbol; for those that nobody has a word for, the number that Unicode gives them.
fn symbol(one: char) -> String {
    let word = match one {
        '+' => "Plus",
        '-' => "Minus",
        '<' => "LessThan",
        '>' => "GreaterThan",
        '=' => "Equals",
        '!' => "Not",
        '*' => "Star",
        '/' => "Slash",
        '\\' => "Backslash",
        '%' => "Percent",
        '&' => "And",
        '|' => "Or",
        '^' => "Caret",
        '~' => "Tilde",
        '$' => "Dollar",
        '#' => "Hash",
        '@' => "At",
        '.' => "Dot",
        ',' => "Comma",
        ':' => "Colon",
        ';' => "Semicolon",
        '?' => "Question",
        '"' => "Quote",
        '\'' => "Apostrophe",
        '`' => "Backtick",
        '(' | ')' => "Parenthesis",
        '[' | ']' => "Bracket",
        '{' | '}' => "Brace",
        '_' => "Underscore",
        ' ' => "Space",
        other => return format!("U{:04X}", u32::from(other)),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Ident;
    use super::*;

    const KINDS: [Kind; 7] =
        [Kind::Type, Kind::Variant, Kind::Field, Kind::Method, Kind::Parameter, Kind::Module, Kind::Flag];

    proptest! {
        #[test]
        fn any_text_becomes_an_ident(name in prop_oneof![any::<String>(), "[a-zA-Z0-9_$#<>=+ .-]{0,12}"]) {
            for kind in KINDS {
                for ident in forms(kind, &name).into_iter().chain([with_digest(kind, &ident(kind, &name), &name)]) {
                    let code = Ident::new(ident.as_str()).to_string();
                    prop_assert!(syn::parse_str::<syn::Ident>(&code).is_ok(), "{kind:?}: {ident:?}");
                    prop_assert!(ident.nfc().eq(ident.chars()), "the compiler sees another: {ident:?}");
                    prop_assert!(ident.chars().count() <= LONGEST, "{ident:?}");
                    prop_assert!(kind != Kind::Module || ident.is_ascii(), "{ident:?}");
                }
            }
        }
    }

    #[test]
    fn keywords_become_idents() {
        for name in KEYWORDS.iter().chain(NEVER_RAW).chain(PRELUDE) {
            for kind in KINDS {
                let code = Ident::new(ident(kind, name)).to_string();
                assert!(syn::parse_str::<syn::Ident>(&code).is_ok(), "{kind:?}: {code:?}");
            }
        }
    }

    #[test]
    fn a_longer_form_says_what_the_name_is() {
        assert_eq!(forms(Kind::Variant, "created_at"), ["CreatedAt", "CreatedAtSnake"]);
        assert_eq!(forms(Kind::Variant, "-created_at"), ["CreatedAt", "MinusCreatedAt", "MinusCreatedAtKebab"]);
        assert_eq!(forms(Kind::Field, "a$b"), ["a_b", "a_dollar_b", "a_dollar_b_lower"]);
    }

    #[test]
    fn names_become_idents() {
        let cases = [
            (Kind::Type, "completeClipUpload", "CompleteClipUpload"),
            (Kind::Type, "HTTPServer", "HttpServer"),
            (Kind::Type, "Option", "OptionType"),
            (Kind::Type, "self", "SelfType"),
            (Kind::Type, "StreamError", "StreamErrorType"),
            (Kind::Type, "", "Empty"),
            (Kind::Type, "200 OK", "N200Ok"),
            (Kind::Type, "日本", "日本"),
            (Kind::Variant, "+1", "Plus1"),
            (Kind::Variant, "-1", "Minus1"),
            (Kind::Variant, "<", "LessThan"),
            (Kind::Variant, ">=", "GreaterThanOrEqual"),
            (Kind::Variant, "!=", "NotEqual"),
            (Kind::Variant, "unknown", "UnknownValue"),
            (Kind::Variant, "1080p", "N1080p"),
            (Kind::Variant, "Etc/GMT+1", "EtcGmtPlus1"),
            (Kind::Variant, "gpt-4", "Gpt4"),
            (Kind::Variant, "🦀", "U1f980"),
            (Kind::Field, "clipId", "clip_id"),
            (Kind::Field, "type", "type"),
            (Kind::Field, "self", "self_"),
            (Kind::Field, "DateCreated<", "date_created_less_than"),
            (Kind::Field, "$ref", "ref"),
            (Kind::Field, "@id", "id"),
            (Kind::Field, "e\u{301}te", "\u{e9}te"),
            (Kind::Parameter, "url", "url_"),
            (Kind::Module, "API Keys", "api_keys"),
            (Kind::Module, "con", "con_"),
            (Kind::Module, "日本", "empty"),
            (Kind::Module, "default", "default_"),
        ];
        for (kind, name, expected) in cases {
            assert_eq!(ident(kind, name), expected, "{kind:?} of {name:?}");
        }
    }
}
