//! What the key of a path says besides the path.

/// A key of `paths`, in its parts: some documents tell operations on one path
/// apart by a query or a fragment in the key, such as `/parts?kind=a` or
/// `/parts#delete-all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathKey<'k> {
    /// The template of the path, with its arguments in braces.
    pub path: &'k str,
    /// What stands behind a `?`; it is sent as the first part of the query, and
    /// may have arguments in braces, too.
    pub query: Option<&'k str>,
    /// What stands behind a `#`; it only tells operations apart, and is not sent.
    pub fragment: Option<&'k str>,
}

impl<'k> PathKey<'k> {
    /// Splits `key` at the first `#`, and what is before it at the first `?`.
    /// Within braces, both belong to the name of an argument.
    pub fn of(key: &'k str) -> Self {
        let (rest, fragment) = split(key, '#');
        let (path, query) = split(rest, '?');
        Self {
            path,
            query,
            fragment,
        }
    }
}

fn split(text: &str, sign: char) -> (&str, Option<&str>) {
    let mut is_within = false;
    let last_closed = text.rfind('}');
    for (at, character) in text.char_indices() {
        match character {
            // A brace that is never closed is a brace.
            '{' => is_within = last_closed > Some(at),
            '}' => is_within = false,
            _ if character == sign && !is_within => {
                let (before, rest) = text.split_at(at);
                return (before, rest.get(sign.len_utf8()..));
            }
            _ => {}
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_path_perhaps_a_query_and_perhaps_a_fragment() {
        for (key, path, query, fragment) in [
            ("/a/{id}", "/a/{id}", None, None),
            ("/a?b={b}&c", "/a", Some("b={b}&c"), None),
            ("/a#b?c", "/a", None, Some("b?c")),
            ("/a?b#c", "/a", Some("b"), Some("c")),
            ("/a/{b?}/{c#}", "/a/{b?}/{c#}", None, None),
            ("/{a?b", "/{a", Some("b"), None),
            ("/?", "/", Some(""), None),
            ("", "", None, None),
        ] {
            let split = PathKey {
                path,
                query,
                fragment,
            };
            assert_eq!(PathKey::of(key), split, "{key}");
        }
    }
}
