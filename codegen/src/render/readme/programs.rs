//! The programs of the README. They call operations of the client's own.
//!
//! Each is of one of a few forms, so that a test can run them: a whole `main`, functions
//! that make a `Client` or several, or functions that call with one. Clients are made
//! with what the environment says, so that the test can lead them to a server of its own.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::protocol::{Credential, Placement};
use crate::render::example::{chain, imports};
use crate::render::syntax::{expr, ident};
use crate::render::{Error, print};
use crate::surface::{Call, Expr, Output, Surface, TypeRef};

/// Every program, by the name that the template has for it; those that the client has
/// nothing for are missing.
pub fn all(surface: &Surface) -> Result<BTreeMap<&'static str, String>, Error> {
    let programs = Programs::new(surface);
    let made = [
        ("first", programs.first()),
        ("authentication", Some(programs.authentication())),
        ("retries", Some(programs.retries())),
        ("retries_of_a_call", programs.retries_of_a_call()),
        ("rate_limits", Some(programs.rate_limits())),
        (
            "rate_limit_of_a_response",
            programs.rate_limit_of_a_response(),
        ),
        ("timeouts", Some(programs.timeouts())),
        ("timeout_of_a_call", programs.timeout_of_a_call()),
        ("errors", programs.errors()),
        ("pages", programs.pages()),
        ("request_pages", Some(programs.request_pages())),
        ("options", programs.options()),
        ("upload", programs.upload()),
        ("download", programs.download()),
        ("request", Some(programs.request())),
        ("hook", Some(programs.hook())),
        ("http_builder", Some(programs.http_builder())),
        ("http_client", programs.http_client()),
        ("blocking", programs.blocking()),
    ];
    let mut printed = BTreeMap::new();
    for (name, tokens) in made {
        if let Some(tokens) = tokens {
            printed.insert(name, print::program(tokens)?);
        }
    }
    Ok(printed)
}

struct Programs<'a> {
    surface: &'a Surface,
    library: proc_macro2::Ident,
}

impl<'a> Programs<'a> {
    fn new(surface: &'a Surface) -> Self {
        Self {
            surface,
            library: ident(&surface.package.library),
        }
    }

    fn call(&self, function: Option<&String>) -> Option<&'a Call> {
        self.surface.call(function?)
    }

    fn reading(&self) -> Option<&'a Call> {
        self.call(self.surface.readme.reading.as_ref())
    }

    /// The use of `names` of the crate, and of what the sample of `call` needs.
    fn uses(&self, call: Option<&Call>, names: &[&'static str]) -> TokenStream {
        let names = match call {
            Some(call) => imports(call, names),
            None => names.to_vec(),
        };
        let (library, names) = (&self.library, names.into_iter().map(ident));
        quote!(use #library::{#(#names),*};)
    }

    /// A function that makes a client with `settings`, which follow the name of a builder.
    fn client(&self, settings: &TokenStream) -> TokenStream {
        quote! {
            fn client() -> Result<Client, Error> {
                Client::builder().read_env()?#settings.build()
            }
        }
    }

    fn first(&self) -> Option<TokenStream> {
        let call = self.call(self.surface.readme.first.as_ref())?;
        let (uses, sent) = (
            self.uses(Some(call), &["Client", "Error"]),
            chain(call, &quote!(.send().await?)),
        );
        Some(quote! {
            #uses
            #[tokio::main(flavor = "current_thread")]
            async fn main() -> Result<(), Error> {
                let client = Client::from_env()?;
                let response = #sent;
                println!("{}: {response:?}", response.meta().status());
                Ok(())
            }
        })
    }

    fn authentication(&self) -> TokenStream {
        let credentials = &self.surface.protocol.credentials;
        let new = match credentials.first() {
            Some(first) => {
                let values = first.arguments.iter().map(sample);
                quote!(Client::new(#(#values),*)?)
            }
            None => quote!(Client::new()?),
        };
        let others = credentials.iter().skip(1).map(|credential| {
            let given = given(credential);
            quote!(Client::builder()#given.build()?)
        });
        let uses = self.uses(None, &["Client", "Error"]);
        quote! {
            #uses
            fn clients() -> Result<Vec<Client>, Error> {
                Ok(vec![#new, Client::from_env()?, #(#others),*])
            }
        }
    }

    fn retries(&self) -> TokenStream {
        let uses = self.uses(None, &["Client", "Error"]);
        let client = self.client(&quote! {
            .max_retries(5)
            .backoff(Duration::from_millis(200), Duration::from_secs(4))
        });
        quote!(use std::time::Duration; #uses #client)
    }

    fn retries_of_a_call(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["CallOptions", "Client", "Error"]);
        let options = quote!(CallOptions::new().max_retries(1).idempotent(true));
        let sent = chain(call, &quote!(.options(#options).send().await?));
        Some(quote! {
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                let response = #sent;
                println!("{} attempts", response.meta().attempts());
                Ok(())
            }
        })
    }

    fn rate_limits(&self) -> TokenStream {
        let uses = self.uses(None, &["Client", "Error"]);
        let client = self.client(&quote!(.rate_limit(1200, Duration::from_secs(300))));
        quote!(use std::time::Duration; #uses #client)
    }

    fn rate_limit_of_a_response(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["Client", "Error"]);
        let sent = chain(call, &quote!(.send().await?));
        Some(quote! {
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                let response = #sent;
                if let Some(limit) = response.meta().rate_limit() {
                    println!("{:?} left, more in {:?}", limit.remaining, limit.reset);
                }
                Ok(())
            }
        })
    }

    fn timeouts(&self) -> TokenStream {
        let uses = self.uses(None, &["Client", "Error"]);
        let client = self.client(&quote! {
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            .total_timeout(Duration::from_secs(30))
            .max_body(1024 * 1024)
        });
        quote!(use std::time::Duration; #uses #client)
    }

    fn timeout_of_a_call(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["CallOptions", "Client", "Error"]);
        let options = quote!(CallOptions::new().timeout(Duration::from_secs(1)));
        let sent = chain(call, &quote!(.options(#options).send().await?));
        Some(quote! {
            use std::time::Duration;
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                #sent;
                Ok(())
            }
        })
    }

    fn errors(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["Client", "Error"]);
        let sent = chain(call, &quote!(.send().await));
        Some(quote! {
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                let result = #sent;
                match result {
                    Ok(response) => println!("{response:?}"),
                    Err(error) if error.is_not_found() || error.has_code(7003) => println!("none"),
                    Err(error) if error.is_rate_limited() => println!("wait {:?}", error.retry_after()),
                    Err(Error::Api(refusal)) => {
                        for message in &refusal.errors {
                            println!("{}: {:?}", message.code, message.documentation_url);
                        }
                    }
                    Err(Error::Decode(error)) => println!("{}: {}", error.problem, error.excerpt()),
                    Err(error) if error.may_have_been_executed() => println!("have a look: {error}"),
                    Err(error) => return Err(error),
                }
                Ok(())
            }
        })
    }

    fn pages(&self) -> Option<TokenStream> {
        let call = self.call(self.surface.readme.listing.as_ref())?;
        let uses = self.uses(Some(call), &["Client", "Error"]);
        let stream = chain(call, &quote!(.into_stream()));
        let page = self.surface.readme.page.as_ref().map(|setter| {
            let parameters = call.parameters.iter();
            let is_float = parameters
                .filter(|parameter| parameter.rust_name == *setter)
                .any(|parameter| parameter.ty == TypeRef::F64);
            let number = match is_float {
                true => Literal::f64_unsuffixed(3.0),
                false => Literal::i64_unsuffixed(3),
            };
            let setter = ident(setter);
            let page = chain(call, &quote!(.#setter(#number).send().await?));
            quote! {
                let page = #page;
                println!("{} items, {:?}", page.len(), page.meta().page_info());
            }
        });
        Some(quote! {
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                let mut items = #stream;
                while let Some(item) = items.next().await {
                    println!("{:?} on page {}", item?, items.page());
                }
                #page
                Ok(())
            }
        })
    }

    fn request_pages(&self) -> TokenStream {
        let library = &self.library;
        quote! {
            use #library::reqwest::Method;
            use #library::{Client, Error};
            async fn example(client: Client) -> Result<(), Error> {
                let request = client.request(Method::GET, "/things?page=2");
                let mut things = request.into_pages::<serde_json::Value>();
                while let Some(thing) = things.next().await {
                    println!("{}: {:?}", thing?["name"], things.page_info());
                }
                Ok(())
            }
        }
    }

    fn options(&self) -> Option<TokenStream> {
        let changing = self.call(self.surface.readme.changing.as_ref());
        let call = changing.or(self.reading())?;
        let member = changing.map(|_| quote!(.member("note", "in the body")));
        let uses = self.uses(Some(call), &["CallOptions", "Client", "Error"]);
        let sent = chain(call, &quote!(.options(options).send_raw().await?));
        Some(quote! {
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                let options = CallOptions::new()
                    .header("x-request-name", "nightly")
                    .query("experimental", "1")#member;
                let raw = #sent;
                println!("{} {:?}", raw.status(), raw.text().await);
                Ok(())
            }
        })
    }

    fn upload(&self) -> Option<TokenStream> {
        let call = self.call(self.surface.readme.upload.as_ref())?;
        let uses = self.uses(Some(call), &["Client", "Error", "Upload"]);
        let notes = quote!(.part("notes", Upload::text("a part of any name")));
        let (function, notes) = (ident(&call.function), quote!(#notes.send().await?));
        let arguments: Vec<TokenStream> = call.sample.arguments.iter().map(file_or).collect();
        let setter = call.sample.setter.iter().map(|(name, value)| {
            let (name, value) = (ident(name), file_or(value));
            quote!(.#name(#value))
        });
        Some(quote! {
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                client.#function(#(#arguments),*)#(#setter)* #notes;
                Ok(())
            }
        })
    }

    fn download(&self) -> Option<TokenStream> {
        let call = self.call(self.surface.readme.download.as_ref())?;
        let uses = self.uses(Some(call), &["Client", "Error"]);
        let sent = chain(call, &quote!(.send_stream().await?));
        Some(quote! {
            #uses
            async fn example(client: Client) -> Result<(), Error> {
                let mut download = #sent.into_inner();
                let mut size = 0;
                while let Some(chunk) = download.next().await {
                    size += chunk?.len();
                }
                println!("{size} bytes");
                Ok(())
            }
        })
    }

    fn request(&self) -> TokenStream {
        let library = &self.library;
        quote! {
            use #library::reqwest::Method;
            use #library::{Client, Error};
            async fn example(client: Client) -> Result<(), Error> {
                let mut request = client.request(Method::PUT, "/things/{id}?expand=1");
                request.path_arg("id", "a/b").json(&["any", "body"]);
                let thing = request.send_json::<serde_json::Value>().await?;
                println!("{}", thing["name"]);
                Ok(())
            }
        }
    }

    fn hook(&self) -> TokenStream {
        let (library, client) = (&self.library, self.client(&quote!(.hook(Log))));
        quote! {
            use std::time::Duration;
            use #library::reqwest::header::{HeaderMap, HeaderValue};
            use #library::{Attempt, Client, Error, Head, Hook, TransportError};
            struct Log;
            impl Hook for Log {
                fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
                    headers.insert("x-attempt", HeaderValue::from(attempt.number));
                }
                fn after(
                    &self,
                    attempt: &Attempt<'_>,
                    outcome: Result<&Head, &TransportError>,
                    elapsed: Duration,
                ) {
                    println!("{} {} {outcome:?} {elapsed:?}", attempt.method, attempt.template);
                }
            }
            #client
        }
    }

    fn http_builder(&self) -> TokenStream {
        let uses = self.uses(None, &["Client", "Error", "reqwest"]);
        quote! {
            #uses
            fn client() -> Result<Client, Error> {
                let settings = reqwest::Client::builder().pool_max_idle_per_host(4);
                Client::builder().read_env()?.http_builder(settings).build()
            }
        }
    }

    /// A ready client may follow redirects, and then only `Authorization` stays behind.
    fn http_client(&self) -> Option<TokenStream> {
        let protocol = &self.surface.protocol;
        let first = protocol.credentials.first();
        let schemes = first.map(Credential::schemes).unwrap_or_default();
        let mut known = schemes
            .iter()
            .filter_map(|name| protocol.schemes.iter().find(|scheme| scheme.name == *name));
        if !known.all(|scheme| matches!(scheme.placement, Placement::Bearer | Placement::Basic)) {
            return None;
        }
        let uses = self.uses(None, &["Client", "Error", "reqwest"]);
        let client = self.client(&quote!(.http_client(reqwest::Client::new())));
        Some(quote!(#uses #client))
    }

    fn blocking(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(None, &["Client", "Error"]);
        let inner = self.uses(Some(call), &["Blocking"]);
        let sent = chain(call, &quote!(.send().block()?));
        let shown = match call.output {
            Output::Nothing => quote!(println!("{}", response.meta().status());),
            _ => quote!(println!("{response:?}");),
        };
        Some(quote! {
            #uses
            #[cfg(feature = "blocking")]
            fn example(client: Client) -> Result<(), Error> {
                #inner
                let response = #sent;
                #shown
                Ok(())
            }
        })
    }
}

/// The call of the builder's method for `credential`.
fn given(credential: &Credential) -> TokenStream {
    let method = ident(&credential.method);
    let values = credential.arguments.iter().map(sample);
    quote!(.#method(#(#values),*))
}

/// A sample of what the builder takes.
fn sample(argument: &crate::protocol::Argument) -> &str {
    match argument.name.as_str() {
        "email" => "me@example.com",
        name => name,
    }
}

/// A sample value, a file in place of content.
fn file_or(value: &Expr) -> TokenStream {
    match value {
        Expr::Content => quote!(Upload::file("image.png").content_type("image/png")),
        other => expr(other),
    }
}
