//! The types of a crate.

use super::Scope;
use super::claim::{TypeNames, claim_all};
use crate::model::{self, Api, Integer, Null, Shape, Type, TypeDef};
use crate::surface::{Additional, Docs, Field, Kind, Tag, TypeItem, TypeRef, UnionVariant, Value};

/// What the modules of types import, and what of Rust's prelude their items are
/// written with. All else that a crate has is in other modules.
const RESERVED: [&str; 13] = [
    "Box",
    "Deserialize",
    "Err",
    "From",
    "Into",
    "None",
    "Ok",
    "Option",
    "Result",
    "Serialize",
    "Some",
    "String",
    "Vec",
];

const OF_STRUCTS: [&str; 5] = ["Clone", "Debug", "PartialEq", "Serialize", "Deserialize"];

/// What an open enum implements, by itself and through the runtime's macro.
const OF_ENUMS: [&str; 14] = [
    "Clone",
    "Debug",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Hash",
    "Display",
    "FromStr",
    "AsRef<str>",
    "From<&str>",
    "From<String>",
    "Serialize",
    "Deserialize",
];

/// The final name of each type of `api`.
pub fn names(api: &Api) -> TypeNames {
    let mut reserved: Vec<&str> = RESERVED.to_vec();
    reserved.extend(api.formats().into_iter().map(model::Format::type_name));
    claim_all(api.types.keys(), &reserved)
}

/// The types of `api`, in the order of their names.
pub fn items(api: &Api, names: &TypeNames) -> Vec<TypeItem> {
    let of_api = api.types.iter();
    let mut items: Vec<TypeItem> = of_api
        .map(|(name, def)| {
            let reader = Reader { names, name, def };
            reader.item()
        })
        .collect();
    items.sort_by(|one, other| one.name.cmp(&other.name));
    items
}

/// The Rust type of `ty`.
pub fn type_ref(ty: &Type, names: &TypeNames) -> TypeRef {
    match ty {
        Type::String => TypeRef::String,
        Type::Bool => TypeRef::Bool,
        Type::Integer(Integer::I32) => TypeRef::I32,
        Type::Integer(Integer::I64) => TypeRef::I64,
        Type::Integer(Integer::U64) => TypeRef::U64,
        Type::Number => TypeRef::F64,
        Type::Formatted(format) => TypeRef::Format((*format).into()),
        Type::Any => TypeRef::Json,
        Type::List(item) => TypeRef::List(Box::new(type_ref(item, names))),
        Type::Map(value) => TypeRef::Map(Box::new(type_ref(value, names))),
        Type::Nullable(inner) => type_ref(inner, names).optional(),
        Type::Named(name) => TypeRef::Type(names.get(name).unwrap_or(name).clone()),
    }
}

/// What the document says.
pub fn docs(docs: &model::Docs) -> Docs {
    Docs {
        summary: docs.summary.clone(),
        description: docs.description.clone(),
        example: docs.example.clone(),
        deprecated: docs.deprecated,
    }
}

struct Reader<'a> {
    names: &'a TypeNames,
    name: &'a str,
    def: &'a TypeDef,
}

impl Reader<'_> {
    fn item(&self) -> TypeItem {
        let (kind, traits) = match &self.def.shape {
            Shape::Struct { fields, rest } => {
                // What lacks a required field is nothing to start from.
                let may_lack =
                    |field: &model::Field| field.optional && !(self.def.sent && field.required);
                let mut traits = OF_STRUCTS.to_vec();
                if fields.iter().all(may_lack) {
                    traits.insert(2, "Default");
                }
                (self.structure(fields, rest.as_ref()), traits)
            }
            Shape::Enum(values) => (enumeration(values), OF_ENUMS.to_vec()),
            Shape::Union(variants) => (self.union(variants), OF_STRUCTS.to_vec()),
        };
        let name = self.names.get(self.name).map_or(self.name, String::as_str);
        TypeItem {
            name: name.to_owned(),
            module: None,
            pointer: self.def.pointer.clone(),
            docs: docs(&self.def.docs),
            sent: self.def.sent,
            received: self.def.received,
            traits: traits.into_iter().map(str::to_owned).collect(),
            kind,
        }
    }

    fn structure(
        &self,
        fields: &[model::Field],
        rest: Option<&model::AdditionalProperties>,
    ) -> Kind {
        let mut scope = Scope::default();
        let claimed = fields.iter();
        let rust_names: Vec<String> = claimed
            .map(|field| scope.claim_value(&field.rust_name))
            .collect();
        let additional = rest.map(|rest| Additional {
            rust_name: scope.claim_value(&rest.rust_name),
            ty: type_ref(&rest.ty, self.names),
        });
        // A setter is called after its field. Names that are made here come after.
        let mut methods = Scope::with_reserved(["new"]);
        for name in &rust_names {
            methods.take(name);
        }
        if let Some(additional) = &additional {
            methods.take(&additional.rust_name);
        }
        let fields = fields.iter().zip(rust_names).map(|(field, rust_name)| {
            let is_set = self.def.sent && !field.required;
            let null = match self.def.sent {
                true => field.null,
                false => Null::Never,
            };
            let nullable = field.nullable || null != Null::Never;
            let setter = is_set.then(|| match rust_name.as_str() {
                "new" => methods.claim_value("set_new"),
                name => name.to_owned(),
            });
            let has_null_setter = is_set && nullable;
            Field {
                name: field.name.clone(),
                ty: type_ref(&field.ty, self.names),
                boxed: field.is_boxed,
                required: field.required,
                // What is always written is there as null.
                optional: field.optional && null != Null::Always,
                nullable,
                setter,
                null_setter: has_null_setter
                    .then(|| methods.claim_value(&format!("null_{rust_name}"))),
                docs: docs(&field.docs),
                rust_name,
            }
        });
        Kind::Struct {
            fields: fields.collect(),
            additional,
        }
    }

    fn union(&self, variants: &[model::Variant]) -> Kind {
        let mut scope = Scope::with_reserved(["Unknown"]);
        let variants = variants.iter().map(|variant| UnionVariant {
            variant: scope.claim_type(&variant.name),
            ty: type_ref(&variant.ty, self.names),
            boxed: variant.is_boxed,
            tags: variant
                .told_by
                .iter()
                .map(|(name, values)| Tag {
                    name: name.clone(),
                    values: values.clone(),
                })
                .collect(),
            required: variant.required.clone(),
            is_twin: variant.is_twin,
        });
        Kind::Union {
            variants: variants.collect(),
        }
    }
}

fn enumeration(values: &[(String, String)]) -> Kind {
    let mut scope = Scope::with_reserved(["Unknown"]);
    let values = values.iter().map(|(value, variant)| Value {
        value: value.clone(),
        variant: scope.claim_type(variant),
    });
    Kind::Enum {
        values: values.collect(),
    }
}
