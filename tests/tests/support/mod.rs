//! A client whose requests go to a mock server.

#[allow(dead_code, reason = "each test file compiles this module by itself")]
pub mod emitted;

use cloudflare_client_certificates::Client;
use httpmock::MockServer;

#[allow(dead_code, reason = "each test file compiles this module by itself")]
/// A zone, as the seed's example has it.
pub const ZONE: &str = "023e105f4ecef8ad9ca31a8372d0c353";
/// A certificate. Lists need none.
#[allow(dead_code, reason = "each test file compiles this module by itself")]
pub const CERTIFICATE: &str = "b2134436-2555-4acf-be5b-26c48136575e";

#[allow(dead_code, reason = "each test file compiles this module by itself")]
/// A client of `server` that does not repeat failed attempts.
pub fn client(server: &MockServer) -> Client {
    Client::builder()
        .token("test-token")
        .base_url(server.base_url())
        .max_retries(0)
        .build()
        .expect("a client")
}
