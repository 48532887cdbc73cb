//! Questions that readers of a surface ask.

use super::{Body, Call, Field, Kind, Output, PartContent, Surface, TypeItem, TypeRef};

impl Surface {
    /// Reads the text of a `surface.json`.
    ///
    /// # Errors
    ///
    /// Text that is not JSON of this format.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The call that is the client's method `function`.
    pub fn call(&self, function: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.function == function)
    }

    /// The type `name`: types are in the order of their names.
    pub fn type_named(&self, name: &str) -> Option<&TypeItem> {
        let found = self
            .types
            .binary_search_by(|item| item.name.as_str().cmp(name));
        self.types.get(found.ok()?)
    }

    /// The fields of the struct `name`.
    pub(crate) fn fields_of(&self, name: &str) -> &[Field] {
        match self.type_named(name).map(|item| &item.kind) {
            Some(Kind::Struct { fields, .. }) => fields,
            _ => &[],
        }
    }

    /// Whether each resource is a module with a cargo feature of its own.
    pub fn is_split(&self) -> bool {
        !self.package.features.is_empty()
    }
}

impl Call {
    /// Every type that it sends, in parameters and body.
    pub fn sent(&self) -> Vec<TypeRef> {
        let mut sent: Vec<TypeRef> = self.parameters.iter().map(|it| it.ty.clone()).collect();
        match &self.body {
            Some(Body::Fields { ty, .. }) => sent.push(TypeRef::Type(ty.clone())),
            Some(Body::Whole { ty, .. }) => sent.push(ty.clone()),
            Some(Body::Parts { parts, .. }) => {
                sent.extend(parts.iter().filter_map(|part| match &part.content {
                    PartContent::Value(ty) => Some(ty.clone()),
                    PartContent::File | PartContent::Files => None,
                }));
            }
            Some(Body::Content { .. }) | None => {}
        }
        sent
    }

    /// The type of the JSON body, or form, that it sends.
    pub fn body_type(&self) -> Option<TypeRef> {
        match self.body.as_ref()? {
            Body::Fields { ty, .. } => Some(TypeRef::Type(ty.clone())),
            Body::Whole { ty, .. } => Some(ty.clone()),
            Body::Parts { .. } | Body::Content { .. } => None,
        }
    }

    /// Every type that its responses hold as JSON.
    pub fn received(&self) -> Vec<TypeRef> {
        let outputs: Vec<&Output> = match &self.output {
            Output::ByStatus { variants, .. } => variants.iter().map(|it| &it.output).collect(),
            only => vec![only],
        };
        let types = outputs.into_iter().filter_map(|output| match output {
            Output::Json { ty, .. } => Some(ty.clone()),
            _ => None,
        });
        types.collect()
    }

    /// What `send` gives inside a `Response`.
    pub fn output_type(&self) -> TypeRef {
        self.output.rust_type()
    }
}

impl Output {
    /// The type of what it gives.
    pub fn rust_type(&self) -> TypeRef {
        match self {
            Self::Json { ty, nullable } if *nullable && !ty.is_collection() => {
                ty.clone().optional()
            }
            Self::Json { ty, .. } => ty.clone(),
            Self::Nothing => TypeRef::Unit,
            Self::Text => TypeRef::String,
            Self::Bytes => TypeRef::Bytes,
            Self::ByStatus { name, .. } => TypeRef::Outcome(name.clone()),
        }
    }
}
