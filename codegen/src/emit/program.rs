//! The example program of an emitted crate: one call, to the real API or to a
//! mock server in its own process.

use super::operation::expression;
use super::sample::sample;
use crate::model::{Api, Operation, Parameter, Place, Type};
use crate::plan::Program;

/// The text of the program, without its header.
pub fn program(program: &Program, operation: &Operation, api: &Api, package: &str) -> String {
    let (arguments, setter) = super::operation::parts(operation, api);
    let path: Vec<&Parameter> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == Place::Path)
        .collect();
    let mut reading = String::new();
    let mut given = Vec::new();
    for parameter in &path {
        let name = &parameter.rust_name;
        let default = sample(&parameter.ty, &parameter.docs, &parameter.name, api);
        if parameter.ty == Type::String {
            reading.push_str(&format!(
                "    let {name} = argument(&mut arguments, {})?;\n",
                expression(&default)
            ));
            given.push(name.clone());
        } else {
            given.push(expression(&default));
        }
    }
    let others = arguments.into_iter().skip(path.len());
    given.extend(others.map(|argument| expression(&argument)));
    let setter = setter.map_or(String::new(), |(name, value)| {
        format!("        .{name}({})\n", expression(&value))
    });
    let imports = if given.iter().any(|argument| argument.contains("types::"))
        || setter.contains("types::")
    {
        "{Client, types}"
    } else {
        "Client"
    };
    let usage: Vec<String> = path
        .iter()
        .map(|parameter| parameter.name.to_uppercase())
        .collect();
    TEMPLATE
        .replace(
            "{summary}",
            &format!("{} {}", operation.method, operation.path),
        )
        .replace("{package}", package)
        .replace("{imports}", imports)
        .replace("{name}", &program.name)
        .replace("{usage}", &usage.join(" "))
        .replace("{answer}", &answer(operation))
        .replace("{reading}", &reading)
        .replace("{function}", &operation.function)
        .replace("{arguments}", &given.join(", "))
        .replace("{setter}", &setter)
}

/// What the mock server answers: the document's example, or a bare success.
fn answer(operation: &Operation) -> String {
    let example = operation.answer_example.as_ref();
    let text = example.and_then(|example| serde_json::to_string_pretty(example).ok());
    text.unwrap_or_else(|| BARE_SUCCESS.to_owned())
}

const BARE_SUCCESS: &str = r#"{ "success": true, "errors": [], "messages": [], "result": null }"#;

const TEMPLATE: &str = r###"//! Calls `{summary}`.
//!
//! With `CLOUDFLARE_API_TOKEN` set it calls the real API, and needs the arguments
//! `{usage}`.
//! Without, it starts a mock server in this process and calls that.

use std::error::Error;
use std::process::ExitCode;

use {package}::{imports};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the mock server answers: the example of the API's document.
const ANSWER: &str = r##"{answer}"##;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match call().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn call() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let client = if is_real() {
        Client::from_env()?
    } else {
        let address = start_mock_server().await?;
        println!("CLOUDFLARE_API_TOKEN is not set: calling a mock server at {address}.");
        Client::builder()
            .token("mock")
            .base_url(format!("http://{address}"))
            .build()?
    };
{reading}    let response = client
        .{function}({arguments})
{setter}        .send()
        .await?;
    println!("{}: {response:#?}", response.status());
    Ok(())
}

fn is_real() -> bool {
    std::env::var_os("CLOUDFLARE_API_TOKEN").is_some_and(|token| !token.is_empty())
}

/// The next argument of the command line; the mock server takes any.
fn argument(
    arguments: &mut impl Iterator<Item = String>,
    example: &str,
) -> Result<String, Box<dyn Error>> {
    match arguments.next() {
        Some(argument) => Ok(argument),
        None if is_real() => Err("usage: {name} {usage}".into()),
        None => Ok(example.to_owned()),
    }
}

/// Answers every request on a free port of this machine with [`ANSWER`].
async fn start_mock_server() -> Result<std::net::SocketAddr, std::io::Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let read = stream.read(&mut request).await.unwrap_or_default();
            println!("{}\n", String::from_utf8_lossy(&request[..read]));
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n",
                ANSWER.len()
            );
            let answer = [head.as_bytes(), ANSWER.as_bytes()].concat();
            if stream.write_all(&answer).await.is_err() {
                break;
            }
        }
    });
    Ok(address)
}
"###;
