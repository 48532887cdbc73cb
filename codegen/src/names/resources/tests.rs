use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::names::remembered::operation_key;
use crate::names::words::is_keyword;

/// An operation of a line `METHOD path`, with `| summary` where that matters.
fn operation(line: &str) -> Operation<'_> {
    let (place, summary) = match line.split_once(" | ") {
        Some((place, summary)) => (place, Some(summary)),
        None => (line, None),
    };
    let (method, path) = place.split_once(' ').expect("a method and a path");
    Operation {
        method,
        path,
        summary,
        ..Operation::default()
    }
}

fn named(lines: &[&str]) -> Vec<String> {
    let operations: Vec<_> = lines.iter().map(|line| operation(line)).collect();
    let places = places(&operations, &Rules::default(), &Remembered::default());
    places.iter().map(Place::dotted).collect()
}

#[test]
fn methods_are_the_verbs_of_rest() {
    assert_eq!(
        named(&[
            "GET /pets",
            "POST /pets",
            "GET /pets/{id}",
            "PUT /pets/{id}",
            "PATCH /pets/{id}",
            "DELETE /pets/{id}",
            "DELETE /pets",
            "PUT /pets/{id}/photo",
            "GET /pets/{id}/photo",
        ]),
        [
            "pets.list",
            "pets.create",
            "pets.get",
            "pets.update",
            "pets.edit",
            "pets.delete",
            "pets.bulk_delete",
            "pets.photo.update",
            "pets.photo.get",
        ]
    );
}

#[test]
fn an_action_is_called_by_its_own_word() {
    assert_eq!(
        named(&[
            "GET /orders/{id}",
            "POST /orders/{id}/cancel",
            "POST /orders/{id}/unlock",
            "POST /orders/{id}/frobnicate | Frobnicate the order",
            "POST /orders/{id}/delete_order_lines",
            "POST /orders/bulk/delete",
            "POST /orders/new",
            "GET /orders/export",
            "POST /v1/jobs/{name}:pause",
            "PATCH /orders/{id} | Reopen an order",
            "PATCH /jobs/{id} | Restart a job",
            // A noun, since there is more to it.
            "POST /orders/{id}/test",
            "GET /orders/{id}/test",
        ]),
        [
            "orders.get",
            "orders.cancel",
            "orders.unlock",
            "orders.frobnicate",
            "orders.delete_lines",
            "orders.bulk_delete",
            "orders.create",
            "orders.export",
            "jobs.pause",
            "orders.edit",
            "jobs.restart",
            "orders.test.create",
            "orders.test.get",
        ]
    );
}

#[test]
fn remote_procedures_are_things_and_what_is_done_with_them() {
    assert_eq!(
        named(&[
            "POST /chat.postMessage",
            "GET /users.list",
            "GET /pet/findByStatus",
            "POST /user/createWithList",
        ]),
        [
            "chat.post_message",
            "users.list",
            "pet.find_by_status",
            "user.create_with_list",
        ]
    );
}

#[test]
fn what_only_says_whose_things_are_meant_is_no_resource() {
    assert_eq!(
        named(&[
            "GET /zones/{zone_id}/dns_records",
            "GET /zones/{zone_id}/settings",
            "GET /zones/{zone_id}/settings/{name}",
            "POST /zones/{zone_id}/purge_cache",
        ]),
        [
            "dns_records.get",
            // Settings of what?
            "zones.settings.list",
            "zones.settings.get",
            "zones.purge_cache",
        ]
    );
}

#[test]
fn what_would_have_one_name_is_told_apart_by_scope_then_version() {
    let mut lines = vec![
        "GET /zones/{id}/apps/{app}",
        "GET /accounts/{id}/apps/{app}",
        "GET /accounts/{id}/v2/apps/{app}",
    ];
    let expected = ["apps.get_for_zone", "apps.get", "apps.get_v2"];
    assert_eq!(named(&lines), expected);
    lines.reverse();
    let mut turned = named(&lines);
    turned.reverse();
    assert_eq!(turned, expected);
}

#[test]
fn the_hint_says_what_the_path_does_not() {
    let mut lists = operation("GET /regions");
    lists.is_list = Some(true);
    let mut value = operation("GET /limits | Get the limits");
    value.is_list = Some(true);
    let places = places(&[lists, value], &Rules::default(), &Remembered::default());
    let names: Vec<_> = places.iter().map(Place::call).collect();
    assert_eq!(names, ["regions().list", "limits().get"]);
}

#[test]
fn a_path_without_words_is_named_by_its_tag() {
    let mut tagged = operation("GET /{id}");
    tagged.tag = Some("Short links");
    let mut bare = operation("GET /");
    bare.id = Some("health-check");
    let places = places(&[tagged, bare], &Rules::default(), &Remembered::default());
    let names: Vec<_> = places.iter().map(Place::dotted).collect();
    assert_eq!(names, ["short_links.get", "health_check.get"]);
}

#[test]
fn a_preset_says_what_levels_are_called() {
    let rules = Rules::parse("names.toml", "[levels]\npagerules = \"page_rules\"").unwrap();
    let operations = [operation("GET /pagerules/{id}")];
    let places = places(&operations, &rules, &Remembered::default());
    assert_eq!(places[0].dotted(), "page_rules.get");
    let error = Rules::parse("names.toml", "level = 1").unwrap_err();
    assert!(error.to_string().starts_with("names.toml: "));
}

#[test]
fn a_new_operation_goes_where_its_remembered_siblings_are() {
    let mut remembered = Remembered::default();
    remembered.add(Kind::Operation, "GET /parts", "spares.list");
    remembered.add(Kind::Operation, "GET /gone/{}", "wheels.get");
    let operations = [
        "GET /parts",
        "POST /parts",
        "GET /wheels/{id}",
        "PUT /gone/{x}",
    ];
    let operations = operations.map(operation);
    let places = places(&operations, &Rules::default(), &remembered);
    let names: Vec<_> = places.iter().map(Place::dotted).collect();
    assert_eq!(names[..2], ["spares.list", "spares.create"]);
    assert_ne!(names[2], "wheels.get");
    assert_eq!(names[3], "wheels.update");
}

#[test]
fn paths_that_differ_in_their_arguments_names_alone_have_names_of_their_own() {
    let lines = ["GET /a/{name}", "GET /a/{id}"];
    let mut remembered = Remembered::default();
    for _ in 0..2 {
        let places = places(&lines.map(operation), &Rules::default(), &remembered);
        let names: Vec<_> = places.iter().map(Place::dotted).collect();
        assert_eq!(names, ["a.get", "a.get_by_id"]);
        remembered.add(Kind::Operation, "GET /a/{name}", &names[0]);
        remembered.add(Kind::Operation, "GET /a/{}", &names[1]);
    }
}

/// Operations that stand in each other's way: scopes, versions, actions, depths.
fn many() -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |method: &str, path: String| lines.push(format!("{method} {path}"));
    for scope in ["", "/accounts/{account_id}", "/zones/{zone_id}", "/user"] {
        for thing in [
            "apps",
            "v2/apps",
            "app",
            "rules",
            "gateway/rules",
            "firewall/rules",
        ] {
            add("GET", format!("{scope}/{thing}"));
            add("POST", format!("{scope}/{thing}"));
            add("PATCH", format!("{scope}/{thing}"));
            add("GET", format!("{scope}/{thing}/{{id}}"));
            add("PATCH", format!("{scope}/{thing}/{{id}}"));
            add("POST", format!("{scope}/{thing}/{{id}}/verify"));
            add("GET", format!("{scope}/{thing}/{{id}}/verify"));
            add(
                "GET",
                format!("{scope}/{thing}/{{id}}/owners/{{owner}}/settings"),
            );
        }
    }
    for thing in [
        "a", "b", "c", "d", "e", "f", "g", "settings", "type", "client",
    ] {
        add("GET", format!("/shops/{{shop}}/{thing}"));
        add("GET", format!("/traffic/{thing}"));
        add("GET", format!("/traffic/summary/{thing}"));
        add("POST", format!("/run/models/{thing}"));
        add("DELETE", format!("/traffic/{thing}/{{id}}"));
    }
    add("GET", "/shops".to_owned());
    add("GET", "/shops/{id}".to_owned());
    add("GET", "/".to_owned());
    add("POST", "/{x}/{y}".to_owned());
    lines
}

#[test]
fn no_name_ever_changes_once_it_is_remembered() {
    let lines = many();
    let subsets = prop::sample::subsequence(lines, 1..=60).prop_shuffle();
    let mut runner = TestRunner::deterministic();
    let mut remembered = Remembered::default();
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..200 {
        let subset = subsets.new_tree(&mut runner).unwrap().current();
        let operations: Vec<_> = subset.iter().map(|line| operation(line)).collect();
        let places = places(&operations, &Rules::default(), &remembered);
        for (operation, place) in operations.iter().zip(&places) {
            let key = operation_key(operation.method, operation.path);
            let name = place.dotted();
            if let Some(before) = given.insert(key.clone(), name.clone()) {
                assert_eq!(name, before, "{key}");
            }
            remembered.add(Kind::Operation, &key, &name);
        }
        // What is written is what is read: also that no name was given twice.
        remembered = Remembered::parse("names.toml", &remembered.to_toml()).unwrap();
    }
    assert!(given.len() > 200, "{}", given.len());
    assert_consistent(given.values());
}

/// No two alike, no method called as a resource beside it, and all of them Rust.
fn assert_consistent<'n>(names: impl Iterator<Item = &'n String>) {
    let mut methods = BTreeSet::new();
    let mut resources = BTreeSet::new();
    for name in names {
        assert!(methods.insert(name.clone()), "{name} twice");
        let place = Place::parse(name).unwrap();
        assert!((1..=MOST_LEVELS).contains(&place.resource.len()), "{name}");
        for depth in 2..=place.resource.len() {
            resources.insert(place.resource[..depth].join("."));
        }
        for part in name.split('.') {
            assert!(
                syn::parse_str::<syn::Ident>(part).is_ok() && !is_keyword(part),
                "{name}"
            );
        }
    }
    let both: Vec<_> = methods.intersection(&resources).collect();
    assert!(both.is_empty(), "{both:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn names_do_not_depend_on_the_order_and_are_always_legal(
        lines in prop::sample::subsequence(many(), 1..=80).prop_shuffle()
    ) {
        let mut sorted = lines.clone();
        sorted.sort();
        let names = |lines: &[String]| -> BTreeMap<String, String> {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let names = named(&lines);
            lines.iter().map(|line| (*line).to_owned()).zip(names).collect()
        };
        let found = names(&lines);
        prop_assert_eq!(&found, &names(&sorted));
        assert_consistent(found.values());
    }

    #[test]
    fn any_path_has_a_name(
        paths in prop::collection::btree_set("(/(\\PC{0,6}|\\{[a-z]{0,3}\\}|v[0-9]|[a-z]{1,4}[:.]?[a-z]{0,3})){0,5}", 1..6)
    ) {
        let lines: Vec<String> = paths.iter().map(|path| format!("GET {path}")).collect();
        let operations: Vec<_> = paths.iter().map(|path| Operation {
            method: "GET",
            path,
            ..Operation::default()
        }).collect();
        let places = places(&operations, &Rules::default(), &Remembered::default());
        prop_assert_eq!(places.len(), lines.len());
        let names: Vec<String> = places.iter().map(Place::dotted).collect();
        assert_consistent(names.iter());
    }
}
