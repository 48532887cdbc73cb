//! The words about an operation, and an example of its use.

use proc_macro2::TokenStream;
use quote::quote;

use super::given::Given;
use super::{Emitter, expression};
use crate::emit::sample::sample;
use crate::model::{Docs, Outcome, Parameter, PartKind};
use crate::polish::docs;

/// How many characters of arguments an example keeps on one line.
const LONGEST_ARGUMENTS: usize = 60;

impl Emitter<'_> {
    /// The words about the method, and a usage example that is compiled.
    pub(super) fn docs(&self) -> String {
        let operation = self.operation;
        let mut text = docs::text(&operation.docs, &operation.id);
        text.push_str(&format!("\n\n`{} {}`", operation.method, operation.path));
        if !operation.permissions.is_empty() {
            let permissions: Vec<_> = operation
                .permissions
                .iter()
                .map(|permission| format!("`{permission}`"))
                .collect();
            text.push_str(&format!(
                "\n\nNeeds the permission {}.",
                permissions.join(" or ")
            ));
        }
        text.push_str("\n\n# Errors\n\nNone until it is sent: see [`");
        text.push_str(&format!("{0}::send`].\n\n", self.builder));
        text.push_str(&self.example());
        text
    }

    /// A call as a caller would write it.
    fn example(&self) -> String {
        let call = self.call();
        let package = self.package;
        let mut names = vec!["Client", "Error"];
        if call.contains("Upload::") {
            names.push("Upload");
        }
        if call.contains("types::") {
            names.push("types");
        }
        let names = names.join(", ");
        let result = match self.operation.outcome {
            Outcome::Nothing => String::new(),
            _ => "let response = ".to_owned(),
        };
        format!(
            "# Examples\n\n```no_run\n\
             # use {package}::{{{names}}};\n\
             # async fn example(client: Client) -> Result<(), Error> {{\n\
             {result}client\n{call}    .send()\n    .await?;\n\
             # Ok(())\n# }}\n```"
        )
    }

    /// Sample arguments of the method, and a sample of its first setter.
    pub(super) fn parts(&self) -> (Vec<TokenStream>, Option<(String, TokenStream)>) {
        let operation = self.operation;
        let of_parameter = |parameter: &Parameter| {
            sample(&parameter.ty, &parameter.docs, &parameter.name, self.api)
        };
        let required = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required);
        let mut arguments: Vec<TokenStream> = required.map(of_parameter).collect();
        let mut setter = None;
        match &self.given {
            Given::Fields { fields, .. } => {
                for given in fields {
                    let field = given.field;
                    let value = sample(&field.ty, &field.docs, &field.name, self.api);
                    if field.required {
                        arguments.push(value);
                    } else if setter.is_none() && !field.docs.deprecated {
                        setter = Some((given.name.clone(), value));
                    }
                }
            }
            Given::Whole {
                ty, required: true, ..
            } => {
                arguments.push(sample(ty, &Docs::default(), "body", self.api));
            }
            Given::Content { required: true, .. } => arguments.push(quote!("content")),
            Given::Parts { parts, .. } => {
                for part in parts.iter() {
                    let value = match &part.kind {
                        PartKind::File => quote!("content"),
                        PartKind::Files => quote!([Upload::file("file")]),
                        PartKind::Value(ty) => sample(ty, &part.docs, &part.name, self.api),
                    };
                    if part.required {
                        arguments.push(value);
                    } else if setter.is_none() && !part.docs.deprecated {
                        setter = Some((part.rust_name.clone(), value));
                    }
                }
            }
            Given::None | Given::Whole { .. } | Given::Content { .. } => {}
        }
        (arguments, setter)
    }

    pub(super) fn call(&self) -> String {
        let (arguments, setter) = self.parts();
        let arguments: Vec<_> = arguments.iter().map(expression).collect();
        let joined = arguments.join(", ");
        let function = &self.operation.function;
        let mut call = match joined.len() > LONGEST_ARGUMENTS {
            true => format!(
                "    .{function}(\n        {},\n    )\n",
                arguments.join(",\n        ")
            ),
            false => format!("    .{function}({joined})\n"),
        };
        if let Some((name, value)) = setter {
            call.push_str(&format!("    .{name}({})\n", expression(&value)));
        }
        call
    }
}
