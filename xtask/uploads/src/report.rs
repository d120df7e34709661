//! The figures, as a table and as JSON.

use std::io::{self, Write};

use serde::Serialize;

/// One figure.
#[derive(Debug, Serialize)]
struct Row {
    group: &'static str,
    what: String,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

/// All figures, in the order in which they were measured.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    figures: Vec<Row>,
    /// What was not measured, or must be known to read the figures.
    notes: Vec<String>,
}

impl Report {
    /// Adds a figure.
    pub(crate) fn add(
        &mut self,
        group: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        note: impl Into<String>,
    ) {
        let (what, note) = (what.into(), note.into());
        // Measuring takes minutes; whoever waits sees how far it is.
        let _ = writeln!(anstream::stderr(), "measured: {what}: {} {unit}", shown(value));
        self.figures.push(Row { group, what, value, unit, note });
    }

    /// Adds what must be known besides.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Prints a table.
    pub(crate) fn table(&self, mut out: impl Write) -> io::Result<()> {
        let width = self.figures.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
        let mut group = "";
        for row in &self.figures {
            if row.group != group {
                group = row.group;
                writeln!(out, "\n{group}")?;
            }
            let Row { what, value, unit, note, .. } = row;
            writeln!(out, "  {what:width$} {:>9} {unit:8} {note}", shown(*value))?;
        }
        for note in &self.notes {
            writeln!(out, "\nnote: {note}")?;
        }
        Ok(())
    }

    /// Prints JSON.
    pub(crate) fn json(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{}", serde_json::to_string_pretty(self)?)
    }
}

/// A figure with as many digits as mean something.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size < 10.0 => format!("{value:.3}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// The middle of several measurements, and of what lies below and above it: the quartiles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
}

impl Spread {
    /// Of these measurements; not a number without any.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |quarters: usize| values.get(values.len().saturating_sub(1) * quarters / 4).copied();
        let at = |quarters: usize| at(quarters).unwrap_or(f64::NAN);
        Self { low: at(1), median: at(2), high: at(3) }
    }

    /// The quartiles, as a note.
    pub(crate) fn note(self) -> String {
        format!("quartiles {} to {}", shown(self.low), shown(self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_measurements_lie_between_the_quartiles() {
        let Spread { low, median, high } = Spread::of([9.0, 1.0, 5.0, 3.0, 7.0]);
        assert_eq!([low, median, high].map(shown), ["3.000", "5.000", "7.000"]);
    }

    #[test]
    fn a_table_has_a_line_per_figure_and_note() {
        let mut report = Report::default();
        report.add("group", "a ratio", 1.0149, "x", "quartiles 1 to 2");
        report.note("something was left out");
        let mut text = Vec::new();
        report.table(&mut text).expect("room");
        let text = String::from_utf8(text).expect("text");
        assert_eq!(text, "\ngroup\n  a ratio     1.015 x        quartiles 1 to 2\n\nnote: something was left out\n");
    }
}
