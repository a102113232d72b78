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

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};

use super::{
    Bin, Digest, Iin, Indication, KeyUse, Moment, Names, Policy, Received, Report, Role, Signer,
    SignerKind, Verified, certificate::Certificate,
};

/// What every proof that is made here carries, whoever signed: making one takes
/// longer than judging what it proves.
static CERTIFICATE: LazyLock<Certificate> =
    LazyLock::new(|| Certificate::read(&scene::issue(&scene::person())).expect("a certificate"));

/// Whom a certificate of the person `iin` names.
pub(crate) fn person(iin: &str) -> Signer {
    Signer {
        iin: Some(Iin::parse(iin).expect("a valid IIN")),
        bin: None,
        names: Names {
            common: "ТЕСТОВ ТЕСТ".to_owned(),
            ..Names::default()
        },
        kind: SignerKind::Person,
        roles: vec![Role::Individual],
        key_use: KeyUse::SignAndAuthenticate,
    }
}

/// Whom a certificate of an information system of the person `iin` names.
pub(crate) fn system_of(iin: &str) -> Signer {
    Signer {
        roles: vec![Role::Individual, Role::IndividualSystem],
        ..person(iin)
    }
}

/// Whom a certificate of the organisation `bin` names for the person `iin`, with
/// these roles beside that of a legal entity.
pub(crate) fn member(iin: &str, bin: &str, roles: &[Role]) -> Signer {
    Signer {
        bin: Some(Bin::parse(bin).expect("a valid BIN")),
        kind: SignerKind::Organisation,
        roles: [&[Role::LegalEntity], roles].concat(),
        ..person(iin)
    }
}

/// A signature of the person `iin` as if it had been received and its evidence
/// were still to come.
pub(crate) fn received(iin: &str, content_digest: Digest, at: DateTime<Utc>) -> Received {
    received_from(person(iin), content_digest, at)
}

/// A proof that the person `iin` signed the content with `content_digest`, as if
/// it had been verified; for tests of rules that take a proof.
pub(crate) fn verified(iin: &str, content_digest: Digest, signed_at: DateTime<Utc>) -> Verified {
    verified_from(person(iin), content_digest, signed_at)
}

/// As [`received`], from whomever.
pub(crate) fn received_from(signer: Signer, digest: Digest, at: DateTime<Utc>) -> Received {
    Received(verified_from(signer, digest, at))
}

/// As [`verified`], from whomever.
pub(crate) fn verified_from(
    signer: Signer,
    content_digest: Digest,
    signed_at: DateTime<Utc>,
) -> Verified {
    Verified {
        signer: Arc::new(signer),
        content_digest,
        certificate: CERTIFICATE.clone(),
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
