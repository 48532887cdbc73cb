//! What a survey found, for a person: in a terminal, and as a page.

use std::time::Duration;

use crate::survey::group::Group;
use crate::survey::summary::{Kind, OfExamples, Step, Summary};
use crate::table::{Table, bytes, count, seconds, share};

/// How many reasons, kinds of diagnostic and repairs are shown.
const MOST_ROWS: usize = 40;

/// A part of the page.
struct Section {
    title: &'static str,
    table: Table,
    /// What is said below the table.
    note: String,
}

/// The whole of it for a terminal of `width`.
pub fn text(summary: &Summary, width: usize) -> String {
    let mut text = format!("{}\n", headline(summary));
    for section in sections(summary) {
        text += &format!("\n{}\n{}", section.title, section.table.text(width));
        if !section.note.is_empty() {
            text += &format!("  {}\n", section.note);
        }
    }
    text += "\n";
    for line in next(summary) {
        text += &format!("{line}\n");
    }
    text
}

/// The whole of it in Markdown. `command` is what made it.
pub fn markdown(summary: &Summary, command: &str) -> String {
    let mut text = format!(
        "# Survey\n\n{} Made on {} by:\n\n```sh\n{command}\n```\n\n\
         docs/fetch-survey-data.sh fetches the documents. Times are of one process among \
         others on the same machine: compare orders of magnitude.\n",
        headline(summary),
        summary.date
    );
    for section in sections(summary) {
        text += &format!("\n## {}\n\n{}", section.title, section.table.markdown());
        if !section.note.is_empty() {
            text += &format!("\n{}\n", section.note);
        }
    }
    text
}

fn headline(summary: &Summary) -> String {
    let generated = summary.count(Kind::Generated);
    format!(
        "{} of {} documents ({}) become a client: {} operations, {} lines.",
        count(generated),
        count(summary.documents),
        share(generated, summary.documents),
        count(summary.operations),
        count(summary.lines)
    )
}

fn sections(summary: &Summary) -> Vec<Section> {
    let mut sections = vec![
        section("What becomes of a document", outcomes(summary)),
        groups("Why there is no client", "reason", &summary.reasons),
        section("By version", versions(summary)),
        section("What a document takes", measures(summary)),
    ];
    if let Some(step) = &summary.compilation {
        sections.push(step_of("Compiled", "without an error or a warning", step));
        sections.push(groups("What the compiler says", "diagnostic", &step.found));
    }
    if let Some(step) = &summary.doc_tests {
        let title = "Doc tests";
        sections.push(step_of(title, "with every doc test passed", step));
        sections.push(groups("What the doc tests show", "problem", &step.found));
    }
    if let Some(examples) = &summary.examples {
        sections.push(section("Examples", of_examples(examples)));
        let untried = "Why examples could not be tried";
        sections.push(groups(untried, "reason", &examples.untried));
        sections.push(groups("Examples that fall short", "what", &examples.short));
    }
    sections.push(groups("Most repaired", "repair", &summary.repairs));
    sections.retain(|section| !section.table.is_empty());
    sections
}

fn section(title: &'static str, table: Table) -> Section {
    Section {
        title,
        table,
        note: String::new(),
    }
}

fn outcomes(summary: &Summary) -> Table {
    let mut table = Table::new(&["outcome", ">documents", ">share"]);
    for kind in Kind::ALL {
        let number = summary.count(kind);
        if number > 0 || kind == Kind::Generated {
            let share = share(number, summary.documents);
            table.row([kind.name().to_owned(), count(number), share]);
        }
    }
    table
}

fn versions(summary: &Summary) -> Table {
    let mut table = Table::new(&["version", ">documents", ">generated", ">share"]);
    for (version, (all, generated)) in &summary.versions {
        let share = share(*generated, *all);
        table.row([version.clone(), count(*all), count(*generated), share]);
    }
    table
}

fn measures(summary: &Summary) -> Table {
    let head = [
        "",
        ">median",
        ">9 of 10",
        ">99 of 100",
        ">most",
        "document with the most",
    ];
    let mut table = Table::new(&head);
    for measure in &summary.measures {
        let figure = |figure: u64| match measure.what {
            "memory" => bytes(figure),
            "lines of Rust" => count(usize::try_from(figure).unwrap_or(usize::MAX)),
            _ => seconds(Duration::from_micros(figure)),
        };
        let mut row = vec![measure.what.to_owned()];
        row.extend(measure.percentiles.map(figure));
        row.push(measure.document.clone());
        table.row(row);
    }
    table
}

fn groups(title: &'static str, what: &'static str, groups: &[Group]) -> Section {
    let has_counts = groups.iter().any(|group| group.count > group.documents);
    let mut head = vec!["", what, ">documents"];
    if has_counts {
        head.push(">times");
    }
    head.push("one of them");
    let mut table = Table::new(&head);
    for group in groups.iter().take(MOST_ROWS) {
        let mut row = vec![
            group.kind.to_owned(),
            group.what.clone(),
            count(group.documents),
        ];
        if has_counts {
            row.push(count(group.count));
        }
        row.push(match group.first.as_str() {
            first if !first.is_empty() && has_counts => format!("{}: {first}", group.document),
            _ => group.document.clone(),
        });
        table.row(row);
    }
    let more = groups.len().saturating_sub(MOST_ROWS);
    let note = match more {
        0 => String::new(),
        more => format!("And {more} more; --json FILE has all."),
    };
    Section { title, table, note }
}

fn step_of(title: &'static str, good: &str, step: &Step) -> Section {
    let mut table = Table::new(&["chosen by hash of the name", ">crates", ">share"]);
    table.row([
        good.to_owned(),
        count(step.good),
        share(step.good, step.chosen),
    ]);
    table.row(["all".to_owned(), count(step.chosen), String::new()]);
    let note = match step.count {
        0 => String::new(),
        tests => format!("Doc tests: {}.", count(tests)),
    };
    Section { title, table, note }
}

fn of_examples(examples: &OfExamples) -> Table {
    let mut table = Table::new(&["of the chosen documents", ">examples", ">share"]);
    let total = &examples.total;
    for (what, number) in [
        ("decoded", total.decoded),
        ("written back as they were", total.round_tripped),
        ("short by the document's own fault", total.explained),
    ] {
        let share = share(number, total.given);
        table.row([what.to_owned(), count(number), share]);
    }
    let all = format!("all, of {} documents", count(examples.chosen));
    table.row([all, count(total.given), String::new()]);
    table
}

/// What to do now.
fn next(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    let first = |kind: Kind| {
        let mut reasons = summary.reasons.iter();
        reasons.find(|group| group.kind == kind.name())
    };
    for (kind, advice) in [
        (
            Kind::Crashed,
            "A crash is a fault of the generator. See it with:",
        ),
        (
            Kind::TimedOut,
            "See what takes so long, or give it more with --timeout:",
        ),
        (
            Kind::OutOfMemory,
            "See what takes so much, or give it more with --memory:",
        ),
        (
            Kind::Refused,
            "See why a document is refused, with the place, with:",
        ),
    ] {
        if let Some(group) = first(kind) {
            let path = group.path.display();
            lines.push(advice.to_owned());
            lines.push(format!(
                "  cargo xtask generate --spec '{path}' --package client --out /tmp/client"
            ));
        }
    }
    let diagnostics = summary.compilation.iter().flat_map(|step| &step.found);
    if let Some(group) = diagnostics.into_iter().next() {
        let path = group.path.display();
        lines.push("See what does not compile, by operation, with:".to_owned());
        lines.push(format!("  cargo xtask coverage --spec '{path}'"));
    }
    let short = summary.examples.iter().flat_map(|one| &one.short);
    if let Some(group) = short.into_iter().next() {
        let path = group.path.display();
        lines.push("See which examples fall short with:".to_owned());
        lines.push(format!("  cargo xtask coverage --spec '{path}'"));
    }
    if summary.compilation.is_none() && summary.count(Kind::Generated) > 0 {
        lines.push("Compile a sample with: --check 100".to_owned());
    }
    if lines.is_empty() {
        lines.push("Nothing is left to do.".to_owned());
    }
    lines
}
