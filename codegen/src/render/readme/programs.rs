//! The programs of the README. They call operations of the client's own.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::protocol::Credential;
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
        ("retries", programs.retries()),
        ("rate_limits", programs.rate_limits()),
        ("timeouts", programs.timeouts()),
        ("errors", programs.errors()),
        ("pages", programs.pages()),
        ("request_pages", Some(programs.request_pages())),
        ("options", programs.options()),
        ("upload", programs.upload()),
        ("download", programs.download()),
        ("request", Some(programs.request())),
        ("hook", Some(programs.hook())),
        ("http_builder", Some(programs.http_builder())),
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

    /// A builder of a client that has credentials.
    fn builder(&self) -> TokenStream {
        let credential = self.surface.protocol.credentials.first();
        let given = credential.map(given);
        quote!(Client::builder()#given)
    }

    fn first(&self) -> Option<TokenStream> {
        let call = self.call(self.surface.readme.first.as_ref())?;
        let (uses, sent) = (
            self.uses(Some(call), &["Client", "Error"]),
            chain(call, &quote!(.send().await?)),
        );
        Some(quote! {
            #uses
            async fn example() -> Result<(), Error> {
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

    fn retries(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["CallOptions", "Client", "Error"]);
        let builder = self.builder();
        let sent = chain(
            call,
            &quote!(.options(CallOptions::new().max_retries(1).idempotent(true)).send().await?),
        );
        Some(quote! {
            use std::time::Duration;
            #uses
            async fn example() -> Result<(), Error> {
                let client = #builder
                    .max_retries(5)
                    .backoff(Duration::from_millis(200), Duration::from_secs(4))
                    .build()?;
                let response = #sent;
                println!("{} attempts", response.meta().attempts());
                Ok(())
            }
        })
    }

    fn rate_limits(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["Client", "Error"]);
        let (builder, sent) = (self.builder(), chain(call, &quote!(.send().await?)));
        Some(quote! {
            use std::time::Duration;
            #uses
            async fn example() -> Result<(), Error> {
                let client = #builder
                    .rate_limit(1200, Duration::from_secs(300))
                    .build()?;
                let response = #sent;
                if let Some(limit) = response.meta().rate_limit() {
                    println!("{:?} left, more in {:?}", limit.remaining, limit.reset);
                }
                Ok(())
            }
        })
    }

    fn timeouts(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["CallOptions", "Client", "Error"]);
        let builder = self.builder();
        let options = quote!(CallOptions::new().timeout(Duration::from_secs(1)));
        let sent = chain(call, &quote!(.options(#options).send().await?));
        Some(quote! {
            use std::time::Duration;
            #uses
            async fn example() -> Result<(), Error> {
                let client = #builder
                    .connect_timeout(Duration::from_secs(3))
                    .timeout(Duration::from_secs(10))
                    .total_timeout(Duration::from_secs(30))
                    .max_body(1024 * 1024)
                    .build()?;
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
        let (library, builder) = (&self.library, self.builder());
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
            fn client() -> Result<Client, Error> {
                #builder.hook(Log).build()
            }
        }
    }

    fn http_builder(&self) -> TokenStream {
        let (uses, builder) = (
            self.uses(None, &["Client", "Error", "reqwest"]),
            self.builder(),
        );
        quote! {
            #uses
            fn client(proxy: reqwest::Proxy) -> Result<Client, Error> {
                let settings = reqwest::Client::builder().proxy(proxy);
                #builder.http_builder(settings).build()
            }
        }
    }

    fn blocking(&self) -> Option<TokenStream> {
        let call = self.reading()?;
        let uses = self.uses(Some(call), &["Blocking", "Client"]);
        let (library, sent) = (&self.library, chain(call, &quote!(.send().block()?)));
        let shown = match call.output {
            Output::Nothing => quote!(println!("{}", response.meta().status());),
            _ => quote!(println!("{response:?}");),
        };
        Some(quote! {
            #[cfg(feature = "blocking")]
            fn example() -> Result<(), #library::Error> {
                #uses
                let client = Client::from_env()?;
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
