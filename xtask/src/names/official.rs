//! Compares places with the names that an API's official clients use.

use std::collections::BTreeMap;

use codegen::names::plural::singular;
use codegen::names::remembered::operation_key;
use codegen::names::resources::Place;

/// What official clients call an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Official {
    /// Dotted, in snake case.
    pub resource: String,
    /// The method.
    pub verb: String,
}

/// Verbs of ours that say the same as one of theirs: (ours, theirs, why).
pub const SYNONYMS: [(&str, &str, &str); 0] = [];

/// Reads lines `method,path,resource,verb` after a head line, by the operations' keys.
///
/// Gives the number of the first line that is none, if there is such a line.
pub fn parse(text: &str) -> Result<BTreeMap<String, Official>, usize> {
    let mut official = BTreeMap::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        if line.is_empty() {
            continue;
        }
        // A path may have a comma; the others have none.
        let parts = line.split_once(',').and_then(|(method, rest)| {
            let (rest, verb) = rest.rsplit_once(',')?;
            let (path, resource) = rest.rsplit_once(',')?;
            Some((method, path.trim_matches('"'), resource, verb))
        });
        let Some((method, path, resource, verb)) = parts else {
            return Err(index + 1);
        };
        let name = Official {
            resource: resource.to_owned(),
            verb: verb.to_owned(),
        };
        official.insert(operation_key(method, path), name);
    }
    Ok(official)
}

/// Whether a key belongs to the half that rules were made with; the other half shows
/// whether they hold for what they have not seen.
pub fn is_train(key: &str) -> bool {
    // FNV-1a: stable, and of no use to anybody who would choose the halves.
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash >> 32).is_multiple_of(2)
}

/// How far ours agree with theirs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Operations that both have.
    pub both: usize,
    /// Our method is their verb.
    pub method: usize,
    /// Our verb is theirs: the method without what tells it from others.
    pub verb: usize,
    /// The last level of the resource is the same.
    pub level: usize,
    /// It is the same apart from singular and plural.
    pub level_in_any_number: usize,
    /// The last word of the resource is the same, apart from singular and plural.
    pub word: usize,
}

impl Agreement {
    /// Counts one operation.
    pub fn add(&mut self, ours: &Place, theirs: &Official) {
        let last = theirs.resource.rsplit('.').next().unwrap_or_default();
        let own = ours.resource.last().map_or("", String::as_str);
        self.both += 1;
        self.method += usize::from(ours.method == theirs.verb);
        self.verb += usize::from(is_same_verb(&ours.method, &theirs.verb));
        self.level += usize::from(own == last);
        self.level_in_any_number += usize::from(in_singular(own) == in_singular(last));
        self.word += usize::from(is_same_word(own, last));
    }
}

/// Whether a method's verb is `theirs`, or a synonym of it.
pub fn is_same_verb(method: &str, theirs: &str) -> bool {
    let verb = without_distinction(method);
    method == theirs
        || verb == theirs
        || SYNONYMS
            .iter()
            .any(|(ours, other, _)| *ours == verb && *other == theirs)
}

/// The method without what only tells it from others of its resource: `list` for
/// `list_for_zone`, `get_by_name`, `create_v2`.
fn without_distinction(method: &str) -> &str {
    let cut = ["_for_", "_by_", "_v1", "_v2", "_v3", "_v4"];
    let at = cut.iter().filter_map(|mark| method.find(mark)).min();
    &method[..at.unwrap_or(method.len())]
}

/// Whether two levels end in the same word, in either number.
pub fn is_same_word(own: &str, theirs: &str) -> bool {
    let last = |level: &str| singular(level.rsplit('_').next().unwrap_or_default());
    last(own) == last(theirs)
}

fn in_singular(level: &str) -> String {
    level.split('_').map(singular).collect::<Vec<_>>().join("_")
}
