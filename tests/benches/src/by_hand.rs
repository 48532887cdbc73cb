//! What a person would write for one endpoint, without a crate for the API.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Enough to call the endpoint.
pub struct Client {
    /// Sends requests.
    pub http: reqwest::Client,
    /// Where the API is.
    pub base_url: String,
    /// Proof of who calls.
    pub token: String,
}

#[derive(Serialize)]
struct Change {
    reactivate: bool,
}

impl Client {
    /// A client for the API, with a token from the environment.
    pub fn from_env() -> Result<Self, crate::Error> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            http: reqwest::Client::builder().build()?,
            base_url: "https://api.cloudflare.com/client/v4".to_owned(),
            token: std::env::var("CLOUDFLARE_API_TOKEN")?,
        })
    }

    /// Reactivates a certificate.
    pub async fn reactivate(&self, zone: &str, id: &str) -> Result<Certificate, reqwest::Error> {
        let url = format!("{}/zones/{zone}/client_certificates/{id}", self.base_url);
        let request = self.http.patch(url).bearer_auth(&self.token);
        let response = request
            .timeout(Duration::from_secs(30))
            .json(&Change { reactivate: true })
            .send()
            .await?;
        let answer: Envelope<Certificate> = response.error_for_status()?.json().await?;
        Ok(answer.result)
    }
}

/// What is around every result.
#[derive(Deserialize)]
#[allow(dead_code, reason = "decoding is all that is measured")]
pub struct Envelope<T> {
    success: bool,
    errors: Vec<Message>,
    messages: Vec<Message>,
    /// What was asked for.
    pub result: T,
    result_info: Option<PageInfo>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoding is all that is measured")]
struct Message {
    code: i64,
    message: String,
    documentation_url: Option<String>,
    source: Option<Source>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoding is all that is measured")]
struct Source {
    pointer: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoding is all that is measured")]
struct PageInfo {
    page: Option<f64>,
    per_page: Option<f64>,
    count: Option<f64>,
    total_count: Option<f64>,
}

/// A certificate.
#[derive(Deserialize)]
#[allow(dead_code, reason = "decoding is all that is measured")]
pub struct Certificate {
    /// Its identifier.
    pub id: Option<String>,
    certificate: Option<String>,
    certificate_authority: Option<Authority>,
    common_name: Option<String>,
    country: Option<String>,
    csr: Option<String>,
    expires_on: Option<String>,
    fingerprint_sha256: Option<String>,
    issued_on: Option<String>,
    location: Option<String>,
    organization: Option<String>,
    organizational_unit: Option<String>,
    serial_number: Option<String>,
    signature: Option<String>,
    ski: Option<String>,
    state: Option<String>,
    status: Option<Status>,
    validity_days: Option<i64>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoding is all that is measured")]
struct Authority {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Active,
    PendingReactivation,
    PendingRevocation,
    Revoked,
}

/// Decodes a certificate, and says that it is one.
#[must_use]
pub fn decode_one(body: &[u8]) -> bool {
    let answer = serde_json::from_slice::<Envelope<Certificate>>(body);
    answer.is_ok_and(|answer| answer.result.id.is_some())
}

/// Decodes a list, and counts it.
#[must_use]
pub fn decode_list(body: &[u8]) -> usize {
    let answer = serde_json::from_slice::<Envelope<Vec<Certificate>>>(body);
    answer.map_or(0, |answer| answer.result.len())
}
