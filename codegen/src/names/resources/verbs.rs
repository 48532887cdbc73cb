//! What an operation does, in a word or two.

use super::path::{Path, Segment};
use super::tree::Facts;
use super::{Operation, Rules};
use crate::names::plural::{is_plural, plural, singular};
use crate::names::words::words;

/// Words that are verbs wherever they stand at the end of a path.
const VERBS: [&str; 92] = [
    "abort",
    "accept",
    "acknowledge",
    "activate",
    "add",
    "apply",
    "approve",
    "archive",
    "assign",
    "attach",
    "authenticate",
    "authorize",
    "ban",
    "block",
    "cancel",
    "capture",
    "check",
    "claim",
    "clear",
    "clone",
    "close",
    "complete",
    "confirm",
    "connect",
    "convert",
    "copy",
    "deactivate",
    "decline",
    "delete",
    "deploy",
    "deprovision",
    "detach",
    "disable",
    "disconnect",
    "dismiss",
    "download",
    "duplicate",
    "edit",
    "enable",
    "evaluate",
    "execute",
    "export",
    "fetch",
    "find",
    "finish",
    "force",
    "generate",
    "ignore",
    "import",
    "install",
    "invite",
    "invoke",
    "kill",
    "login",
    "logout",
    "lookup",
    "merge",
    "migrate",
    "move",
    "notify",
    "pause",
    "ping",
    "publish",
    "purge",
    "reactivate",
    "rebuild",
    "refresh",
    "register",
    "reject",
    "release",
    "remove",
    "renew",
    "replace",
    "resend",
    "reset",
    "restart",
    "restore",
    "resume",
    "retry",
    "revoke",
    "rollback",
    "rotate",
    "run",
    "scan",
    "search",
    "send",
    "share",
    "submit",
    "suspend",
    "sync",
    "trigger",
    "verify",
];

/// Verbs that are nouns as often: actions only where nothing else is done there.
const ALSO_NOUNS: [&str; 22] = [
    "batch",
    "bulk",
    "call",
    "draft",
    "finalize",
    "lock",
    "match",
    "preview",
    "query",
    "read",
    "report",
    "request",
    "review",
    "set",
    "start",
    "stop",
    "subscribe",
    "test",
    "undo",
    "unlock",
    "upload",
    "validate",
];

/// Words that say of what sort the members are, and have no plural.
const ADJECTIVES: [&str; 12] = [
    "active",
    "all",
    "available",
    "custom",
    "default",
    "external",
    "internal",
    "managed",
    "predefined",
    "private",
    "public",
    "shared",
];

/// What an operation was found to do, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// How many of the path's words are its resource; what follows is the action.
    pub(super) levels: usize,
    /// The method's words.
    pub(super) verb: Vec<String>,
}

/// What `operation` does, by its method, its path, what else the document does there,
/// and the first word of its summary.
pub(super) fn find(operation: &Operation<'_>, path: &Path, facts: &Facts, rules: &Rules) -> Found {
    let levels = path.levels();
    let whole = levels.len();
    if let Some(action) = &path.action {
        return Found {
            levels: whole,
            verb: action.clone(),
        };
    }
    let Some(Segment::Word(last)) = path.segments.last() else {
        return Found {
            levels: whole,
            verb: vec![on_member(operation, path, facts)],
        };
    };
    if let Some(found) = bulk(operation, path, last) {
        return found;
    }
    if is_action(operation, path, last, facts) {
        return Found {
            levels: whole - 1,
            verb: action_words(last, operation),
        };
    }
    if is_report(operation, path, facts) && whole > 1 && rules.reports {
        return Found {
            levels: whole - 1,
            verb: last.clone(),
        };
    }
    Found {
        levels: whole,
        verb: vec![on_collection(operation, path, facts).to_owned()],
    }
}

fn on_member(operation: &Operation<'_>, path: &Path, facts: &Facts) -> String {
    let first = first_word(operation).unwrap_or_default();
    // A change that the summary has a word of its own for: `Reactivate Client Certificate`.
    let is_change = matches!(
        first.as_str(),
        "add" | "apply" | "assign" | "edit" | "replace"
    );
    if operation.method.eq_ignore_ascii_case("patch")
        && VERBS.binary_search(&first.as_str()).is_ok()
        && !is_change
    {
        return first;
    }
    let verb = match operation.method.to_ascii_lowercase().as_str() {
        // All that belongs to the member, if the document says so.
        "get" if operation.is_list == Some(true) && first == "list" => "list",
        "get" => "get",
        "put" => "update",
        "patch" => "edit",
        "delete" => "delete",
        "head" => "head",
        "options" => "options",
        "trace" => "trace",
        // Some APIs change with POST what others change with PATCH.
        _ if matches!(first.as_str(), "edit" | "modify" | "patch" | "change") => "edit",
        _ => {
            let is_also_changed = facts.has(path, &["put", "patch"]);
            let is_made_above = facts.parent_has(path, &["post"]);
            if is_made_above && !is_also_changed {
                "update"
            } else {
                "create"
            }
        }
    };
    verb.to_owned()
}

fn on_collection(operation: &Operation<'_>, path: &Path, facts: &Facts) -> &'static str {
    let is_collection = facts.has_members(path);
    let member_has = |method: &str| facts.member_has(path, method);
    match operation.method.to_ascii_lowercase().as_str() {
        "get" => {
            let first = first_word(operation).unwrap_or_default();
            // A list whose members cannot be had one by one may be a value like others,
            // and is one if the document says so.
            let is_value = !is_collection && first == "get";
            // Where one member can be got, what gets several is another method.
            let is_one = !is_of_many(operation)
                && matches!(
                    first.as_str(),
                    "get" | "retrieve" | "fetch" | "show" | "view"
                );
            let is_list = match operation.is_list {
                Some(true) => !is_value,
                Some(false) => is_collection && member_has("get") && !is_one,
                None => is_collection,
            };
            if is_list || first == "list" {
                "list"
            } else {
                "get"
            }
        }
        "put" if is_collection && member_has("put") => "bulk_update",
        "patch" if is_collection && member_has("patch") => "bulk_edit",
        "delete" if is_collection && member_has("delete") => "bulk_delete",
        "put" => "update",
        "patch" => "edit",
        "delete" => "delete",
        "head" => "head",
        "options" => "options",
        "trace" => "trace",
        _ => "create",
    }
}

/// `/things/bulk`, `/things/bulk/delete`, `/things/bulk_delete`, `/things/batch`.
fn bulk(operation: &Operation<'_>, path: &Path, last: &[String]) -> Option<Found> {
    let levels = path.levels();
    let is_bulk = |level: &[String]| matches!(level, [word] if word == "bulk" || word == "batch");
    let method = match operation.method.to_ascii_lowercase().as_str() {
        "get" => "get",
        "put" => "update",
        "patch" => "edit",
        "delete" => "delete",
        _ => "create",
    };
    if is_bulk(last) && levels.len() > 1 {
        return Some(Found {
            levels: levels.len() - 1,
            verb: vec!["bulk".to_owned(), method.to_owned()],
        });
    }
    let above = path.segments.len().checked_sub(2);
    let above = above.and_then(|at| path.segments[at].words())?;
    if is_bulk(above) && levels.len() > 2 {
        let mut verb = vec!["bulk".to_owned()];
        verb.extend(last.iter().cloned());
        return Some(Found {
            levels: levels.len() - 2,
            verb,
        });
    }
    None
}

/// Whether the last word of the path is what is done rather than what it is done to.
fn is_action(operation: &Operation<'_>, path: &Path, last: &[String], facts: &Facts) -> bool {
    let Some(first) = last.first() else {
        return false;
    };
    // What has members or parts is a thing.
    if facts.has_members(path) || facts.has_parts(path) {
        return false;
    }
    let is_only = facts.methods(path) == 1;
    let is_get = operation.method.eq_ignore_ascii_case("get");
    if VERBS.binary_search(&first.as_str()).is_ok() || first == "bulk" || first == "new" {
        return is_only || last.len() == 1;
    }
    // `/things/list` and `/things/createWithOwner`, as of remote procedures.
    let says_method = match first.as_str() {
        "all" => is_get && last.len() == 1,
        "get" | "list" => is_get,
        "create" | "update" => !is_get,
        _ => false,
    };
    if says_method && is_only && path.levels().len() > 1 {
        return true;
    }
    if ALSO_NOUNS.binary_search(&first.as_str()).is_ok() || is_negated(first) {
        return is_only && (!is_get || last.len() > 1);
    }
    // The summary says it: `Ignore the finding` for `…/ignore`.
    let says_so = first_word(operation).is_some_and(|word| word == *first);
    is_only && says_so && !is_get && singular(first) == *first
}

/// `unarchive`, `unassign`: the reverse of a verb.
fn is_negated(word: &str) -> bool {
    let verb = word
        .strip_prefix("un")
        .or_else(|| word.strip_prefix("de"))
        .or_else(|| word.strip_prefix("re"));
    verb.is_some_and(|verb| {
        VERBS.binary_search(&verb).is_ok() || ALSO_NOUNS.binary_search(&verb).is_ok()
    })
}

/// The action's words, with the common ones said as everywhere.
fn action_words(last: &[String], operation: &Operation<'_>) -> Vec<String> {
    let is_alone = last.len() == 1;
    let word = match last.first().map(String::as_str) {
        Some("new" | "add") if is_alone => "create",
        Some("all") if is_alone => "list",
        Some("remove") if is_alone => "delete",
        Some("fetch") if is_alone && operation.method.eq_ignore_ascii_case("get") => "get",
        _ => return last.to_vec(),
    };
    vec![word.to_owned()]
}

/// Whether the operation is one of several views of one thing that can only be
/// looked at, each by a word of its own (`/traffic/summary`, `/traffic/timeseries`), or
/// one of several calls to one thing that can only be called (`/run/whisper`).
fn is_report(operation: &Operation<'_>, path: &Path, facts: &Facts) -> bool {
    let least = match operation.method.to_ascii_lowercase().as_str() {
        "get" => 1,
        "post" => 3,
        _ => return false,
    };
    let method = operation.method.to_ascii_lowercase();
    operation.is_list != Some(true)
        && !facts.has_members(path)
        && !facts.has_parts(path)
        && facts.methods(path) == 1
        && facts.is_one_of_many(path, &method, least)
}

/// The first word of the summary, as an imperative: `list` for `Lists the zones`.
fn first_word(operation: &Operation<'_>) -> Option<String> {
    let summary = operation.summary?;
    let first = words(summary).into_iter().next()?;
    Some(singular(&first))
}

/// Whether the summary is about several things: `Get locations of the network`.
fn is_of_many(operation: &Operation<'_>) -> bool {
    let summary = words(operation.summary.unwrap_or_default());
    let is_part = |word: &String| {
        matches!(
            word.as_str(),
            "by" | "for" | "from" | "in" | "of" | "on" | "that" | "to" | "with"
        )
    };
    let object = summary.iter().take_while(|word| !is_part(word)).last();
    object.is_some_and(|word| is_plural(word))
}

/// The name of one level of the tree: a collection is in the plural.
pub(super) fn level_name(level: &[String], is_collection: bool) -> Vec<String> {
    let mut level = level.to_vec();
    if is_collection
        && let Some(last) = level.last_mut()
        && !ADJECTIVES.contains(&last.as_str())
    {
        *last = plural(last);
    }
    level
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_are_searched_are_sorted() {
        assert!(VERBS.is_sorted());
        assert!(ALSO_NOUNS.is_sorted());
    }
}
