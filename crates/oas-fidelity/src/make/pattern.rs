//! Texts that match a pattern.

use fastrand::Rng;
use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How often something that may be repeated is.
const MOST: u32 = 4;

/// A text that matches; `None` when the pattern is of a dialect that is not understood here.
pub(crate) fn text(pattern: &str, random: &mut Rng) -> Option<String> {
    let hir = parsed(pattern)?;
    let mut text = String::new();
    write(&hir, random, &mut text)?;
    Some(text)
}

/// Whether a text matches, as far as can be told here.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let schema = serde_json::json!({ "pattern": pattern });
    jsonschema::options()
        .offline()
        .build(&schema)
        .is_ok_and(|validator| validator.is_valid(&serde_json::Value::from(text)))
}

fn parsed(pattern: &str) -> Option<Hir> {
    // What JavaScript means by its classes, and what it escapes without need. Classes may stand in classes.
    let spelled = [("\\/", "/"), ("\\-", "\\x2d"), ("\\d", "[0-9]"), ("\\w", "[A-Za-z0-9_]"), ("\\s", "[ \\t]")];
    let text = spelled.iter().fold(pattern.to_owned(), |text, (from, to)| text.replace(from, to));
    Parser::new().parse(&text).ok()
}

fn write(hir: &Hir, random: &mut Rng, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            if ranges.is_empty() {
                return None;
            }
            // The first ranges are those that people write texts with.
            let most = ranges.len().min(4);
            let range = ranges.get(random.usize(..most))?;
            let (start, end) = (u32::from(range.start()), u32::from(range.end()));
            let printable = if start < 0x20 && end >= 0x20 { 0x20 } else { start };
            text.push(char::from_u32(random.u32(printable..=end.min(printable + 94))).unwrap_or(range.start()));
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min.saturating_add(MOST));
            let most = most.min(repetition.min.saturating_add(MOST));
            for _ in 0..random.u32(repetition.min..=most.max(repetition.min)).min(4096) {
                write(&repetition.sub, random, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, random, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, random, text))?,
        HirKind::Alternation(branches) => write(branches.get(random.usize(..branches.len()))?, random, text)?,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{matches, text};

    #[test]
    fn texts_match_their_patterns() {
        let mut random = fastrand::Rng::with_seed(7);
        for pattern in ["^[a-z]{2,5}-\\d+$", "^(a|bc)*$", "\\w+@\\w+\\.org", "^x-"] {
            for _ in 0..20 {
                let text = text(pattern, &mut random).expect("a text");
                assert!(matches(pattern, &text), "{pattern}: {text}");
            }
        }
    }
}
