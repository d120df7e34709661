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
        Format::Table => match table(value) {
            Some(table) => writeln!(out, "{}", table.trim_fmt()),
            None => writeln!(out, "{}", cell(value)),
        },
    }
}

/// A row per item of a list of objects, a row per member of an object; other values are no table.
fn table(value: &Value) -> Option<Table> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    match value {
        Value::Object(object) => {
            // A terminal wraps long lines itself, and then they can be copied whole.
            table.set_content_arrangement(ContentArrangement::Disabled);
            for (name, value) in object {
                table.add_row([visible(name), cell(value)]);
            }
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
            let names = columns(items);
            table.set_header(names.iter().map(|name| visible(name)));
            for item in items {
                table.add_row(names.iter().map(|name| item.get(name).map_or_else(String::new, cell)));
            }
            keep_words_whole(&mut table, &names, items);
        }
        _ => return None,
    }
    Some(table)
}

/// Keeps columns of single words, which people copy, as wide as they are: ids and addresses.
fn keep_words_whole(table: &mut Table, names: &[String], items: &[Value]) {
    for (name, column) in names.iter().zip(table.column_iter_mut()) {
        let mut cells = items.iter().filter_map(|item| item.get(name)).map(cell);
        if cells.all(|cell| !cell.contains(char::is_whitespace)) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
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
        let (id, words) = ("0".repeat(300), "word ".repeat(60));
        let items = json!([{"id": id, "note": words}]);
        let mut table = table(&items).expect("a table");
        table.set_width(80);
        assert!(table.to_string().contains(&id));
        let text = super::table(&json!({"id": id, "note": words.trim()})).expect("a table").trim_fmt();
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert!(!printed(&json!({"a": "\u{1b}[2Jx"}), Format::Table).contains('\u{1b}'));
    }
}
