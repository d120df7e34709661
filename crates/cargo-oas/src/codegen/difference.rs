//! How a stale file differs from what it should be.

use similar::TextDiff;

/// How many lines of a difference are shown unless all are asked for.
const LINES: usize = 12;

/// The first lines of the difference between what was found and what belongs there, in the unified form.
pub(crate) fn lines(found: &[u8], wanted: &str, all: bool) -> Vec<String> {
    let Ok(found) = std::str::from_utf8(found) else {
        return vec!["the file is not text".to_owned()];
    };
    if found.replace("\r\n", "\n") == wanted {
        return vec![
            "only the line ends differ: generated files end their lines with LF, see .gitattributes".to_owned(),
        ];
    }
    let text = TextDiff::from_lines(found, wanted).unified_diff().context_radius(1).to_string();
    let mut lines: Vec<String> = text.lines().map(|line| oas_document::visible(line).into_owned()).collect();
    if !all && lines.len() > LINES {
        let more = lines.len() - LINES;
        lines.truncate(LINES);
        lines.push(format!("... and {more} more lines, --verbose shows them"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_alone_are_named() {
        assert_eq!(lines(b"a\r\nb\r\n", "a\nb\n", false).len(), 1);
    }

    #[test]
    fn long_differences_are_cut() {
        let wanted: String = "line\n".repeat(100);
        assert_eq!(lines(b"x\n", &wanted, false).len(), LINES + 1);
        assert!(lines(b"x\n", &wanted, true).len() > 100);
    }

    #[test]
    fn nothing_reaches_the_terminal_as_a_command() {
        assert!(!lines(b"\x1b[2J\n", "a\n", true).concat().contains('\x1b'));
    }
}
