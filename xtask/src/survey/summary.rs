//! Adds up what a survey found.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::survey::compile::Compiled;
use crate::survey::group::{Group, Groups};
use crate::survey::measure::{Measure, measure};
use crate::survey::reason::reason;
use crate::survey::record::{Examples, Outcome, Said};
use crate::survey::run::Tried;

/// What a survey found, added up.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// The day of the survey.
    pub date: String,
    /// The hash of the generator.
    pub generator: String,
    /// How many documents were tried.
    pub documents: usize,
    /// How many operations the crates have.
    pub operations: usize,
    /// How many lines of Rust.
    pub lines: usize,
    /// How many documents came to what.
    pub outcomes: BTreeMap<Kind, usize>,
    /// The documents of each version of OpenAPI: all, and those with a crate.
    pub versions: BTreeMap<String, (usize, usize)>,
    /// Why there is no crate, the most frequent reason first.
    pub reasons: Vec<Group>,
    /// What was repaired, the most frequent first.
    pub repairs: Vec<Group>,
    /// What a document takes.
    pub measures: Vec<Measure>,
    /// What the compiler said of the chosen crates, if any were compiled.
    pub compilation: Option<Step>,
    /// What the doc tests showed, if any were run.
    pub doc_tests: Option<Step>,
    /// How the examples did, if any were tried.
    pub examples: Option<OfExamples>,
}

/// What came of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A crate.
    Generated,
    /// An error.
    Refused,
    /// A panic, or the like.
    Crashed,
    /// Nothing in time.
    TimedOut,
    /// Nothing within the memory.
    OutOfMemory,
}

impl Kind {
    /// Every kind, the good one first.
    pub const ALL: [Self; 5] = [
        Self::Generated,
        Self::Refused,
        Self::Crashed,
        Self::TimedOut,
        Self::OutOfMemory,
    ];

    /// What it is called in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Refused => "refused",
            Self::Crashed => "crashed",
            Self::TimedOut => "timed out",
            Self::OutOfMemory => "out of memory",
        }
    }
}

/// What a step showed of the chosen documents.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Step {
    /// How many were chosen.
    pub chosen: usize,
    /// How many are as they should be.
    pub good: usize,
    /// How often it was tried: the tests.
    pub count: usize,
    /// What was found in the others, the most frequent first.
    pub found: Vec<Group>,
}

/// How the examples of the chosen documents did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OfExamples {
    /// How many documents were chosen.
    pub chosen: usize,
    /// How many of these could not be tried.
    pub untried: Vec<Group>,
    /// The sum of all.
    #[serde(flatten)]
    pub total: Examples,
    /// Those that fall short by the generator's fault, by document.
    pub short: Vec<Group>,
}

impl Summary {
    /// Adds up what generating showed.
    pub fn of(tried: &[Tried], generator: &str) -> Self {
        let mut summary = Self {
            date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
            generator: generator.to_owned(),
            documents: tried.len(),
            ..Self::default()
        };
        let (mut reasons, mut repairs) = (Groups::default(), Groups::default());
        for one in tried {
            let name = &one.candidate.name;
            let (kind, why) = match &one.generation.outcome {
                Outcome::Generated(size) => {
                    summary.operations += size.operations;
                    summary.lines += size.lines;
                    for (repair, count) in &size.repairs {
                        repairs.add("repaired", repair.clone(), *count, one, "");
                    }
                    (Kind::Generated, None)
                }
                Outcome::Refused(message) => (
                    Kind::Refused,
                    Some((reason(message, name), message.clone())),
                ),
                Outcome::Crashed(message) => (
                    Kind::Crashed,
                    Some((reason(message, name), message.clone())),
                ),
                Outcome::TimedOut => (Kind::TimedOut, Some(Default::default())),
                Outcome::OutOfMemory => (Kind::OutOfMemory, Some(Default::default())),
            };
            if let Some((reason, message)) = why {
                reasons.add(kind.name(), reason, 1, one, &message);
            }
            *summary.outcomes.entry(kind).or_default() += 1;
            let version = one.generation.version.clone();
            let version = version.unwrap_or_else(|| "no version".to_owned());
            let of_version = summary.versions.entry(version).or_default();
            of_version.0 += 1;
            of_version.1 += usize::from(kind == Kind::Generated);
        }
        summary.reasons = reasons.sorted();
        summary.repairs = repairs.sorted();
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        summary
            .measures
            .extend(measure("processor time", tried, |one| {
                Some(micros(one.generation.cpu))
            }));
        summary.measures.extend(measure("time", tried, |one| {
            Some(micros(one.generation.wall))
        }));
        summary
            .measures
            .extend(measure("memory", tried, |one| Some(one.generation.memory)));
        summary
            .measures
            .extend(measure("lines of Rust", tried, |one| {
                match &one.generation.outcome {
                    Outcome::Generated(size) => Some(size.lines as u64),
                    _ => None,
                }
            }));
        summary
    }

    /// Adds what compiling the chosen crates showed.
    pub fn add_compiled(&mut self, compiled: &Compiled<'_>) {
        if !compiled.checked.is_empty() {
            let mut step = Step::default();
            let mut groups = Groups::default();
            for (tried, found) in &compiled.checked {
                step.chosen += 1;
                let is_good = found.errors.is_empty() && found.warnings.is_empty();
                step.good += usize::from(is_good);
                let errors = found.errors.iter().map(|said| ("error", said));
                let warnings = found.warnings.iter().map(|said| ("warning", said));
                for (kind, (what, Said { count, first })) in errors.chain(warnings) {
                    groups.add(kind, what.clone(), *count, tried, first);
                }
            }
            step.found = groups.sorted();
            self.compilation = Some(step);
        }
        if !compiled.doc_tests.is_empty() {
            let mut step = Step::default();
            let mut groups = Groups::default();
            for (tried, found) in &compiled.doc_tests {
                step.chosen += 1;
                step.good += usize::from(found.failed == 0 && found.problem.is_none());
                step.count += found.passed + found.failed;
                if found.failed > 0 {
                    let first = found.problem.as_deref().unwrap_or_default();
                    let what = "a doc test fails".to_owned();
                    groups.add("failed", what, found.failed, tried, first);
                } else if let Some(problem) = &found.problem {
                    groups.add("not run", reason(problem, ""), 1, tried, problem);
                }
            }
            step.found = groups.sorted();
            self.doc_tests = Some(step);
        }
    }

    /// Adds how the examples of the chosen documents did.
    pub fn add_examples(&mut self, found: &[(&Tried, Examples)]) {
        if found.is_empty() {
            return;
        }
        let mut of_examples = OfExamples::default();
        let (mut untried, mut short) = (Groups::default(), Groups::default());
        for (tried, found) in found {
            of_examples.chosen += 1;
            if let Some(problem) = &found.problem {
                untried.add("not tried", reason(problem, ""), 1, tried, problem);
            }
            let total = &mut of_examples.total;
            total.given += found.given;
            total.decoded += found.decoded;
            total.round_tripped += found.round_tripped;
            total.explained += found.explained;
            let missing = found
                .given
                .saturating_sub(found.round_tripped + found.explained);
            if missing > 0 && found.problem.is_none() {
                let what = "an example is not written back as it was".to_owned();
                short.add("short", what, missing, tried, "");
            }
        }
        of_examples.untried = untried.sorted();
        of_examples.short = short.sorted();
        self.examples = Some(of_examples);
    }

    /// How many documents came to `kind`.
    pub fn count(&self, kind: Kind) -> usize {
        self.outcomes.get(&kind).copied().unwrap_or(0)
    }

    /// Whether nothing was found for which the generator is to blame. What it refuses
    /// it may have refused rightly.
    pub fn is_good(&self) -> bool {
        let steps = [&self.compilation, &self.doc_tests];
        let is_good = |step: &&Option<Step>| step.as_ref().is_none_or(|s| s.good == s.chosen);
        self.count(Kind::Generated) + self.count(Kind::Refused) == self.documents
            && steps.iter().all(is_good)
            && self
                .examples
                .as_ref()
                .is_none_or(|one| one.short.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::survey::collect::Candidate;
    use crate::survey::record::{Compilation, Generation};

    fn tried(name: &str, outcome: Outcome, memory: u64) -> Tried {
        Tried {
            candidate: Candidate {
                path: PathBuf::from("data").join(name),
                name: name.to_owned(),
            },
            hash: String::new(),
            generation: Generation {
                version: Some("OpenAPI 3.0".to_owned()),
                outcome,
                wall: Duration::ZERO,
                cpu: Duration::ZERO,
                memory,
            },
        }
    }

    fn refused(name: &str, message: &str) -> Tried {
        let message = format!("{name}:1:2: {message}");
        tried(name, Outcome::Refused(message), 1)
    }

    #[test]
    fn documents_are_grouped_by_the_reason_for_which_they_are_refused() {
        let tried = [
            refused("a.json", "the key `x` is given twice"),
            refused("b.json", "the file is empty"),
            refused("c.json", "the key `y` is given twice"),
            tried("d.json", Outcome::TimedOut, 9),
        ];
        let summary = Summary::of(&tried, "g");
        let reasons: Vec<_> = summary
            .reasons
            .iter()
            .map(|one| (one.kind, &*one.what, one.documents, &*one.document))
            .collect();
        assert_eq!(
            reasons,
            [
                ("refused", "the key `…` is given twice", 2, "a.json"),
                ("refused", "the file is empty", 1, "b.json"),
                ("timed out", "", 1, "d.json"),
            ]
        );
        assert!(!summary.is_good());
        assert!(Summary::of(&tried[..3], "g").is_good());
    }

    #[test]
    fn a_crate_with_a_warning_is_not_good() {
        let tried = tried("a.json", Outcome::Generated(Default::default()), 1);
        let found = Compilation {
            warnings: BTreeMap::from([("unused".to_owned(), Said::default())]),
            ..Compilation::default()
        };
        let compiled = Compiled {
            checked: vec![(&tried, found), (&tried, Compilation::default())],
            ..Compiled::default()
        };
        let mut summary = Summary::of(std::slice::from_ref(&tried), "g");
        summary.add_compiled(&compiled);
        let step = summary.compilation.as_ref().expect("a step");
        assert_eq!((step.chosen, step.good, step.found.len()), (2, 1, 1));
        assert!(!summary.is_good());
    }
}
