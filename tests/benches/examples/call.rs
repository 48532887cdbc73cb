//! One call of the emitted client, for the size of the program.

use client_benches::{Error, call};
use cloudflare_client_certificates::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    call(&Client::from_env()?).await
}
