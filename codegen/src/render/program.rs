//! The example program: one call, to the real API or to a mock server in its own
//! process.

use proc_macro2::TokenStream;
use quote::quote;

use super::syntax::{docs, expr, ident, long_text};
use super::{Error, File, print, text};
use crate::surface::{Call, Location, Parameter, Surface, TypeRef};

/// What the mock server sends where the document has no example.
const BARE_SUCCESS: &str = r#"{ "success": true, "errors": [], "messages": [], "result": null }"#;

/// The file, where the crate has one.
pub fn files(surface: &Surface) -> Result<Vec<File>, Error> {
    let Some(program) = &surface.program else {
        return Ok(Vec::new());
    };
    let Some(call) = surface.call(&program.function) else {
        return Ok(Vec::new());
    };
    let path = format!("examples/{}.rs", program.name);
    Ok(vec![print::rust(
        &path,
        tokens(surface, call, &program.name)?,
    )?])
}

/// The environment variables with which the program calls the real API.
fn variables(surface: &Surface) -> Vec<&str> {
    let protocol = &surface.protocol;
    let first = protocol.credentials.first();
    let schemes = first.map(|first| first.schemes()).unwrap_or_default();
    let variables = schemes
        .into_iter()
        .filter_map(|name| protocol.schemes.iter().find(|scheme| scheme.name == name));
    let variables: Vec<&str> = variables
        .flat_map(|scheme| scheme.variables.iter().map(String::as_str))
        .collect();
    if variables.is_empty() {
        return vec![&protocol.base_url_variable];
    }
    variables
}

fn tokens(surface: &Surface, call: &Call, name: &str) -> Result<TokenStream, Error> {
    let library = ident(&surface.package.library);
    let variables = variables(surface);
    let required = call
        .parameters
        .iter()
        .filter(|parameter| parameter.required);
    let read: Vec<&Parameter> = required
        .clone()
        .filter(|it| it.location == Location::Path && it.ty == TypeRef::String)
        .collect();
    let usage: Vec<String> = read.iter().map(|it| it.rust_name.to_uppercase()).collect();
    let usage_line = format!("usage: {name} {}", usage.join(" "));
    let samples = &call.sample.arguments;
    let reading = required.clone().zip(samples).filter(|(parameter, _)| {
        read.iter()
            .any(|read| read.rust_name == parameter.rust_name)
    });
    let reading = reading.map(|(parameter, sample)| {
        let (name, sample) = (ident(&parameter.rust_name), expr(sample));
        quote!(let #name = argument(&mut arguments, #sample)?;)
    });
    let parameters: Vec<&Parameter> = required.collect();
    let arguments = samples.iter().enumerate().map(|(index, sample)| {
        let parameter = parameters.get(index);
        let is_read = parameter.filter(|it| read.iter().any(|read| read.rust_name == it.rust_name));
        match is_read {
            Some(parameter) => {
                let name = ident(&parameter.rust_name);
                quote!(#name)
            }
            None => expr(sample),
        }
    });
    let setter = call.sample.setter.iter().map(|(name, value)| {
        let (name, value) = (ident(name), expr(value));
        quote!(.#name(#value))
    });
    let names = super::example::imports(call, &["Client"])
        .into_iter()
        .map(ident);
    let function = ident(&call.function);
    let credential = surface.protocol.credentials.first().map(|credential| {
        let method = ident(&credential.method);
        let values = credential.arguments.iter().map(|_| "mock");
        quote!(.#method(#(#values),*))
    });
    let example = match &call.response_example {
        Some(example) => serde_json::to_string_pretty(example)?,
        None => BARE_SUCCESS.to_owned(),
    };
    let response = long_text(&example);
    let head = head(call, &variables, &usage);
    let reads = (!read.is_empty()).then(|| argument_function(&usage_line));
    let all = (!read.is_empty()).then(|| quote!(let mut arguments = std::env::args().skip(1);));
    let missing = format!(
        "{} is not set: calling a mock server at {{address}}.",
        variables.join(" or ")
    );
    Ok(quote! {
        #![cfg_attr(rustfmt, rustfmt_skip)]
        #head
        use std::error::Error;
        use std::process::ExitCode;
        use #library::{#(#names),*};
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        use tokio::net::TcpListener;
        /// With these in the environment, the program calls the real API.
        const VARIABLES: &[&str] = &[#(#variables),*];
        /// What the mock server sends: the example of the API's document.
        const RESPONSE: &str = #response;
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
            #all
            let client = if is_real() {
                Client::from_env()?
            } else {
                let address = start_mock_server().await?;
                println!(#missing);
                Client::builder()#credential.base_url(format!("http://{address}")).build()?
            };
            #(#reading)*
            let response = client.#function(#(#arguments),*)#(#setter)*.send().await?;
            println!("{}: {response:#?}", response.meta().status());
            Ok(())
        }
        fn is_real() -> bool {
            VARIABLES.iter().all(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        }
        #reads
        /// Sends [`RESPONSE`] for every request on a free port of this machine.
        async fn start_mock_server() -> Result<std::net::SocketAddr, std::io::Error> {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    let mut request = [0; 4096];
                    let read = stream.read(&mut request).await.unwrap_or_default();
                    println!("{}\n", String::from_utf8_lossy(&request[..read]));
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                        RESPONSE.len(),
                    );
                    let response = [head.as_bytes(), RESPONSE.as_bytes()].concat();
                    if stream.write_all(&response).await.is_err() {
                        break;
                    }
                }
            });
            Ok(address)
        }
    })
}

fn head(call: &Call, variables: &[&str], usage: &[String]) -> TokenStream {
    let names: Vec<String> = variables.iter().map(|name| text::code(name)).collect();
    let needs = match usage {
        [] => String::new(),
        usage => format!(", and needs the arguments {}", text::code(&usage.join(" "))),
    };
    let are = if names.len() == 1 { "is" } else { "are" };
    super::syntax::file_docs(&format!(
        "Calls {}.\n\nIf {} {are} set, it calls the real API{needs}.\nOtherwise it starts a mock server in this process and calls that.",
        text::code(&format!("{} {}", call.method, call.path)),
        names.join(" and "),
    ))
}

fn argument_function(usage: &str) -> TokenStream {
    let doc = docs("The next argument of the command line, or for the mock server an example.");
    quote! {
        #doc
        fn argument(
            arguments: &mut impl Iterator<Item = String>,
            example: &str,
        ) -> Result<String, Box<dyn Error>> {
            match arguments.next() {
                Some(argument) => Ok(argument),
                None if is_real() => Err(#usage.into()),
                None => Ok(example.to_owned()),
            }
        }
    }
}
