//! Repairs: how they are found, recorded and made.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::defect::Defect;
use crate::limits::{LONGEST_SHOWN, MOST_SHOWN};
use crate::pointer;

/// One change that was made to a document, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repair {
    /// What was wrong.
    pub defect: Defect,
    /// Where, as a JSON pointer into the document as it was. Of an object's
    /// member whose name was changed, it is the old name.
    pub pointer: String,
    /// The line of the file on which that stands, or the nearest value around it
    /// where it is new; `None` where the file is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What was there; `None` where there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is there now; `None` where there is nothing. Equal to `before` where
    /// the defect is only noted, since there is no repair for it. Of a member
    /// whose name was changed, both are the names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Why, in a sentence that can be understood without the document.
    pub reason: String,
}

impl Repair {
    /// Whether the defect is only noted, and the document stays as it was.
    pub fn is_note(&self) -> bool {
        self.before == self.after
    }
}

/// What is to be done at a place of the document.
#[derive(Debug, Clone, PartialEq)]
enum Edit {
    Set(Value),
    Remove,
    Rename(String),
    Note,
    /// As `Note`, with the member's name in place of its value.
    NoteName,
}

#[derive(Debug)]
struct Finding {
    defect: Defect,
    pointer: String,
    edit: Edit,
    reason: String,
}

/// The repairs that a pass wants made, in the order in which it met them.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: Vec<Finding>,
}

impl Findings {
    /// Puts `value` at `pointer`, in place of what is there or as a new member.
    pub fn set(&mut self, defect: Defect, pointer: String, value: Value, reason: String) {
        self.add(defect, pointer, Edit::Set(value), reason);
    }

    /// Removes the member or item at `pointer`.
    pub fn remove(&mut self, defect: Defect, pointer: String, reason: String) {
        self.add(defect, pointer, Edit::Remove, reason);
    }

    /// Gives the member at `pointer` another name, in its old position.
    pub fn rename(&mut self, defect: Defect, pointer: String, name: String, reason: String) {
        self.add(defect, pointer, Edit::Rename(name), reason);
    }

    /// Records a defect that stays.
    pub fn note(&mut self, defect: Defect, pointer: String, reason: String) {
        self.add(defect, pointer, Edit::Note, reason);
    }

    /// Records a defect that stays, in the name of the member at `pointer`.
    pub fn note_name(&mut self, defect: Defect, pointer: String, reason: String) {
        self.add(defect, pointer, Edit::NoteName, reason);
    }

    fn add(&mut self, defect: Defect, pointer: String, edit: Edit, reason: String) {
        self.found.push(Finding {
            defect,
            pointer,
            edit,
            reason,
        });
    }

    /// Makes the repairs in one walk, members before what they are members of,
    /// so that the pointers of all are those of the document as it was found.
    /// Gives the record of each that changed or noted something, in the order in
    /// which they were found, and what has another pointer now.
    pub fn apply(self, document: &mut Value) -> (Vec<Repair>, Moves) {
        let mut root = Branch::default();
        for (order, finding) in self.found.iter().enumerate() {
            if let Some((parent, name)) = pointer::split_last(&finding.pointer) {
                let segments = parent.split('/').skip(1).map(pointer::unescape);
                let branch = segments.fold(&mut root, |branch, segment| {
                    branch.members.entry(segment.into_owned()).or_default()
                });
                branch.edits.push((order, name.into_owned()));
            }
        }
        let mut edits = Vec::with_capacity(self.found.len());
        let mut rest = Vec::with_capacity(self.found.len());
        for finding in self.found {
            edits.push(Some(finding.edit));
            rest.push((finding.defect, finding.pointer, finding.reason));
        }
        let mut maker = Maker {
            changes: edits.iter().map(|_| None).collect(),
            edits,
            moves: Moves::default(),
        };
        maker.make(&root, document, &mut String::new(), 0);
        let repairs = maker.changes.into_iter().zip(rest);
        let repairs = repairs.filter_map(|(change, (defect, pointer, reason))| {
            let (before, after) = change?;
            Some(Repair {
                defect,
                pointer,
                line: None,
                before,
                after,
                reason,
            })
        });
        (repairs.collect(), maker.moves)
    }
}

/// The edits of one object or list, and of what lies in it.
#[derive(Default)]
struct Branch {
    members: HashMap<String, Branch>,
    /// The number of a finding, and the member or item that it is about.
    edits: Vec<(usize, String)>,
}

struct Maker {
    /// By the number of the finding; taken when made.
    edits: Vec<Option<Edit>>,
    /// What was before and what is after, of each finding that did something.
    changes: Vec<Option<(Option<Value>, Option<Value>)>>,
    moves: Moves,
}

impl Maker {
    /// Makes the edits of `branch` in `value`, which is at `at`, without those
    /// found before `first`: what they were about has been removed since.
    fn make(&mut self, branch: &Branch, value: &mut Value, at: &mut String, first: usize) {
        let mut removed: HashMap<&str, usize> = HashMap::new();
        for (order, name) in &branch.edits {
            if matches!(self.edits.get(*order), Some(Some(Edit::Remove))) {
                removed.insert(name, *order);
            }
        }
        let length = at.len();
        for (name, inner) in &branch.members {
            let member = match value {
                Value::Object(members) => members.get_mut(name),
                Value::Array(items) => index(name).and_then(|index| items.get_mut(index)),
                _ => None,
            };
            if let Some(member) = member {
                let first = removed
                    .get(name.as_str())
                    .map_or(first, |last| first.max(*last));
                pointer::push(at, name);
                self.make(inner, member, at, first);
                at.truncate(length);
            }
        }
        let edits = branch
            .edits
            .iter()
            .rev()
            .filter(|(order, _)| *order >= first);
        match value {
            Value::Object(members) => self.edit_members(edits, members, at),
            Value::Array(items) => self.edit_items(edits, items, at),
            _ => {}
        }
    }

    fn edit_members<'b>(
        &mut self,
        edits: impl Iterator<Item = &'b (usize, String)>,
        members: &mut Map<String, Value>,
        at: &str,
    ) {
        let mut gone: HashSet<&str> = HashSet::new();
        let mut renamed: HashMap<&str, String> = HashMap::new();
        for (order, name) in edits {
            let Some(edit) = self.edits.get_mut(*order).and_then(Option::take) else {
                continue;
            };
            let is_gone = gone.contains(name.as_str());
            let before = members.get(name).filter(|_| !is_gone).cloned();
            let text = |text: &str| Some(Value::String(text.to_owned()));
            match edit {
                Edit::Note => self.note(*order, before.clone(), before),
                Edit::NoteName => self.note(*order, text(name), text(name)),
                Edit::Set(value) => {
                    gone.remove(name.as_str());
                    members.insert(name.clone(), value.clone());
                    self.change(*order, before, Some(value));
                }
                Edit::Remove => {
                    gone.insert(name);
                    self.change(*order, before, None);
                }
                Edit::Rename(new) if before.is_some() => {
                    self.change(*order, text(name), text(&new));
                    renamed.insert(name, new);
                }
                Edit::Rename(_) => {}
            }
        }
        if !gone.is_empty() {
            members.retain(|name, _| !gone.contains(name.as_str()));
        }
        if !renamed.is_empty() {
            *members = std::mem::take(members)
                .into_iter()
                .map(|(name, value)| match renamed.get(name.as_str()) {
                    Some(new) => (new.clone(), value),
                    None => (name, value),
                })
                .collect();
            let olds = renamed.into_iter().map(|(old, new)| (new, old.to_owned()));
            self.moves.renamed.insert(at.to_owned(), olds.collect());
        }
    }

    fn edit_items<'b>(
        &mut self,
        edits: impl Iterator<Item = &'b (usize, String)>,
        items: &mut Vec<Value>,
        at: &str,
    ) {
        let mut gone: BTreeSet<usize> = BTreeSet::new();
        for (order, name) in edits {
            let Some(edit) = self.edits.get_mut(*order).and_then(Option::take) else {
                continue;
            };
            let Some((index, item)) = index(name).and_then(|at| Some((at, items.get_mut(at)?)))
            else {
                continue;
            };
            if gone.contains(&index) {
                continue;
            }
            match edit {
                Edit::Set(value) => {
                    let before = std::mem::replace(item, value.clone());
                    self.change(*order, Some(before), Some(value));
                }
                Edit::Remove => {
                    gone.insert(index);
                    self.change(*order, Some(item.clone()), None);
                }
                Edit::Note => self.note(*order, Some(item.clone()), Some(item.clone())),
                Edit::NoteName => {
                    let name = Some(Value::String(name.clone()));
                    self.note(*order, name.clone(), name);
                }
                Edit::Rename(_) => {}
            }
        }
        if !gone.is_empty() {
            let mut index = 0..;
            items.retain(|_| index.next().is_some_and(|index| !gone.contains(&index)));
            let gone = gone.into_iter().collect();
            self.moves.removed.insert(at.to_owned(), gone);
        }
    }

    fn note(&mut self, order: usize, before: Option<Value>, after: Option<Value>) {
        if let Some(change) = self.changes.get_mut(order) {
            *change = Some((before, after));
        }
    }

    fn change(&mut self, order: usize, before: Option<Value>, after: Option<Value>) {
        if before != after {
            self.note(order, before, after);
        }
    }
}

fn index(name: &str) -> Option<usize> {
    name.parse().ok()
}

/// What some repairs gave another pointer: the items behind one that was
/// removed, and members that were renamed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Moves {
    /// Of a list, by its pointer before: the items that went, in order.
    removed: HashMap<String, Vec<usize>>,
    /// Of an object, by its pointer before: the old names of members by the new.
    renamed: HashMap<String, HashMap<String, String>>,
}

impl Moves {
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.renamed.is_empty()
    }

    /// The pointer that what was at `pointer` before has now. Of what is gone, it
    /// is one that leads nowhere.
    pub fn target(&self, pointer: &str) -> String {
        let mut before = String::new();
        let mut target = String::new();
        for segment in pointer.split('/').skip(1).map(pointer::unescape) {
            let names = self.renamed.get(&before).into_iter().flatten();
            let new = names
                .filter(|(_, old)| **old == *segment)
                .map(|(new, _)| new.as_str());
            let gone = self.removed.get(&before).map(Vec::as_slice);
            let name = match (new.last(), gone, index(&segment)) {
                (Some(new), ..) => Cow::Borrowed(new),
                (None, Some(gone), Some(index)) => match gone.binary_search(&index) {
                    // The item behind the last (RFC 6901, section 4).
                    Ok(_) => Cow::Borrowed("-"),
                    Err(earlier) => Cow::Owned((index - earlier).to_string()),
                },
                _ => segment.clone(),
            };
            pointer::push(&mut before, &segment);
            pointer::push(&mut target, &name);
        }
        target
    }

    /// The pointer that what is at `pointer` now had before.
    pub fn origin(&self, pointer: &str) -> String {
        let mut origin = String::new();
        for segment in pointer.split('/').skip(1).map(pointer::unescape) {
            let old = self
                .renamed
                .get(&origin)
                .and_then(|names| names.get(&*segment));
            let gone = self
                .removed
                .get(&origin)
                .map(Vec::as_slice)
                .unwrap_or_default();
            match (old, index(&segment)) {
                (Some(old), _) => pointer::push(&mut origin, old),
                (None, Some(now)) if !gone.is_empty() => {
                    let before = gone
                        .iter()
                        .fold(now, |at, gone| at + usize::from(*gone <= at));
                    pointer::push(&mut origin, &before.to_string());
                }
                _ => pointer::push(&mut origin, &segment),
            }
        }
        origin
    }
}

/// `value` as it stands in a sentence: its JSON in backquotes, cut if it is long.
pub(super) fn show(value: &Value) -> String {
    let mut text = Start::default();
    // Stops with an error once enough is written.
    let _ = serde_json::to_writer(&mut text, value);
    let text = String::from_utf8_lossy(&text.bytes);
    match text.char_indices().nth(LONGEST_SHOWN) {
        None => format!("`{text}`"),
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
    }
}

/// Takes as much text as is shown, and then no more.
#[derive(Default)]
struct Start {
    bytes: Vec<u8>,
}

impl std::io::Write for Start {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // A character has at most four bytes, and one more tells that there are more.
        if self.bytes.len() > 4 * (LONGEST_SHOWN + 1) {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Several values as they stand in a sentence, the first of many.
pub(super) fn show_all<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    let mut values = values.into_iter();
    let mut shown: Vec<String> = values.by_ref().take(MOST_SHOWN).map(show).collect();
    match values.count() {
        0 => {}
        more => shown.push(format!("and {more} more")),
    }
    shown.join(", ")
}

/// As [`show_all`], of names in backquotes.
pub(super) fn show_names<'v>(names: impl IntoIterator<Item = &'v str>) -> String {
    let mut names = names.into_iter();
    let first = names.by_ref().take(MOST_SHOWN);
    let mut shown: Vec<String> = first.map(|name| format!("`{name}`")).collect();
    match names.count() {
        0 => {}
        more => shown.push(format!("and {more} more")),
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repairs_are_made_where_they_were_found() {
        let mut document = json!({ "a": ["x", "y", "z"], "b": { "old": 1, "other": 2 } });
        let mut findings = Findings::default();
        let defect = Defect::MalformedMember;
        findings.remove(defect, "/a/0".to_owned(), String::new());
        findings.set(defect, "/a/2".to_owned(), json!("new"), String::new());
        findings.rename(defect, "/b/old".to_owned(), "new".to_owned(), String::new());
        findings.remove(defect, "/a/7".to_owned(), String::new());
        findings.remove(defect, "/gone/7".to_owned(), String::new());
        let (repairs, moves) = findings.apply(&mut document);
        assert_eq!(
            document,
            json!({ "a": ["y", "new"], "b": { "new": 1, "other": 2 } })
        );
        let pointers: Vec<_> = repairs
            .iter()
            .map(|repair| repair.pointer.as_str())
            .collect();
        assert_eq!(pointers, ["/a/0", "/a/2", "/b/old"]);
        assert_eq!(repairs[1].before, Some(json!("z")));
        assert_eq!(repairs[2].after, Some(json!("new")));
        assert_eq!(moves.origin("/a/1"), "/a/2");
        assert_eq!(moves.origin("/b/new/x"), "/b/old/x");
        assert_eq!(moves.origin("/b/other"), "/b/other");
        assert_eq!(moves.target("/a/2/x"), "/a/1/x");
        assert_eq!(moves.target("/a/0/x"), "/a/-/x");
        assert_eq!(moves.target("/b/old/x"), "/b/new/x");
    }

    #[test]
    fn what_belonged_to_a_removed_item_does_not_befall_the_next() {
        let mut document = json!({ "a": [{ "x": 1 }, { "x": 2 }] });
        let mut findings = Findings::default();
        let defect = Defect::MalformedMember;
        findings.set(defect, "/a/0/x".to_owned(), json!(3), String::new());
        findings.remove(defect, "/a/0".to_owned(), String::new());
        findings.set(defect, "/a/1/x".to_owned(), json!(4), String::new());
        let (repairs, moves) = findings.apply(&mut document);
        assert_eq!(document, json!({ "a": [{ "x": 4 }] }));
        assert_eq!(repairs.len(), 2);
        assert_eq!(moves.origin("/a/0/x"), "/a/1/x");
    }

    #[test]
    fn many_repairs_of_one_list_are_made_at_once() {
        let size = 200_000;
        let mut document = json!({ "a": vec![0; size], "b": {} });
        let members = (0..size).map(|index| (index.to_string(), json!(0)));
        document["b"] = Value::Object(members.collect());
        let mut findings = Findings::default();
        let defect = Defect::MalformedMember;
        for index in 0..size - 1 {
            findings.remove(defect, format!("/a/{index}"), String::new());
            findings.remove(defect, format!("/b/{index}"), String::new());
        }
        findings.rename(
            defect,
            "/b/199999".to_owned(),
            "x".to_owned(),
            String::new(),
        );
        let (repairs, moves) = findings.apply(&mut document);
        assert_eq!(document, json!({ "a": [0], "b": { "x": 0 } }));
        assert_eq!(repairs.len(), 2 * size - 1);
        assert_eq!(moves.origin("/a/0"), "/a/199999");
    }
}
