//! Diagnostics as text for people, in the form of `rustc`, and as JSON for machines.

mod excerpt;
mod visible;

use std::borrow::Cow;
use std::io;

use anstyle::{AnsiColor, Effects};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

pub use visible::visible;

use crate::{Class, Diagnostic, Place, Severity, Sources, Span};
use excerpt::Excerpt;

/// The longest message, pointer or hint that is shown, in characters.
const LONGEST: usize = 600;

/// The longest pointer that is shown as it is, in characters. Of a longer one both ends are.
const LONGEST_POINTER: usize = 160;

/// How [`render`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// Text with ANSI escape codes.
    Colour,
}

/// Writes `diagnostics`, sorted by file and place, with the lines they are about. Those without a place come first.
///
/// Excerpts are about `width` columns wide at most. Whatever the texts contain, nothing of it reaches a terminal as a
/// control character.
pub fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    style: Style,
    width: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut writer = Writer { sources, style, width: width.max(40), out };
    for (index, diagnostic) in sorted(diagnostics).into_iter().enumerate() {
        if index > 0 {
            writeln!(writer.out)?;
        }
        writer.diagnostic(diagnostic)?;
    }
    Ok(())
}

/// The diagnostics in the order in which they are shown.
pub fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| diagnostic.place.as_ref().map(|place| (place.span.file, place.span.start)));
    sorted
}

struct Writer<'a> {
    sources: &'a Sources,
    style: Style,
    width: usize,
    out: &'a mut dyn io::Write,
}

impl Writer<'_> {
    fn diagnostic(&mut self, diagnostic: &Diagnostic) -> io::Result<()> {
        let Diagnostic { severity, class: _ /* machines are told */, code, message, place, related, hint } = diagnostic;
        let colour = match severity {
            Severity::Error => AnsiColor::BrightRed,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Note => AnsiColor::BrightGreen,
        };
        let title = self.painted(&format!("{}[{code}]", severity.name()), Some(colour));
        let message = self.painted(&format!(": {}", shown(message)), None);
        writeln!(self.out, "{title}{message}")?;
        let margin = match place {
            Some(place) => self.place(place, colour)?,
            None => 1,
        };
        if let Some(hint) = hint {
            if place.is_some() {
                let bar = self.painted("|", Some(AnsiColor::BrightBlue));
                writeln!(self.out, "{:margin$} {bar}", "")?;
            }
            let sign = self.painted("=", Some(AnsiColor::BrightBlue));
            let label = self.painted("hint", None);
            writeln!(self.out, "{:margin$} {sign} {label}: {}", "", shown(hint))?;
        }
        for (place, words) in related {
            let label = self.painted("note", Some(AnsiColor::BrightGreen));
            writeln!(self.out, "{label}: {}", shown(words))?;
            self.place(place, AnsiColor::BrightGreen)?;
        }
        Ok(())
    }

    /// Writes where something is, and the line. Returns the width of the column with the line number.
    fn place(&mut self, place: &Place, colour: AnsiColor) -> io::Result<usize> {
        let position = self.sources.position(place.span);
        let margin = position.line.to_string().len();
        let file = position.file.to_string_lossy();
        let origin =
            shown(&format!("{file}:{}:{} {}", position.line, position.column, both_ends(&place.pointer.to_string())));
        let arrow = self.painted("-->", Some(AnsiColor::BrightBlue));
        writeln!(self.out, "{:margin$}{arrow} {origin}", "")?;
        let Some(Excerpt { text, marked }) =
            Excerpt::of(self.sources, place.span, self.width.saturating_sub(margin + 3))
        else {
            return Ok(margin);
        };
        let bar = self.painted("|", Some(AnsiColor::BrightBlue));
        let number = self.painted(&position.line.to_string(), Some(AnsiColor::BrightBlue));
        let columns = |text: Option<&str>| text.unwrap_or_default().width();
        let before = columns(text.get(..marked.start));
        let marks = self.painted(&"^".repeat(columns(text.get(marked)).max(1)), Some(colour));
        writeln!(self.out, "{:margin$} {bar}", "")?;
        writeln!(self.out, "{number} {bar} {}", text.trim_end())?;
        writeln!(self.out, "{:margin$} {bar} {:before$}{marks}", "", "")?;
        Ok(margin)
    }

    /// `text` in bold, and in a colour if one is given, when colours are wanted.
    fn painted(&self, text: &str, colour: Option<AnsiColor>) -> String {
        if self.style == Style::Plain {
            return text.to_owned();
        }
        let style = anstyle::Style::new().effects(Effects::BOLD).fg_color(colour.map(Into::into));
        format!("{style}{text}{style:#}")
    }
}

/// A text on one line, of bounded length, without anything that a terminal would obey.
fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", visible(text.get(..end).unwrap_or_default())),
        None => visible(text).into_owned(),
    }
}

/// A pointer that is short enough to read: where it begins, and what it is about.
fn both_ends(pointer: &str) -> Cow<'_, str> {
    let count = pointer.chars().count();
    if count <= LONGEST_POINTER {
        return Cow::Borrowed(pointer);
    }
    let offset = |at: usize| pointer.char_indices().nth(at).map_or(pointer.len(), |(offset, _)| offset);
    let (half, rest) = (LONGEST_POINTER / 2, count - LONGEST_POINTER / 2);
    let (head, tail) = (pointer.get(..offset(half)), pointer.get(offset(rest)..));
    let (head, tail) = (head.unwrap_or_default(), tail.unwrap_or_default());
    // Whole steps where there are any.
    let head = head.rfind('/').filter(|at| *at > 1).and_then(|at| head.get(..at)).unwrap_or(head);
    let tail = tail.find('/').and_then(|at| tail.get(at..)).unwrap_or(tail);
    Cow::Owned(format!("{head}/...{tail}"))
}

impl Diagnostic {
    /// This diagnostic for machines: an object with `severity` (`error`, `warning` or `note`), `class` (`general` or
    /// `slip`), `code`, `message`, `place` (an object with `file`, `line`, `column`, `endLine`, `endColumn`, `pointer`, or null), `related` (a list
    /// of places with a `message`) and `hint` (or null). Lines and columns count from 1, columns in characters.
    pub fn to_json(&self, sources: &Sources) -> serde_json::Value {
        let Self { severity, class, code, message, place, related, hint } = self;
        let related: Vec<serde_json::Value> = related
            .iter()
            .map(|(place, words)| {
                let mut value = place.to_json(sources);
                value["message"] = json!(words);
                value
            })
            .collect();
        json!({
            "severity": severity.name(),
            "class": class.name(),
            "code": code,
            "message": message,
            "place": place.as_ref().map(|place| place.to_json(sources)),
            "related": related,
            "hint": hint,
        })
    }
}

impl Place {
    fn to_json(&self, sources: &Sources) -> serde_json::Value {
        let start = sources.position(self.span);
        let end = sources.position(Span { start: self.span.end, ..self.span });
        json!({
            "file": start.file.to_string_lossy(),
            "line": start.line,
            "column": start.column,
            "endLine": end.line,
            "endColumn": end.column,
            "pointer": self.pointer.as_str(),
        })
    }
}

impl Class {
    /// Its name: `general` or `slip`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Slip => "slip",
        }
    }
}

impl Severity {
    /// Its name: `error`, `warning` or `note`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Style, render};
    use crate::{Diagnostic, Place, Pointer, Sources, Span};

    fn example() -> (Sources, Diagnostic) {
        let mut sources = Sources::default();
        let file = sources.add("api.yaml", "a: 1\n\u{65e5}\u{672c}: {b: 2}\n");
        let place =
            |start, end, pointer| Place { span: Span { file, start, end }, pointer: Pointer::root().child(pointer) };
        let diagnostic = Diagnostic::warning("example", "found\nthis")
            .at(place(13, 19, "\u{65e5}\u{672c}"))
            .related(place(0, 1, "a"), "and this")
            .hint("do that");
        (sources, diagnostic)
    }

    fn shown(style: Style) -> String {
        let (sources, diagnostic) = example();
        let mut text = Vec::new();
        render(&[diagnostic], &sources, style, 80, &mut text).expect("memory can be written");
        String::from_utf8(text).expect("texts are UTF-8")
    }

    #[test]
    fn wide_characters_do_not_move_the_marks() {
        let expected = "\
warning[example]: found\\nthis
 --> api.yaml:2:5 #/\u{65e5}\u{672c}
  |
2 | \u{65e5}\u{672c}: {b: 2}
  |       ^^^^^^
  |
  = hint: do that
note: and this
 --> api.yaml:1:1 #/a
  |
1 | a: 1
  | ^
";
        assert_eq!(shown(Style::Plain), expected);
    }

    #[test]
    fn long_pointers_keep_both_ends() {
        assert_eq!(super::both_ends("#/a/b"), "#/a/b");
        let deep = format!("#/x-deep{}/last", "/0".repeat(300));
        let shown = super::both_ends(&deep);
        assert!(shown.starts_with("#/x-deep/0/0/") && shown.ends_with("/0/0/last"), "{shown}");
        assert!(shown.contains("/0/.../0/") && shown.len() <= super::LONGEST_POINTER + 4, "{shown}");
        let wide = format!("#/{}", "\u{65e5}".repeat(300));
        assert!(super::both_ends(&wide).chars().count() <= super::LONGEST_POINTER + 4);
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let coloured = shown(Style::Colour);
        assert_ne!(coloured, shown(Style::Plain));
        let plain: String = coloured
            .split('\u{1b}')
            .enumerate()
            .map(|(index, part)| if index == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) })
            .collect();
        assert_eq!(plain, shown(Style::Plain));
    }

    #[test]
    fn machines_get_the_same_as_people() {
        let (sources, diagnostic) = example();
        let place = json!({
            "file": "api.yaml", "line": 2, "column": 5, "endLine": 2, "endColumn": 11, "pointer": "/\u{65e5}\u{672c}",
        });
        let related = json!([{
            "file": "api.yaml", "line": 1, "column": 1, "endLine": 1, "endColumn": 2, "pointer": "/a", "message": "and this",
        }]);
        let expected = json!({
            "severity": "warning", "class": "general", "code": "example", "message": "found\nthis", "place": place, "related": related,
            "hint": "do that",
        });
        assert_eq!(diagnostic.to_json(&sources), expected);
    }
}
