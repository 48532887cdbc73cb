//! Which documents are taken.

use super::*;

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
            "openapi: 3.0.3\ninfo: T\n",
            "a.yaml:2:1 (at `/info`): `info` must be an object, but is a string. \
             Correct it here.",
        ),
        (
            "openapi: 3.0.3\ninfo: {}\npaths:\n",
            "a.yaml:3:1 (at `/paths`): `paths` must be an object, but is null. \
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
fn what_a_careful_person_could_add_need_not_be_there() {
    for text in [
        "openapi: 3.0.3\n",
        "openapi: 3.0.3\ninfo: {}\n",
        "openapi: 3.0.3\ninfo:\n  title: T\n  version: 1.10\n",
        HEAD,
    ] {
        parsed(text);
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
