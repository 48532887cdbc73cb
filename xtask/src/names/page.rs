//! The page of names, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use codegen::names::remembered::operation_key;
use codegen::names::resources::{Operation, Place};
use codegen::names::short::TypeName;

use super::official::{self, Agreement, Official};

/// How many of the longest names, and of the examples, are shown.
const SHOWN: usize = 20;

/// What the page is about.
pub struct Facts<'f> {
    /// The document's file name.
    pub document: &'f str,
    pub operations: &'f [Operation<'f>],
    /// Of the operations, in their order.
    pub places: &'f [Place],
    pub types: &'f [TypeName],
    /// What official clients say, by the operations' keys; may be empty.
    pub official: &'f BTreeMap<String, Official>,
}

/// The page.
pub fn render(facts: &Facts<'_>) -> String {
    let mut page = format!(
        "# Names\n\nWhat the operations and types of `{}` would be called in a tree of resources. \
         Made by `cargo xtask names`; the rules are those of `codegen/src/names`, which \
         emitted clients do not use yet.\n\n",
        facts.document
    );
    lengths(&mut page, facts);
    tree(&mut page, facts);
    if !facts.official.is_empty() {
        agreement(&mut page, facts);
    }
    examples(&mut page, facts);
    longest(&mut page, facts);
    page
}

fn lengths(page: &mut String, facts: &Facts<'_>) {
    page.push_str("## Lengths\n\nIn characters.\n\n");
    page.push_str("| | count | median | nine of ten | longest |\n|---|---|---|---|---|\n");
    let places = facts.places.iter();
    let rows = [
        (
            "method, as it is called: `zones().settings().get`",
            places.clone().map(|place| place.call().len()).collect(),
        ),
        (
            "method, as it is remembered: `zones.settings.get`",
            places.clone().map(|place| place.dotted().len()).collect(),
        ),
        (
            "method alone",
            places.map(|place| place.method.len()).collect(),
        ),
        ("type", facts.types.iter().map(|ty| ty.name.len()).collect()),
    ];
    for (what, lengths) in rows {
        let mut lengths: Vec<usize> = lengths;
        lengths.sort_unstable();
        let at = |part: usize| {
            let index = (lengths.len() * part / 10).min(lengths.len().saturating_sub(1));
            lengths.get(index).copied().unwrap_or_default()
        };
        let _ = writeln!(
            page,
            "| {what} | {} | {} | {} | {} |",
            lengths.len(),
            at(5),
            at(9),
            at(10)
        );
    }
    page.push_str(
        "\nTypes are structs, enumerations and unions; equal ones are one, in the nearest module \
         that all its users share.\n\n",
    );
}

fn tree(page: &mut String, facts: &Facts<'_>) {
    let mut depths = [0_usize; 3];
    let mut resources: BTreeMap<&str, usize> = BTreeMap::new();
    for place in facts.places {
        if let Some(count) = depths.get_mut(place.resource.len().saturating_sub(1)) {
            *count += 1;
        }
        if let Some(first) = place.resource.first() {
            *resources.entry(first).or_default() += 1;
        }
    }
    let shown: Vec<String> = resources
        .iter()
        .map(|(name, count)| format!("`{name}` {count}"))
        .collect();
    let _ = writeln!(
        page,
        "## Resources\n\nMethods at the first level {}, at the second {}, at the third {}. \
         The {} resources at the top, with the number of their methods:\n\n{}\n",
        depths[0],
        depths[1],
        depths[2],
        shown.len(),
        shown.join(", ")
    );
}

fn agreement(page: &mut String, facts: &Facts<'_>) {
    let mut all = Agreement::default();
    let mut train = Agreement::default();
    let mut held_out = Agreement::default();
    for (operation, place) in facts.operations.iter().zip(facts.places) {
        let key = operation_key(operation.method, operation.path);
        let Some(theirs) = facts.official.get(&key) else {
            continue;
        };
        all.add(place, theirs);
        if official::is_train(&key) {
            train.add(place, theirs);
        } else {
            held_out.add(place, theirs);
        }
    }
    page.push_str(
        "## Agreement with the official clients\n\nOperations are compared by method and path, \
         without the names of arguments. The rules were made with one half in view, chosen by \
         hash; the other half shows whether they hold for what they have not seen.\n\n",
    );
    page.push_str("| | all | half in view | held out |\n|---|---|---|---|\n");
    let _ = writeln!(
        page,
        "| operations that both have | {} | {} | {} |",
        all.both, train.both, held_out.both
    );
    type Count = fn(&Agreement) -> usize;
    let rows: [(&str, Count); 7] = [
        ("method is theirs", |it| it.method),
        ("verb is theirs", |it| it.verb),
        ("verb is theirs, or a synonym", |it| it.synonym),
        ("last level of the resource is theirs", |it| it.level),
        ("… in either number", |it| it.level_in_any_number),
        ("last word of the resource is theirs", |it| it.exact_word),
        ("… in either number", |it| it.word),
    ];
    for (what, count) in rows {
        let share = |it: &Agreement| percent(count(it), it.both);
        let _ = writeln!(
            page,
            "| {what} | {} | {} | {} |",
            share(&all),
            share(&train),
            share(&held_out)
        );
    }
    page.push_str(
        "\nThe verb is the method without what only tells it from others of its resource: `list` \
         of `list_for_zone`, `get` of `get_by_name`, `create` of `create_v2`. Official clients \
         have one method for accounts and zones. Synonyms are the same words, parted differently \
         between resource and method: `ssl().analyze` for their `ssl.analyze.create`, \
         `requests().quota().get` for their `requests.quota`.\n\n",
    );
}

/// Operations picked by hash, with their calls.
fn examples(page: &mut String, facts: &Facts<'_>) {
    let mut picked: Vec<(u64, String, String)> = facts
        .operations
        .iter()
        .zip(facts.places)
        .map(|(operation, place)| {
            let method = operation.method.to_ascii_uppercase();
            let text = format!("{method} {}", operation.path);
            (official::hash(&text), text, place.call())
        })
        .collect();
    picked.sort();
    let _ = writeln!(
        page,
        "## {SHOWN} picked by hash\n\n| operation | call |\n|---|---|"
    );
    for (_, text, call) in picked.iter().take(SHOWN) {
        let _ = writeln!(page, "| `{text}` | `{call}` |");
    }
    page.push('\n');
}

fn longest(page: &mut String, facts: &Facts<'_>) {
    let methods = facts.places.iter().map(Place::call).collect();
    let types = facts
        .types
        .iter()
        .map(|ty| (ty.name.clone(), ty.module.join("::")));
    let _ = writeln!(page, "## The {SHOWN} longest\n\n| method | |\n|---|---|");
    let mut methods: Vec<String> = methods;
    methods.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
    for name in methods.iter().take(SHOWN) {
        let _ = writeln!(page, "| `{name}` | {} |", name.len());
    }
    page.push_str("\n| type | | in |\n|---|---|---|\n");
    let mut types: Vec<(String, String)> = types.collect();
    types.sort_by_key(|(name, module)| {
        (std::cmp::Reverse(name.len()), name.clone(), module.clone())
    });
    for (name, module) in types.iter().take(SHOWN) {
        let module = if module.is_empty() {
            "the root"
        } else {
            module
        };
        let _ = writeln!(page, "| `{name}` | {} | {module} |", name.len());
    }
}

fn percent(part: usize, whole: usize) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of operations are small"
    )]
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    format!("{share:.1} %")
}
