//! Paths taken apart: versions, scopes, words and arguments.

use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use crate::names::plural::singular;
use crate::names::words::words;

/// One segment of a path that says something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    /// Fixed text, as its words.
    Word(Vec<String>),
    /// An argument, by its name.
    Parameter(String),
}

impl Segment {
    pub(super) fn is_parameter(&self) -> bool {
        matches!(self, Self::Parameter(_))
    }

    pub(super) fn words(&self) -> Option<&[String]> {
        match self {
            Self::Word(words) => Some(words),
            Self::Parameter(_) => None,
        }
    }
}

/// A path, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// The collections that only say whose things are meant (`accounts`), from the
    /// outside in.
    pub(super) scopes: Vec<String>,
    /// Versions (`v2`), which are no resources.
    pub(super) versions: Vec<String>,
    /// What is left.
    pub(super) segments: Vec<Segment>,
    /// What follows a colon at the end: `/{id}:cancel`.
    pub(super) action: Option<Vec<String>>,
}

impl Path {
    /// Takes `path` apart; the scopes are found later, by [`scopes`].
    pub(super) fn parse(path: &str) -> Self {
        let mut versions = Vec::new();
        let mut segments = Vec::new();
        let mut action = None;
        for text in path.split(['?', '#']).next().unwrap_or_default().split('/') {
            if text.is_empty() {
                continue;
            }
            if let Some(start) = text.find('{') {
                let end = text.rfind('}').filter(|end| *end > start);
                let (inside, after) = match end {
                    Some(end) => (&text[start + 1..end], &text[end + 1..]),
                    None => (&text[start + 1..], ""),
                };
                // OData's `orders({id})`.
                let before = text[..start].trim_end_matches(['(', '@', '\'', '=', '-', '.']);
                if before.starts_with(|first: char| first.is_ascii_alphabetic()) {
                    segments.push(Segment::Word(words(before)));
                }
                segments.push(Segment::Parameter(inside.trim_matches('+').to_owned()));
                if let Some(word) = after.strip_prefix(':').filter(|word| !word.is_empty()) {
                    action = Some(words(word));
                }
                continue;
            }
            if is_version(text) {
                versions.push(words(text).join("_"));
                continue;
            }
            // `rest` and `api` at the front name no thing.
            if segments.is_empty() && matches!(text, "api" | "rest") {
                continue;
            }
            let text = text.split('(').next().unwrap_or(text);
            let (text, verb) = match text.split_once(':') {
                Some((text, verb)) if !text.is_empty() && !verb.is_empty() => (text, Some(verb)),
                _ => (text, None),
            };
            let text = without_extension(text);
            action = None;
            // `chat.postMessage` is a thing and what is done with it; in a longer path a
            // dot is a sign like others.
            match text.split_once('.') {
                Some((thing, verb)) if segments.is_empty() && !thing.is_empty() => {
                    segments.push(Segment::Word(words(thing)));
                    action = Some(words(verb));
                }
                _ => segments.push(Segment::Word(words(text))),
            }
            if let Some(verb) = verb {
                action = Some(words(verb));
            }
        }
        Self {
            scopes: Vec::new(),
            versions,
            segments,
            action,
        }
    }

    /// Moves what `scopes` says from the front of the segments into the scopes.
    pub(super) fn take_scopes(&mut self, scopes: &BTreeSet<String>) {
        while let Some(name) = leading_pair(&self.segments) {
            if !scopes.contains(&name) || self.scopes.contains(&name) {
                return;
            }
            let arguments = self.segments[1..]
                .iter()
                .take_while(|segment| segment.is_parameter())
                .count();
            self.segments.drain(..=arguments);
            self.scopes.push(name);
        }
    }

    /// The words of the path that name its resource, outermost first.
    pub(super) fn levels(&self) -> Vec<&[String]> {
        self.segments.iter().filter_map(Segment::words).collect()
    }
}

/// `zones` of `/zones/{zone_id}/…`.
fn leading_pair(segments: &[Segment]) -> Option<String> {
    match segments {
        [Segment::Word(words), Segment::Parameter(_), ..] => Some(words.join("_")),
        _ => None,
    }
}

/// The collections whose members only say whose things an operation is about.
///
/// A collection at the front of a path is one when the rules name it, when many
/// different things ([`Rules::scope_fan_out`]) hang on its members, or when the
/// document has no operation for its members themselves.
pub(super) fn scopes<'p>(paths: impl Iterator<Item = &'p Path>, rules: &Rules) -> BTreeSet<String> {
    let mut below: BTreeMap<String, (BTreeSet<&[String]>, bool)> = BTreeMap::new();
    for path in paths {
        let Some(Segment::Word(first)) = path.segments.first() else {
            continue;
        };
        let (things, has_own) = below.entry(first.join("_")).or_default();
        let mut rest = path.segments[1..].iter();
        let is_member = path.segments.get(1).is_some_and(Segment::is_parameter);
        match rest.find_map(Segment::words) {
            Some(thing) if is_member => {
                things.insert(thing);
            }
            // Beside the members there may be a search, which makes no resource.
            Some(_) => {}
            None => *has_own = true,
        }
    }
    below
        .into_iter()
        .filter(|(name, (things, has_own))| {
            !things.is_empty()
                && (rules.scopes.contains(name) || things.len() >= rules.scope_fan_out || !has_own)
        })
        .map(|(name, _)| name)
        .collect()
}

/// What a scope is called in a method's name: `account` for `accounts`.
pub(super) fn scope_word(scope: &str) -> String {
    match scope.rsplit_once('_') {
        Some((first, last)) => format!("{first}_{}", singular(last)),
        None => singular(scope),
    }
}

/// Whether a segment is a version: `v2`, `v1beta1`, `v4.1`, `2024-01-01`.
fn is_version(text: &str) -> bool {
    let number = text.strip_prefix(['v', 'V']).unwrap_or_default();
    let is_numbered = number.starts_with(|first: char| first.is_ascii_digit())
        && number.len() <= 8
        && number
            .chars()
            .all(|inner| inner.is_ascii_alphanumeric() || inner == '.');
    let is_date = text.len() == 10
        && text.char_indices().all(|(index, inner)| match index {
            4 | 7 => inner == '-',
            _ => inner.is_ascii_digit(),
        });
    is_numbered || is_date
}

fn without_extension(text: &str) -> &str {
    match text.rsplit_once('.') {
        Some((name, "json" | "xml" | "yaml" | "yml" | "csv" | "txt" | "html")) => name,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str) -> String {
        let path = Path::parse(path);
        let segments = path.segments.iter().map(|segment| match segment {
            Segment::Word(words) => words.join("_"),
            Segment::Parameter(name) => format!("{{{name}}}"),
        });
        let mut shown = segments.collect::<Vec<_>>().join("/");
        if let Some(action) = path.action {
            shown.push_str(&format!(":{}", action.join("_")));
        }
        for version in path.versions {
            shown.push_str(&format!(" {version}"));
        }
        shown
    }

    #[test]
    fn a_path_is_taken_apart_whatever_its_style() {
        for (path, expected) in [
            ("/zones/{zone_id}/dnsRecords", "zones/{zone_id}/dns_records"),
            ("/api/v2/pets/{id}", "pets/{id} v2"),
            ("/images/v1/{id}", "images/{id} v1"),
            ("/v1beta1/{+name}:cancel", "{name}:cancel v1beta1"),
            ("/items:batchGet", "items:batch_get"),
            ("/chat.postMessage", "chat:post_message"),
            ("/feed/{id}.json", "feed/{id}"),
            ("/2024-01-01/things.xml", "things 2024_01_01"),
            ("/orders({id})/lines", "orders/{id}/lines"),
            ("/", ""),
            ("//{", "{}"),
        ] {
            assert_eq!(shown(path), expected, "{path}");
        }
    }

    #[test]
    fn a_collection_with_many_things_below_it_is_a_scope() {
        let mut paths = vec!["/shops".to_owned(), "/shops/{id}".to_owned()];
        let things = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        paths.extend(things.map(|thing| format!("/shops/{{id}}/{thing}")));
        let parsed: Vec<Path> = paths.iter().map(|path| Path::parse(path)).collect();
        let all = scopes(parsed.iter(), &Rules::default());
        assert_eq!(all.into_iter().collect::<Vec<_>>(), ["shops"]);
        let few = scopes(parsed.iter().take(4), &Rules::default());
        assert!(few.is_empty(), "{few:?}");
        // Nobody asks for a shop itself.
        let alone = scopes(parsed[2..3].iter(), &Rules::default());
        assert_eq!(alone.len(), 1);
    }
}
