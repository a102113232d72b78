//! What the caller trusts and knows: anchors, issuers, revocation data.

use std::sync::Arc;

use super::{
    Digest, RevocationList,
    certificate::Certificate,
    crl::{self, Crl},
    der::Malformed,
    memory::Memory,
    ocsp,
};

/// The certificates from which trust flows, the issuers and revocation lists
/// that help on the way. Parsed once, used for many signatures.
#[derive(Debug, Clone)]
pub struct Trust {
    pub(super) anchors: Vec<Certificate>,
    pub(super) intermediates: Vec<Certificate>,
    pub(super) crls: Vec<Arc<Crl>>,
    pub(super) responses: Vec<ocsp::Response>,
    pub(super) memory: Option<Memory>,
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
    /// [`TrustError`] names the first element that cannot be read, counted from 0.
    pub fn new<B: AsRef<[u8]>>(
        anchors: &[B],
        intermediates: &[B],
        crls: &[B],
    ) -> Result<Self, TrustError> {
        let nothing = Self {
            anchors: Vec::new(),
            intermediates: Vec::new(),
            crls: Vec::new(),
            responses: Vec::new(),
            memory: None,
        };
        nothing.renewed(anchors, intermediates, crls)
    }

    /// The trust that these files make, with what this one remembers of signatures.
    /// What this one has read of a large list already is not read again.
    ///
    /// # Errors
    /// As [`Trust::new`].
    pub fn renewed<B: AsRef<[u8]>>(
        &self,
        anchors: &[B],
        intermediates: &[B],
        crls: &[B],
    ) -> Result<Self, TrustError> {
        let mut trust = Self {
            anchors: all(anchors, Certificate::read, TrustError::Anchor)?,
            intermediates: all(intermediates, Certificate::read, TrustError::Intermediate)?,
            crls: Vec::new(),
            responses: Vec::new(),
            memory: self.memory.as_ref().map(Memory::for_another_trust),
        };
        let certificates = trust.certificates();
        let read = |der: &[u8]| match self.large_list(der) {
            Some(known) => Ok(known),
            None => Crl::read_beside(der, &certificates, crl::SMALL).map(Arc::new),
        };
        let lists = all(crls, read, TrustError::Crl)?;
        trust.crls = lists;
        Ok(trust)
    }

    /// A large list with these octets that is kept without them.
    fn large_list(&self, der: &[u8]) -> Option<Arc<Crl>> {
        let mut compact = self.crls.iter().filter(|list| list.is_compact()).peekable();
        compact.peek().filter(|_| der.len() >= crl::SMALL)?;
        let sha256 = Digest::of(der);
        compact.find(|list| list.sha256() == sha256).cloned()
    }

    /// The anchors and nothing else: the trust of somebody who is told nothing. What
    /// is remembered of signatures saves time and changes no verdict.
    #[must_use]
    pub fn anchors_only(&self) -> Self {
        Self {
            anchors: self.anchors.clone(),
            intermediates: Vec::new(),
            crls: Vec::new(),
            responses: Vec::new(),
            memory: self.memory.as_ref().map(Memory::for_another_trust),
        }
    }

    /// The same trust without lists and answers.
    #[must_use]
    pub fn without_revocation_data(&self) -> Self {
        Self {
            intermediates: self.intermediates.clone(),
            ..self.anchors_only()
        }
    }

    /// All certificates at hand.
    pub(super) fn certificates(&self) -> Vec<&Certificate> {
        self.anchors.iter().chain(&self.intermediates).collect()
    }

    /// The same trust with these lists too. One that it has already is not added.
    #[must_use]
    pub fn with_lists(mut self, lists: &[RevocationList]) -> Self {
        self.memory = self.memory.as_ref().map(Memory::for_another_trust);
        for RevocationList(list) in lists {
            let sha256 = list.sha256();
            if !self.crls.iter().any(|known| known.sha256() == sha256) {
                self.crls.push(Arc::clone(list));
            }
        }
        self
    }

    /// The lists that the holder of this certificate issued and that are small
    /// enough to be laid beside a signature, in DER.
    #[must_use]
    pub fn lists_by(&self, issuer: &[u8]) -> Vec<Vec<u8>> {
        let Ok(issuer) = Certificate::read(issuer) else {
            return Vec::new();
        };
        let own = |list: &&Arc<Crl>| list.issuer().matches(issuer.subject());
        let lists = self.crls.iter().filter(own);
        lists
            .filter_map(|list| list.small_der())
            .map(<[u8]>::to_vec)
            .collect()
    }

    /// The same trust with each list in the form of large ones: without its
    /// octets, if one of the certificates at hand signed it. No verdict changes
    /// by it.
    #[must_use]
    pub fn compacted(mut self) -> Self {
        let certificates = self.certificates();
        let compact = |list: &Arc<Crl>| match list.compacted(&certificates) {
            Some(compact) => Arc::new(compact),
            None => Arc::clone(list),
        };
        let lists = self.crls.iter().map(compact).collect();
        self.crls = lists;
        self
    }

    /// The same trust with these answers of responders as further evidence.
    #[must_use]
    pub fn with_responses(mut self, responses: Vec<ocsp::Response>) -> Self {
        self.memory = self.memory.as_ref().map(Memory::for_another_trust);
        self.responses = responses;
        self
    }

    /// The same trust, with a memory of up to `capacity` signatures on
    /// certificates and lists that were seen to hold, and of an eighth as many
    /// certificates that were judged; clones share it. No verdict changes by it.
    #[must_use]
    pub fn remembering(mut self, capacity: usize) -> Self {
        self.memory = Some(Memory::new(capacity));
        self
    }

    /// The same trust, with the memory of signatures that `other` has: lists and
    /// anchors come and go, what was seen to hold does not. How certificates were
    /// judged with the lists of the other is not taken along.
    #[must_use]
    pub fn remembering_with(mut self, other: &Self) -> Self {
        self.memory = other.memory.as_ref().map(Memory::for_another_trust);
        self
    }

    /// The memory, where judgements may be kept: an answer of a responder is asked
    /// for one signature and soon too old for another.
    pub(super) fn memory_of_judgements(&self) -> Option<&Memory> {
        self.memory.as_ref().filter(|_| self.responses.is_empty())
    }
}

fn all<B: AsRef<[u8]>, T>(
    inputs: &[B],
    read: impl Fn(&[u8]) -> Result<T, Malformed>,
    error: fn(usize) -> TrustError,
) -> Result<Vec<T>, TrustError> {
    let numbered = inputs.iter().enumerate();
    numbered
        .map(|(place, der)| read(der.as_ref()).map_err(|_| error(place)))
        .collect()
}
