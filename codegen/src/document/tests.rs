mod properties;
mod versions;

use serde_json::json;

use super::*;
use crate::limits::MAX_DEPTH;

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
fn merge_keys_give_what_an_object_does_not_have_itself() {
    let document = parsed(&yaml(
        "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  d: 3\n  <<: [*x, *y]\n  a: 3\n\
         w: {<<: {<<: *y, d: 4}, e: 4}\n",
    ));
    let value = document.value();
    assert_eq!(value["z"].to_string(), r#"{"d":3,"b":1,"c":2,"a":3}"#);
    assert_eq!(value["w"].to_string(), r#"{"b":2,"c":2,"d":4,"e":4}"#);
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    assert_eq!(
        document.merged(),
        [
            ("/z".to_owned(), names(&["b", "c"])),
            ("/w".to_owned(), names(&["b", "c"])),
            ("/w".to_owned(), names(&["b", "c", "d"])),
        ]
    );
    // What was merged stands where its anchor is.
    assert_eq!(document.line_of("/z/c"), document.line_of("/y/c"));
    let twice = refused(yaml("x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x\n"));
    let lines = parsed(&yaml("")).text().lines().count();
    assert!(
        matches!(&twice, Error::DuplicateKey { first, .. } if *first == lines + 3),
        "{twice}"
    );
}

#[test]
fn merge_keys_count_as_much_as_what_they_stand_for() {
    let mut laughs = String::from("a0: &a0 {k: lol}\n");
    for n in 1..60 {
        let ten = (0..10).map(|m| format!("k{n}{m}: {{<<: *a{}}}", n - 1));
        laughs += &format!("a{n}: &a{n} {{{}}}\n", ten.collect::<Vec<_>>().join(", "));
    }
    let error = refused(yaml(&laughs));
    assert!(
        matches!(error, Error::AliasesTooLarge { .. } | Error::TooDeep { .. }),
        "{error}"
    );
}

#[test]
fn keys_that_make_a_pointer_without_measure_are_refused() {
    // YAML takes keys of 1,024 characters where they are written as here.
    let nested = |levels: usize| {
        let key = format!("{{\"{}\": ", "k".repeat(999));
        key.repeat(levels) + "1" + &"}".repeat(levels)
    };
    value_of(&nested(8));
    let nested = nested(9);
    for text in [
        yaml(&format!("x: {nested}\n")),
        yaml("").replace("paths: {}", &format!("paths: {nested}")),
        format!("{{\"openapi\": \"3.0.3\", \"x\": {nested}}}"),
    ] {
        let error = refused(text);
        assert!(matches!(error, Error::KeyTooLong { .. }), "{error}");
        assert!(
            error.to_string().contains("longer than 8192 bytes"),
            "{error}"
        );
    }
}

#[test]
fn lines_are_found_in_any_number() {
    let items = 200_000;
    let list = vec!["{\"a\":\n\"ä\"}"; items].join(",");
    let json = format!(
        "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \
         \"paths\": {{}}, \"x\": [{list}]}}"
    );
    let document = parsed(&json);
    for item in 0..items {
        assert_eq!(document.line_of(&format!("/x/{item}/a")), item + 1);
    }
    assert_eq!(document.line_of(&format!("/x/{items}/a")), 1);
}

#[test]
fn yaml_that_json_cannot_express_says_what_to_write_instead() {
    for (rest, advice) in [
        ("x: &a [*a]\n", "use `$ref` instead"),
        ("x: {<<: 1}\n", "takes an object, or a list of objects"),
        (
            "x: {<<: [{a: 1}, b]}\n",
            "takes an object, or a list of objects",
        ),
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
