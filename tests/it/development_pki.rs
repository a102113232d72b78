//! The development PKI: judged by `openssl`, written to disk, made by the command.

mod answers;
mod misbehaving;
mod profile;
mod serving;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use chrono::Duration;
use kelisim::pki::{
    Directory, Existing, Family, Hierarchy, Packaging, Person, Standing, pem, sign,
};
use ring::rand::SystemRandom;

use crate::material::{now, person, pki};
use crate::openssl::{Folder, as_of, openssl, run};

const SIGNING: &[&str] = &["resident-1", "resident-2", "owner-1", "owner-2", "owner-3"];

/// The authorities' files of one family as `openssl` wants them.
fn authorities_of(hierarchy: &Hierarchy) -> Folder {
    let folder = Folder::new();
    let (root, issuing) = (&hierarchy.root, &hierarchy.issuing);
    let [root, issuing] = [root, issuing].map(|it| pem::encode(pem::CERTIFICATE, &it.certificate));
    folder.put("root.pem", &root);
    folder.put("issuing.pem", &issuing);
    folder.put("authorities.pem", [root, issuing].concat());
    let lists = [&hierarchy.root_crl, &hierarchy.issuing_crl];
    let lists = lists.map(|list| pem::encode("X509 CRL", list)).concat();
    folder.put("lists.pem", lists);
    folder
}

fn authorities() -> Folder {
    authorities_of(&pki().rsa)
}

/// What `openssl verify` says with revocation checked along the whole path.
fn judged(person: &Person) -> Output {
    let folder = authorities_of(pki().hierarchy(person.character.family));
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

/// Whether `openssl` knows the algorithms of somebody's key and authorities.
fn is_known_to_openssl(person: &Person) -> bool {
    person.character.family != Family::Gost
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
        if person.character.standing == Standing::Valid && is_known_to_openssl(person) {
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
    for (list, issuer) in [
        (&pki().rsa.root_crl, "root"),
        (&pki().rsa.issuing_crl, "issuing"),
    ] {
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
        let is_there = folder.path().join(format!("people/{slug}.p12")).exists();
        assert_eq!(is_there, is_known_to_openssl(person), "{slug}");
        if !is_there {
            continue;
        }
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
    assert_eq!(*directory.registers(), kelisim::pki::registers());
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
        pem::encode(pem::CERTIFICATE, &pki().rsa.issuing.certificate),
    );
    let mut directory = Directory::open(folder.path(), &SystemRandom::new()).unwrap();
    let later = now() + Duration::hours(1);
    let numbers = directory
        .reissue(Some("owner-3"), later, Duration::days(7))
        .unwrap();
    assert!(numbers.iter().all(|list| list.number == 2), "{numbers:?}");
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
    assert_eq!(table.matches("ecdsa-p256").count(), 12, "{table}");
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
    for slug in [
        "root",
        "issuing",
        "root-ecdsa",
        "issuing-ecdsa",
        "root-gost",
        "issuing-gost",
    ] {
        let line = format!("{:<19} number 2\n", format!("{slug}.crl"));
        assert!(said.contains(&line), "{said}");
    }
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
