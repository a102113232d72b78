//! Material for tests of this crate: proofs made without a signature.

pub(crate) mod der;
pub(crate) mod key;
pub(crate) mod message;
pub(crate) mod national;
pub(crate) mod pki;
pub(crate) mod responder;
pub(crate) mod scene;
pub(crate) mod stamper;
pub(crate) mod xml;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    Digest, Iin, Indication, KeyUse, Moment, Names, Policy, Received, Report, Role, Signer,
    SignerKind, Verified, certificate::Certificate,
};

/// A signature of the person `iin` as if it had been received and its evidence
/// were still to come.
#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the rules")
)]
pub(crate) fn received(iin: &str, content_digest: Digest, at: DateTime<Utc>) -> Received {
    Received(verified(iin, content_digest, at))
}

/// A proof that the person `iin` signed the content with `content_digest`, as if
/// it had been verified; for tests of rules that take a proof.
#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the rules")
)]
pub(crate) fn verified(iin: &str, content_digest: Digest, signed_at: DateTime<Utc>) -> Verified {
    Verified {
        signer: Arc::new(Signer {
            iin: Some(Iin::parse(iin).expect("a valid IIN")),
            bin: None,
            names: Names {
                common: "ТЕСТОВ ТЕСТ".to_owned(),
                ..Names::default()
            },
            kind: SignerKind::Person,
            roles: vec![Role::Individual],
            key_use: KeyUse::SignAndAuthenticate,
        }),
        content_digest,
        certificate: Certificate::read(&scene::issue(&scene::person())).expect("a certificate"),
        signed_at,
        report: Report {
            indication: Indication::TotalPassed,
            sub_indication: None,
            reason: None,
            checks: Vec::new(),
            remarks: Vec::new(),
            certificates: Vec::new(),
            revocation: Vec::new(),
            moment: Moment::at(signed_at),
            signed_at,
            time_stamps: Vec::new(),
            claimed_signing_time: None,
            message_digest: None,
            policy: Policy::national().id().to_owned(),
            policy_hash: *Policy::national().hash(),
        },
    }
}
