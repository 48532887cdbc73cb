//! The hand-written modules that every emitted client carries.

use std::collections::BTreeSet;

use super::features::{self, Part};
use crate::model::Api;
use crate::normalize::envelope::EnvelopeKeys;
use crate::plan::Plan;

/// The files of `src/runtime/`: (name there, text). The runtime is a crate of
/// its own, whose root becomes the module's.
pub const FILES: &[(&str, &str)] = &[
    ("answer.rs", include_str!("../../runtime/src/answer.rs")),
    ("auth.rs", include_str!("../../runtime/src/auth.rs")),
    ("blocking.rs", include_str!("../../runtime/src/blocking.rs")),
    ("builder.rs", include_str!("../../runtime/src/builder.rs")),
    ("client.rs", include_str!("../../runtime/src/client.rs")),
    ("decode.rs", include_str!("../../runtime/src/decode.rs")),
    ("download.rs", include_str!("../../runtime/src/download.rs")),
    ("draft.rs", include_str!("../../runtime/src/draft.rs")),
    ("error.rs", include_str!("../../runtime/src/error.rs")),
    ("foreign.rs", include_str!("../../runtime/src/foreign.rs")),
    (
        "formatted.rs",
        include_str!("../../runtime/src/formatted.rs"),
    ),
    ("hook.rs", include_str!("../../runtime/src/hook.rs")),
    ("limiter.rs", include_str!("../../runtime/src/limiter.rs")),
    ("line.rs", include_str!("../../runtime/src/line.rs")),
    ("message.rs", include_str!("../../runtime/src/message.rs")),
    ("mod.rs", include_str!("../../runtime/src/lib.rs")),
    ("nullable.rs", include_str!("../../runtime/src/nullable.rs")),
    (
        "open_enum.rs",
        include_str!("../../runtime/src/open_enum.rs"),
    ),
    (
        "operation.rs",
        include_str!("../../runtime/src/operation.rs"),
    ),
    ("options.rs", include_str!("../../runtime/src/options.rs")),
    ("pages.rs", include_str!("../../runtime/src/pages.rs")),
    ("path.rs", include_str!("../../runtime/src/path.rs")),
    ("problem.rs", include_str!("../../runtime/src/problem.rs")),
    ("query.rs", include_str!("../../runtime/src/query.rs")),
    (
        "rate_limit.rs",
        include_str!("../../runtime/src/rate_limit.rs"),
    ),
    ("request.rs", include_str!("../../runtime/src/request.rs")),
    ("response.rs", include_str!("../../runtime/src/response.rs")),
    ("retry.rs", include_str!("../../runtime/src/retry.rs")),
    ("send.rs", include_str!("../../runtime/src/send.rs")),
    ("source.rs", include_str!("../../runtime/src/source.rs")),
    ("tls.rs", include_str!("../../runtime/src/tls.rs")),
    ("tolerant.rs", include_str!("../../runtime/src/tolerant.rs")),
    ("trace.rs", include_str!("../../runtime/src/trace.rs")),
    (
        "undecoded.rs",
        include_str!("../../runtime/src/undecoded.rs"),
    ),
    ("union.rs", include_str!("../../runtime/src/union.rs")),
    ("upload.rs", include_str!("../../runtime/src/upload.rs")),
];

/// What differs from one client to another, as the runtime itself has it.
const CONFIG: &str = include_str!("../../runtime/src/config.rs");

/// The module that is for the runtime's own fuzz target and benchmarks.
const INTERNALS: &str = "#[cfg(any(test, feature = \"internals\"))]\npub mod internals;\n";

/// The files of `src/runtime/` for one client: (name, text).
pub fn files(api: &Api, plan: &Plan) -> Vec<(&'static str, String)> {
    let needed = features::parts(api);
    let is_carried = |name: &str| {
        let mut parts = Part::ALL.into_iter();
        let part = parts.find(|part| name.strip_suffix(".rs") == Some(part.name()));
        part.is_none_or(|part| needed.contains(&part))
    };
    let mut files: Vec<_> = FILES
        .iter()
        .filter(|(name, _)| is_carried(name))
        .map(|(name, text)| (*name, without_tests(text).replace(INTERNALS, "")))
        .collect();
    if let Some((_, text)) = files.iter_mut().find(|(name, _)| *name == "mod.rs") {
        *text = root(text, &needed, features::by_resource(api));
    }
    if let Some((_, text)) = files.iter_mut().find(|(name, _)| *name == "decode.rs") {
        *text = decode(text, &plan.envelope.clone().unwrap_or_default());
    }
    files.push(("config.rs", config(&api.base_url, plan.envelope.is_some())));
    files
}

/// The root of the runtime with the `needed` parts alone: without the `cfg` that
/// the runtime's own crate has them behind, unless they are features here, too.
fn root(text: &str, needed: &BTreeSet<Part>, by_resource: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = String::new();
    for line in text.lines() {
        // Attributes wait for the item that they belong to.
        if line.starts_with("#[") {
            before.push_str(line);
            before.push('\n');
            continue;
        }
        let mut parts = Part::ALL.into_iter();
        let part = parts.find(|part| {
            let name = part.name();
            line.trim_start_matches("pub(crate) ") == format!("mod {name};")
                || line.contains(&format!(" use {name}::"))
        });
        match part {
            Some(part) if !needed.contains(&part) => before.clear(),
            Some(part) if !(by_resource && part.has_feature()) => {
                before.clear();
                out.push_str(line);
                out.push('\n');
            }
            _ => {
                out.push_str(&std::mem::take(&mut before));
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    match out.split_once("//!\n//! The modules behind") {
        Some((summary, rest)) => {
            let rest = rest.split_once("\n\n").map_or("", |(_, rest)| rest);
            format!("{summary}\n{rest}")
        }
        None => out,
    }
}

/// The text of a file without its unit tests, which belong to the runtime.
fn without_tests(text: &str) -> String {
    match text.split_once("\n#[cfg(test)]\nmod tests {") {
        Some((code, _)) => code.to_owned(),
        None => text.to_owned(),
    }
}

/// The decoder for an envelope whose members have the names in `keys`.
fn decode(text: &str, keys: &EnvelopeKeys) -> String {
    let ours = EnvelopeKeys::default();
    let names = [
        (ours.success, &keys.success),
        (ours.errors, &keys.errors),
        (ours.messages, &keys.messages),
        (ours.result, &keys.result),
        (ours.result_info, &keys.result_info),
    ];
    let mut text = text.to_owned();
    // By way of names that no envelope has, so that two can change places.
    for (index, (ours, _)) in names.iter().enumerate() {
        text = text.replace(
            &format!("rename = {ours:?}"),
            &format!("rename = <{index}>"),
        );
    }
    for (index, (_, theirs)) in names.iter().enumerate() {
        text = text.replace(
            &format!("rename = <{index}>"),
            &format!("rename = {theirs:?}"),
        );
    }
    text
}

/// The configuration of a client whose requests go to `base_url`.
fn config(base_url: &str, envelope: bool) -> String {
    let lines = CONFIG.lines().map(|line| match line {
        _ if line.starts_with("pub const BASE_URL: ") => {
            format!("pub const BASE_URL: &str = {base_url:?};\n")
        }
        _ if line.starts_with("pub const ENVELOPE: ") => {
            format!("pub const ENVELOPE: bool = {envelope};\n")
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_runtime_is_carried() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/src");
        let found: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the runtime's folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("UTF-8")
            })
            .map(|name| {
                if name == "lib.rs" {
                    "mod.rs".to_owned()
                } else {
                    name
                }
            })
            .filter(|name| name != "config.rs" && !name.starts_with("internals"))
            .collect();
        let carried: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(found, carried);
    }

    #[test]
    fn the_root_names_the_parts_that_are_needed() {
        let text = "mod a;\n#[cfg(feature = \"upload\")]\nmod upload;\n\
                    #[cfg(test)]\npub(crate) use union::Choice;\n";
        let needed = BTreeSet::from([Part::Upload, Part::Union]);
        assert_eq!(root(text, &BTreeSet::new(), false), "mod a;\n");
        let carried = "mod a;\nmod upload;\npub(crate) use union::Choice;\n";
        assert_eq!(root(text, &needed, false), carried);
        let by_feature = text.replace("#[cfg(test)]\n", "");
        assert_eq!(root(text, &needed, true), by_feature);
    }

    #[test]
    fn no_client_has_the_internals_of_the_runtime() {
        for (name, text) in files(&Api::default(), &Plan::default()) {
            assert!(!text.contains("internals"), "{name}");
        }
    }

    #[test]
    fn the_decoder_reads_an_envelope_of_other_names() {
        let text = include_str!("../../runtime/src/decode.rs");
        let keys = EnvelopeKeys {
            result: "data".to_owned(),
            errors: "result".to_owned(),
            ..EnvelopeKeys::default()
        };
        let decoder = decode(text, &keys);
        assert_eq!(decode(text, &EnvelopeKeys::default()), text);
        assert!(decoder.contains("rename = \"data\"") && !decoder.contains("rename = \"errors\""));
    }

    #[test]
    fn a_client_of_another_api_goes_to_its_server() {
        let text = config("https://api.example.com", false);
        assert!(
            text.contains("pub const BASE_URL: &str = \"https://api.example.com\";\n"),
            "{text}"
        );
        assert!(!text.contains("client/v4"), "{text}");
        assert!(
            text.contains("pub const ENVELOPE: bool = false;\n"),
            "{text}"
        );
    }
}
