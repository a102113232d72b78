//! The development PKI: judged by `openssl`, and field by field against the
//! profile of the national authority.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use chrono::Duration;
use kelisim::domain::Rka;
use kelisim::eds::{Bin, Iin};
use kelisim::pki::{
    Character, Directory, Existing, Packaging, Part, Person, Purpose, Standing, pem, sign,
};
use ring::rand::SystemRandom;
use x509_parser::prelude::{
    FromDer, GeneralName, ParsedExtension, PolicyInformation, X509Certificate, X509Extension,
    X509Version,
};

use crate::material::{now, person, pki};
use crate::openssl::{Folder, as_of, openssl, run};

const SIGNING: &[&str] = &["resident-1", "resident-2", "owner-1", "owner-2", "owner-3"];

/// The authorities' files as `openssl` wants them.
fn authorities() -> Folder {
    let folder = Folder::new();
    folder.put(
        "root.pem",
        pem::encode(pem::CERTIFICATE, &pki().root.certificate),
    );
    folder.put(
        "issuing.pem",
        pem::encode(pem::CERTIFICATE, &pki().issuing.certificate),
    );
    let both = [&pki().root, &pki().issuing].map(|authority| &authority.certificate);
    let both = both.map(|certificate| pem::encode(pem::CERTIFICATE, certificate));
    folder.put("authorities.pem", both.concat());
    let lists = [&pki().root_crl, &pki().issuing_crl];
    let lists = lists.map(|list| pem::encode("X509 CRL", list)).concat();
    folder.put("lists.pem", lists);
    folder
}

/// What `openssl verify` says with revocation checked along the whole path.
fn judged(person: &Person) -> Output {
    let folder = authorities();
    folder.put(
        "person.pem",
        pem::encode(pem::CERTIFICATE, &person.certificate),
    );
    let path = "-CAfile root.pem -untrusted issuing.pem";
    let checks = "-crl_check_all -CRLfile lists.pem -x509_strict -check_ss_sig";
    run(
        &folder,
        &format!("verify {path} {checks} {} person.pem", as_of(now())),
    )
}

#[track_caller]
fn refused(slug: &str, reason: &str) {
    let output = judged(person(slug));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{slug} passed");
    assert!(errors.contains(reason), "{slug}: {errors}");
}

#[test]
fn openssl_accepts_every_certificate_that_is_valid() {
    for person in &pki().people {
        if person.character.standing == Standing::Valid {
            let output = judged(person);
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success(),
                "{}: {errors}",
                person.character.slug
            );
        }
    }
}

#[test]
fn openssl_refuses_the_expired_certificate() {
    refused("owner-expired", "certificate has expired");
}

#[test]
fn openssl_refuses_the_revoked_certificate() {
    refused("owner-revoked", "certificate revoked");
}

#[test]
fn openssl_verifies_both_revocation_lists() {
    let folder = authorities();
    for (list, issuer) in [(&pki().root_crl, "root"), (&pki().issuing_crl, "issuing")] {
        folder.put("list.crl", list);
        let arguments = format!("crl -inform DER -in list.crl -noout -CAfile {issuer}.pem");
        let output = run(&folder, &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("verify OK"), "{issuer}: {said}");
    }
}

#[track_caller]
fn cms_holds(slug: &str, packaging: Packaging) {
    let (folder, signer, document) = (authorities(), person(slug), "Құжат: келісім беремін");
    let (key, certificate) = (&signer.key, &signer.certificate);
    let signature = sign(document.as_bytes(), certificate, key, now(), packaging).unwrap();
    folder.put("signature.der", &signature);
    folder.put("document", document);
    let content = match packaging {
        Packaging::Detached => "-content document",
        Packaging::Attached => "",
    };
    let trust = "-CAfile authorities.pem -purpose any";
    let verify = "cms -verify -cades -binary -inform DER -in signature.der";
    let moment = as_of(now());
    let seen = openssl(&folder, &format!("{verify} {content} {trust} {moment}"));
    assert_eq!(seen, document.as_bytes());
}

#[test]
fn openssl_verifies_our_detached_signatures() {
    SIGNING
        .iter()
        .for_each(|slug| cms_holds(slug, Packaging::Detached));
}

#[test]
fn openssl_verifies_our_attached_signatures() {
    SIGNING
        .iter()
        .for_each(|slug| cms_holds(slug, Packaging::Attached));
}

#[test]
fn openssl_refuses_our_signature_over_another_document() {
    let (folder, signer) = (authorities(), person("owner-1"));
    let (key, certificate) = (&signer.key, &signer.certificate);
    let signature = sign(b"this", certificate, key, now(), Packaging::Detached).unwrap();
    folder.put("signature.der", &signature);
    folder.put("document", "that");
    let verify = "cms -verify -binary -inform DER -in signature.der -content document";
    let output = run(&folder, &format!("{verify} -noverify"));
    assert!(!output.status.success());
}

#[test]
fn subjects_follow_the_national_order_and_string_types() {
    for person in &pki().people {
        let read = parsed(person);
        let attributes: Vec<(String, u32, String)> = read
            .subject()
            .iter_attributes()
            .map(|attribute| {
                let value = attribute.attr_value();
                let text = std::str::from_utf8(value.data).unwrap().to_owned();
                (attribute.attr_type().to_id_string(), value.tag().0, text)
            })
            .collect();
        assert_eq!(
            attributes,
            subject(&person.character),
            "{}",
            person.character.slug
        );
    }
}

fn subject(character: &Character) -> Vec<(String, u32, String)> {
    const UTF8: u32 = 12;
    const PRINTABLE: u32 = 19;
    let identity = &character.identity;
    let common = format!("{} {}", identity.surname, identity.given_name);
    let mut expected = vec![
        ("2.5.4.3", UTF8, common),
        ("2.5.4.4", UTF8, identity.surname.clone()),
        ("2.5.4.5", PRINTABLE, format!("IIN{}", identity.iin)),
        ("2.5.4.6", PRINTABLE, "KZ".to_owned()),
    ];
    if let Some(organisation) = &identity.organisation {
        expected.push(("2.5.4.10", UTF8, organisation.name.clone()));
        expected.push(("2.5.4.11", UTF8, format!("BIN{}", organisation.bin)));
    }
    expected.extend(
        identity
            .patronymic
            .clone()
            .map(|name| ("2.5.4.42", UTF8, name)),
    );
    expected
        .into_iter()
        .map(|(id, tag, text)| (id.to_owned(), tag, text))
        .collect()
}

#[test]
fn extensions_follow_the_national_profile() {
    for person in &pki().people {
        let found = extensions(&parsed(person));
        assert_eq!(
            found,
            expected(&person.character),
            "{}",
            person.character.slug
        );
    }
}

fn parsed(person: &Person) -> X509Certificate<'_> {
    let (rest, read) = X509Certificate::from_der(&person.certificate).unwrap();
    assert!(rest.is_empty());
    read
}

/// Each extension in a line, those that hold keys left out.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "another crate's enum: what is not named here fails the comparison"
)]
fn extensions(certificate: &X509Certificate<'_>) -> Vec<String> {
    let lines = certificate.extensions().iter().map(|extension| {
        let critical = if extension.critical { " critical" } else { "" };
        let value = match extension.parsed_extension() {
            ParsedExtension::KeyUsage(usage) => format!("usage {:#b}", usage.flags),
            ParsedExtension::ExtendedKeyUsage(purposes) => {
                let other = purposes.other.iter().map(|id| id.to_id_string());
                let known = [
                    (purposes.client_auth, "client"),
                    (purposes.email_protection, "mail"),
                ];
                let known = known.into_iter().filter(|(set, _)| *set);
                let known = known.map(|(_, name)| name.to_owned());
                format!(
                    "purposes {}",
                    known.chain(other).collect::<Vec<_>>().join(" ")
                )
            }
            ParsedExtension::CertificatePolicies(policies) => policy(policies),
            ParsedExtension::CRLDistributionPoints(points) => format!("crl {points:?}")
                .split('"')
                .nth(1)
                .map(|at| format!("crl {at}"))
                .unwrap(),
            ParsedExtension::AuthorityInfoAccess(access) => {
                let places = access
                    .accessdescs
                    .iter()
                    .map(|place| match &place.access_location {
                        GeneralName::URI(at) => format!("{} {at}", place.access_method),
                        other => format!("{other:?}"),
                    });
                places.collect::<Vec<_>>().join(", ")
            }
            ParsedExtension::SubjectKeyIdentifier(_) => "subject key".to_owned(),
            ParsedExtension::AuthorityKeyIdentifier(_) => "authority key".to_owned(),
            other => {
                format!("{} {:02X?}", extension.oid, extension.value)
                    + if matches!(other, ParsedExtension::UnsupportedExtension { .. }) {
                        ""
                    } else {
                        "?"
                    }
            }
        };
        format!("{value}{critical}")
    });
    lines.collect()
}

fn policy(policies: &[PolicyInformation<'_>]) -> String {
    let policies = policies.iter().map(|policy| {
        let qualifiers = policy.policy_qualifiers.as_deref().unwrap_or_default();
        let qualifiers = qualifiers.iter().map(|qualifier| {
            let text = String::from_utf8_lossy(qualifier.qualifier);
            let address = text.find("http").map(|at| text[at..].to_owned());
            format!(
                " {} {}",
                qualifier.policy_qualifier_id,
                address.unwrap_or_default()
            )
        });
        format!(
            "policy {}{}",
            policy.policy_id,
            qualifiers.collect::<String>()
        )
    });
    policies.collect::<Vec<_>>().join(", ")
}

fn expected(character: &Character) -> Vec<String> {
    let usage = match character.purpose {
        // digitalSignature and nonRepudiation; digitalSignature and keyEncipherment.
        Purpose::Signing => "usage 0b11 critical",
        Purpose::Authentication => "usage 0b101 critical",
    };
    let purpose = match character.purpose {
        Purpose::Signing => "mail",
        Purpose::Authentication => "client",
    };
    let roles = match character.part {
        Part::Resident | Part::Owner => "1.2.398.3.3.4.1.1",
        Part::Organisation => "1.2.398.3.3.4.1.2 1.2.398.3.3.4.1.2.1",
        Part::Operator => "1.2.398.3.3.4.1.2 1.2.398.3.3.4.1.2.5",
    };
    let server = "http://127.0.0.1:8889";
    let lines = [
        usage,
        &format!("purposes {purpose} {roles}"),
        "authority key",
        "subject key",
        "policy 1.2.398.3.3.2 1.3.6.1.5.5.7.2.1 http://pki.gov.kz/cps",
        &format!("crl {server}/crl/issuing.crl"),
        &format!("1.3.6.1.5.5.7.48.2 {server}/cert/issuing.cer, 1.3.6.1.5.5.7.48.1 {server}/ocsp"),
        // SEQUENCE { OBJECT IDENTIFIER 1.2.398.3.3.5.1.1 }
        "1.2.398.3.3.5 [30, 0A, 06, 08, 2A, 83, 0E, 03, 03, 05, 01, 01]",
    ];
    lines.map(str::to_owned).to_vec()
}

#[test]
fn serials_are_the_key_identifier_made_positive_and_long() {
    for person in &pki().people {
        let read = parsed(person);
        let known = |it: &&X509Extension<'_>| it.oid.to_id_string() == "2.5.29.14";
        let identifier = read.extensions().iter().find(known).unwrap();
        // OCTET STRING of twenty octets.
        let mut serial = identifier.value.strip_prefix(&[4, 20]).unwrap().to_vec();
        serial[0] &= 0x7F;
        if serial[0] < 0x10 {
            serial[0] |= 0x10;
        }
        assert_eq!(read.raw_serial(), serial);
    }
}

#[test]
fn people_are_certified_for_a_year_under_version_3() {
    for person in &pki().people {
        let read = parsed(person);
        assert_eq!(read.version(), X509Version::V3);
        let (from, until) = (read.validity().not_before, read.validity().not_after);
        assert_eq!(
            until.timestamp() - from.timestamp(),
            Duration::days(365).num_seconds()
        );
        assert!(from.timestamp() < now().timestamp());
    }
}

#[test]
fn an_authority_may_only_certify_and_revoke() {
    for authority in [&pki().root, &pki().issuing] {
        let (_, read) = X509Certificate::from_der(&authority.certificate).unwrap();
        let constraints = read.basic_constraints().unwrap().unwrap();
        assert!(constraints.critical && constraints.value.ca);
        let usage = read.key_usage().unwrap().unwrap();
        assert!(usage.critical);
        assert_eq!(usage.value.flags, 0b110_0000);
    }
}

#[test]
fn everybody_has_a_number_that_passes_its_check() {
    for person in &pki().people {
        let identity = &person.character.identity;
        assert!(
            Iin::parse(&identity.iin).is_ok(),
            "{}",
            person.character.slug
        );
        let organisation = identity.organisation.as_ref();
        assert!(organisation.is_none_or(|it| Bin::parse(&it.bin).is_ok()));
        let born: u16 = identity.iin[..2].parse().unwrap();
        assert!(
            (26..=99).contains(&born),
            "{} is a minor",
            person.character.slug
        );
    }
}

#[test]
fn every_dwelling_has_a_code_and_owners_with_keys() {
    let dwellings = kelisim::pki::dwellings();
    let numbers: Vec<_> = pki()
        .people
        .iter()
        .map(|person| person.character.identity.iin.as_str())
        .collect();
    for dwelling in &dwellings {
        assert!(Rka::parse(&dwelling.rka).is_ok());
        assert!(
            dwelling
                .owners
                .iter()
                .all(|owner| numbers.contains(&owner.iin.as_str()))
        );
    }
    let counts: Vec<_> = dwellings
        .iter()
        .map(|dwelling| dwelling.owners.len())
        .collect();
    assert_eq!(counts, [1, 2, 1, 1, 2]);
}

/// The PKI on disk, and the password of its PKCS#12 files.
fn written() -> (Folder, &'static str) {
    let folder = Folder::new();
    Directory::init(folder.path(), pki(), "құпия сөз", Existing::Keep).unwrap();
    (folder, "құпия сөз")
}

#[test]
fn openssl_opens_every_pkcs12_file_under_the_password_alone() {
    let (folder, password) = written();
    folder.put("password", password);
    folder.put("wrong", "құпия");
    for person in &pki().people {
        let slug = person.character.slug;
        let open = format!("pkcs12 -in people/{slug}.p12 -nodes -passin");
        let opened = openssl(&folder, &format!("{open} file:password"));
        let opened = String::from_utf8_lossy(&opened);
        assert_eq!(
            pem::decode(pem::CERTIFICATE, &opened).unwrap(),
            person.certificate
        );
        assert_eq!(
            pem::decode(pem::PRIVATE_KEY, &opened).unwrap(),
            person.key.pkcs8()
        );
        assert!(!run(&folder, &format!("{open} file:wrong")).status.success());
        let said = run(&folder, &format!("{open} file:password -info -noout"));
        assert!(String::from_utf8_lossy(&said.stderr).contains("AES-256-CBC"));
    }
}

#[test]
fn private_keys_are_for_their_owner_alone() {
    let (folder, _) = written();
    for private in [
        "ca/root.key.pem",
        "ca/issuing.key.pem",
        "people/owner-1.key.pem",
        "README.txt",
    ] {
        let mode = fs::metadata(folder.path().join(private))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{private}");
    }
}

#[test]
fn a_directory_gives_back_who_can_sign() {
    let (folder, _) = written();
    let directory = Directory::open(folder.path(), &SystemRandom::new()).unwrap();
    assert_eq!(directory.people().len(), pki().people.len());
    assert_eq!(directory.dwellings(), kelisim::pki::dwellings());
    for person in &pki().people {
        let found = directory.person(person.character.slug).unwrap();
        assert_eq!(found.certificate, person.certificate);
        assert_eq!(found.key.pkcs8(), person.key.pkcs8());
        assert_eq!(found.entry.identity, person.character.identity);
    }
    assert!(directory.person("nobody").is_err());
}

#[test]
fn new_revocation_lists_have_higher_numbers_and_keep_what_was_revoked() {
    let (folder, _) = written();
    folder.put(
        "issuing.pem",
        pem::encode(pem::CERTIFICATE, &pki().issuing.certificate),
    );
    let mut directory = Directory::open(folder.path(), &SystemRandom::new()).unwrap();
    let later = now() + Duration::hours(1);
    let numbers = directory
        .reissue(Some("owner-3"), later, Duration::days(7))
        .unwrap();
    assert_eq!((numbers.root, numbers.issuing), (2, 2));
    directory
        .reissue(Some("owner-3"), later, Duration::days(7))
        .unwrap();
    let said = "crl -inform DER -in trust/crls/issuing.crl -noout -text -CAfile issuing.pem";
    let said = String::from_utf8(openssl(&folder, said)).unwrap();
    assert!(
        said.contains("X509v3 CRL Number: \n                3\n"),
        "{said}"
    );
    let until = (later + Duration::days(7)).format("Next Update: %b %e %H:%M:%S %Y GMT");
    assert!(said.contains(&until.to_string()), "{said}");
    assert_eq!(said.matches("Serial Number:").count(), 2, "{said}");
    let again = Directory::open(folder.path(), &SystemRandom::new()).unwrap();
    assert_eq!(
        again.person("owner-3").unwrap().entry.state,
        Standing::Revoked
    );
}

fn kelisim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kelisim"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_command_writes_over_other_files_only_when_forced() {
    let folder = Folder::new();
    folder.put("letter", "not ours");
    let out = text(folder.path());
    let init = [
        "pki",
        "init",
        "--out",
        out,
        "--responder",
        "http://localhost:1/",
    ];
    let refused = kelisim(&init);
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("is not empty"), "{said}");
    assert!(!folder.path().join("people.json").exists());

    let forced = kelisim(&[init.as_slice(), &["--force"]].concat());
    let said = String::from_utf8(forced.stderr).unwrap();
    assert!(forced.status.success(), "{said}");
    let table = String::from_utf8(forced.stdout).unwrap();
    assert_eq!(table.matches("ecdsa-p256").count(), 5, "{table}");
    let seen = openssl(&folder, "x509 -in people/owner-1.pem -noout -ocsp_uri");
    assert_eq!(seen, b"http://localhost:1/ocsp\n");
}

#[test]
fn the_command_issues_revocation_lists_anew() {
    let (folder, _) = written();
    let output = kelisim(&[
        "pki",
        "crl",
        "--dir",
        text(folder.path()),
        "--revoke",
        "owner-2",
    ]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, "root.crl     number 2\nissuing.crl  number 2\n");
    let nobody = kelisim(&[
        "pki",
        "crl",
        "--dir",
        text(folder.path()),
        "--revoke",
        "nobody",
    ]);
    assert!(!nobody.status.success());
}
