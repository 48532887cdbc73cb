//! What was done to a document, and what of it was not followed, as a person reads it.

use std::fmt::Write as _;

use codegen::Document;
use codegen::clean::{Repair, Warning};
use codegen::protocol::Note;
use serde_json::Value;

use crate::say;

/// How many characters of a value are shown in one line.
const LONGEST_SHOWN: usize = 100;

/// How many repairs, and how many notes, are shown without being asked for.
const MOST_SHOWN: usize = 10;

/// One repair: the defect, where it is, and what was done.
pub fn record(repair: &Repair) -> String {
    format!(
        "\n{}: {}\n    at {}\n    {}\n",
        repair.defect,
        say::line(&repair.reason),
        say::line(&repair.pointer),
        change(repair)
    )
}

/// The first repairs of `document`, each with its line; how to see the others.
pub fn of_hand_written(document: &Document, repairs: &[Repair]) -> String {
    let mut text = String::new();
    for repair in repairs.iter().take(MOST_SHOWN) {
        let at = say::line(&document.locate(&repair.pointer).to_string());
        let (reason, change) = (say::line(&repair.reason), change(repair));
        // Writing into a string does not fail.
        let _ = write!(
            text,
            "\n{at}: {}\n    {reason}\n    {change}\n",
            repair.defect
        );
    }
    text.push_str(&others(repairs.len()));
    text
}

/// The first notes on `document`, each with its line; how to see the others.
pub fn notes(document: &Document, notes: &[Note]) -> String {
    let mut text = String::new();
    for note in notes.iter().take(MOST_SHOWN) {
        let at = say::line(&document.locate(&note.pointer).to_string());
        // Writing into a string does not fail.
        let _ = write!(text, "\n{at}:\n    {}\n", say::line(&note.text));
    }
    text.push_str(&others(notes.len()));
    text
}

/// The first warnings of `document`, each with its line.
pub fn warnings(document: &Document, warnings: &[Warning]) -> String {
    let mut text = String::new();
    for warning in warnings.iter().take(MOST_SHOWN) {
        let at = say::line(&document.locate(&warning.pointer).to_string());
        let message = say::line(&warning.message);
        // Writing into a string does not fail.
        let _ = writeln!(text, "warning: {at}: {message}");
    }
    if warnings.len() > MOST_SHOWN {
        let _ = writeln!(text, "… and {} more warnings", warnings.len() - MOST_SHOWN);
    }
    text
}

/// Where those are that are not shown of `count`.
fn others(count: usize) -> String {
    match count.saturating_sub(MOST_SHOWN) {
        0 => String::new(),
        more => format!("\n… and {more} more: --report FILE writes all of them\n"),
    }
}

/// What a repair did.
fn change(repair: &Repair) -> String {
    if repair.is_note() {
        return "noted, and left as it is".to_owned();
    }
    let (before, after) = (shown(repair.before.as_ref()), shown(repair.after.as_ref()));
    format!("{before} → {after}")
}

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = say::line(&value.to_string());
    match text.char_indices().nth(LONGEST_SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
