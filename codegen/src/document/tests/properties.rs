//! Whatever is cut off or generated.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

/// Whether `part` is what reading may give of a file that ends early: nothing
/// but the value that was being read last may differ from `whole`.
fn is_start_of(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            let last = part.len().saturating_sub(1);
            part.len() <= whole.len()
                && part.iter().zip(whole).enumerate().all(|(n, (p, w))| {
                    p.0 == w.0
                        && if n == last {
                            is_start_of(p.1, w.1)
                        } else {
                            p.1 == w.1
                        }
                })
        }
        (Value::Array(part), Value::Array(whole)) => {
            let last = part.len().saturating_sub(1);
            part.len() <= whole.len()
                && part.iter().zip(whole).enumerate().all(|(n, (p, w))| {
                    if n == last { is_start_of(p, w) } else { p == w }
                })
        }
        // Of text, a beginning; of everything, nothing yet.
        (Value::String(part), Value::String(whole)) => whole.starts_with(part.trim_end()),
        (Value::Null, _) => true,
        // A key without its colon is still a text; the stages that expect an
        // object there refuse it.
        (Value::String(part), Value::Object(whole)) => {
            whole.keys().next().is_some_and(|key| key.starts_with(part))
        }
        // `023e` begins like a number, `tru` like a text.
        (Value::Number(_), Value::String(_)) => true,
        (Value::String(part), whole) => whole.to_string().starts_with(part),
        (part, whole) => whole.to_string().starts_with(&part.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0),
        ..ProptestConfig::default()
    })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Document::parse("a", &bytes);
    }

    #[test]
    fn arbitrary_punctuation_never_panics(text in "([\\[\\]{},:?&*!|>'\"%@`#\\-<~ \t\n\r0a.]|\u{feff}|---|\\\\u){0,60}") {
        let _ = Document::parse("a", text.as_bytes());
        let _ = Document::parse("a", yaml(&text).as_bytes());
        let _ = Document::parse("a", format!("{{{text}").as_bytes());
    }

    #[test]
    fn a_damaged_fragment_never_panics(at in 0..FRAGMENT.len(), byte: u8) {
        let mut bytes = FRAGMENT.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(document) = Document::parse("a", &bytes) {
            document.locate("/components/schemas/Status/enum/2");
        }
    }

    #[test]
    fn a_pointer_never_panics(pointer in "[/~01a-z]{0,20}") {
        parsed(FRAGMENT).locate(&pointer);
    }
}

#[test]
fn of_a_truncated_fragment_nothing_is_lost_without_a_sign() {
    let whole = parsed(FRAGMENT);
    for end in (0..FRAGMENT.len()).step_by(7) {
        let part = &FRAGMENT[..end];
        if let Ok(document) = Document::parse("a", part.as_bytes()) {
            assert!(is_start_of(document.value(), whole.value()), "{part}");
        }
    }
}

#[test]
fn truncated_json_is_always_refused_as_cut_off() {
    let text = serde_json::to_string_pretty(parsed(FRAGMENT).value()).expect("json");
    for end in (1..text.len()).step_by(7) {
        let error = refused(&text[..end]);
        assert!(matches!(error, Error::CutOff { .. }), "{end}: {error}");
    }
}
