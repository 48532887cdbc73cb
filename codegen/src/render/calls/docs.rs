//! The documentation of the client's methods.

use quote::quote;

use super::Printer;
use crate::render::{Error, docs, example, text};
use crate::surface::Output;

impl Printer<'_> {
    /// What the document says of the operation, and an example that is compiled.
    pub(super) fn docs(&self) -> Result<String, Error> {
        let call = self.call;
        let mut parts = vec![
            docs::markdown(&call.docs, &text::line(&call.operation)),
            text::code(&format!("{} {}", call.method, call.path)),
        ];
        if !call.permissions.is_empty() {
            let names = call.permissions.iter().map(|name| text::code(name));
            let names: Vec<String> = names.collect();
            parts.push(format!("Needs the permission {}.", names.join(" or ")));
        }
        parts.push(self.example()?);
        Ok(parts.join("\n\n"))
    }

    /// A call as a caller would write it.
    fn example(&self) -> Result<String, Error> {
        let sent = example::chain(self.call, &quote!(.send().await?));
        let statement = match self.call.output {
            Output::Nothing => quote!(#sent;),
            _ => quote!(let response = #sent;),
        };
        let names = example::imports(self.call, &["Client", "Error"]);
        let lines = crate::render::print::statements(&statement)?;
        Ok(format!(
            "# Examples\n\n```no_run\n\
             # use {}::{{{}}};\n\
             # async fn example(client: Client) -> Result<(), Error> {{\n\
             {}\n# Ok(())\n# }}\n```",
            self.surface.package.library,
            names.join(", "),
            lines.join("\n"),
        ))
    }
}
