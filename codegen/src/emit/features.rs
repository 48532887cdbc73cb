//! The cargo features of an emitted crate: one for each resource, where it has
//! several, and what each brings with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Api, Body, Operation, Outcome, Shape};

/// Features that every crate has for other reasons.
const RESERVED: [&str; 9] = [
    "aws-lc-rs",
    "blocking",
    "default",
    "download",
    "full",
    "native-tls",
    "rustls",
    "tracing",
    "upload",
];

/// How many operations a crate may have to offer all of them by default.
const MOST_BY_DEFAULT: usize = 100;

/// Modules of the runtime that only some crates need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Answers that are read as they come.
    Download,
    /// Text in a format.
    Formatted,
    /// Fields that tell null from nothing.
    Nullable,
    /// Strings of which some values are known.
    OpenEnum,
    /// Values of one of several types.
    Union,
    /// Bodies that are files, streams or forms.
    Upload,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Download,
        Self::Formatted,
        Self::Nullable,
        Self::OpenEnum,
        Self::Union,
        Self::Upload,
    ];

    /// The name of its module, and of its feature where it has one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Formatted => "formatted",
            Self::Nullable => "nullable",
            Self::OpenEnum => "open_enum",
            Self::Union => "union",
            Self::Upload => "upload",
        }
    }

    /// Whether it needs more of the crate's dependencies, so that a crate of
    /// several resources has it as a feature.
    pub fn has_feature(self) -> bool {
        matches!(self, Self::Download | Self::Upload)
    }
}

/// Whether every resource of `api` has a feature of its own.
pub fn by_resource(api: &Api) -> bool {
    let mut resources = api.operations.iter().map(|operation| &operation.resource);
    let first = resources.next();
    resources.any(|resource| Some(resource) != first)
}

/// The feature that the method of `operation` needs, where it needs one.
pub fn of(operation: &Operation, api: &Api) -> Option<String> {
    by_resource(api).then(|| name(&operation.resource))
}

/// The feature of a resource: its module in kebab case.
pub fn name(resource: &str) -> String {
    let name = resource.replace('_', "-");
    let name = name.trim_matches('-');
    match RESERVED.contains(&name) {
        true => format!("{name}-resource"),
        false => name.to_owned(),
    }
}

/// Each resource's feature, with the features that it turns on.
pub fn resources(api: &Api) -> BTreeMap<String, Vec<&'static str>> {
    let mut features: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    if by_resource(api) {
        for operation in &api.operations {
            let enabled = features.entry(name(&operation.resource)).or_default();
            let parts = Part::ALL.into_iter().filter(|part| part.has_feature());
            enabled.extend(parts.filter(|part| needs(operation, *part)).map(Part::name));
        }
    }
    let sorted = features.into_iter();
    sorted
        .map(|(feature, enabled)| (feature, enabled.into_iter().collect()))
        .collect()
}

/// Whether the crate offers every operation by default.
pub fn all_by_default(api: &Api) -> bool {
    api.operations.len() <= MOST_BY_DEFAULT
}

/// The parts of the runtime that `api` needs.
pub fn parts(api: &Api) -> BTreeSet<Part> {
    let is_needed = |part: &Part| match part {
        Part::Download | Part::Upload => api
            .operations
            .iter()
            .any(|operation| needs(operation, *part)),
        Part::Formatted => !api.formats().is_empty(),
        Part::Nullable => shapes(api, has_nullable),
        Part::OpenEnum => shapes(api, |shape| matches!(shape, Shape::Enum(_))),
        Part::Union => shapes(api, |shape| matches!(shape, Shape::Union(_))),
    };
    Part::ALL.into_iter().filter(is_needed).collect()
}

fn needs(operation: &Operation, part: Part) -> bool {
    match part {
        Part::Download => {
            let mut alternatives = operation.alternatives.iter();
            operation.outcome == Outcome::Bytes || alternatives.any(|it| !it.is_text)
        }
        Part::Upload => matches!(
            operation.body,
            Some(Body::Multipart { .. } | Body::Content { .. })
        ),
        Part::Formatted | Part::Nullable | Part::OpenEnum | Part::Union => false,
    }
}

fn has_nullable(shape: &Shape) -> bool {
    match shape {
        Shape::Struct { fields, .. } => fields.iter().any(|field| field.nullable),
        _ => false,
    }
}

fn shapes(api: &Api, is_wanted: impl Fn(&Shape) -> bool) -> bool {
    api.types.values().any(|def| is_wanted(&def.shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_does_not_take_the_name_of_another_feature() {
        assert_eq!(name("dns_records"), "dns-records");
        assert_eq!(name("tracing"), "tracing-resource");
    }
}
