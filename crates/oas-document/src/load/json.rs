//! JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)), strictly.

use std::borrow::Cow;

use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{ParseStringErrorKind, Scanner, ScannerOptions};

use super::builder::TreeBuilder;
use super::number;
use crate::{Diagnostic, FileId, Node, Severity, Span, Value};

/// What the scanner would accept beyond JSON, all of it refused.
const STRICT: ScannerOptions = ScannerOptions {
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// What is found where nothing is.
const END: &str = "the end of the text";

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value; directly after `[` also the end of the array.
    Value { or_close: bool },
    /// The name of a member; directly after `{` also the end of the object.
    Key { or_close: bool },
    /// The colon between name and value.
    Colon,
    /// A comma, or the end of the open container.
    CommaOrClose,
    /// Nothing but white space.
    End,
}

/// Reads `text`, which is that of `file`. Warnings come with the tree.
pub(super) fn parse(file: FileId, text: &str) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut reader = Reader {
        file,
        text,
        scanner: Scanner::new(text, &STRICT),
        builder: TreeBuilder::new(),
        expect: Expect::Value { or_close: false },
    };
    if let Err(diagnostic) = reader.run() {
        reader.builder.report(diagnostic);
    }
    match reader.builder.finish() {
        (Some(node), diagnostics) if diagnostics.iter().all(|found| found.severity < Severity::Error) => {
            Ok((node, diagnostics))
        }
        (_, diagnostics) => Err(diagnostics),
    }
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    scanner: Scanner<'t>,
    builder: TreeBuilder,
    expect: Expect,
}

impl<'t> Reader<'t> {
    fn run(&mut self) -> Result<(), Diagnostic> {
        let mut end = 0;
        loop {
            let token = self.scanner.scan();
            let start = self.scanner.token_start();
            self.check_space(end, start)?;
            end = self.scanner.token_end();
            let span = self.span(start, end);
            match token.map_err(|error| self.lexical(&error))? {
                Some(token) => self.step(token, span)?,
                None if self.expect == Expect::End => return Ok(()),
                None => return Err(self.unexpected(span, END)),
            }
        }
    }

    /// The scanner takes more characters for white space than JSON knows (RFC 8259, section 2).
    fn check_space(&self, start: usize, end: usize) -> Result<(), Diagnostic> {
        let space = self.text.get(start..end).unwrap_or_default();
        match space.char_indices().find(|(_, character)| !matches!(character, ' ' | '\t' | '\n' | '\r')) {
            None => Ok(()),
            Some((at, character)) => {
                let at = start + at;
                Err(self
                    .error(
                        self.span(at, at + character.len_utf8()),
                        format!("character {character:?} outside of a string"),
                    )
                    .hint("only spaces, tabs and line breaks may stand between values"))
            }
        }
    }

    fn step(&mut self, token: Token<'t>, span: Span) -> Result<(), Diagnostic> {
        match (self.expect, token) {
            (Expect::Value { .. }, Token::OpenBrace) => {
                self.builder.open_object(span)?;
                self.expect = Expect::Key { or_close: true };
            }
            (Expect::Value { .. }, Token::OpenBracket) => {
                self.builder.open_array(span)?;
                self.expect = Expect::Value { or_close: true };
            }
            (Expect::Value { or_close: true }, Token::CloseBracket)
            | (Expect::Key { or_close: true }, Token::CloseBrace) => self.close(span),
            (Expect::CommaOrClose, Token::CloseBracket) if self.builder.in_object() == Some(false) => self.close(span),
            (Expect::CommaOrClose, Token::CloseBrace) if self.builder.in_object() == Some(true) => self.close(span),
            (Expect::CommaOrClose, Token::Comma) => {
                self.expect = if self.builder.in_object() == Some(true) {
                    Expect::Key { or_close: false }
                } else {
                    Expect::Value { or_close: false }
                };
            }
            (Expect::Key { .. }, Token::String(name)) => {
                self.check_string(span)?;
                self.builder.key(name.into_owned(), span);
                self.expect = Expect::Colon;
            }
            (Expect::Colon, Token::Colon) => self.expect = Expect::Value { or_close: false },
            (Expect::Value { .. }, Token::String(text)) => {
                self.check_string(span)?;
                self.scalar(Value::String(text.into_owned()), span);
            }
            (Expect::Value { .. }, Token::Boolean(truth)) => self.scalar(Value::Bool(truth), span),
            (Expect::Value { .. }, Token::Null) => self.scalar(Value::Null, span),
            (Expect::Value { .. }, Token::Number(digits)) => {
                let value = if let Some(number) = number::parse(digits) {
                    Value::Number(number)
                } else {
                    let slip = self.out_of_range(span, digits);
                    self.builder.report(slip);
                    Value::String(digits.to_owned())
                };
                self.scalar(value, span);
            }
            (_, token) => return Err(self.unexpected_token(&token, span)),
        }
        Ok(())
    }

    fn scalar(&mut self, value: Value, span: Span) {
        self.add(Node { value, span });
    }

    fn close(&mut self, span: Span) {
        if let Some(node) = self.builder.close(Some(span.end)) {
            self.add(node);
        }
    }

    fn add(&mut self, node: Node) {
        self.builder.value(node);
        self.expect = if self.builder.depth() == 0 { Expect::End } else { Expect::CommaOrClose };
    }

    /// The scanner takes control characters in strings, which JSON wants escaped (RFC 8259, section 7).
    fn check_string(&self, span: Span) -> Result<(), Diagnostic> {
        let raw = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let Some(at) = raw.bytes().position(|byte| byte < 0x20) else { return Ok(()) };
        let start = span.start as usize + at;
        let byte = raw.as_bytes().get(at).copied().unwrap_or_default();
        let found = match byte {
            b'\n' | b'\r' => "a line break".to_owned(),
            b'\t' => "a tab".to_owned(),
            other => format!("control character U+{other:04X}"),
        };
        Err(self
            .error(self.span(start, start + 1), format!("{found} inside of a string"))
            .hint(format!("write it as `\\u{byte:04x}`, or close the string with `\"`")))
    }

    fn unexpected_token(&self, token: &Token<'_>, span: Span) -> Diagnostic {
        let trailing_comma = match (self.expect, token) {
            (Expect::Value { or_close: false }, Token::CloseBracket) => self.builder.in_object() == Some(false),
            (Expect::Key { or_close: false }, Token::CloseBrace) => true,
            _ => false,
        };
        if trailing_comma {
            return self.error(span, "a comma before the end of the list").hint("remove the comma before it");
        }
        match token {
            Token::CommentLine(_) | Token::CommentBlock(_) => {
                self.error(span, "a comment, which JSON does not have").hint("remove it, or write the document as YAML")
            }
            Token::Word(word) => self.unexpected(span, &format!("`{}`", short(word))),
            Token::OpenBrace => self.unexpected(span, "`{`"),
            Token::CloseBrace => self.unexpected(span, "`}`"),
            Token::OpenBracket => self.unexpected(span, "`[`"),
            Token::CloseBracket => self.unexpected(span, "`]`"),
            Token::Comma => self.unexpected(span, "`,`"),
            Token::Colon => self.unexpected(span, "`:`"),
            Token::String(_) => self.unexpected(span, "a string"),
            Token::Number(_) => self.unexpected(span, "a number"),
            Token::Boolean(_) => self.unexpected(span, "a truth value"),
            Token::Null => self.unexpected(span, "`null`"),
        }
    }

    fn unexpected(&self, span: Span, found: &str) -> Diagnostic {
        let object = self.builder.in_object() == Some(true);
        let expected = match self.expect {
            Expect::Value { or_close: true } => "a value or `]`",
            Expect::Value { or_close: false } => "a value",
            Expect::Key { or_close: true } => "a name in double quotes or `}`",
            Expect::Key { or_close: false } => "a name in double quotes",
            Expect::Colon => "`:`",
            Expect::CommaOrClose if object => "`,` or `}`",
            Expect::CommaOrClose => "`,` or `]`",
            Expect::End => "the end of the text",
        };
        self.error(span, format!("expected {expected}, found {found}")).hint(self.way_on(found))
    }

    /// What to do about something that was not expected.
    fn way_on(&self, found: &str) -> &'static str {
        match self.expect {
            Expect::End => "a document is one value: remove what stands behind it",
            _ if found == END => "the text is cut off, or a `}` or `]` is missing: close what is open",
            Expect::Value { .. } => {
                "a value is text in double quotes, a number, `true`, `false`, `null`, `[...]` or `{...}`"
            }
            Expect::Key { .. } => "write names in double quotes",
            Expect::Colon => "write a `:` between a name and its value",
            Expect::CommaOrClose if self.builder.in_object() == Some(true) => {
                "write a `,` before it, or close the object with `}`"
            }
            Expect::CommaOrClose => "write a `,` before it, or close the list with `]`",
        }
    }

    fn out_of_range(&self, span: Span, digits: &str) -> Diagnostic {
        Diagnostic::slip("odd-number", format!("number {} is out of range; it is taken as a text", short(digits)))
            .at(self.builder.place(span))
            .hint("write it as a string, or use a number below 1.8e308")
    }

    fn lexical(&self, error: &ParseError) -> Diagnostic {
        let span = self.span(error.range().start, error.range().end);
        match error.kind() {
            ParseErrorKind::SingleQuotedStringsNotAllowed => {
                self.error(span, "a string in single quotes").hint("use double quotes")
            }
            ParseErrorKind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
                let line =
                    self.text.get(span.start as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
                let span = self.span(span.start as usize, span.start as usize + line.len());
                self.error(span, "a string that does not end").hint("close it with `\"`")
            }
            ParseErrorKind::String(ParseStringErrorKind::InvalidUnicodeEscapeSequence(_)) => self
                .error(span, "an escape sequence that stands for no Unicode character")
                .hint("halves of surrogate pairs, `\\ud800` to `\\udfff`, occur in pairs only"),
            ParseErrorKind::String(_) => {
                self.error(span, "an escape sequence that JSON does not have").hint("write a backslash as `\\\\`")
            }
            ParseErrorKind::UnexpectedToken | ParseErrorKind::UnexpectedWord => {
                let found = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
                self.unexpected(span, &format!("`{}`", short(found)))
            }
            ParseErrorKind::UnterminatedCommentBlock => self.unexpected(span, "a comment"),
            _ => self.error(span, "a number that is not one of JSON").hint("write it like `-1`, `0.5` or `1e9`"),
        }
    }

    fn error(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error("invalid-json", message).at(self.builder.place(span))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        super::span(self.file, start, end)
    }
}

/// The beginning of a text that may be long, for a message.
fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(32) {
        Some((end, _)) => Cow::Owned(format!("{}...", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
