//! Real certificates, revocation lists and a known answer of the national authority.
//!
//! They lie beside the repository and are not part of it; where they are absent the
//! tests say so and pass.

use std::collections::BTreeMap;
use std::fs;

use x509_parser::prelude::{
    CertificateRevocationList, FromDer, SubjectPublicKeyInfo, X509Certificate,
};

use super::{hex, reversed, reversed_pair};
use crate::eds::Oid;
use crate::eds::gost::signing::SigningKey;
use crate::eds::gost::{Algorithm, Hash, PublicKey, Refusal};
use crate::eds::testing::national::{folder, object};

#[track_caller]
fn certificate(octets: &[u8]) -> X509Certificate<'_> {
    X509Certificate::from_der(octets).unwrap().1
}

fn oid(oid: &x509_parser::der_parser::Oid<'_>) -> Oid {
    Oid::from_octets(oid.as_bytes()).unwrap()
}

/// The key, its parameters and the inner OCTET STRING.
#[track_caller]
fn key(spki: &SubjectPublicKeyInfo<'_>) -> PublicKey {
    let parameters = spki.algorithm.parameters.as_ref().unwrap();
    let parameters = parameters.as_sequence().unwrap();
    let (curve, rest) = taken_oid(&parameters.content);
    let (digest, _) = taken_oid(rest);
    let octets = octet_string(&spki.subject_public_key.data);
    PublicKey::from_spki_parts(
        &oid(&spki.algorithm.algorithm),
        &Oid::from_octets(curve).unwrap(),
        &Oid::from_octets(digest).unwrap(),
        octets,
    )
    .unwrap()
}

/// The contents of an OBJECT IDENTIFIER of a short length, and what follows it.
fn taken_oid(octets: &[u8]) -> (&[u8], &[u8]) {
    assert_eq!(octets[0], 6);
    octets[2..].split_at(usize::from(octets[1]))
}

/// The contents of an OCTET STRING that fills its container.
fn octet_string(octets: &[u8]) -> &[u8] {
    match octets {
        [0x04, 0x81, 0x80, octets @ ..] | [0x04, 0x40, octets @ ..] => octets,
        _ => panic!("no octet string of a known length"),
    }
}

/// The signature holds, and no longer if a bit of the message is flipped.
#[track_caller]
fn holds(issuer: &PublicKey, named: &Oid, message: &[u8], signature: &[u8]) {
    assert_eq!(Algorithm::of_signature(named), Some(issuer.algorithm()));
    assert_eq!(issuer.verify(message, signature), Ok(()));
    let mut tampered = message.to_vec();
    tampered[message.len() / 2] ^= 0x10;
    assert_eq!(issuer.verify(&tampered, signature), Err(Refusal::Mismatch));
}

#[track_caller]
fn certificate_is_signed_by(subject: &str, issuer: &str) {
    let (Some(subject), Some(issuer)) = (object(subject), object(issuer)) else {
        return;
    };
    let (subject, issuer) = (certificate(&subject), certificate(&issuer));
    assert_eq!(subject.issuer().as_raw(), issuer.subject().as_raw());
    holds(
        &key(issuer.public_key()),
        &oid(&subject.signature_algorithm.algorithm),
        subject.tbs_certificate.as_ref(),
        &subject.signature_value.data,
    );
}

#[test]
fn the_production_authorities_are_signed_as_issued() {
    for (subject, issuer) in [
        ("root_gost_2022.pem", "root_gost_2022.pem"),
        ("nca_gost_2022.pem", "root_gost_2022.pem"),
        ("root_gost_2020.cer", "root_gost_2020.cer"),
        ("btsd_gost.cer", "root_gost_2020.cer"),
        ("ucgo_gost.cer", "root_gost_2020.cer"),
        ("root_gost.pem", "root_gost.pem"),
        ("nca_gost.pem", "root_gost.pem"),
    ] {
        certificate_is_signed_by(&format!("ca-prod/{subject}"), &format!("ca-prod/{issuer}"));
    }
}

#[test]
fn the_test_authorities_and_their_subjects_are_signed_as_issued() {
    for (subject, issuer) in [
        (
            "ca-test/root_test_gost_2022.cer",
            "ca-test/root_test_gost_2022.cer",
        ),
        (
            "ca-test/nca_gost2022_test.cer",
            "ca-test/root_test_gost_2022.cer",
        ),
        ("cms/individual_signer.cer", "ca-test/nca_gost2022_test.cer"),
        (
            "users/ceo_valid_sign_2004_gost.cer",
            "ca-test/nca_gost_test.crt",
        ),
    ] {
        certificate_is_signed_by(subject, issuer);
    }
}

#[test]
fn the_revocation_lists_are_signed_by_their_authorities() {
    for (list, issuer) in [
        ("crl/nca_gost2022_test.crl", "ca-test/nca_gost2022_test.cer"),
        (
            "crl/nca_gost2022_d_test.crl",
            "ca-test/nca_gost2022_test.cer",
        ),
        ("crl/nca_gost_test.crl", "ca-test/nca_gost_test.crt"),
    ] {
        let (Some(list), Some(issuer)) = (object(list), object(issuer)) else {
            return;
        };
        let (_, list) = CertificateRevocationList::from_der(&list).unwrap();
        holds(
            &key(certificate(&issuer).public_key()),
            &oid(&list.signature_algorithm.algorithm),
            list.tbs_cert_list.as_ref(),
            &list.signature_value.data,
        );
    }
}

#[test]
fn the_known_answer_holds_and_its_key_makes_it() {
    let Some(folder) = folder() else { return };
    let text =
        fs::read_to_string(folder.join("eds/vectors/ncalayer-rs_test_gost512.vectors")).unwrap();
    let value: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    let digest = Hash::Streebog512.digest(value["msg"].as_bytes());
    assert_eq!(digest.as_ref(), hex(value["digest"]));

    let spki = hex(value["spki"]);
    let public = key(&SubjectPublicKeyInfo::from_der(&spki).unwrap().1);
    assert_eq!(
        public.verify(value["msg"].as_bytes(), &hex(value["sig"])),
        Ok(())
    );
    assert_eq!(
        public.verify(&hex(value["cert_tbs"]), &hex(value["cert_sig"])),
        Ok(())
    );

    let private = SigningKey::new(public.algorithm(), &reversed(value["d"])).unwrap();
    assert_eq!(
        private.public_octets(),
        reversed_pair(value["qx"], value["qy"])
    );
}
