//! What a client can do, each in a few lines that are compiled as a doc test. The
//! operations that they call are the client's own.

use super::super::{features, operation};
use super::imports;
use crate::model::{Api, Body, Operation, Outcome, Parameter, Place, Shape, Type};

const TEXT: &str = include_str!("features.md");

/// The sections about features; `shown` is the operation of the first example,
/// and `package` the crate's name in Rust.
pub fn features(api: &Api, shown: &Operation, package: &str) -> String {
    let operation = called(api, shown);
    let call = indented(&operation::call(operation, api));
    let (change, member) = match changes(api, shown) {
        Some(operation) => (indented(&operation::call(operation, api)), MEMBER),
        None => (call.clone(), ""),
    };
    TEXT.replace("{pages}", &pages(api))
        .replace("{files}", &files(api))
        .replace("{resources}", &resources(api, &package.replace('_', "-")))
        .replace("{change}", &change)
        .replace("{change_types}", imports(&change))
        .replace("{member}", member)
        .replace("{call}", &call)
        .replace("{types}", imports(&call))
        .replace("{package}", package)
}

/// The operation that most examples call: one that only reads, and whose answer
/// can be printed, if there is any.
fn called<'a>(api: &'a Api, shown: &'a Operation) -> &'a Operation {
    let reads = |operation: &&Operation| {
        operation.method == "GET"
            && operation.body.is_none()
            && matches!(operation.outcome, Outcome::Json { .. })
    };
    let mut reading = api.operations.iter().filter(reads);
    let single = reading.clone().find(|operation| !operation.is_paged());
    single.or(reading.next()).unwrap_or(shown)
}

/// An operation that sends a JSON object, best the one of the first example.
fn changes<'a>(api: &'a Api, shown: &'a Operation) -> Option<&'a Operation> {
    let sends = |operation: &&Operation| {
        matches!(&operation.body, Some(Body::Json { ty: Type::Named(name), .. })
            if api.types.get(name).is_some_and(|def| matches!(def.shape, Shape::Struct { .. })))
    };
    let all = [shown].into_iter().chain(&api.operations);
    all.into_iter().find(sends)
}

/// The section about pages: of a list of the client, or of one that it lacks.
fn pages(api: &Api) -> String {
    let lists = api.operations.iter().filter(|it| it.is_paged());
    let numbered = lists.clone().find_map(|it| Some((it, page(it)?)));
    let list = numbered.map(|(list, _)| list).or(lists.clone().next());
    let Some(list) = list else {
        return OF_A_REQUEST.to_owned();
    };
    let call = indented(&operation::call(list, api));
    let one_page = numbered.map_or(String::new(), |(_, page)| {
        let number = match page.ty {
            Type::Number => "3.0",
            _ => "3",
        };
        ONE_PAGE
            .replace("{setter}", &page.rust_name)
            .replace("{number}", number)
    });
    OF_A_LIST
        .replace("{one_page}", &one_page)
        .replace("{list}", &call)
        .replace("{list_types}", imports(&call))
}

/// The section about bodies and answers that need not be held in memory.
fn files(api: &Api) -> String {
    let mut text = String::new();
    let sends = |operation: &&Operation| matches!(operation.body, Some(Body::Multipart { .. }));
    if let Some(operation) = api.operations.iter().find(sends) {
        let call = operation::call(operation, api).replace("\"content\"", "file");
        let call = indented(&call);
        let file = match call.contains("file") {
            true => "    let file = Upload::file(\"image.png\").content_type(\"image/png\");\n",
            false => "",
        };
        let upload = match call.contains("types::") {
            true => ", Upload, types",
            false => ", Upload",
        };
        text.push_str(
            &UPLOAD
                .replace("{call}", &call)
                .replace("{file}", file)
                .replace("{imports}", upload),
        );
    }
    let gives = |operation: &&Operation| operation.outcome == Outcome::Bytes;
    if let Some(operation) = api.operations.iter().find(gives) {
        let call = indented(&operation::call(operation, api));
        text.push_str(
            &DOWNLOAD
                .replace("{imports}", imports(&call))
                .replace("{call}", &call),
        );
    }
    text
}

/// The words about the features of resources, where there are any.
fn resources(api: &Api, package: &str) -> String {
    let features = features::resources(api);
    let Some(first) = features.keys().next() else {
        return String::new();
    };
    let default = match features::all_by_default(api) {
        true => "`full`, which is on by default, is all of them",
        false => "none is on by default, and `full` is all of them",
    };
    format!(
        "\nEach of the {} resources of the API is a feature, with its methods and the types \
         that they\nneed: {default}. `operations.json` names\nthe feature of each operation.\n\n\
         ```sh\ncargo add {package} --features {first}\n```\n",
        features.len()
    )
}

/// The parameter that chooses a page by its number.
fn page(operation: &Operation) -> Option<&Parameter> {
    operation.parameters.iter().find(|parameter| {
        parameter.name == "page"
            && !parameter.required
            && matches!(parameter.place, Place::Query(_))
            && matches!(parameter.ty, Type::Integer { .. } | Type::Number)
    })
}

fn indented(call: &str) -> String {
    let lines = call.lines().map(|line| format!("    {line}\n"));
    lines.collect()
}

const MEMBER: &str = "\n        .member(\"note\", \"in the body\")";

const OF_A_LIST: &str = "\
A stream walks over every page, and asks for at most one in advance. It is a
`Stream`, and has `next` of its own.

```rust,no_run
use {package}::{Client, Error{list_types}};

async fn example(client: Client) -> Result<(), Error> {
    let mut items = client
{list}        .into_stream();
    while let Some(item) = items.next().await {
        println!(\"{:?} on page {}\", item?, items.page());
    }
{one_page}    Ok(())
}
```
";

const ONE_PAGE: &str = "    // One page by itself; `into_stream` begins with it, too.
    let page = client
{list}        .{setter}({number})
        .send()
        .await?;
    println!(\"{} items, {:?}\", page.len(), page.page_info());
";

const UPLOAD: &str = "\
## Files

What is sent as it is may be text, bytes, a stream, or a file that is read while it is
sent. All but a stream is sent again when an attempt fails.

```rust,no_run
use {package}::{Client, Error{imports}};

async fn example(client: Client) -> Result<(), Error> {
{file}    client
{call}        .part(\"notes\", Upload::text(\"a part of any name\"))
        .send()
        .await?;
    Ok(())
}
```

";

const DOWNLOAD: &str = "\
An answer that is bytes can be read as it comes, whatever its size:

```rust,no_run
use {package}::{Client, Error{imports}};

async fn example(client: Client) -> Result<(), Error> {
    let mut download = client
{call}        .send_stream()
        .await?;
    let mut size = 0;
    while let Some(chunk) = download.next().await {
        size += chunk?.len();
    }
    println!(\"{size} bytes\");
    Ok(())
}
```

";

const OF_A_REQUEST: &str = "\
A list that comes in pages is a stream over all of them, which asks for at most
one in advance. No operation here is one; a request of your own may be.

```rust,no_run
use {package}::reqwest::Method;
use {package}::{Client, Error};

async fn example(client: Client) -> Result<(), Error> {
    let request = client.request(Method::GET, \"/things?page=2\");
    let mut things = request.into_pages::<serde_json::Value>();
    while let Some(thing) = things.next().await {
        println!(\"{}: {:?}\", thing?[\"name\"], things.page_info());
    }
    Ok(())
}
```
";
