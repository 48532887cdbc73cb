//! The kinds of defect that this stage knows.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! defects {
    ($($variant:ident $name:literal: $meaning:literal; $superfluous:literal)*) => {
        /// A kind of defect; `DEFECTS.md` beside this file lists them all.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Defect {
            $(#[doc = $meaning] $variant,)*
        }

        impl Defect {
            /// Every kind, in the order in which the stage looks for them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in reports and in the plan's `[clean] allow`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What is wrong, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// What upstream has to do for the repair to be needed no longer.
            pub fn superfluous_when(self) -> &'static str {
                match self { $(Self::$variant => $superfluous,)* }
            }
        }
    };
}

defects! {
    MergeKey "merge-key":
        "a YAML file has a merge key `<<`, which YAML 1.2 and OpenAPI do not know";
        "the members are written out where they belong"
    IncompleteInfo "incomplete-info":
        "the `info` of the document, its title or its version is missing, or is no text";
        "`info` has a title and a version, each in quotes if it looks like a number"
    MissingPaths "missing-paths":
        "the document has no `paths`";
        "the document has `paths`, `{}` if there are none"
    ForeignReference "foreign-reference":
        "a `$ref` leads to another file, which is not there, or to what was left out for that";
        "the files are bundled into one"
    EncodedReference "encoded-reference":
        "a `$ref` is percent-encoded, so that its text is not the name that it leads to";
        "the component has a name of letters, digits, `.`, `-` and `_`"
    MalformedMember "malformed-member":
        "a member is missing, or is not of the JSON type that OpenAPI gives it";
        "the document passes a validator of the OpenAPI 3.0 schema"
    UnusableParameterName "unusable-parameter-name":
        "a header or cookie has a name that HTTP does not have";
        "the name has letters, digits and signs such as `-` and `_` alone"
    ReferenceWithSiblings "reference-with-siblings":
        "members stand beside a `$ref`, where tools ignore them";
        "the reference stands alone in an `allOf`, or the document is of OpenAPI 3.1"
    UnknownType "unknown-type":
        "`type` names no type of OpenAPI 3.0";
        "`type` is one of string, number, integer, boolean, array, object"
    RequiredAsFlag "required-as-flag":
        "`required` is a boolean in a property, not a list in the object around it";
        "the object lists the property in its own `required`"
    MissingType "missing-type":
        "a schema says by its other members what it is, but has no `type`";
        "the schema has the `type` that its members imply"
    KeywordOfAnotherType "keyword-of-another-type":
        "a keyword restricts values of a type that the schema does not have";
        "the keyword is removed, or moved to the schema that it was meant for"
    MissingItems "missing-items":
        "an array does not say what its items are";
        "the array has `items`, `{}` if they can be anything"
    UnknownFormat "unknown-format":
        "`format` is in no registry, or belongs to another type";
        "the format is one that the OpenAPI format registry has for the type"
    NullInEnum "null-in-enum":
        "`null` is listed in an `enum`, where tools do not look for it";
        "the schema is `nullable`, and its `enum` lists the other values alone"
    NullableWithoutType "nullable-without-type":
        "`nullable` stands where there is no `type`, and so has no effect";
        "`type` stands beside `nullable`, or the document is of OpenAPI 3.1"
    EnumValueOfAnotherType "enum-value-of-another-type":
        "a value of an `enum` is of another type than the schema, but means a value of its type";
        "the values are written as the schema's type has them"
    EnumValueThatDoesNotFit "enum-value-that-does-not-fit":
        "a value of an `enum` is none that the schema's type allows, or is listed twice";
        "each value fits the schema's type and is listed once"
    DefaultThatDoesNotFit "default-that-does-not-fit":
        "a `default` does not fit its schema";
        "the default is a value that the schema allows"
    ExampleThatDoesNotFit "example-that-does-not-fit":
        "an example does not fit its schema";
        "the example is a value that the schema allows"
    RequiredNamesNoProperty "required-names-no-property":
        "`required` names a property that the object does not have";
        "the property is described, or its name is removed from `required`"
    ContradictorySuccess "contradictory-success":
        "a response must be a success and a failure at once";
        "the response is made of the envelope that fits its status alone"
    ContradictoryParts "contradictory-parts":
        "the parts of an `allOf` allow no value that fits them all";
        "the parts describe the property alike, or one of them leaves it out"
    EndlessSchema "endless-schema":
        "a schema requires itself without end, so that no value fits it";
        "the schema contains itself by an optional property or a list"
    MediaTypeWithoutSchema "media-type-without-schema":
        "a media type does not say what its content is";
        "the media type has a schema, or the body is removed where there is none"
    UnusableMediaType "unusable-media-type":
        "the name of a media type is none, such as `undefined`";
        "the content is under the media type that the server really sends"
    UnusableStatus "unusable-status":
        "a response stands under a name that is no HTTP status, such as `4xx`";
        "the response is under a code, a range such as `4XX`, or `default`"
    MissingOperationId "missing-operation-id":
        "an operation has no operationId";
        "the operation has an operationId of its own"
    UnusableOperationId "unusable-operation-id":
        "an operationId has no letter or digit, or is no text";
        "the operationId is a text with letters"
    DuplicateOperationId "duplicate-operation-id":
        "an operationId is that of an earlier operation";
        "each operation has an operationId of its own"
    UndeclaredPathParameter "undeclared-path-parameter":
        "a path has an argument that no parameter describes";
        "the argument is declared as a parameter `in: path`"
    UnusedPathParameter "unused-path-parameter":
        "a parameter is declared for a path that does not have it";
        "the parameter is removed, or its name is put into the path"
    ParameterDeclaredTwice "parameter-declared-twice":
        "one list of parameters has a parameter twice";
        "the list has the parameter once"
    OptionalPathParameter "optional-path-parameter":
        "a path parameter is not `required`, as every one must be";
        "the parameter says `required: true`"
    PathAndQueryParameter "path-and-query-parameter":
        "a query parameter has the name of an argument of the path";
        "one of the two is removed or renamed"
    PathNamesParameterTwice "path-names-parameter-twice":
        "a path names one argument twice";
        "the two arguments have names of their own"
    UnusablePath "unusable-path":
        "a path has control characters, or such as turn the direction of text";
        "the path has characters that can be seen"
}

impl Defect {
    /// The kind that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|defect| defect.name() == name)
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Defect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_line_in_the_list() {
        let list = include_str!("DEFECTS.md");
        let lines: Vec<&str> = list
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        let expected: Vec<String> = Defect::ALL
            .iter()
            .map(|defect| {
                let (meaning, superfluous) = (defect.meaning(), defect.superfluous_when());
                let repair = lines
                    .iter()
                    .find(|line| line.starts_with(&format!("| `{defect}` |")))
                    .and_then(|line| line.split(" | ").nth(2))
                    .unwrap_or("…");
                format!("| `{defect}` | {meaning} | {repair} | {superfluous} |")
            })
            .collect();
        assert_eq!(lines.join("\n"), expected.join("\n"));
    }

    #[test]
    fn a_kind_is_found_by_its_name() {
        for defect in Defect::ALL {
            assert_eq!(Defect::named(defect.name()), Some(*defect));
        }
    }
}
