//! Repairs of a document, as a person reads them.

use std::fmt::Write as _;

use codegen::Document;
use codegen::clean::Repair;
use serde_json::Value;

use crate::say;

/// How many characters of a value are shown in one line.
const LONGEST_SHOWN: usize = 100;

/// How many repairs of a document that is written by hand are shown.
const MOST_OF_HAND_WRITTEN: usize = 10;

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
    for repair in repairs.iter().take(MOST_OF_HAND_WRITTEN) {
        let at = say::line(&document.locate(&repair.pointer).to_string());
        let (reason, change) = (say::line(&repair.reason), change(repair));
        // Writing into a string does not fail.
        let _ = write!(
            text,
            "\n{at}: {}\n    {reason}\n    {change}\n",
            repair.defect
        );
    }
    match repairs.len().saturating_sub(MOST_OF_HAND_WRITTEN) {
        0 => {}
        more => {
            let _ = writeln!(
                text,
                "\n… and {more} more: --report FILE writes all of them"
            );
        }
    }
    text
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
