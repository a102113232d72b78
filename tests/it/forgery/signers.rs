//! Signers whom nobody vouches for, or not at that time.

use chrono::Duration;
use kelisim::pki::{
    Authority, Extension, KeyKind, Name, Options, Packaging, Validity, key_identifier, profile,
    sign,
};

use super::{
    Case, FAILED, INDETERMINATE, Signer, case, owner, person, signer, signer_under, spare,
};
use crate::material::{key, pki_of_today as pki, today as now};

/// Rows 15 to 17: nobody we know signed.
pub(super) fn unknown_signers(document: &[u8]) -> Vec<Case> {
    let no_path = (INDETERMINATE, "NO_CERTIFICATE_CHAIN_FOUND");
    let absent = (INDETERMINATE, "NO_SIGNING_CERTIFICATE_FOUND");
    let mut parts = owner().parts(document);
    parts.certificates.clear();
    let bare = parts.encode();
    let mut parts = owner().parts(document);
    parts.certificates = vec![person("owner-2").certificate.clone()];
    let openssl_bare = owner().signs_by_openssl(document, "-cades -nocerts");

    let stranger = stranger();
    let foreign = signer_under(&stranger, KeyKind::EcdsaP256, |_| {});
    let mut escorted = foreign.parts(document);
    escorted.certificates.push(stranger.certificate.clone());
    vec![
        case(15, "no certificate", absent, bare),
        case(15, "no certificate, by openssl", absent, openssl_bare),
        case(15, "another's certificate", absent, parts.encode()),
        case(16, "self-signed", no_path, self_signed().signs(document)),
        case(17, "a foreign root", no_path, foreign.signs(document)),
        case(
            17,
            "a foreign root brought along",
            no_path,
            escorted.encode(),
        ),
        case(
            17,
            "a foreign root of the same name",
            no_path,
            impostor().signs(document),
        ),
    ]
}

fn self_signed() -> Signer {
    let key = spare(KeyKind::EcdsaP256);
    let character = &person("owner-1").character;
    let public_key = key.public_key().unwrap();
    let issuing = &pki().rsa.issuing;
    let mut template = profile(issuing, character, public_key, &Options::default(), now());
    template.issuer = Name::person(&character.identity).encode();
    let own = key_identifier(&template.public_key);
    template.set(Extension::authority_key_identifier(&own));
    Signer {
        certificate: template.sign(&key).unwrap(),
        key,
    }
}

fn stranger() -> Authority {
    let name = Name::authority("БӨГДЕ ОРТАЛЫҚ");
    Authority::root(&name, of_authority(), key("stranger", KeyKind::Rsa2048)).unwrap()
}

/// Certified by somebody who calls himself as our issuing authority does.
fn impostor() -> Signer {
    let mut stranger = stranger();
    stranger.certificate = pki().rsa.issuing.certificate.clone();
    let impostor = Authority::new(stranger.certificate, stranger.key).unwrap();
    signer_under(&impostor, KeyKind::EcdsaP256, |_| {})
}

fn of_authority() -> Validity {
    Validity {
        from: now() - Duration::days(1000),
        until: now() + Duration::days(1000),
    }
}

/// Rows 19, 21 and 22: certificates out of their time.
pub(super) fn untimely(document: &[u8]) -> Vec<Case> {
    let expired = signer(KeyKind::EcdsaP256, |template| {
        template.validity.from = now() - Duration::days(400);
        template.validity.until = now() - Duration::days(35);
    });
    let early = signer(KeyKind::EcdsaP256, |template| {
        template.validity.from = now() + Duration::days(1);
    });
    let person = person("owner-revoked");
    let packaging = Packaging::Detached;
    let revoked = sign(document, &person.certificate, &person.key, now(), packaging).unwrap();
    vec![
        case(
            19,
            "expired before",
            (FAILED, "EXPIRED"),
            expired.signs(document),
        ),
        case(
            21,
            "not yet valid",
            (FAILED, "NOT_YET_VALID"),
            early.signs(document),
        ),
        case(22, "revoked before", (FAILED, "REVOKED"), revoked),
    ]
}
