//! Signatures over a document, good and bad: each bad one under the row of the
//! list of refusals that it proves. They claim to be by `owner-1`.

use std::iter;

use ::der::asn1::ObjectIdentifier;
use chrono::Duration;
use kelisim::pki::{
    Authority, Extension, Identity, KeyKind, KeyUsage, Name, Organisation, Packaging, Person,
    SignedData, SignerInfo, SigningKey, Template, Validity, attributes, der, key_identifier, oid,
    pem, profile, sign,
};
use kelisim::pki::{Digest, Options};

use crate::material::{key, pki_of_today as pki, today as now};
use crate::openssl::{Folder, openssl};

/// A signature that must be refused, and how.
pub(crate) struct Case {
    /// The row of the list of refusals.
    pub(crate) row: u16,
    /// What is wrong with it.
    pub(crate) what: String,
    /// What is sent: DER, or text where the fault is in the text.
    pub(crate) signature: Vec<u8>,
    /// The main status due.
    pub(crate) indication: &'static str,
    /// The sub-indication due.
    pub(crate) code: &'static str,
}

const FAILED: &str = "TOTAL-FAILED";
const INDETERMINATE: &str = "INDETERMINATE";

/// Cases of one kind over a document.
type Group = fn(&[u8]) -> Vec<Case>;

/// Everything that must be refused as a signature over `document`.
pub(crate) fn cases(document: &[u8]) -> Vec<Case> {
    let groups: [Group; 6] = [
        shapeless,
        without_signature,
        broken,
        unknown_signers,
        untimely,
        constrained,
    ];
    groups.iter().flat_map(|group| group(document)).collect()
}

fn case(
    row: u16,
    what: impl Into<String>,
    (indication, code): (&'static str, &'static str),
    signature: Vec<u8>,
) -> Case {
    let what = what.into();
    Case {
        row,
        what,
        signature,
        indication,
        code,
    }
}

/// Somebody who can sign.
pub(crate) struct Signer {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: SigningKey,
}

/// `owner-1` with a spare key, certified by the issuing authority but for what
/// `change` changes.
pub(crate) fn signer(kind: KeyKind, change: impl FnOnce(&mut Template)) -> Signer {
    signer_under(&pki().issuing, kind, change)
}

fn signer_under(
    authority: &Authority,
    kind: KeyKind,
    change: impl FnOnce(&mut Template),
) -> Signer {
    let key = spare(kind);
    let certificate = certified(authority, key.public_key().unwrap(), change);
    Signer { certificate, key }
}

fn certified(
    authority: &Authority,
    public_key: Vec<u8>,
    change: impl FnOnce(&mut Template),
) -> Vec<u8> {
    let character = &person("owner-1").character;
    let mut template = profile(authority, character, public_key, &Options::default(), now());
    change(&mut template);
    template.sign(&authority.key).unwrap()
}

fn person(slug: &str) -> &'static Person {
    pki().person(slug).unwrap()
}

fn spare(kind: KeyKind) -> SigningKey {
    let name = match kind {
        KeyKind::Rsa2048 => "spare-rsa",
        KeyKind::EcdsaP256 => "spare-ecdsa",
        KeyKind::Rsa1024 => "spare-short",
    };
    key(name, kind)
}

impl Signer {
    /// What our own signer makes.
    pub(crate) fn signs(&self, document: &[u8]) -> Vec<u8> {
        let packaging = Packaging::Detached;
        sign(document, &self.certificate, &self.key, now(), packaging).unwrap()
    }

    /// What `openssl cms -sign` makes, with further options.
    pub(crate) fn signs_by_openssl(&self, document: &[u8], options: &str) -> Vec<u8> {
        let key = pem::encode(pem::PRIVATE_KEY, self.key.pkcs8());
        openssl_signs(&self.certificate, &key, document, options)
    }

    /// The parts of a good signature, to be spoilt.
    fn parts(&self, document: &[u8]) -> SignedData {
        let digest = self.key.digest();
        let attributes = attributes(document, &self.certificate, digest, now());
        let info = SignerInfo::signing(document, &self.certificate, &self.key, Some(attributes));
        SignedData {
            content: None,
            certificates: vec![self.certificate.clone()],
            signers: vec![info.unwrap()],
        }
    }

    /// A signature with some attributes left out, or with none at all.
    fn signs_with(&self, document: &[u8], keep: Option<&[ObjectIdentifier]>) -> Vec<u8> {
        let mut parts = self.parts(document);
        let mut kept = parts.signers[0].attributes.take();
        let keep = keep.map(<[ObjectIdentifier]>::to_vec);
        kept = keep.map(|keep| {
            kept.into_iter()
                .flatten()
                .filter(|attribute| keep.contains(&attribute.id))
                .collect()
        });
        let info = SignerInfo::signing(document, &self.certificate, &self.key, kept);
        parts.signers = vec![info.unwrap()];
        parts.encode()
    }
}

fn openssl_signs(certificate: &[u8], key: &str, document: &[u8], options: &str) -> Vec<u8> {
    let folder = Folder::new();
    folder.put("document", document);
    folder.put(
        "certificate.pem",
        pem::encode(pem::CERTIFICATE, certificate),
    );
    folder.put("key.pem", key);
    let files = "-in document -signer certificate.pem -inkey key.pem";
    let sign = format!("cms -sign -binary -outform DER -nosmimecap {files} {options}");
    openssl(&folder, &sign)
}

/// `owner-1` as the development PKI certified him.
pub(crate) fn owner() -> Signer {
    signer(KeyKind::EcdsaP256, |_| {})
}

/// Rows 1 to 4, 12 and 13: what is no signed data at all.
fn shapeless(document: &[u8]) -> Vec<Case> {
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
fn without_signature(document: &[u8]) -> Vec<Case> {
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
fn broken(document: &[u8]) -> Vec<Case> {
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

/// Rows 15 to 17: nobody we know signed.
fn unknown_signers(document: &[u8]) -> Vec<Case> {
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
    let issuing = &pki().issuing;
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
    stranger.certificate = pki().issuing.certificate.clone();
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
fn untimely(document: &[u8]) -> Vec<Case> {
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

/// Rows 26 to 31, 36, 86 and 88: what may not count although it verifies.
fn constrained(document: &[u8]) -> Vec<Case> {
    [weak, unfit, unbound]
        .iter()
        .flat_map(|group| group(document))
        .collect()
}

/// Rows 26 and 27: algorithms and keys that are too weak.
fn weak(document: &[u8]) -> Vec<Case> {
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
    let certificate = certified(&pki().issuing, public_key, |_| {});
    openssl_signs(
        &certificate,
        std::str::from_utf8(&key).unwrap(),
        document,
        "-cades",
    )
}

/// Rows 28 to 30: certificates for something else.
fn unfit(document: &[u8]) -> Vec<Case> {
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
    let organisation: Option<Organisation> = organisation;
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
fn unbound(document: &[u8]) -> Vec<Case> {
    let unbound = (INDETERMINATE, "SIG_CONSTRAINTS_FAILURE");
    let owner = owner();
    let unnamed = [oid::CONTENT_TYPE, oid::SIGNING_TIME, oid::MESSAGE_DIGEST];
    vec![
        case(
            31,
            "no signed attributes",
            unbound,
            owner.signs_with(document, None),
        ),
        case(
            31,
            "the same by openssl",
            unbound,
            owner.signs_by_openssl(document, "-noattr"),
        ),
        case(
            36,
            "no signing certificate",
            unbound,
            owner.signs_with(document, Some(&unnamed)),
        ),
        case(
            36,
            "the same by openssl",
            unbound,
            owner.signs_by_openssl(document, ""),
        ),
        case(
            86,
            "attributes passed off as content",
            unbound,
            attributes_as_content().encode(),
        ),
        case(
            88,
            "another certificate of the same key",
            unbound,
            substituted(document),
        ),
        case(
            88,
            "the same by openssl",
            unbound,
            substituted_by_openssl(document),
        ),
    ]
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
