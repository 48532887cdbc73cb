//! One page of a list.

use std::fmt;
use std::hash::{DefaultHasher, Hasher};
use std::marker::PhantomData;

use reqwest::header::{HeaderMap, LINK};
use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::protocol::{Envelope, EnvelopeKeys, Paging};
use crate::response::arrival::Arrival;
use crate::response::decode;
use crate::response::outcome::Response;
use crate::wire::page_info::PageInfo;

/// A page, and what it says of the next one.
#[derive(Clone)]
pub(crate) struct Page<T> {
    pub response: Response<Vec<T>>,
    /// None of a page without items.
    pub print: Option<Fingerprint>,
    pub next_cursor: Option<String>,
    pub total: Option<f64>,
    /// The address of the next page.
    pub link: Option<String>,
}

/// What tells a page from others. What the caller's type leaves out of an item
/// counts, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// Of the `id` of the first item, or else of the text of all of them.
    pub key: u64,
    /// Of the text of all items, if the first has an `id`.
    pub whole: Option<u64>,
}

/// Reads a page.
pub(crate) fn read<T: DeserializeOwned>(
    arrival: Arrival,
    envelope: Envelope,
    paging: &Paging,
) -> Result<Page<T>, Error> {
    let keys = match envelope {
        Envelope::None if paging.items.is_empty() => None,
        Envelope::None => Some(EnvelopeKeys {
            success: "",
            errors: "",
            messages: "",
            result: paging.items,
            result_info: "",
        }),
        Envelope::Member => arrival.protocol().envelope,
        Envelope::Flattened => arrival.protocol().envelope.map(|keys| EnvelopeKeys {
            result: paging.items,
            ..keys
        }),
    };
    let list = keys.map_or("", |keys| keys.result);
    let print = fingerprint(arrival.json(), list);
    let [cursor, total] = beside(arrival.json(), [paging.next_cursor, paging.total]);
    let next_cursor = cursor.and_then(|cursor| match cursor {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let link = paging.link.then(|| next_link(&arrival.meta.head.headers.0));
    let response = match keys {
        Some(keys) => decode::within(arrival, keys, || Some(Vec::new()))?,
        None => decode::bare(arrival, || Some(Vec::new()))?,
    };
    let info = response.meta.page_info.as_deref();
    let said = || info.and_then(PageInfo::next_cursor).map(str::to_owned);
    Ok(Page {
        next_cursor: next_cursor.or_else(said),
        total: total.and_then(|total| total.as_f64()),
        link: link.flatten(),
        print,
        response,
    })
}

/// What tells this page from others, given the member that holds the items; without
/// one, the response is the list.
fn fingerprint(body: &[u8], list: &str) -> Option<Fingerprint> {
    #[derive(Deserialize)]
    struct Identified<'b> {
        #[serde(borrow)]
        id: &'b RawValue,
    }
    let hash = |texts: &mut dyn Iterator<Item = &str>| {
        let mut hasher = DefaultHasher::new();
        texts.for_each(|text| hasher.write(text.as_bytes()));
        hasher.finish()
    };
    let items: Vec<&RawValue> = match list {
        "" => serde_json::from_slice(body).ok()?,
        list => {
            let deserializer = &mut serde_json::Deserializer::from_slice(body);
            let named = Named::<&RawValue, 1>([list], PhantomData);
            let [list] = named.deserialize(deserializer).ok()?;
            serde_json::from_str(list?.get()).ok()?
        }
    };
    let first = serde_json::from_str::<Identified<'_>>(items.first()?.get());
    let whole = hash(&mut items.iter().map(|item| item.get()));
    Some(match first {
        Ok(item) if item.id.get() != "null" => Fingerprint {
            key: hash(&mut std::iter::once(item.id.get())),
            whole: Some(whole),
        },
        _ => Fingerprint {
            key: whole,
            whole: None,
        },
    })
}

/// The members of an object that have these names; one that is empty names none.
fn beside<const N: usize>(body: &[u8], names: [&str; N]) -> [Option<Value>; N] {
    if names.iter().all(|name| name.is_empty()) {
        return [const { None }; N];
    }
    let deserializer = &mut serde_json::Deserializer::from_slice(body);
    let read = Named::<Value, N>(names, PhantomData);
    read.deserialize(deserializer)
        .unwrap_or([const { None }; N])
}

/// Reads some members of an object.
struct Named<'n, V, const N: usize>([&'n str; N], PhantomData<V>);

impl<'de, V: Deserialize<'de>, const N: usize> DeserializeSeed<'de> for Named<'_, V, N> {
    type Value = [Option<V>; N];

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, V: Deserialize<'de>, const N: usize> Visitor<'de> for Named<'_, V, N> {
    type Value = [Option<V>; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [const { None }; N];
        while let Some(index) = map.next_key_seed(Index(&self.0))? {
            match index.and_then(|index| found.get_mut(index)) {
                Some(place) => *place = Some(map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }
}

/// Which of the names it is.
struct Index<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Index<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Index<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        let named = |known: &&str| !known.is_empty() && *known == name;
        Ok(self.0.iter().position(named))
    }
}

/// The address of the next page (RFC 8288, section 3).
fn next_link(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(LINK).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines.flat_map(links).find_map(|(target, parameters)| {
        let is_next = parameters.split(';').any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
            name.trim().eq_ignore_ascii_case("rel")
                && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        is_next.then(|| target.to_owned())
    })
}

/// Each target in angle brackets, with its parameters.
fn links(line: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((target, behind)) = after.split_once('>') else {
            break;
        };
        let end = behind.find('<').unwrap_or(behind.len());
        let (parameters, next) = behind.split_at(end);
        links.push((target, parameters));
        rest = next;
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_apart_by_their_first_id_or_by_all_of_their_text() {
        let print = |text: &str| fingerprint(text.as_bytes(), "result");
        let first = print(r#"{"result":[{"id":"a","at":1},{"id":"b"}]}"#).unwrap();
        let again = print(r#"{"result":[{"id":"a","at":2}]}"#).unwrap();
        assert_eq!((first.key, first.whole == again.whole), (again.key, false));
        let other = print(r#"{"result":[{"id":"b","at":1}]}"#).unwrap();
        assert_ne!(first.key, other.key);
        assert_ne!(
            print(r#"{"result":["a","b"]}"#),
            print(r#"{"result":["a","c"]}"#)
        );
        assert_eq!(print(r#"{"result":[]}"#), None);
        assert_eq!(fingerprint(br#"[{"id":"a","at":2}]"#, ""), Some(again));
    }

    #[test]
    fn the_next_page_is_found_in_a_link() {
        for (value, target) in [
            (
                "<https://a.b/?page=2>; rel=\"next\"",
                Some("https://a.b/?page=2"),
            ),
            (
                "</x?a=1,2>; rel=prev, </y>; title=\"a\"; Rel=\"last NEXT\"",
                Some("/y"),
            ),
            ("<https://a.b/>; rel=\"prev\"", None),
            ("<https://a.b/; rel=next", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(LINK, value.parse().unwrap());
            assert_eq!(next_link(&headers).as_deref(), target, "{value}");
        }
    }
}
