//! The same call by hand, for the size of the program.

use client_benches::{Error, by_hand, call_by_hand};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    call_by_hand(&by_hand::Client::from_env()?).await
}
