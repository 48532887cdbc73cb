// Calls whose requests the test compares with what the document says. It is compiled with
// the programs of the READMEs.

use pets::types::Pet;
use pets::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    client.list_pets().per_page(20).send().await?;
    client.get_pet("a/b c?").send().await?;
    let pet = client.get_pet("Rex").send().await?.into_inner();
    client.add_pet("").body(pet).send().await?;
    client.add_pet("Rex").body(Pet::new("Mia").weight(0.5)).send().await?;
    client.health().send().await?;
    let staff = Client::builder().basic_auth("me", "it: is").read_env()?.build()?;
    staff.list_staff().send().await?;
    Ok(())
}
