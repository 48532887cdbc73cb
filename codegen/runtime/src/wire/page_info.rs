//! What a server says about a page.

use std::fmt;

use serde::de::{DeserializeSeed, MapAccess};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::protocol::PageInfoKeys;
use crate::wire::tolerant::{Members, Place, Tolerant, fill, put};

/// Where a page stands in the whole list. Numbers that the server did not send
/// are `None`.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PageInfo {
    /// Number of this page, from 1.
    pub page: Option<f64>,
    /// Items per page.
    pub per_page: Option<f64>,
    /// Items on this page.
    pub count: Option<f64>,
    /// Items on all pages.
    pub total_count: Option<f64>,
    /// Number of pages.
    pub total_pages: Option<f64>,
    /// Everything else that the server said, such as cursors.
    #[serde(flatten)]
    pub other: Map<String, Value>,
    #[serde(skip)]
    keys: &'static PageInfoKeys,
}

static DEFAULT: PageInfoKeys = PageInfoKeys::DEFAULT;

impl Default for PageInfo {
    fn default() -> Self {
        Self::new(&DEFAULT)
    }
}

impl PageInfo {
    /// One of which nothing is known yet.
    pub(crate) fn new(keys: &'static PageInfoKeys) -> Self {
        Self {
            page: None,
            per_page: None,
            count: None,
            total_count: None,
            total_pages: None,
            other: Map::new(),
            keys,
        }
    }

    /// The cursor of the page behind this one, in lists that are turned by cursor.
    /// `None` on their last page.
    #[must_use]
    pub fn next_cursor(&self) -> Option<&str> {
        let (cursors, after) = self.keys.cursors;
        let after = || self.other.get(cursors)?.get(after);
        let cursor = self.other.get(self.keys.cursor).or_else(after)?;
        cursor.as_str().filter(|cursor| !cursor.is_empty())
    }

    /// Whether the server speaks of cursors, and not of numbers of pages.
    pub(crate) fn is_by_cursor(&self) -> bool {
        let names = [self.keys.cursor, self.keys.cursors.0];
        self.page.is_none() && names.iter().any(|name| self.other.contains_key(*name))
    }
}

impl Members for PageInfo {
    fn known(&self, name: &str) -> Option<&'static str> {
        let keys = self.keys;
        [
            keys.page,
            keys.per_page,
            keys.count,
            keys.total_count,
            keys.total_pages,
        ]
        .into_iter()
        .find(|known| *known == name)
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        members: &mut A,
    ) -> Result<Option<Value>, A::Error> {
        let keys = self.keys;
        let place = match name {
            name if name == keys.page => &mut self.page,
            name if name == keys.per_page => &mut self.per_page,
            name if name == keys.count => &mut self.count,
            name if name == keys.total_count => &mut self.total_count,
            _ => &mut self.total_pages,
        };
        put::<f64, _, _>(members, place)
    }

    fn other(&mut self) -> &mut Map<String, Value> {
        &mut self.other
    }
}

/// Anything but an object says nothing.
impl Tolerant for PageInfo {
    fn object<'de, A: MapAccess<'de>>(&mut self, members: A) -> Result<(), A::Error> {
        fill(self, members)
    }

    fn value(&mut self, _: Value) {}
}

impl<'de> Deserialize<'de> for PageInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut info = Self::default();
        Place(&mut info).deserialize(deserializer)?;
        Ok(info)
    }
}

impl fmt::Debug for PageInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageInfo")
            .field("page", &self.page)
            .field("per_page", &self.per_page)
            .field("count", &self.count)
            .field("total_count", &self.total_count)
            .field("total_pages", &self.total_pages)
            .field("other", &self.other)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn page_info_of_any_shape_is_read() {
        let info: PageInfo =
            serde_json::from_value(json!({ "page": "2", "count": null, "total_count": [] }))
                .unwrap();
        assert_eq!(
            (info.page, info.count, info.total_count),
            (Some(2.0), None, None)
        );
        assert_eq!(info.other.len(), 1);
        assert_eq!(
            serde_json::from_value::<PageInfo>(json!([])).unwrap(),
            PageInfo::default()
        );
    }

    #[test]
    fn a_cursor_is_found_beside_the_numbers_or_among_cursors() {
        for (sent, cursor) in [
            (json!({ "cursor": "a" }), Some("a")),
            (
                json!({ "cursors": { "after": "b", "before": "" } }),
                Some("b"),
            ),
            (json!({ "cursor": "" }), None),
            (json!({ "cursors": {} }), None),
            (json!({ "cursor": 1 }), None),
        ] {
            let info: PageInfo = serde_json::from_value(sent).unwrap();
            assert_eq!(info.next_cursor(), cursor);
        }
    }

    #[test]
    fn the_names_are_those_that_the_protocol_gives() {
        static KEYS: PageInfoKeys = PageInfoKeys {
            page: "number",
            total_count: "total",
            cursor: "next",
            ..PageInfoKeys::DEFAULT
        };
        let mut info = PageInfo::new(&KEYS);
        let sent = r#"{"number":2,"total":"9","next":"c","page":5}"#;
        let deserializer = &mut serde_json::Deserializer::from_str(sent);
        Place(&mut info).deserialize(deserializer).unwrap();
        assert_eq!((info.page, info.total_count), (Some(2.0), Some(9.0)));
        assert_eq!(
            (info.next_cursor(), &info.other["page"]),
            (Some("c"), &json!(5))
        );
    }
}
