//! `cargo xtask coverage`: how far the operations and the examples of a document
//! come, from the document to a compiled client and back.

mod alternatives;
mod attribution;
mod catalog;
mod checker;
mod compare;
mod compile;
mod decode;
mod report;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use codegen::clean::{Clean, Defect};
use codegen::examples::{OfOperation, Part};
use codegen::openapi::Resolver;
use codegen::surface::{Call, Surface, TypeRef};
use codegen::{Document, GeneratedCrate, Plan};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::files::{self, Changes};
use crate::input::{self, Error, Selectors};
use crate::say;
use attribution::Attribution;
use report::{Cause, Examples, Failure, Operation, RepairedExample, Report, Stage};
use trial::Trial;

/// How often what does not compile is left out to see whether the rest does.
const MOST_BUILDS: usize = 4;

/// How many diagnostics are listed of one operation.
const MOST_REASONS: usize = 5;

#[derive(clap::Args)]
pub struct Arguments {
    /// The document, JSON or YAML; `-` for the standard input.
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// The plan [default: none; a preset's where the document's server has one].
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Where the crate and its checker are written and built [default: below
    /// target/coverage].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
    /// Write the whole report, as JSON, into this file too.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    selectors: Selectors,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let progress = progress();
    progress.set_message(input::reading(&arguments.spec));
    let document = input::document(&arguments.spec)?;
    let plan = plan(arguments)?;
    let (clean, description, operations) = codegen::examples::read(&document, &plan)?;
    let resolver = Resolver::new(&description);
    let folders = folders(arguments, &plan)?;
    let mut coverage = Coverage::new(&arguments.spec, &resolver, &operations);
    coverage.report.repaired_examples = repaired_examples(&clean);
    let built = coverage.build(&document, &plan, &folders, &progress)?;
    if let Some(built) = built {
        coverage.decode(&built, &progress)?;
    }
    progress.finish_and_clear();
    let mut report = coverage.report;
    report.finish();
    let json = serde_json::to_string_pretty(&report)?;
    if let Some(file) = &arguments.report {
        std::fs::write(file, format!("{json}\n"))
            .map_err(|error| Error::file(file, "cannot be written", error))?;
    }
    match arguments.json {
        true => say::print_json(&format!("{json}\n")),
        false => say::print(&report.to_string()),
    }
    Ok(match report.is_good() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Where things are written and built.
struct Folders {
    /// The workspace of the emitted crate and the checker.
    out: PathBuf,
    /// What cargo compiles into, the same for every document.
    target: PathBuf,
    /// The name of the checker: one for each folder, since all are compiled into one, and
    /// several runs may be under way.
    checker: String,
    /// The name of the client, for the same reason.
    client: String,
}

/// What compiled: a checker, and what it knows.
struct Built {
    program: PathBuf,
    surface: Surface,
    types: Vec<TypeRef>,
}

/// The report in the making.
struct Coverage<'d> {
    /// What the document says, as the clean stage leaves it.
    resolver: &'d Resolver<'d>,
    operations: &'d [OfOperation],
    report: Report,
}

impl<'d> Coverage<'d> {
    fn new(file: &Path, resolver: &'d Resolver<'d>, operations: &'d [OfOperation]) -> Self {
        let listed = operations.iter().map(|operation| Operation {
            id: operation.operation.clone(),
            pointer: operation.pointer.clone(),
            tag: operation.tag.clone(),
            generated: false,
            compiled: false,
            body: Examples::default(),
            response: Examples::default(),
        });
        let name = file.file_name().unwrap_or_default();
        Self {
            resolver,
            operations,
            report: Report {
                document: name.to_string_lossy().into_owned(),
                operations: listed.collect(),
                ..Report::default()
            },
        }
    }

    /// Generates and compiles the crate; again without what does not compile,
    /// so that one bad operation does not hide how the others do.
    fn build(
        &mut self,
        document: &Document,
        plan: &Plan,
        folders: &Folders,
        progress: &ProgressBar,
    ) -> Result<Option<Built>, Error> {
        let mut plan = plan.clone();
        // The program that tries examples writes as this very runtime does.
        plan.package.runtime = codegen::Runtime::Vendored;
        plan.package.name.clone_from(&folders.client);
        let mut failed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut built = None;
        for round in 0..MOST_BUILDS {
            progress.set_message("generating");
            let (emitted, _) = match codegen::generate(document, &plan) {
                Ok(generated) => generated,
                // The rest cannot be chosen by its ids, or does not stand alone.
                Err(_) if round > 0 => break,
                Err(error) => return Err(error.into()),
            };
            if round == 0 {
                self.mark_generated(&emitted.surface);
            }
            let program = &folders.checker;
            let checker = checker::checker(program, &emitted.surface);
            write(folders, &emitted, &checker)?;
            let build = compile::build(&folders.out, &folders.target, program, progress)?;
            let attribution = Attribution::new(&emitted, &checker);
            let mut stopped = BTreeSet::new();
            for diagnostic in &build.diagnostics {
                let concerned = attribution.operations(diagnostic);
                let place = diagnostic.place.as_ref();
                let place = place.map(|(file, line)| format!(" ({file}:{line})"));
                let reason = format!("{}{}", diagnostic.message, place.unwrap_or_default());
                for id in &concerned {
                    let reasons = failed.entry((*id).to_owned()).or_default();
                    if reasons.len() < MOST_REASONS && !reasons.contains(&reason) {
                        reasons.push(reason.clone());
                    }
                }
                if diagnostic.is_error {
                    stopped.extend(concerned);
                }
            }
            if let Some(program) = build.program {
                let types = checker.types;
                built = Some(Built {
                    program,
                    surface: emitted.surface,
                    types,
                });
                break;
            }
            let calls = emitted.surface.calls.iter();
            let remaining = calls.map(|call| call.operation.clone());
            let remaining: BTreeSet<String> = remaining
                .filter(|id| !stopped.contains(id.as_str()))
                .collect();
            if remaining.is_empty() || stopped.is_empty() {
                break;
            }
            let count = stopped.len();
            progress.suspend(|| {
                say::note(&format!(
                    "operations that do not compile: {count}; trying the rest"
                ))
            });
            plan.select = codegen::slice::Selection::default();
            plan.select.operations = remaining.into_iter().collect();
            plan.example = None;
        }
        self.mark_compiled(&failed);
        Ok(built)
    }

    fn mark_generated(&mut self, surface: &Surface) {
        let calls = surface.calls.iter();
        let generated: BTreeSet<&str> = calls.map(|call| call.operation.as_str()).collect();
        for operation in &mut self.report.operations {
            operation.generated = generated.contains(operation.id.as_str());
            if !operation.generated {
                self.report.failures.push(Failure {
                    cause: Cause::Codegen,
                    stage: Stage::Generated,
                    operation: operation.id.clone(),
                    pointer: operation.pointer.clone(),
                    ty: None,
                    reasons: vec!["surface.json of the crate does not list it".to_owned()],
                });
            }
        }
    }

    fn mark_compiled(&mut self, failed: &BTreeMap<String, Vec<String>>) {
        for operation in &mut self.report.operations {
            let reasons = failed.get(&operation.id);
            operation.compiled = operation.generated && reasons.is_none();
            if let Some(reasons) = reasons {
                self.report.failures.push(Failure {
                    cause: Cause::Codegen,
                    stage: Stage::Compiled,
                    operation: operation.id.clone(),
                    pointer: operation.pointer.clone(),
                    ty: None,
                    reasons: reasons.clone(),
                });
            }
        }
    }

    /// Has every example decoded and encoded.
    fn decode(&mut self, built: &Built, progress: &ProgressBar) -> Result<(), Error> {
        let surface = &built.surface;
        let keys = surface.protocol.envelope.as_ref();
        let numbers: BTreeMap<String, usize> =
            built.types.iter().map(catalog::spelled).zip(0..).collect();
        let mut calls: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
        for call in &surface.calls {
            calls.entry(&call.operation).or_default().push(call);
        }
        let mut trials: Vec<(usize, Trial<'_>)> = Vec::new();
        for (index, operation) in self.operations.iter().enumerate() {
            let calls = calls.get(operation.operation.as_str());
            let trials_of = operation.examples.iter().filter_map(|example| {
                let carrier = catalog::carrier(calls?.iter().copied(), &example.part)?;
                trial::trial(keys, carrier, example)
            });
            trials.extend(trials_of.map(|trial| (index, trial)));
        }
        let number_of = |trial: &Trial<'_>| {
            let ty = trial.carried.ty.as_ref()?;
            numbers.get(&catalog::spelled(ty)).copied()
        };
        let requests: Vec<(usize, Value)> = trials
            .iter()
            .filter_map(|(_, trial)| Some((number_of(trial)?, trial.carried.value.clone())))
            .collect();
        progress.set_message("decoding");
        progress.set_length(requests.len() as u64);
        let replies = decode::round_trips(&built.program, &requests, progress)?;
        let mut replies = replies.iter();
        for (index, trial) in &trials {
            let reply = number_of(trial).and_then(|_| replies.next());
            let outcome = trial.judge(self.resolver, surface, reply);
            let Some(operation) = self.report.operations.get_mut(*index) else {
                continue;
            };
            let part = match trial.example.part {
                Part::Body { .. } => &mut operation.body,
                Part::Response { .. } => &mut operation.response,
            };
            part.given += 1;
            part.decoded += usize::from(outcome.is_decoded);
            part.round_tripped += usize::from(outcome.is_whole);
            part.dropped_members += outcome.dropped_members;
            part.undescribed_members += outcome.undescribed_members;
            for taken in outcome.taken {
                let alternatives = self.report.unions.entry(taken.union).or_default();
                *alternatives.entry(taken.variant).or_default() += 1;
            }
            if let Some(failure) = outcome.failure {
                part.explained += usize::from(failure.cause == Cause::Document);
                self.report.failures.push(failure);
            }
        }
        Ok(())
    }
}

/// What the clean stage did to the examples of bodies and responses.
fn repaired_examples(clean: &Clean) -> Vec<RepairedExample> {
    let repairs = clean.repairs().iter();
    repairs
        .filter(|repair| repair.defect == Defect::ExampleThatDoesNotFit)
        .filter(|repair| !is_of_parameter(&repair.pointer))
        .map(|repair| RepairedExample {
            pointer: repair.pointer.clone(),
            reason: repair.reason.clone(),
        })
        .collect()
}

/// Whether a pointer leads into a parameter, which is never decoded.
fn is_of_parameter(pointer: &str) -> bool {
    let segments: Vec<&str> = pointer.split('/').collect();
    matches!(
        *segments,
        ["", "components", "parameters", ..]
            | ["", "paths", _, "parameters", ..]
            | ["", "paths", _, _, "parameters", ..]
    )
}

fn plan(arguments: &Arguments) -> Result<Plan, Error> {
    let mut plan = match &arguments.plan {
        Some(plan) => input::plan(plan)?,
        None => Plan::for_package("client-under-test"),
    };
    let selection = arguments.selectors.selection();
    if !selection.is_empty() {
        plan.select = selection;
    }
    Ok(plan)
}

fn folders(arguments: &Arguments, plan: &Plan) -> Result<Folders, Error> {
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(target) => PathBuf::from(target),
        None => input::workspace().join("target"),
    };
    let target = target.join("coverage");
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => target.join(&plan.package.name),
    };
    std::fs::create_dir_all(&out).map_err(|error| Error::file(&out, "cannot be made", error))?;
    let full = |path: PathBuf| {
        std::path::absolute(&path).map_err(|error| Error::file(&path, "cannot be found", error))
    };
    // The compiler names places by the real path.
    let out = out
        .canonicalize()
        .map_err(|error| Error::file(&out, "cannot be found", error))?;
    let mut hash = DefaultHasher::new();
    out.hash(&mut hash);
    let client = format!("{}-{:016x}", plan.package.name, hash.finish());
    Ok(Folders {
        out,
        checker: format!("{client}-checker"),
        client,
        target: full(target.join("target"))?,
    })
}

/// Writes the crate, the checker and the workspace around them.
fn write(
    folders: &Folders,
    emitted: &GeneratedCrate,
    checker: &checker::Checker,
) -> Result<(), Error> {
    let client = folders.out.join("client");
    files::recover(&client)?;
    Changes::between(&client, &emitted.files)?.apply(&client)?;
    let around = BTreeMap::from([("Cargo.toml".to_owned(), compile::WORKSPACE.to_owned())]);
    for (folder, files) in [
        (folders.out.join("checker"), &checker.files),
        (folders.out.clone(), &around),
    ] {
        for (path, text) in files {
            let path = folder.join(path);
            // What is as it was need not be compiled again.
            if std::fs::read(&path).is_ok_and(|now| now == text.as_bytes()) {
                continue;
            }
            let parent = path.parent().unwrap_or(&folder);
            std::fs::create_dir_all(parent)
                .map_err(|error| Error::file(parent, "cannot be made", error))?;
            std::fs::write(&path, text)
                .map_err(|error| Error::file(&path, "cannot be written", error))?;
        }
    }
    // The versions that this workspace locks, so that nothing is fetched anew.
    let lock = input::workspace().join("Cargo.lock");
    std::fs::copy(&lock, folders.out.join("Cargo.lock"))
        .map_err(|error| Error::file(&lock, "cannot be copied", error))?;
    Ok(())
}

/// Shown on a terminal only.
fn progress() -> ProgressBar {
    let progress = ProgressBar::no_length();
    let style = ProgressStyle::with_template("{spinner} {msg} {bar:30} {pos}/{len} ({elapsed})");
    if let Ok(style) = style {
        progress.set_style(style);
    }
    progress.enable_steady_tick(Duration::from_millis(250));
    progress
}
