//! Signatures that verify and yet may not count.

use kelisim::pki::{
    Extension, Identity, KeyKind, KeyUsage, Name, SignedData, SignerInfo, Template, der,
    key_identifier, oid,
};

use super::{Case, INDETERMINATE, Signer, case, certified, openssl_signs, owner, person, signer};
use crate::material::pki_of_today as pki;
use crate::openssl::{Folder, openssl};

/// Rows 26 and 27: algorithms and keys that are too weak.
pub(super) fn weak(document: &[u8]) -> Vec<Case> {
    let weak = (INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
    let rsa = signer(KeyKind::Rsa2048, |_| {});
    let sha1 = Signer {
        certificate: rsa.certificate.clone(),
        key: rsa.key.with_sha1().unwrap(),
    };
    let short = signer(KeyKind::Rsa1024, |_| {});
    vec![
        case(26, "sha-1", weak, sha1.signs(document)),
        case(
            26,
            "md5, by openssl",
            weak,
            rsa.signs_by_openssl(document, "-cades -md md5"),
        ),
        case(27, "rsa of 1024 bits", weak, short.signs(document)),
        case(
            27,
            "curve p-192, by openssl",
            weak,
            signed_on_p192(document),
        ),
    ]
}

fn signed_on_p192(document: &[u8]) -> Vec<u8> {
    let folder = Folder::new();
    let key = openssl(&folder, "ecparam -name prime192v1 -genkey -noout");
    folder.put("key.pem", &key);
    let public_key = openssl(&folder, "pkey -in key.pem -pubout -outform DER");
    let certificate = certified(&pki().rsa.issuing, public_key, |_| {});
    openssl_signs(
        &certificate,
        std::str::from_utf8(&key).unwrap(),
        document,
        "-cades",
    )
}

/// Rows 28 to 30: certificates for something else.
pub(super) fn unfit(document: &[u8]) -> Vec<Case> {
    let unfit = (INDETERMINATE, "CHAIN_CONSTRAINTS_FAILURE");
    let changed = |change: fn(&mut Template)| signer(KeyKind::EcdsaP256, change).signs(document);
    vec![
        case(28, "a login key", unfit, changed(for_login)),
        case(
            29,
            "in the name of an organisation",
            unfit,
            changed(for_organisation),
        ),
        case(
            30,
            "another extended key usage",
            unfit,
            changed(|template| {
                template.set(Extension::extended_key_usage(&[
                    oid::CLIENT_AUTH,
                    oid::ROLE_INDIVIDUAL,
                ]));
            }),
        ),
        case(
            30,
            "another policy",
            unfit,
            changed(|template| {
                template.set(Extension::certificate_policy(
                    &oid::POLICY_ROOT,
                    "http://root.gov.kz/cps",
                ));
            }),
        ),
    ]
}

fn for_login(template: &mut Template) {
    let usages = [KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment];
    template.set(Extension::key_usage(&usages));
}

fn for_organisation(template: &mut Template) {
    let own = person("owner-1").character.identity.clone();
    let organisation = person("organisation")
        .character
        .identity
        .organisation
        .clone();
    template.subject = Name::person(&Identity {
        organisation,
        ..own
    });
    let roles = [
        oid::EMAIL_PROTECTION,
        oid::ROLE_LEGAL_ENTITY,
        oid::ROLE_HEAD,
    ];
    template.set(Extension::extended_key_usage(&roles));
}

/// Rows 31, 36, 86 and 88: signatures that do not bind document or signer.
pub(super) fn unbound(document: &[u8]) -> Vec<Case> {
    let owner = owner();
    let unnamed = [oid::CONTENT_TYPE, oid::SIGNING_TIME, oid::MESSAGE_DIGEST];
    let bare = owner.signs_with(document, None);
    let openssl_bare = owner.signs_by_openssl(document, "-noattr");
    let nameless = owner.signs_with(document, Some(&unnamed));
    let openssl_nameless = owner.signs_by_openssl(document, "");
    let content = attributes_as_content().encode();
    [
        (31, "no signed attributes", bare),
        (31, "no signed attributes, by openssl", openssl_bare),
        (36, "no signing certificate", nameless),
        (36, "no signing certificate, by openssl", openssl_nameless),
        (86, "attributes passed off as content", content),
        (
            88,
            "another certificate of the same key",
            substituted(document),
        ),
        (
            88,
            "signed for a key, by openssl",
            substituted_by_openssl(document),
        ),
    ]
    .map(|(row, what, made)| case(row, what, (INDETERMINATE, "SIG_CONSTRAINTS_FAILURE"), made))
    .into()
}

/// Row 86: somebody's signed attributes, sent on as a document signed without any.
pub(crate) fn attributes_as_content() -> SignedData {
    let owner = owner();
    let mut parts = owner.parts(b"something else entirely");
    let info = &mut parts.signers[0];
    let attributes = info.attributes.take().unwrap();
    parts.content = Some(der::set_of(
        attributes.iter().map(|it| it.encode()).collect(),
    ));
    parts
}

/// Row 88: the signer is named by the key alone, so the certificate can be
/// exchanged for another of the same key.
fn substituted(document: &[u8]) -> Vec<u8> {
    let owner = owner();
    let mut parts = owner.parts(document);
    let unnamed = parts.signers[0].attributes.take().into_iter().flatten();
    let unnamed = unnamed
        .filter(|attribute| attribute.id != oid::SIGNING_CERTIFICATE_V2)
        .collect();
    let info = SignerInfo::signing(document, &owner.certificate, &owner.key, Some(unnamed));
    let identifier = key_identifier(&owner.key.public_key().unwrap());
    let identifier = der::context_primitive(0, &identifier);
    parts.signers = vec![SignerInfo {
        version: 3,
        identifier,
        ..info.unwrap()
    }];
    parts.certificates = vec![
        signer(KeyKind::EcdsaP256, |template| {
            template.subject = Name::person(&person("owner-2").character.identity);
            template.serial = vec![0x55; 20];
        })
        .certificate,
    ];
    parts.encode()
}

fn substituted_by_openssl(document: &[u8]) -> Vec<u8> {
    let signed = signer(KeyKind::EcdsaP256, |template| {
        template.serial = vec![0x56; 20]
    });
    signed.signs_by_openssl(document, "-keyid")
}
