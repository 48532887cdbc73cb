//! The two sides of each comparison: the emitted client, and what a person would
//! write with `reqwest` and `serde` in its place.

pub mod by_hand;
mod server;

use client_runtime::internals::Arrived;
use cloudflare_client_certificates::Client;
use cloudflare_client_certificates::types::ClientCertificate;

pub use server::start;

/// The seed's response.
pub const ONE: &str = include_str!("../../seed/reactivate.json");

const ZONE: &str = "023e105f4ecef8ad9ca31a8372d0c353";
const CERTIFICATE: &str = "b2134436-2555-4acf-be5b-26c48136575e";
const TOKEN: &str = "0123456789012345678901234567890123456789";

/// A list of 50 certificates such as the seed's.
#[must_use]
pub fn fifty() -> String {
    let seed: serde_json::Value = serde_json::from_str(ONE).unwrap_or_default();
    let list = vec![&seed["result"]; 50];
    serde_json::json!({
        "success": true, "errors": [], "messages": [], "result": list,
        "result_info": { "page": 1, "per_page": 50, "count": 50, "total_count": 50 },
    })
    .to_string()
}

/// Decodes a certificate as the client does, and says that it is one.
#[must_use]
pub fn decode_one(answer: Arrived) -> bool {
    let read = answer.enveloped::<ClientCertificate>();
    read.is_ok_and(|it| it.id.is_some())
}

/// Decodes a list as the client does, and counts it.
#[must_use]
pub fn decode_list(answer: Arrived) -> usize {
    let read = answer.enveloped::<Vec<ClientCertificate>>();
    read.map_or(0, |list| list.len())
}

/// Both clients of one server, over the same connections.
pub fn clients(address: std::net::SocketAddr) -> Result<(Client, by_hand::Client), Error> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build()?;
    let base_url = format!("http://{address}/client/v4");
    let client = Client::builder()
        .token(TOKEN)
        .base_url(&base_url)
        .http_client(http.clone())
        .build()?;
    let by_hand = by_hand::Client {
        http,
        base_url,
        token: TOKEN.to_owned(),
    };
    Ok((client, by_hand))
}

/// Whatever goes wrong in a benchmark.
pub type Error = Box<dyn std::error::Error>;

/// One call of the emitted client.
pub async fn call(client: &Client) -> Result<(), Error> {
    let call = client.reactivate_client_certificate(ZONE, CERTIFICATE);
    call.reactivate(true).send().await?;
    Ok(())
}

/// The same call by hand.
pub async fn call_by_hand(client: &by_hand::Client) -> Result<(), Error> {
    client.reactivate(ZONE, CERTIFICATE).await?;
    Ok(())
}
