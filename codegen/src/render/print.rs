//! The only place where syntax becomes text.

use proc_macro2::TokenStream;
use syn::{Attribute, ImplItem, Item};

use super::{Error, File, header};

/// The items that `tokens` are, in the file `path`.
pub fn items(path: &str, tokens: TokenStream) -> Result<Vec<Item>, Error> {
    Ok(parsed(path, tokens)?.items)
}

/// The file `path` of `tokens`.
pub fn rust(path: &str, tokens: TokenStream) -> Result<File, Error> {
    let file = parsed(path, tokens)?;
    Ok(print(path, file.attrs, file.items))
}

/// The file `path` of `items`, below the inner attributes of `head`.
pub fn rust_items(path: &str, head: TokenStream, items: Vec<Item>) -> Result<File, Error> {
    let mut file = parsed(path, head)?;
    file.items.extend(items);
    Ok(print(path, file.attrs, file.items))
}

/// The lines of `statements`, which stand in the body of a function.
pub fn statements(statements: &TokenStream) -> Result<Vec<String>, Error> {
    let path = "an example";
    let file = parsed(path, quote::quote!(async fn example() { #statements }))?;
    let text = prettyplease::unparse(&file);
    // All but the function around them. No literal has a line break in it.
    let lines: Vec<&str> = text.lines().collect();
    let inner = lines
        .get(1..lines.len().saturating_sub(1))
        .unwrap_or_default();
    let unindented = inner
        .iter()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    Ok(unindented.map(str::to_owned).collect())
}

/// The text of a whole program, for the README.
pub fn program(tokens: TokenStream) -> Result<String, Error> {
    let file = parsed("a program of the README", tokens)?;
    Ok(unparse(file.attrs, file.items))
}

fn parsed(path: &str, tokens: TokenStream) -> Result<syn::File, Error> {
    syn::parse2(tokens).map_err(|problem| Error::NotRust {
        file: path.to_owned(),
        problem,
    })
}

fn print(path: &str, attrs: Vec<Attribute>, items: Vec<Item>) -> File {
    File {
        path: path.to_owned(),
        text: format!("{}\n{}", header("//"), unparse(attrs, items)),
    }
}

fn unparse(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    let mut spaced = Vec::with_capacity(items.len() * 2 + 1);
    let mut before = (!attrs.is_empty()).then_some(Group::Item);
    for mut item in items {
        let group = group(&item);
        if before.is_some_and(|before| before != group || group == Group::Item) {
            spaced.push(Item::Verbatim(TokenStream::new()));
        }
        if let Item::Impl(block) = &mut item {
            let methods = std::mem::take(&mut block.items);
            block.items = separated(methods);
        }
        before = Some(group);
        spaced.push(item);
    }
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs,
        items: spaced,
    })
}

/// Items that stand together without a blank line between them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Use,
    Module,
    Item,
}

fn group(item: &Item) -> Group {
    match item {
        Item::Use(_) => Group::Use,
        Item::Mod(module) if module.content.is_none() => Group::Module,
        _ => Group::Item,
    }
}

/// `methods` with a blank line between them: prettyplease prints an empty item as one.
fn separated(methods: Vec<ImplItem>) -> Vec<ImplItem> {
    let mut separated = Vec::with_capacity(methods.len() * 2);
    for method in methods {
        if !separated.is_empty() {
            separated.push(ImplItem::Verbatim(TokenStream::new()));
        }
        separated.push(method);
    }
    separated
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_blank_line_stands_between_items_and_not_between_statements() {
        let file = rust(
            "a.rs",
            quote! {
                //! About it.
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
        );
        let text = file.expect("Rust").text;
        let (_, text) = text.split_once("\n\n").expect("a header");
        assert_eq!(
            text,
            "//! About it.\n\nuse a::b;\nuse a::c;\n\nstruct A {\n    a: u8,\n}\n\nimpl A {\n    \
             fn a() {\n        x();\n        if y {\n            z();\n        }\n        w();\n    }\n\n    \
             /// ```\n    /// };\n    /// ```\n    pub fn b() {}\n}\n"
        );
    }
}
