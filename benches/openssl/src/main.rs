//! Verifies the same signatures, and reads the same revocation list, with Kelisim,
//! with OpenSSL's libcrypto and, where it says something, with the cryptographic
//! library alone, by turns in one process, and prints how they compare.

mod lists;
#[path = "../../material/mod.rs"]
mod material;
mod measure;
mod memory;
mod peer;
mod table;

use std::path::Path;

use material::{Chain, Failure};

fn main() -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../var/bench");
    if std::env::args().nth(1).as_deref() == Some("lists") {
        return lists::print(&folder);
    }
    let chains = [Chain::Rsa, Chain::P256, Chain::Gost];
    for chain in chains {
        table::print(chain, &folder)?;
    }
    Ok(())
}
