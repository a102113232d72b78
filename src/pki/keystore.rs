//! PKCS#12 files, in which people get their keys.

use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};

use crate::pki::{Error, SigningKey};

/// PKCS#12 with AES-256 (PBES2), the only kind browsers' libraries open.
pub(super) fn keystore(
    alias: &str,
    key: &SigningKey,
    chain: [&Vec<u8>; 2],
    password: &str,
) -> Result<Vec<u8>, Error> {
    let certificates = chain.map(|der| Certificate::from_der(der));
    let certificates = certificates.into_iter().collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKey::from_der(key.pkcs8())?;
    let chain = PrivateKeyChain::new(alias, key, certificates);
    let mut keystore = KeyStore::new();
    keystore.add_entry(alias, KeyStoreEntry::PrivateKeyChain(chain));
    Ok(keystore.writer(password).write()?)
}
