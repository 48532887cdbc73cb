//! The README.md of an emitted crate, whose code is compiled as a doc test.

mod features;

use std::collections::BTreeSet;

use super::{features as cargo_features, operation};
use crate::model::{Api, Operation};
use crate::plan::Plan;

/// How many operations a README lists one by one.
const MOST_LISTED: usize = 100;

/// The text for `api`; `package` is the crate's name in Rust.
pub fn readme(api: &Api, plan: &Plan, package: &str) -> String {
    let mut text = format!(
        "# {}\n\n{}.\n",
        plan.package.name,
        plan.package.description.trim_end_matches('.')
    );
    if let Some(operation) = shown(api, plan) {
        text.push_str(&usage(operation, api, package));
        text.push_str(&features::features(api, operation, package));
    }
    text.push_str(&list(api));
    text
}

/// The operation that the plan's example calls, or else the first.
fn shown<'a>(api: &'a Api, plan: &Plan) -> Option<&'a Operation> {
    let wanted = plan.example.as_ref().map(|example| &example.operation);
    let operations = api.operations.iter();
    operations
        .clone()
        .find(|operation| Some(&operation.id) == wanted)
        .or(operations.clone().next())
}

fn usage(operation: &Operation, api: &Api, package: &str) -> String {
    let call = operation::call(operation, api);
    let imports = imports(&call);
    let call = call.replace("\n    ", "\n        ");
    format!(
        "\n```rust,no_run\nuse {package}::{{Client, Error{imports}}};\n\n\
         async fn example() -> Result<(), Error> {{\n    \
             let client = Client::from_env()?;\n    \
             let response = client\n    {call}        .send()\n        .await?;\n    \
             println!(\"{{}}: {{response:?}}\", response.status());\n    \
             Ok(())\n}}\n```\n",
    )
}

/// What an example has to import for `call`, besides the client and its error.
fn imports(call: &str) -> &'static str {
    match (call.contains("Upload::"), call.contains("types::")) {
        (true, true) => ", Upload, types",
        (true, false) => ", Upload",
        (false, true) => ", types",
        (false, false) => "",
    }
}

fn list(api: &Api) -> String {
    let ids: BTreeSet<&str> = api.operations.iter().map(|it| it.id.as_str()).collect();
    if ids.len() > MOST_LISTED {
        return format!(
            "\n## Operations\n\n`operations.json` lists all {}.\n",
            ids.len()
        );
    }
    let by_resource = cargo_features::by_resource(api);
    let mut text = match by_resource {
        true => "\n## Operations\n\n| method of `Client` | request | feature |\n|---|---|---|\n",
        false => "\n## Operations\n\n| method of `Client` | request |\n|---|---|\n",
    }
    .to_owned();
    for operation in &api.operations {
        let feature = cargo_features::of(operation, api);
        let feature = feature.map_or(String::new(), |feature| format!(" `{feature}` |"));
        text.push_str(&format!(
            "| `{}` | `{} {}` |{feature}\n",
            operation.function, operation.method, operation.path
        ));
    }
    text
}
