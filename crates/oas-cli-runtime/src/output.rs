//! Answers, as JSON or as a table.

use std::io::{IsTerminal, Write};

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::Value;

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, indented.
    Json,
    /// A table for people.
    Table,
}

impl Format {
    /// What was asked for with `--output`; otherwise a table on a terminal and JSON elsewhere.
    pub fn choose(asked: Option<&str>) -> Self {
        match asked {
            Some("json") => Self::Json,
            Some(_) => Self::Table,
            None if std::io::stdout().is_terminal() => Self::Table,
            None => Self::Json,
        }
    }
}

/// Prints an answer.
///
/// # Errors
/// When it cannot be written.
pub fn print(value: &Value, format: Format, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, value)?;
            writeln!(out)
        }
        // On no terminal a line is as long as it gets.
        Format::Table => writeln!(out, "{}", text(value, Table::new().width().unwrap_or(u16::MAX))),
    }
}

/// How wide a column of words is at least, before rows become records.
const WORDS: u16 = 24;

/// What people read: a row per item of a list of objects, or a record for each where rows are wider than the terminal; a
/// line per member of an object; any other value as it is.
fn text(value: &Value, width: u16) -> String {
    match value {
        Value::Object(object) => record(object),
        Value::Array(items) if !items.is_empty() => {
            let objects: Option<Vec<_>> = items.iter().map(Value::as_object).collect();
            match objects {
                Some(objects) => rows(items, width)
                    .unwrap_or_else(|| objects.into_iter().map(record).collect::<Vec<_>>().join("\n\n")),
                None => cell(value),
            }
        }
        _ => cell(value),
    }
}

/// A line per member. A terminal wraps long lines itself, and then they can be copied whole.
fn record(object: &serde_json::Map<String, Value>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    for (name, value) in object {
        table.add_row([visible(name), cell(value)]);
    }
    table.trim_fmt()
}

/// A row per item, where that fits: columns of single words, which people copy, are as wide as they are (ids and
/// addresses), and others are wrapped.
fn rows(items: &[Value], width: u16) -> Option<String> {
    let names = columns(items);
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(names.iter().map(|name| visible(name)));
    for item in items {
        table.add_row(names.iter().map(|name| item.get(name).map_or_else(String::new, cell)));
    }
    let widths = table.column_max_content_widths();
    let mut least: usize = 0;
    for ((name, column), content) in names.iter().zip(table.column_iter_mut()).zip(widths) {
        let mut cells = items.iter().filter_map(|item| item.get(name)).map(cell);
        let is_words = cells.any(|cell| cell.contains(char::is_whitespace));
        if !is_words {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        // A column has a space at each side.
        least += usize::from(if is_words { content.min(WORDS) } else { content }) + 2;
    }
    (least <= usize::from(width)).then(|| table.trim_fmt())
}

/// Every member name of the items, in the order in which they first appear.
fn columns(items: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in items.iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// A value in one cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => visible(text),
        other => visible(&other.to_string()),
    }
}

/// Text of a server with its control characters made visible, so that it cannot steer the terminal.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for one in text.chars() {
        if one.is_control() { shown.extend(one.escape_default()) } else { shown.push(one) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(value: &Value, format: Format) -> String {
        let mut out = Vec::new();
        print(value, format, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn lists_of_objects_have_a_column_per_member() {
        let value = json!([{"a": 1}, {"a": 2, "b": "x"}]);
        assert_eq!(printed(&value, Format::Table).split_whitespace().collect::<Vec<_>>(), ["a", "b", "1", "2", "x"]);
    }

    #[test]
    fn what_people_copy_is_not_wrapped() {
        let (id, words) = ("0".repeat(40), "word ".repeat(60));
        let items = json!([{"id": id, "note": words}]);
        let table = text(&items, 80);
        assert!(table.contains(&id) && table.lines().count() > 5, "{table}");
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
        let record = text(&json!({"id": id, "note": words.trim()}), 80);
        assert_eq!(record.lines().count(), 2);
    }

    #[test]
    fn rows_that_are_wider_than_the_terminal_become_records() {
        let id = "0".repeat(36);
        let items = json!([{"id": id, "owner": id, "name": "a"}, {"id": id, "owner": null}]);
        let rows = text(&items, 120);
        assert_eq!(rows.lines().count(), 3, "{rows}");
        let records = text(&items, 80);
        let expected = format!(" id     {id}\n owner  {id}\n name   a\n\n id     {id}\n owner");
        assert_eq!(records, expected);
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert!(!printed(&json!({"a": "\u{1b}[2Jx"}), Format::Table).contains('\u{1b}'));
    }
}
