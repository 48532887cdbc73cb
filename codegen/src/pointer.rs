//! JSON pointers (RFC 6901), as every report and error of this crate gives them.

/// The pointer to the member `segment` of what `parent` points to.
pub fn join(parent: &str, segment: &str) -> String {
    format!("{parent}/{}", segment.replace('~', "~0").replace('/', "~1"))
}

/// The pointer of the component that `pointer` is, or lies in: its first three
/// segments. Of a pointer that is shorter, all of it.
pub fn component_of(pointer: &str) -> &str {
    let end = pointer.match_indices('/').nth(3).map(|(end, _)| end);
    &pointer[..end.unwrap_or(pointer.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
