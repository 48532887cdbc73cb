//! JSON pointers (RFC 6901), as every report and error of this crate gives them.

use std::borrow::Cow;

use serde_json::Value;

/// The pointer to the member `segment` of what `parent` points to.
pub fn join(parent: &str, segment: &str) -> String {
    let mut pointer = parent.to_owned();
    push(&mut pointer, segment);
    pointer
}

/// Makes `pointer` lead on to the member `segment`.
pub fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    if !segment.contains(['~', '/']) {
        pointer.push_str(segment);
        return;
    }
    for character in segment.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The name that a segment of a pointer stands for.
pub fn unescape(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => Cow::Owned(segment.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(segment),
    }
}

/// The pointer to the parent, and the name of the member in it; `None` for the
/// pointer to everything.
pub fn split_last(pointer: &str) -> Option<(&str, Cow<'_, str>)> {
    let (parent, last) = pointer.rsplit_once('/')?;
    Some((parent, unescape(last)))
}

/// The pointer that a local reference stands for: it is a fragment of a URI, so
/// that percent signs are decoded before tildes are (RFC 6901, section 6). `None`
/// for a reference to another file.
pub fn of_reference(reference: &str) -> Option<Cow<'_, str>> {
    let fragment = reference.strip_prefix('#')?;
    percent_encoding::percent_decode_str(fragment)
        .decode_utf8()
        .ok()
}

/// What the `$ref` (or mapping) `reference` leads to in `document`, with the
/// pointer to it; `None` where it leads out of the document or to nothing.
///
/// A reference is a URI, so what is percent-encoded in it is decoded (RFC 6901,
/// section 6). Where the text as it stands leads somewhere, that is meant: many
/// authors write it so.
pub fn follow<'d, 'r>(
    document: &'d Value,
    reference: &'r str,
) -> Option<(Cow<'r, str>, &'d Value)> {
    let path = reference.strip_prefix('#')?;
    if let Some(target) = document.pointer(path) {
        return Some((Cow::Borrowed(path), target));
    }
    let decoded = of_reference(reference)?;
    let target = document.pointer(&decoded)?;
    Some((decoded, target))
}

/// The pointer of the component that `pointer` is, or lies in: its first three
/// segments. Of a pointer that is shorter, all of it.
pub fn component_of(pointer: &str) -> &str {
    let end = pointer.match_indices('/').nth(3).map(|(end, _)| end);
    &pointer[..end.unwrap_or(pointer.len())]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_percent_decoded_before_its_tildes_are() {
        let document = json!({ "a b": 1, "a/b": 2, "%41": 3, "A": 4, "ä": 5 });
        for (reference, found) in [
            ("#/a%20b", Some(1)),
            ("#/a b", Some(1)),
            ("#/a%7E1b", Some(2)),
            ("#/a%2fb", None),
            ("#/%41", Some(3)),
            ("#/%2541", Some(3)),
            ("#/%C3%A4", Some(5)),
            ("#/%FF", None),
            ("#/%4", None),
            ("#/%+4", None),
            ("#/%ää", None),
            ("a.yaml#/A", None),
        ] {
            let target = follow(&document, reference).map(|(_, value)| value.clone());
            assert_eq!(target, found.map(Value::from), "{reference}");
        }
    }

    #[test]
    fn slashes_and_tildes_of_a_segment_are_escaped() {
        assert_eq!(join("/paths", "/a~b"), "/paths/~1a~0b");
    }

    #[test]
    fn a_component_has_three_segments() {
        assert_eq!(
            component_of("/components/schemas/a/items"),
            "/components/schemas/a"
        );
        assert_eq!(
            component_of("/components/schemas/a"),
            "/components/schemas/a"
        );
        assert_eq!(component_of(""), "");
    }

    #[test]
    fn a_pointer_is_split_into_its_parent_and_the_members_name() {
        let pointer = join("/paths", "/a~b");
        assert_eq!(split_last(&pointer), Some(("/paths", "/a~b".into())));
        assert_eq!(split_last(""), None);
    }
}
