//! The modules of the runtime form no circle: what one uses never uses it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Which modules each module uses, by their paths such as `call::pages`; the root,
/// which only says what is public, is none.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The text of each module without comments, strings and tests.
fn modules() -> BTreeMap<String, String> {
    fn visit(folder: &Path, above: &str, modules: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let name = match above {
                "" => stem.to_owned(),
                above => format!("{above}::{stem}"),
            };
            if path.is_dir() {
                visit(&path, &name, modules);
            } else {
                modules.insert(name, code(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut modules = BTreeMap::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    visit(&src, "", &mut modules);
    modules
}

fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path that begins with `crate::`, with its braces written out.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        expand(&code[at + "crate::".len()..], &[], &mut paths);
    }
    paths
}

/// Reads a path, and gives how many bytes it has.
fn expand(text: &str, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('{') {
            at += 1;
            let mut end = 0;
            while !inner[end..].trim_start().starts_with('}') {
                let space = inner[end..].len() - inner[end..].trim_start().len();
                end += space;
                end += expand(&inner[end..], &path, paths);
                end += usize::from(inner[end..].starts_with(','));
            }
            let space = inner[end..].len() - inner[end..].trim_start().len();
            return at + end + space + 1;
        }
        let word = rest.find(|char: char| !char.is_alphanumeric() && char != '_');
        let word = &rest[..word.unwrap_or(rest.len())];
        path.push(word.to_owned());
        at += word.len();
        match text[at..].strip_prefix("::") {
            Some(_) => at += 2,
            None => {
                paths.push(path);
                return at;
            }
        }
    }
}

fn graph() -> Graph {
    let modules = modules();
    // What says only what is public, or writes code of clients.
    let facades = ["lib", "internal", "messages", "macros"];
    let mut graph = Graph::new();
    for (name, code) in &modules {
        if facades.contains(&name.as_str()) {
            continue;
        }
        assert!(!code.contains("super::"), "{name} names its parent");
        let used = graph.entry(name.clone()).or_default();
        for path in paths(code) {
            // The longest module that the path begins with.
            let known = (1..=path.len())
                .rev()
                .map(|length| path[..length].join("::"));
            let module = known.into_iter().find(|path| modules.contains_key(path));
            let module = module.filter(|module| !facades.contains(&module.as_str()));
            let is_macro = path.len() == 1 || path[0] == "internal";
            assert!(
                module.is_some() || is_macro,
                "{name} uses {path:?} of the root"
            );
            used.extend(module.filter(|module| module != name));
        }
        // A module that says what is public of those in it uses them.
        for line in code.lines() {
            let Some(line) = line.trim_start().strip_prefix("pub use ") else {
                continue;
            };
            let first = line.split([':', ';']).next().unwrap();
            let inner = format!("{name}::{first}");
            used.extend(modules.contains_key(&inner).then_some(inner));
        }
    }
    graph
}

/// A circle of the graph, if there is one.
fn circle(graph: &Graph) -> Option<Vec<String>> {
    fn walk(
        name: &str,
        graph: &Graph,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(at) = way.iter().position(|it| it == name) {
            return Some(way[at..].to_vec());
        }
        if done.contains(name) {
            return None;
        }
        way.push(name.to_owned());
        for next in graph.get(name).into_iter().flatten() {
            if let Some(circle) = walk(next, graph, way, done) {
                return Some(circle);
            }
        }
        way.pop();
        done.insert(name.to_owned());
        None
    }
    let mut done = BTreeSet::new();
    let names = graph.keys();
    names
        .into_iter()
        .find_map(|name| walk(name, graph, &mut Vec::new(), &mut done))
}

/// The same between folders.
fn folders(graph: &Graph) -> Graph {
    let folder = |name: &str| name.split("::").next().unwrap().to_owned();
    let mut folders = Graph::new();
    for (name, used) in graph {
        let from = folder(name);
        let to = used.iter().map(|name| folder(name));
        let to: BTreeSet<_> = to.filter(|to| *to != from).collect();
        folders.entry(from).or_default().extend(to);
    }
    folders
}

#[test]
fn no_module_uses_one_that_uses_it() {
    let graph = graph();
    assert!(graph.len() > 40, "{} modules", graph.len());
    assert!(
        graph["call::request"].contains("transport::core"),
        "{graph:#?}"
    );
    assert_eq!(circle(&graph), None);
}

#[test]
fn no_folder_uses_one_that_uses_it() {
    let folders = folders(&graph());
    assert_eq!(circle(&folders), None);
    let uses = |from: &str, to: &str| folders[from].contains(to);
    assert!(uses("call", "transport") && uses("transport", "retry"));
    assert!(uses("transport", "response") && !uses("retry", "transport"));
}

#[test]
fn a_circle_would_be_found() {
    let used = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let graph = Graph::from([
        ("a".to_owned(), used(&["b"])),
        ("b".to_owned(), used(&["c"])),
        ("c".to_owned(), used(&["d", "b"])),
        ("d".to_owned(), used(&[])),
    ]);
    assert_eq!(circle(&graph), Some(vec!["b".to_owned(), "c".to_owned()]));
    let found = paths("use crate::a::{b, c::{D, e}};\nlet x = crate::f!(crate::g::h(1));");
    let found: Vec<_> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["a::b", "a::c::D", "a::c::e", "f", "g::h"]);
}

#[test]
fn no_word_of_one_api_is_in_the_runtime() {
    for (name, code) in modules() {
        // The header of the benchmarks' server is no word of an API.
        let code = code.to_ascii_lowercase();
        for word in ["cloudflare", "x-auth", "cf_", "ray_id"] {
            assert!(!code.contains(word), "{name} says {word}");
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    fn texts(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let read = |path: std::path::PathBuf| match path.is_dir() {
            true => texts(&path),
            false => vec![fs::read_to_string(path).unwrap()],
        };
        entries.flat_map(read).collect()
    }
    for text in texts(&src) {
        assert!(!text.to_ascii_lowercase().contains("cloudflare"), "{text}");
    }
}
