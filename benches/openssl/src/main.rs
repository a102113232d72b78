//! Verifies the same signatures with Kelisim, with OpenSSL's libcrypto and with
//! the cryptographic library alone, by turns in one process, and prints ratios.

#[path = "../../material/mod.rs"]
mod material;
mod measure;
mod peer;
mod table;

use std::path::Path;

use material::{Chain, Failure};

fn main() -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../var/bench");
    let chains = [Chain::Rsa, Chain::P256, Chain::Gost];
    for chain in chains {
        table::print(chain, &folder)?;
    }
    Ok(())
}
