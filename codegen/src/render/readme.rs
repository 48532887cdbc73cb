//! `README.md`, whose programs are compiled as doc tests.

mod programs;

use std::collections::BTreeSet;

use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::{Value, json};

use super::{Error, File, client, text, vendored};
use crate::limits::MOST_LISTED;
use crate::plan::Runtime;
use crate::surface::{Call, Surface};

const TEMPLATE: &str = include_str!("templates/readme.md");

/// The file.
pub fn files(surface: &Surface, runtime: &Runtime) -> Result<Vec<File>, Error> {
    let mut environment = Environment::new();
    // Markdown is escaped by our own filters, where a value of a document is put in.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("line", |value: String| text::line(&value));
    environment.add_filter("code", |value: String| text::code(&value));
    environment.add_filter("code_cell", |value: String| text::code_cell(&value));
    let package = &surface.package;
    let protocol = &surface.protocol;
    let operations: BTreeSet<&str> = surface
        .calls
        .iter()
        .map(|it| it.operation.as_str())
        .collect();
    let statuses: Vec<String> = protocol
        .transient_statuses
        .iter()
        .map(u16::to_string)
        .collect();
    let context = json!({
        "package": package,
        "protocol": protocol,
        "description": package.description.trim_end_matches('.'),
        "programs": programs::all(surface)?,
        "environment": client::environment(surface),
        "statuses": statuses.join(", "),
        "is_split": surface.is_split(),
        "all_by_default": package.all_by_default,
        "is_vendored": *runtime == Runtime::Vendored,
        "runtime_folder": vendored::FOLDER,
        "has_calls": !surface.calls.is_empty(),
        "operation_count": operations.len(),
        "is_listed": operations.len() <= MOST_LISTED,
        "calls": surface.calls.iter().map(|call| row(surface, call)).collect::<Vec<Value>>(),
    });
    let context = minijinja::Value::from(minijinja::value::Serde(&context));
    let text = environment.render_str(TEMPLATE, context)?;
    Ok(vec![File {
        path: "README.md".to_owned(),
        text: format!("{}\n", text.trim_end()),
    }])
}

/// What the list of operations says of `call`.
fn row(surface: &Surface, call: &Call) -> Value {
    let mut modules = surface.modules.iter();
    let module = modules.find(|module| module.name == call.module);
    json!({
        "function": call.function,
        "request": format!("{} {}", call.method, call.path),
        "feature": module.and_then(|module| module.feature.clone()).unwrap_or_default(),
    })
}
