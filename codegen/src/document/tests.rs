use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::json;

use super::*;

const FRAGMENT: &str = include_str!("../../../openapi/client-certificates.yaml");

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

/// The smallest YAML document, with these lines behind its `paths`.
fn yaml(rest: &str) -> String {
    format!("{HEAD}paths: {{}}\n{rest}")
}

fn parsed(text: &str) -> Document {
    Document::parse("a.yaml", text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: impl AsRef<[u8]>) -> Error {
    Document::parse("a.yaml", text.as_ref()).expect_err("an error")
}

/// The `x` member of the smallest YAML document, from how it is written.
fn value_of(written: &str) -> Value {
    parsed(&yaml(&format!("x: {written}\n"))).value()["x"].clone()
}

fn line_of(text: &str, line: &str) -> usize {
    1 + text.lines().position(|l| l == line).expect("the line")
}

#[test]
fn the_checked_in_fragment_is_read_and_its_places_are_found() {
    let document = parsed(FRAGMENT);
    assert_eq!(document.file(), "a.yaml");
    let paths = document.value()["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), 2);
    let at = document.locate("/components/schemas/Status");
    assert_eq!(at.line, line_of(FRAGMENT, "    Status:"));
    assert_eq!(at.column, 5);
    let at = document.locate("/paths/~1zones~1{zone_id}~1client_certificates/get/parameters/1");
    assert_eq!(at.line, line_of(FRAGMENT, "        - name: page"));
    assert_eq!(
        at.to_string(),
        format!(
            "a.yaml:{}:11 (at `/paths/~1zones~1{{zone_id}}~1client_certificates/get/parameters/1`)",
            at.line
        )
    );
}

#[test]
fn the_same_document_as_json_has_the_same_value_and_order() {
    let value = parsed(FRAGMENT).value().clone();
    for text in [
        serde_json::to_string(&value).expect("json"),
        serde_json::to_string_pretty(&value).expect("json"),
    ] {
        let again = parsed(&text);
        assert_eq!(again.value().to_string(), value.to_string());
    }
}

#[test]
fn places_in_json_are_those_of_keys_and_items() {
    let text = r#"
{ "openapi": "3.0.3",
  "info": { "title": "T]}\\\"", "version": "1" },
  "x": [ 1, {"y": [] },
         { "a\u002fb": 2 } ],
  "paths": {} }"#;
    let document = parsed(text);
    let found = |pointer| {
        let at = document.locate(pointer);
        (at.line, at.column)
    };
    assert_eq!(found(""), (2, 1));
    assert_eq!(found("/info/version"), (3, 33));
    assert_eq!(found("/x/0"), (4, 10));
    assert_eq!(found("/x/2"), (5, 10));
    assert_eq!(found("/x/2/a~1b"), (5, 12));
    assert_eq!(found("/paths"), (6, 3));
}

#[test]
fn of_what_does_not_exist_the_nearest_parent_is_located() {
    let json = "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"},\n\"paths\": {}}";
    for text in [json.to_owned(), yaml("x: [1]")] {
        let document = parsed(&text);
        let line = document.locate("/paths").line;
        for pointer in ["/paths/~1a/get", "/paths/0"] {
            let at = document.locate(pointer);
            assert_eq!((at.line, at.pointer.as_str()), (line, pointer));
        }
        assert_eq!(document.locate("/nothing").line, 1);
        assert_eq!(document.locate("no pointer").line, 1);
    }
    assert_eq!(parsed(&yaml("x: [1]")).locate("/x/01").line, 4);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let json = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}}"#;
    for text in [json, &yaml("")] {
        let marked = parsed(&format!("\u{feff}{text}"));
        assert_eq!(marked.value(), parsed(text).value());
        assert_eq!(marked.locate("/openapi"), parsed(text).locate("/openapi"));
    }
}

#[test]
fn a_file_with_nothing_in_it_is_called_empty() {
    for text in ["", "\u{feff}", " \n\t\n", "# only a remark\n"] {
        let error = refused(text);
        assert!(matches!(error, Error::Empty { .. }), "{text:?}: {error}");
    }
    assert_eq!(
        refused("").to_string(),
        "a.yaml: the file is empty. Give an OpenAPI 3.0 document, in JSON or YAML."
    );
}

#[test]
fn bytes_that_are_not_utf_8_are_named_with_offset_and_line() {
    let error = refused(b"\xef\xbb\xbfa: 1\nb: \xff\xfe\n");
    assert_eq!(
        error.to_string(),
        "a.yaml:2:4: byte 11 of the file is not UTF-8. Save the file as UTF-8."
    );
}

#[test]
fn a_file_that_is_cut_off_says_so() {
    for text in [
        "{",
        "{\"openapi\": \"3.0",
        "{\"openapi\": \"3.0.3\", \"info\": {",
        &yaml("x: [1, 2"),
        &yaml("x: {a: "),
        &yaml("x: \"abc"),
        &yaml("componen"),
    ] {
        let error = refused(text);
        assert!(matches!(error, Error::CutOff { .. }), "{text}: {error}");
        assert!(error.to_string().contains("seems to be cut off"), "{error}");
    }
    let error = refused(b"a: \xc3");
    assert!(matches!(error, Error::CutOff { .. }), "{error}");
    let error = refused("{\"openapi\": \"3.0.3\",\n \"info\": {\"title\": tru");
    assert!(
        error
            .to_string()
            .starts_with("a.yaml:2:22 (at `/info/title`): "),
        "{error}"
    );
}

#[test]
fn broken_json_is_named_with_line_column_and_pointer() {
    let error = refused("{\"openapi\": \"3.0.3\",\n \"info\": {\"título\": [1, x]}}");
    assert_eq!(
        error.to_string(),
        "a.yaml:2:25 (at `/info/título/1`): this is not JSON: expected value. \
         Correct the file here."
    );
    let error = refused("{\"openapi\": \"3.0.3\"}\n{}");
    assert!(
        error
            .to_string()
            .starts_with("a.yaml:2:1: this is not JSON: trailing characters"),
        "{error}"
    );
}

#[test]
fn text_that_is_neither_json_nor_yaml_is_named_with_its_line() {
    for (text, line) in [
        (yaml("x: ]\n"), 4),
        (yaml("x: a: b\n"), 4),
        (yaml("x:\n\ty: 1\n"), 5),
        (yaml("x: *nobody\n"), 4),
        (yaml("x: a\0b\n"), 4),
    ] {
        match refused(&text) {
            Error::NotYaml { at, .. } => assert_eq!(at.line, line, "{text}"),
            other => panic!("{text}: {other}"),
        }
    }
    let error = refused(yaml("x:\n\ty: 1\n"));
    assert!(error.to_string().contains("tab"), "{error}");
}

#[test]
fn a_key_given_twice_is_named_with_both_lines() {
    let json = "{\"openapi\": \"3.0.3\",\n\"a/b\": [0, {\"k\": {\"k\": 1},\n\"\\u006b\"\n: 2} oops";
    assert_eq!(
        refused(json).to_string(),
        "a.yaml:3:1 (at `/a~1b/1/k`): the key `k` is given twice, first on line 2. \
         Remove one of the two."
    );
    let text = yaml("x:\n  200: 1\n  other: 2\n  '200': 3\n");
    assert_eq!(
        refused(text).to_string(),
        "a.yaml:7:3 (at `/x/200`): the key `200` is given twice, first on line 5. \
         Remove one of the two."
    );
}

#[test]
fn nesting_without_measure_is_refused_in_either_syntax() {
    let many = 100_000;
    for text in [
        "[".repeat(many),
        "{\"a\":".repeat(many),
        format!("{{\"a\":{}", "[".repeat(many)),
        format!("- {}", "{a: ".repeat(many)),
        "- ".repeat(many),
        yaml(&format!("x: {}{}\n", "[".repeat(many), "]".repeat(many))),
        (0..2000)
            .map(|n| format!("{}a:\n", " ".repeat(n)))
            .collect(),
    ] {
        let error = refused(&text);
        assert!(matches!(error, Error::TooDeep { .. }), "{error}");
        assert!(error.to_string().contains("more than 120 deep"), "{error}");
    }
}

#[test]
fn the_deepest_allowed_value_is_the_same_in_either_syntax() {
    for (levels, allowed) in [(MAX_DEPTH - 1, true), (MAX_DEPTH, false)] {
        let deep = "[".repeat(levels) + &"]".repeat(levels);
        let json = format!(
            "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \
             \"paths\": {{}}, \"x\": {deep}}}"
        );
        for text in [json, yaml(&format!("x: {deep}\n"))] {
            match Document::parse("a", text.as_bytes()) {
                Ok(_) => assert!(allowed),
                Err(Error::TooDeep { at, .. }) => {
                    assert!(!allowed && at.pointer.starts_with("/x/0/"), "{at}");
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn aliases_are_taken_up_to_a_bound() {
    let document = parsed(&yaml("x: &a {b: [1]}\ny: [*a, *a]\n"));
    assert_eq!(document.value()["y"], json!([{"b": [1]}, {"b": [1]}]));
    assert_eq!(document.locate("/y/1/b").line, 4);

    let mut laughs = String::from("a0: &a0 [lol]\n");
    for n in 1..60 {
        let ten = vec![format!("*a{}", n - 1); 10].join(", ");
        laughs += &format!("a{n}: &a{n} [{ten}]\n");
    }
    match refused(yaml(&laughs)) {
        Error::AliasesTooLarge { at, .. } => assert!(at.pointer.starts_with("/a"), "{at}"),
        other => panic!("{other}"),
    }

    let mut deep = String::from("a0: &a0 [lol]\n");
    for n in 1..1000 {
        deep += &format!("a{n}: &a{n} [[[*a{}]]]\n", n - 1);
    }
    let error = refused(yaml(&deep));
    assert!(matches!(error, Error::TooDeep { .. }), "{error}");
}

#[test]
fn yaml_that_json_cannot_express_says_what_to_write_instead() {
    for (rest, advice) in [
        ("x: &a [*a]\n", "use `$ref` instead"),
        ("x: &a {y: 1}\nz:\n  <<: *a\n", "write the members out"),
        ("x: {[a]: 1}\n", "a key must be a text"),
        ("x: .inf\n", "put it in quotes"),
        ("x: .nan\n", "put it in quotes"),
        ("x: 1e999\n", "out of range"),
        ("x: !secret a\n", "remove the tag"),
        ("---\nopenapi: 3.0.3\n", "keep one document in the file"),
    ] {
        let error = refused(yaml(rest));
        assert!(
            matches!(error, Error::UnsupportedYaml { .. }),
            "{rest}: {error}"
        );
        assert!(error.to_string().contains(advice), "{rest}: {error}");
        assert!(error.to_string().starts_with("a.yaml:"), "{error}");
    }
}

#[test]
fn yaml_scalars_follow_the_core_schema_of_1_2() {
    assert_eq!(value_of("no"), json!("no"));
    assert_eq!(value_of("on"), json!("on"));
    assert_eq!(
        value_of("2023-02-20T23:18:00Z"),
        json!("2023-02-20T23:18:00Z")
    );
    assert_eq!(value_of("'200'"), json!("200"));
    assert_eq!(value_of("!!str 200"), json!("200"));
    assert_eq!(value_of("!!int '200'"), json!(200));
    assert_eq!(value_of("18446744073709551615"), json!(u64::MAX));
    assert_eq!(value_of("0.1"), json!(0.1));
    assert_eq!(value_of("~"), json!(null));
    assert_eq!(value_of(""), json!(null));
    assert_eq!(value_of("\"\""), json!(""));
    assert_eq!(
        value_of("{200: a, 4XX: b, on: c, true: d, '<<': e}").to_string(),
        r#"{"200":"a","4XX":"b","on":"c","true":"d","<<":"e"}"#
    );
}

#[test]
fn json_numbers_keep_what_serde_json_can_hold() {
    let numbers = "[18446744073709551615,-9223372036854775808,0.011269427669584647,1.0]";
    let text = format!(
        r#"{{"openapi": "3.0.3", "info": {{"title": "T", "version": "1"}}, "paths": {{}},
        "x": {numbers}}}"#
    );
    assert_eq!(parsed(&text).value()["x"].to_string(), numbers);
    assert_eq!(value_of(numbers).to_string(), numbers);
}

#[test]
fn what_is_no_openapi_3_0_document_is_told_apart() {
    for (text, message) in [
        (
            "just text\n",
            "a.yaml:1:1: an OpenAPI document is an object, but this is a string. \
             Check that it is the right file.",
        ),
        (
            "[]",
            "a.yaml:1:1: an OpenAPI document is an object, but this is an array. \
             Check that it is the right file.",
        ),
        (
            "a: 1\n",
            "a.yaml:1:1: there is no `openapi` member, so this is not an OpenAPI document. \
             Check that it is the right file.",
        ),
        (
            "info: {}\nswagger: '2.0'\n",
            "a.yaml:2:1 (at `/swagger`): this is a Swagger 2.0 document, and only OpenAPI 3.0 \
             is taken. Convert it first, for example with `npx swagger2openapi`.",
        ),
        (
            "{\"swagger\":\n\"1.2\"}",
            "a.yaml:1:2 (at `/swagger`): this is a Swagger 1.2 document, and only OpenAPI 3.0 \
             is taken. Convert it first, for example with `npx swagger2openapi`.",
        ),
        (
            "openapi: 3.1.0\n",
            "a.yaml:1:1 (at `/openapi`): this document is of OpenAPI 3.1.0, and only 3.0.x is \
             taken. Convert it to 3.0 first.",
        ),
        (
            "openapi: 3.0\n",
            "a.yaml:1:1 (at `/openapi`): `openapi` must be a string, but is a number. \
             Put it in quotes.",
        ),
        (
            "openapi: 3.0.3\n",
            "a.yaml:1:1 (at `/info`): `info` must be an object, but is missing. \
             Correct it here.",
        ),
        (
            "openapi: 3.0.3\ninfo: T\n",
            "a.yaml:2:1 (at `/info`): `info` must be an object, but is a string. \
             Correct it here.",
        ),
        (
            "openapi: 3.0.3\ninfo:\n  title: T\n  version: 1.10\n",
            "a.yaml:4:3 (at `/info/version`): `info.version` must be a string, but is a number. \
             Put it in quotes.",
        ),
        (
            HEAD,
            "a.yaml:1:1 (at `/paths`): `paths` must be an object, but is missing. \
             Correct it here.",
        ),
        (
            &format!("{HEAD}paths: []\n"),
            "a.yaml:3:1 (at `/paths`): `paths` must be an object, but is an array. \
             Correct it here.",
        ),
    ] {
        assert_eq!(refused(text).to_string(), message, "{text}");
    }
}

#[test]
fn every_3_0_version_is_taken_and_no_other() {
    for (version, taken) in [
        ("3.0", true),
        ("3.0.0", true),
        ("3.0.4", true),
        ("3.0.0-rc2", true),
        ("3.0.", false),
        ("3.0.x", false),
        ("3.00", false),
        ("3.1.0", false),
        ("2.0", false),
        ("", false),
    ] {
        let text = yaml("").replacen("3.0.3", &format!("'{version}'"), 1);
        assert_eq!(
            Document::parse("a", text.as_bytes()).is_ok(),
            taken,
            "{version}"
        );
    }
}

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
