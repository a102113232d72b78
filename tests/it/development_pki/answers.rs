//! Responders, time-stamping authorities and what they answer, field by field
//! against the profile of the national authority.

use chrono::Duration;
use kelisim::eds::ocsp::Request;
use kelisim::eds::{DigestName, timestamp};
use kelisim::pki::{Authority, Service};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::serving::{Asked, NONCE};
use crate::material::{now, person, pki};
use crate::openssl::{Folder, openssl};

fn parsed(authority: &Authority) -> X509Certificate<'_> {
    let (rest, read) = X509Certificate::from_der(&authority.certificate).unwrap();
    assert!(rest.is_empty());
    read
}

/// The extensions in order: identifier, whether critical, and the value where
/// it holds no key.
fn extensions(authority: &Authority) -> Vec<(String, bool, String)> {
    let read = parsed(authority);
    let lines = read.extensions().iter().map(|extension| {
        let id = extension.oid.to_id_string();
        let value = match id.as_str() {
            "2.5.29.14" | "2.5.29.35" => String::new(),
            _ => extension
                .value
                .iter()
                .map(|octet| format!("{octet:02x}"))
                .collect(),
        };
        (id, extension.critical, value)
    });
    lines.collect()
}

fn expected(list: &[(&str, bool, &str)]) -> Vec<(String, bool, String)> {
    let owned = |(id, critical, value): &(&str, bool, &str)| {
        ((*id).to_owned(), *critical, (*value).to_owned())
    };
    list.iter().map(owned).collect()
}

#[test]
fn responders_serve_for_nothing_else_and_need_not_be_asked_about() {
    for hierarchy in pki().hierarchies() {
        for responder in [&hierarchy.root_responder, &hierarchy.responder] {
            let found = extensions(responder);
            assert_eq!(
                found[..5],
                expected(&[
                    ("2.5.29.35", false, ""),
                    ("2.5.29.14", false, ""),
                    ("2.5.29.15", true, "03020780"),
                    // SEQUENCE { 1.3.6.1.5.5.7.3.9 }
                    ("2.5.29.37", false, "300a06082b06010505070309"),
                    // NULL
                    ("1.3.6.1.5.5.7.48.1.5", false, "0500"),
                ])
            );
            assert_eq!(found.len(), 6);
            assert_eq!(years(responder), 1);
        }
    }
}

#[test]
fn time_stamping_authorities_stamp_and_nothing_else() {
    for hierarchy in pki().hierarchies() {
        let found = extensions(&hierarchy.stamper);
        assert_eq!(
            found[2..4],
            expected(&[
                ("2.5.29.15", true, "030206c0"),
                // SEQUENCE { 1.3.6.1.5.5.7.3.8 }
                ("2.5.29.37", true, "300a06082b06010505070308"),
            ])
        );
        assert_eq!(years(&hierarchy.stamper), 3);
    }
}

/// The whole years of a certificate's life.
fn years(authority: &Authority) -> i64 {
    let read = parsed(authority);
    let validity = read.validity();
    assert!(validity.not_before.timestamp() < now().timestamp());
    let life = validity.not_after.timestamp() - validity.not_before.timestamp();
    life / Duration::days(365).num_seconds()
}

#[test]
fn signatures_of_each_family_name_their_algorithm_in_the_national_way() {
    let algorithms = pki().hierarchies().map(|hierarchy| {
        let algorithm = hierarchy.issuing.key.algorithm();
        algorithm
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect::<String>()
    });
    assert_eq!(
        algorithms,
        [
            "300d06092a864886f70d01010b0500",
            "300a06082a8648ce3d040302",
            "300e060a2a830e030a010102030205 00"
                .replace(' ', "")
                .as_str(),
        ]
    );
}

#[tokio::test]
async fn an_answer_about_a_status_is_as_the_national_responder_writes_it() {
    let asked = Asked::set();
    let issuing = &pki().rsa.issuing.certificate;
    let owner = &person("owner-1").certificate;
    let request = Request::new(owner, issuing, Some(&NONCE)).unwrap();
    let folder = Folder::new();
    let address = asked.server.own(Service::Ocsp).ocsp();
    folder.put("response", asked.octets(address, request.der()).await);
    let text = openssl(&folder, "ocsp -respin response -resp_text -noverify");
    let text = String::from_utf8(text).unwrap();
    for line in [
        "OCSP Response Status: successful (0x0)",
        "Responder Id: CN = ",
        "Produced At: Nov  1 12:00:00 2026 GMT",
        "Hash Algorithm: sha256",
        "Cert Status: good",
        "This Update: Nov  1 12:00:00 2026 GMT",
        "OCSP Nonce: ",
        &format!("0420{}", "07".repeat(32)).to_uppercase(),
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("Next Update"), "{text}");
    assert_eq!(text.matches("-----BEGIN CERTIFICATE-----").count(), 1);
}

#[tokio::test]
async fn a_time_stamp_is_as_the_national_authority_writes_it() {
    let asked = Asked::set();
    let request = timestamp::Request::new(b"it", DigestName::Sha256, None, &[9; 8]).unwrap();
    let folder = Folder::new();
    let address = asked.server.own(Service::TimeStamps).time_stamps();
    folder.put("reply", asked.octets(address, request.der()).await);
    let text = openssl(&folder, "ts -reply -in reply -text");
    let text = String::from_utf8(text).unwrap();
    for line in [
        "Status: Granted.",
        "Version: 1",
        "Policy OID: 1.2.398.3.3.2.6.2",
        "Hash Algorithm: sha256",
        "Time stamp: Nov  1 12:00:00 2026 GMT",
        "Accuracy: unspecified",
        "Nonce: 0x0909090909090909",
        "TSA: unspecified",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    openssl(&folder, "ts -reply -in reply -token_out -out token");
    let text = openssl(&folder, "cms -cmsout -print -inform DER -in token -noout");
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.matches(" version: 3\n").count(), 1, "{text}");
    for attribute in [
        "contentType",
        "signingTime",
        "messageDigest",
        "signingCertificateV2",
    ] {
        assert!(text.contains(attribute), "{attribute}: {text}");
    }
    assert_eq!(text.matches("d.certificate:").count(), 1, "{text}");
}

#[tokio::test]
async fn a_certificate_travels_with_a_time_stamp_only_when_it_is_asked_for() {
    let asked = Asked::set();
    let folder = Folder::new();
    folder.put("document", "it");
    let address = asked.server.own(Service::TimeStamps).time_stamps();
    for (option, certificates) in [("-cert", 1), ("", 0)] {
        openssl(
            &folder,
            &format!("ts -query -data document -sha256 {option} -out query"),
        );
        let query = std::fs::read(folder.path().join("query")).unwrap();
        folder.put("reply", asked.octets(address.clone(), &query).await);
        openssl(&folder, "ts -reply -in reply -token_out -out token");
        let text = openssl(&folder, "cms -cmsout -print -inform DER -in token -noout");
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches("d.certificate:").count(), certificates);
    }
}
