//! What is no signature, or no longer the one that was made.

use std::iter;

use kelisim::pki::{Digest, KeyKind, der, pem};

use super::{Case, FAILED, case, owner, person, signer};
use crate::openssl::{Folder, openssl};

/// Rows 1 to 4, 12 and 13: what is no signed data at all.
pub(super) fn shapeless(document: &[u8]) -> Vec<Case> {
    let format = (FAILED, "FORMAT_FAILURE");
    let good = owner().signs(document);
    let block = pem::encode("CMS", &good);
    let noise = iter::successors(Some(b"noise".to_vec()), |last| {
        Some(Digest::Sha256.of(last))
    });
    let noise = noise.skip(1).take(32).flatten().collect();
    let mut found = vec![
        case(1, "empty", format, Vec::new()),
        case(1, "not base64", format, "қолтаңба!".as_bytes().to_vec()),
        case(2, "random kilobyte", format, noise),
        case(3, "two pem blocks", format, block.repeat(2).into_bytes()),
        case(
            13,
            "an octet after it",
            format,
            [good.as_slice(), &[0]].concat(),
        ),
        case(13, "itself again after it", format, good.repeat(2)),
    ];
    let folder = Folder::new();
    folder.put("document", document);
    let recipient = &person("owner-2").certificate;
    folder.put("recipient.pem", pem::encode(pem::CERTIFICATE, recipient));
    for (what, options) in [
        ("data", "-data_create"),
        ("digested data", "-digest_create"),
        ("enveloped data", "-encrypt -aes256 -recip recipient.pem"),
    ] {
        let made = openssl(&folder, &format!("cms {options} -in document -outform DER"));
        found.push(case(4, what, format, made));
    }
    let lengths = (1..good.len()).step_by(97);
    found.extend(lengths.map(|at| case(12, format!("cut at {at}"), format, good[..at].to_vec())));
    found
}

/// Rows 5 and 6: signed data that nobody signed.
pub(super) fn without_signature(document: &[u8]) -> Vec<Case> {
    let none = (FAILED, "NO_SIGNATURE_FOUND");
    let mut parts = owner().parts(document);
    parts.signers.clear();
    let folder = Folder::new();
    folder.put(
        "owner.pem",
        pem::encode(pem::CERTIFICATE, &owner().certificate),
    );
    let store = openssl(&folder, "crl2pkcs7 -nocrl -certfile owner.pem -outform DER");
    vec![
        case(5, "nobody signed", none, parts.encode()),
        case(6, "certificates only", none, store),
    ]
}

/// Rows 7, 8 and 10: what was signed, or the signature, is not what it was.
pub(super) fn broken(document: &[u8]) -> Vec<Case> {
    let mut other = document.to_vec();
    other[document.len() / 2] ^= 1;
    let mut found = Vec::new();
    for kind in [KeyKind::Rsa2048, KeyKind::EcdsaP256] {
        let signer = signer(kind, |_| {});
        let hash = (FAILED, "HASH_FAILURE");
        found.push(case(
            7,
            "one bit of the document",
            hash,
            signer.signs(&other),
        ));
        let made = signer.signs_by_openssl(&other, "-cades");
        found.push(case(7, "one bit of the document, by openssl", hash, made));
        let parts = signer.parts(document);
        let value = parts.signers[0].signature.clone();
        for (row, what, value) in values(kind, value) {
            let mut parts = parts.clone();
            parts.signers[0].signature = value;
            let what = format!("{kind:?}: {what}");
            found.push(case(
                row,
                what,
                (FAILED, "SIG_CRYPTO_FAILURE"),
                parts.encode(),
            ));
        }
    }
    found
}

/// Wrong signature values in place of a good one.
fn values(kind: KeyKind, good: Vec<u8>) -> Vec<(u16, &'static str, Vec<u8>)> {
    let mut flipped = good.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    let mut found = vec![
        (8, "one bit of the signature", flipped),
        (10, "empty", Vec::new()),
        (10, "one octet short", good[..last].to_vec()),
        (10, "one octet long", [good.as_slice(), &[0]].concat()),
        (10, "all zero", vec![0; good.len()]),
    ];
    if kind == KeyKind::EcdsaP256 {
        let pair = |r: &[u8], s: &[u8]| der::sequence([der::unsigned(r), der::unsigned(s)]);
        found.push((10, "r and s zero", pair(&[0], &[0])));
        found.push((10, "r zero", pair(&[0], &[1])));
        found.push((10, "s zero", pair(&[1], &[0])));
        found.push((
            10,
            "r and s the order",
            pair(&ORDER_OF_P256, &ORDER_OF_P256),
        ));
    }
    found
}

const ORDER_OF_P256: [u8; 32] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
];
