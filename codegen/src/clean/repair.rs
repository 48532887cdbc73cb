//! Repairs: how they are found, recorded and made.

use serde::Serialize;
use serde_json::Value;

use super::defect::Defect;
use crate::pointer;

/// How many characters of a value are shown in a sentence.
const LONGEST_SHOWN: usize = 60;

/// One change that was made to a document, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repair {
    /// What was wrong.
    pub defect: Defect,
    /// Where, as a JSON pointer. Of an object's member whose name was changed,
    /// it is the old name.
    pub pointer: String,
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

/// The repairs that a pass wants made, in the order in which it met them.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: Vec<(Defect, String, Edit, String)>,
}

impl Findings {
    /// Puts `value` at `pointer`, in place of what is there or as a new member.
    pub fn set(&mut self, defect: Defect, pointer: String, value: Value, reason: String) {
        self.found.push((defect, pointer, Edit::Set(value), reason));
    }

    /// Removes the member or item at `pointer`.
    pub fn remove(&mut self, defect: Defect, pointer: String, reason: String) {
        self.found.push((defect, pointer, Edit::Remove, reason));
    }

    /// Gives the member at `pointer` another name, in its old position.
    pub fn rename(&mut self, defect: Defect, pointer: String, name: String, reason: String) {
        self.found
            .push((defect, pointer, Edit::Rename(name), reason));
    }

    /// Records a defect that stays.
    pub fn note(&mut self, defect: Defect, pointer: String, reason: String) {
        self.found.push((defect, pointer, Edit::Note, reason));
    }

    /// Records a defect that stays, in the name of the member at `pointer`.
    pub fn note_name(&mut self, defect: Defect, pointer: String, reason: String) {
        self.found.push((defect, pointer, Edit::NoteName, reason));
    }

    /// Makes the repairs, the last first, so that an item that goes does not
    /// move those that are still to be repaired. Returns the record of each that
    /// changed or noted something, in the order in which they were found.
    pub fn apply(self, document: &mut Value) -> Vec<Repair> {
        let mut repairs = Vec::with_capacity(self.found.len());
        for (defect, pointer, edit, reason) in self.found.into_iter().rev() {
            let is_note = matches!(edit, Edit::Note | Edit::NoteName);
            let Some((before, after)) = make(document, &pointer, edit) else {
                continue;
            };
            if is_note || before != after {
                repairs.push(Repair {
                    defect,
                    pointer,
                    before,
                    after,
                    reason,
                });
            }
        }
        repairs.reverse();
        repairs
    }
}

/// Makes one edit: returns what was there before and what is after, or `None`
/// where there is no such place.
fn make(document: &mut Value, pointer: &str, edit: Edit) -> Option<(Option<Value>, Option<Value>)> {
    let (parent, name) = pointer::split_last(pointer)?;
    let parent = document.pointer_mut(parent)?;
    let before = match &*parent {
        Value::Object(members) => members.get(&*name).cloned(),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?).cloned(),
        _ => return None,
    };
    match (parent, edit) {
        (_, Edit::Note) => Some((before.clone(), before)),
        (_, Edit::NoteName) => {
            let name = Some(Value::String(name.into_owned()));
            Some((name.clone(), name))
        }
        (Value::Object(members), Edit::Set(value)) => {
            members.insert(name.into_owned(), value.clone());
            Some((before, Some(value)))
        }
        (Value::Array(items), Edit::Set(value)) => {
            *items.get_mut(name.parse::<usize>().ok()?)? = value.clone();
            Some((before, Some(value)))
        }
        (Value::Object(members), Edit::Remove) => {
            members.shift_remove(&*name);
            Some((before, None))
        }
        (Value::Array(items), Edit::Remove) => {
            before.as_ref()?;
            items.remove(name.parse().ok()?);
            Some((before, None))
        }
        (Value::Object(members), Edit::Rename(new)) => {
            before?;
            *members = std::mem::take(members)
                .into_iter()
                .map(|(member, value)| match member == *name {
                    true => (new.clone(), value),
                    false => (member, value),
                })
                .collect();
            Some((
                Some(Value::String(name.into_owned())),
                Some(Value::String(new)),
            ))
        }
        _ => None,
    }
}

/// `value` as it stands in a sentence: its JSON in backquotes, cut if it is long.
pub(super) fn show(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_SHOWN) {
        None => format!("`{text}`"),
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
    }
}

/// Several values as they stand in a sentence.
pub(super) fn show_all<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    let shown: Vec<String> = values.into_iter().map(show).collect();
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
        let repairs = findings.apply(&mut document);
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
    }
}
