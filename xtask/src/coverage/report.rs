//! What coverage found, for a person and for a program.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::say;

/// How many unions are listed.
const MOST_UNIONS: usize = 20;

/// How far a document's operations and examples come.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The document's file.
    pub document: String,
    /// The counts of everything below.
    pub totals: Totals,
    /// What falls short, codegen's failures first.
    pub failures: Vec<Failure>,
    /// Examples that the clean stage corrected or removed before they were tried.
    pub repaired_examples: Vec<RepairedExample>,
    /// How often each union took which of its alternatives.
    pub unions: BTreeMap<String, BTreeMap<String, usize>>,
    /// Every operation, in the document's order.
    pub operations: Vec<Operation>,
}

/// An example that the clean stage corrected or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepairedExample {
    /// Where it is in the document, as a JSON pointer.
    pub pointer: String,
    /// What was wrong with it.
    pub reason: String,
}

/// How many operations come how far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All of the document's, or of the chosen part of it.
    pub operations: usize,
    /// In the crate.
    pub generated: usize,
    /// Without an error or a warning of the compiler.
    pub compiled: usize,
    /// With an example of JSON.
    pub with_examples: usize,
    /// Without.
    pub without_examples: usize,
    /// Those with examples of a request body.
    pub bodies: Column,
    /// Those with examples of a success.
    pub responses: Column,
    /// How many examples there are.
    pub examples: Column,
    /// How many members of the examples of responses the types drop.
    pub dropped_members: usize,
    /// How many of those the document does not describe.
    pub undescribed_members: usize,
}

/// How many of those that have examples come through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// How many have any.
    pub with_examples: usize,
    /// Of these, how many have all of them decoded.
    pub decoded: usize,
    /// Of these, how many have all of them encoded again as they were.
    pub round_tripped: usize,
    /// How many of those that fall short do so by the document's own fault alone.
    pub explained: usize,
}

/// An operation and how far it comes.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// Where it is in the document, as a JSON pointer.
    pub pointer: String,
    /// Its first tag.
    pub tag: String,
    /// Whether the crate has it.
    pub generated: bool,
    /// Whether it compiles without an error or a warning.
    pub compiled: bool,
    /// How far the examples of its body come.
    pub body: Examples,
    /// How far the examples of its successes come.
    pub response: Examples,
}

/// How far the examples of a part of an operation come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Examples {
    /// How many there are.
    pub given: usize,
    /// How many are decoded.
    pub decoded: usize,
    /// How many come through whole.
    pub round_tripped: usize,
    /// How many fall short by the document's own fault.
    pub explained: usize,
    /// How many of their members the types drop.
    pub dropped_members: usize,
    /// How many of those the document does not describe.
    pub undescribed_members: usize,
}

/// How far something came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It is not in the crate.
    Generated,
    /// It is, and does not compile.
    Compiled,
    /// An example does not decode.
    Decoded,
    /// An example decodes and does not come back as it was.
    RoundTripped,
}

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// This workspace's.
    Codegen,
    /// The document's own.
    Document,
}

/// Something that does not come as far as it should.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Failure {
    /// Whose fault it is.
    pub cause: Cause,
    /// The stage that it does not reach.
    pub stage: Stage,
    /// The operation's id.
    pub operation: String,
    /// Where in the document: the example, the schema that it is composed from,
    /// or the operation.
    pub pointer: String,
    /// The Rust type that was tried.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

impl Report {
    /// Counts everything and puts the failures in order. Done once all is in.
    pub fn finish(&mut self) {
        self.failures.sort();
        let all = &self.operations;
        let count = |is: fn(&Operation) -> bool| all.iter().filter(|one| is(one)).count();
        let with_examples = count(|one| one.body.given + one.response.given > 0);
        self.totals = Totals {
            operations: all.len(),
            generated: count(|one| one.generated),
            compiled: count(|one| one.compiled),
            with_examples,
            without_examples: all.len() - with_examples,
            bodies: column(all.iter().map(|one| one.body)),
            responses: column(all.iter().map(|one| one.response)),
            examples: sum(all.iter().flat_map(|one| [one.body, one.response])),
            dropped_members: all.iter().map(|one| one.response.dropped_members).sum(),
            undescribed_members: all.iter().map(|one| one.response.undescribed_members).sum(),
        };
    }

    /// Whether everything that falls short does so by the document's own fault.
    pub fn is_good(&self) -> bool {
        let faulty = |failure: &Failure| failure.cause == Cause::Codegen;
        !self.failures.iter().any(faulty)
    }
}

/// Counts operations: each counts where all of its examples do.
fn column(parts: impl Iterator<Item = Examples>) -> Column {
    let mut column = Column::default();
    for part in parts.filter(|part| part.given > 0) {
        column.with_examples += 1;
        column.decoded += usize::from(part.decoded == part.given);
        column.round_tripped += usize::from(part.round_tripped == part.given);
        let is_short = part.round_tripped < part.given;
        let is_explained = part.round_tripped + part.explained == part.given;
        column.explained += usize::from(is_short && is_explained);
    }
    column
}

/// Counts examples.
fn sum(parts: impl Iterator<Item = Examples>) -> Column {
    parts.fold(Column::default(), |sum, part| Column {
        with_examples: sum.with_examples + part.given,
        decoded: sum.decoded + part.decoded,
        round_tripped: sum.round_tripped + part.round_tripped,
        explained: sum.explained + part.explained,
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let totals = &self.totals;
        let all = totals.operations;
        let mut line = |name: &str, count: usize, of: usize, explained: usize| {
            write!(f, "{name:<24}{count:>6} of {of}")?;
            if explained > 0 {
                write!(f, "  (explained by the document's own faults: {explained})")?;
            }
            writeln!(f)
        };
        line("generated", totals.generated, all, 0)?;
        line("compiled", totals.compiled, all, 0)?;
        line("with examples", totals.with_examples, all, 0)?;
        for (name, column) in [
            ("bodies", &totals.bodies),
            ("responses", &totals.responses),
            ("examples", &totals.examples),
        ] {
            let of = column.with_examples;
            line(&format!("{name} decoded"), column.decoded, of, 0)?;
            let whole = format!("{name} round-tripped");
            line(&whole, column.round_tripped, of, column.explained)?;
        }
        if totals.dropped_members > 0 {
            let (all, undescribed) = (totals.dropped_members, totals.undescribed_members);
            write!(f, "members of responses that the types drop: {all}")?;
            writeln!(f, " (not described by the document: {undescribed})")?;
        }
        for (cause, title) in [
            (Cause::Codegen, "Failures of codegen"),
            (Cause::Document, "Explained by the document's own faults"),
        ] {
            let of_cause = || self.failures.iter().filter(|one| one.cause == cause);
            if of_cause().next().is_none() {
                continue;
            }
            let operations: BTreeSet<_> = of_cause().map(|one| &one.operation).collect();
            let (count, operations) = (of_cause().count(), operations.len());
            writeln!(f, "\n{title} ({count}, in operations: {operations}):")?;
            for failure in of_cause() {
                write!(f, "{failure}")?;
            }
        }
        if !self.unions.is_empty() {
            writeln!(f, "\nAlternatives that unions took:")?;
        }
        for (union, alternatives) in self.unions.iter().take(MOST_UNIONS) {
            let counts = alternatives.iter();
            let counts = counts.map(|(variant, count)| format!("{variant} {count}"));
            writeln!(f, "- {union}: {}", counts.collect::<Vec<_>>().join(", "))?;
        }
        if let Some(more) = self.unions.len().checked_sub(MOST_UNIONS + 1) {
            writeln!(f, "… and {} more: --report FILE", more + 1)?;
        }
        if !self.repaired_examples.is_empty() {
            let count = self.repaired_examples.len();
            writeln!(
                f,
                "\nExamples corrected or removed by the clean stage ({count}):"
            )?;
        }
        for RepairedExample { pointer, reason } in &self.repaired_examples {
            let (pointer, reason) = (say::line(pointer), say::line(reason));
            writeln!(f, "- {pointer}\n  {reason}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Generated => "not generated",
            Stage::Compiled => "not compiled",
            Stage::Decoded => "not decoded",
            Stage::RoundTripped => "not round-tripped",
        };
        write!(f, "- {}: {stage}", say::line(&self.operation))?;
        if let Some(ty) = &self.ty {
            write!(f, " as {ty}")?;
        }
        writeln!(f, "\n  at {}", say::line(&self.pointer))?;
        for reason in &self.reasons {
            writeln!(f, "  {}", say::line(reason))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(given: usize, round_tripped: usize, explained: usize) -> Examples {
        Examples {
            given,
            decoded: given,
            round_tripped,
            explained,
            ..Examples::default()
        }
    }

    #[test]
    fn an_operation_counts_where_all_of_its_examples_do() {
        let parts = [
            examples(2, 2, 0),
            examples(2, 1, 1),
            examples(2, 0, 1),
            examples(0, 0, 0),
        ];
        assert_eq!(
            column(parts.into_iter()),
            Column {
                with_examples: 3,
                decoded: 3,
                round_tripped: 1,
                explained: 1,
            }
        );
        assert_eq!(sum(parts.into_iter()).with_examples, 6);
    }

    #[test]
    fn only_failures_of_codegen_are_bad() {
        let mut report = Report::default();
        report.failures.push(Failure {
            cause: Cause::Document,
            stage: Stage::Decoded,
            operation: "get".to_owned(),
            pointer: "/example".to_owned(),
            ty: None,
            reasons: vec!["a reason".to_owned()],
        });
        report.finish();
        assert!(report.is_good());
        report.failures[0].cause = Cause::Codegen;
        assert!(!report.is_good());
        let text = report.to_string();
        let shown = "Failures of codegen (1, in operations: 1):\n\
            - get: not decoded\n  at /example\n  a reason\n";
        assert!(text.ends_with(shown), "{text}");
    }
}
