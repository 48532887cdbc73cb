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
    (hash(key) >> 32).is_multiple_of(2)
}

/// The hash by which operations are picked (FNV-1a): the same everywhere and always.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
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
    /// Our verb is theirs, or a synonym: the same words, parted otherwise.
    pub synonym: usize,
    /// The last level of the resource is the same.
    pub level: usize,
    /// It is the same apart from singular and plural.
    pub level_in_any_number: usize,
    /// The last word of the resource is the same.
    pub exact_word: usize,
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
        self.synonym += usize::from(
            is_same_verb(&ours.method, &theirs.verb) || is_parted_otherwise(ours, theirs),
        );
        self.level += usize::from(own == last);
        self.level_in_any_number += usize::from(in_singular(own) == in_singular(last));
        self.word += usize::from(is_same_word(own, last));
        self.exact_word += usize::from(last_word(own) == last_word(last));
    }
}

/// Whether a method's verb is `theirs`.
pub fn is_same_verb(method: &str, theirs: &str) -> bool {
    method == theirs || without_distinction(method) == theirs
}

/// Whether both say the same words, parted differently between resource and method:
/// `zaraz.publish` for their `zaraz.publish.create`, `requests.quota.get` for their
/// `requests.quota`.
pub fn is_parted_otherwise(ours: &Place, theirs: &Official) -> bool {
    let own = ours.resource.last().map_or("", String::as_str);
    let last = theirs.resource.rsplit('.').next().unwrap_or_default();
    let is_plain = |verb: &str| matches!(verb, "create" | "get" | "list" | "update");
    let verb = without_distinction(&ours.method);
    (is_plain(&theirs.verb) && in_singular(verb) == in_singular(last))
        || (is_plain(verb) && in_singular(own) == in_singular(&theirs.verb))
}

/// The method without what only tells it from others of its resource: `list` for
/// `list_for_zone`, `get_by_name`, `create_v2`.
fn without_distinction(method: &str) -> &str {
    let cut = ["_for_", "_by_", "_v1", "_v2", "_v3", "_v4"];
    let at = cut.iter().filter_map(|mark| method.find(mark)).min();
    &method[..at.unwrap_or(method.len())]
}

/// Whether two levels end in the same word, in either number.
fn is_same_word(own: &str, theirs: &str) -> bool {
    singular(last_word(own)) == singular(last_word(theirs))
}

fn last_word(level: &str) -> &str {
    level.rsplit('_').next().unwrap_or_default()
}

fn in_singular(level: &str) -> String {
    level.split('_').map(singular).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(ours: &str, theirs: (&str, &str)) -> Agreement {
        let mut agreement = Agreement::default();
        let theirs = Official {
            resource: theirs.0.to_owned(),
            verb: theirs.1.to_owned(),
        };
        agreement.add(&Place::parse(ours).expect("a place"), &theirs);
        agreement
    }

    #[test]
    fn what_only_tells_methods_apart_is_no_part_of_the_verb() {
        let found = both("apps.list_for_zone", ("zero_trust.access.apps", "list"));
        assert_eq!((found.method, found.verb, found.level), (0, 1, 1));
        assert_eq!(both("apps.get_by_ids", ("apps", "get_by_ids")).verb, 1);
    }

    #[test]
    fn words_that_are_parted_otherwise_are_synonyms_and_others_are_not() {
        assert_eq!(both("ssl.analyze", ("ssl.analyze", "create")).synonym, 1);
        assert_eq!(both("a.quota.get", ("a", "quota")).synonym, 1);
        assert_eq!(both("a.quota.get", ("a", "limits")).synonym, 0);
        assert_eq!(both("a.b.list", ("a.b", "get")).synonym, 0);
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        assert_eq!(parse("method,path,resource,verb\nGET,/a\n"), Err(2));
        let read = parse("method,path,resource,verb\nGET,/a/{b},a,get\n");
        assert_eq!(read.expect("a line")["GET /a/{}"].verb, "get");
    }
}
