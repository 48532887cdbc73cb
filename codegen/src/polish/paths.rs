//! Short paths: `Option<String>` for `::std::option::Option<::std::string::String>`.

use syn::visit_mut::{self, VisitMut};

/// Cuts the paths of types that every emitted module has in scope, and those
/// into the module of types itself, down to their last segment.
#[derive(Debug, Default)]
pub struct ShortPaths;

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let first = path.segments.first().map(|first| first.ident.to_string());
        let keep = match first.as_deref() {
            Some("std" | "types") => 1,
            // `serde_json::Value` says where it comes from.
            Some("serde_json") => 2,
            _ => return,
        };
        path.leading_colon = None;
        let from = path.segments.len().saturating_sub(keep);
        path.segments = path.segments.iter().skip(from).cloned().collect();
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    use super::*;

    fn shortened(ty: &str) -> String {
        let mut ty: syn::Type = syn::parse_str(ty).expect("a type");
        ShortPaths.visit_type_mut(&mut ty);
        ty.to_token_stream().to_string().replace(' ', "")
    }

    #[test]
    fn standard_types_lose_their_path_and_json_values_keep_the_crate() {
        assert_eq!(
            shortened("::std::option::Option<::std::vec::Vec<::serde_json::Value>>"),
            "Option<Vec<serde_json::Value>>"
        );
    }

    #[test]
    fn a_type_of_the_same_module_is_named_alone() {
        assert_eq!(shortened("::std::vec::Vec<types::Status>"), "Vec<Status>");
    }
}
