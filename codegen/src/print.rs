//! The print stage: tokens become text as a person would lay it out.

use proc_macro2::TokenStream;

/// Tokens that are no Rust file; a defect of codegen.
#[derive(Debug, thiserror::Error)]
#[error("the emitted `{file}` is not Rust: {problem}")]
pub struct Error {
    /// The path of the file in the crate.
    pub file: String,
    /// What syn says.
    pub problem: syn::Error,
}

/// The text of the file `path`, under `header`.
pub fn print(path: &str, header: &str, tokens: TokenStream) -> Result<String, Error> {
    let file = syn::parse2(tokens).map_err(|problem| Error {
        file: path.to_owned(),
        problem,
    })?;
    Ok(format!("{header}{}", spaced(&prettyplease::unparse(&file))))
}

/// Puts a blank line between items, which prettyplease leaves out.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    let mut before = "";
    for line in text.lines() {
        let is_level = indent(before) == indent(line);
        if is_level && is_break(kind(before), kind(line)) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What a line is to the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A doc comment or an attribute: the item follows.
    Head,
    /// `use` and `mod` declarations, which stand together.
    Declaration,
    /// The start of any other item.
    Item,
    /// The end of an item or block.
    End,
    /// Anything else.
    Other,
}

fn kind(line: &str) -> Kind {
    let line = line.trim_start();
    let starts = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    match () {
        () if starts(&["///", "#["]) => Kind::Head,
        () if starts(&["use ", "pub use ", "mod ", "pub mod "]) => Kind::Declaration,
        () if matches!(line, "}" | "};") || starts(&["open_enum!", "formatted!", "//!"]) => {
            Kind::End
        }
        () if starts(&[
            "pub ", "fn ", "impl", "static ", "const ", "struct ", "enum ",
        ]) =>
        {
            Kind::Item
        }
        () => Kind::Other,
    }
}

fn is_break(before: Kind, now: Kind) -> bool {
    matches!(
        (before, now),
        (Kind::End, Kind::Head | Kind::Declaration | Kind::Item)
            | (Kind::Declaration, Kind::Head | Kind::Item | Kind::End)
    )
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_blank_line_stands_between_items_and_not_between_statements() {
        let text = print(
            "a.rs",
            "// header\n",
            quote! {
                use a::b;
                use a::c;
                struct A { a: u8 }
                impl A {
                    fn a() { x(); if y { z(); } w(); }
                    /// ```
                    /// };
                    /// ```
                    pub fn b() {}
                }
            },
        )
        .expect("Rust");
        assert!(
            text.starts_with("// header\nuse a::b;\nuse a::c;\n\nstruct A {"),
            "{text}"
        );
        assert!(text.contains("}\n\nimpl A {"), "{text}");
        assert!(
            text.contains("    }\n\n    /// ```\n    /// };\n    /// ```\n    pub fn b() {}"),
            "{text}"
        );
    }
}
