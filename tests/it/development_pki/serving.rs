//! The development server: judged by `openssl` as a client, and by our verifier.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::eds::ocsp::{self, Answer, Request, Response, Verdict};
use kelisim::eds::timestamp::{self, TimeStamp, verify_response};
use kelisim::eds::{DigestName, Fault, Moment, Policy, Trust};
use kelisim::pki::{
    Behaviour, Family, Hierarchy, Infrastructure, Person, Reason, Server, Service, pem,
};

use crate::material::{now, person, pki, pki_of_today, today};
use crate::openssl::{Folder, openssl, run};

pub(super) const NONCE: [u8; 32] = [7; 32];

/// A server for a PKI at a fixed time, and somebody who asks it.
pub(super) struct Asked {
    pub(super) server: Server,
    pki: &'static Infrastructure,
    now: DateTime<Utc>,
    client: reqwest::Client,
}

impl Asked {
    pub(super) fn set() -> Asked {
        Asked::of(pki(), now())
    }

    /// One that lives today, as `openssl` does.
    fn today() -> Asked {
        Asked::of(pki_of_today(), today())
    }

    fn of(pki: &'static Infrastructure, now: DateTime<Utc>) -> Asked {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::start(pki, Arc::new(move || now), any).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy();
        Asked {
            server,
            pki,
            now,
            client: client.build().unwrap(),
        }
    }

    fn trust(&self) -> Trust {
        let all = self.pki.hierarchies();
        let anchors = all.map(|it| it.root.certificate.clone());
        let issuers = all.map(|it| it.issuing.certificate.clone());
        let lists = all.map(|it| [it.root_crl.clone(), it.issuing_crl.clone()]);
        Trust::new(anchors.as_slice(), &issuers, &lists.concat()).unwrap()
    }

    pub(super) async fn post(
        &self,
        address: String,
        body: &[u8],
    ) -> Result<reqwest::Response, reqwest::Error> {
        self.client.post(address).body(body.to_vec()).send().await
    }

    async fn octets(&self, address: String, body: &[u8]) -> Vec<u8> {
        let answer = self.post(address, body).await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap().to_vec()
    }

    /// What our verifier makes of the answer about a certificate.
    pub(super) async fn status(&self, certificate: &[u8], issuer: &[u8]) -> Result<Answer, Fault> {
        let request = Request::new(certificate, issuer, Some(&NONCE)).unwrap();
        let address = self.server.own(Service::Ocsp).ocsp();
        let response = Response::to(&request, &self.octets(address, request.der()).await)?;
        let policy = Policy::national();
        ocsp::judge(
            &response,
            certificate,
            issuer,
            &self.trust(),
            &policy,
            self.now,
        )
    }

    pub(super) async fn status_of(&self, person: &Person) -> Result<Answer, Fault> {
        let issuing = &self.pki.hierarchy(person.character.family).issuing;
        self.status(&person.certificate, &issuing.certificate).await
    }

    /// What our verifier makes of a time-stamp over some octets.
    pub(super) async fn stamp(&self, digest: DigestName) -> Result<TimeStamp, Fault> {
        let address = self.server.own(Service::TimeStamps).time_stamps();
        self.stamp_at(address, digest).await
    }

    async fn stamp_at(&self, address: String, digest: DigestName) -> Result<TimeStamp, Fault> {
        let request = timestamp::Request::new(b"stamped", digest, None, &NONCE[..8]).unwrap();
        let response = self.octets(address, request.der()).await;
        let (trust, policy) = (self.trust(), Policy::national());
        verify_response(&request, &response, &trust, &policy, Moment::at(self.now))
    }
}

#[tokio::test]
async fn the_status_of_everybody_is_what_it_is() {
    let asked = Asked::set();
    for person in &pki().people {
        let answer = asked.status_of(person).await.unwrap();
        match person.character.standing {
            kelisim::pki::Standing::Revoked => {
                assert!(matches!(answer.verdict, Verdict::Revoked { .. }));
            }
            kelisim::pki::Standing::Valid | kelisim::pki::Standing::Expired => {
                assert_eq!(answer.verdict, Verdict::Good, "{}", person.character.slug);
            }
        }
        assert_eq!((answer.this_update, answer.produced_at), (now(), now()));
        assert_eq!(answer.next_update, None);
    }
}

#[tokio::test]
async fn the_root_answers_for_the_issuing_authority_in_each_family() {
    let asked = Asked::set();
    for Hierarchy { root, issuing, .. } in pki().hierarchies() {
        let answer = asked.status(&issuing.certificate, &root.certificate).await;
        assert_eq!(answer.unwrap().verdict, Verdict::Good);
    }
}

#[tokio::test]
async fn what_is_revoked_while_the_server_runs_is_revoked_at_once() {
    let (asked, owner) = (Asked::set(), person("owner-1"));
    assert_eq!(asked.status_of(owner).await.unwrap().verdict, Verdict::Good);
    let since = now() - TimeDelta::minutes(5);
    let revoke = |certificate| {
        asked
            .server
            .revoke(certificate, since, Reason::KeyCompromise)
    };
    revoke(&owner.certificate).unwrap();
    let reason = Some(ocsp::Reason::KeyCompromise);
    let answer = asked.status_of(owner).await.unwrap();
    assert_eq!(answer.verdict, Verdict::Revoked { since, reason });
}

#[tokio::test]
async fn each_family_stamps_by_itself() {
    let asked = Asked::set();
    for (family, digest, policy) in [
        (Family::Rsa, DigestName::Sha256, "1.2.398.3.3.2.6.2"),
        (Family::Ecdsa, DigestName::Sha256, "1.2.398.3.3.2.6.2"),
        (Family::Gost, DigestName::Streebog512, "1.2.398.3.3.2.6.4"),
    ] {
        let address = asked.server.front().time_stamps();
        let address = format!("{address}/{}", family.slug());
        let stamp = asked.stamp_at(address, digest).await.unwrap();
        assert_eq!(stamp.time(), now());
        assert_eq!(stamp.accuracy(), None);
        assert_eq!(stamp.policy().to_string(), policy);
    }
}

#[tokio::test]
async fn a_digest_finds_the_family_that_stamps() {
    let asked = Asked::set();
    let by = async |digest| asked.stamp(digest).await.unwrap().policy().to_string();
    assert_eq!(by(DigestName::Sha512).await, "1.2.398.3.3.2.6.2");
    assert_eq!(by(DigestName::Streebog512).await, "1.2.398.3.3.2.6.4");
    assert_eq!(by(DigestName::Gost94).await, "1.2.398.3.3.2.6.4");
}

/// The files `openssl` needs of one family.
fn authorities(hierarchy: &Hierarchy) -> Folder {
    let folder = Folder::new();
    let text = |certificate: &[u8]| pem::encode(pem::CERTIFICATE, certificate);
    let (root, issuing) = (&hierarchy.root.certificate, &hierarchy.issuing.certificate);
    folder.put("root.pem", text(root));
    folder.put("issuing.pem", text(issuing));
    folder.put("authorities.pem", [text(root), text(issuing)].concat());
    folder
}

#[test]
fn openssl_asks_for_the_status_and_believes_the_answer() {
    let asked = Asked::today();
    for (slug, family, says) in [
        ("owner-1", Family::Rsa, "person.pem: good"),
        ("owner-revoked", Family::Rsa, "person.pem: revoked"),
    ] {
        let folder = authorities(asked.pki.hierarchy(family));
        let certificate = &asked.pki.person(slug).unwrap().certificate;
        folder.put("person.pem", pem::encode(pem::CERTIFICATE, certificate));
        let url = asked.server.own(Service::Ocsp).ocsp();
        for digest in ["-sha1", "-sha256"] {
            let question = format!("ocsp {digest} -issuer issuing.pem -cert person.pem -url {url}");
            let output = run(&folder, &format!("{question} -CAfile authorities.pem"));
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            assert!(said.contains(says), "{said}");
            assert!(said.contains("Response verify OK"), "{said}");
        }
    }
}

#[tokio::test]
async fn openssl_verifies_time_stamps_it_asked_for() {
    let asked = Asked::today();
    for family in [Family::Rsa, Family::Ecdsa] {
        let folder = authorities(asked.pki.hierarchy(family));
        folder.put("document", "Құжат");
        openssl(&folder, "ts -query -data document -sha512 -cert -out query");
        let query = std::fs::read(folder.path().join("query")).unwrap();
        let address = asked.server.front().time_stamps();
        let address = format!("{address}/{}", family.slug());
        folder.put("reply", asked.octets(address, &query).await);
        let verify = "ts -verify -queryfile query -in reply -CAfile root.pem";
        let said = openssl(&folder, &format!("{verify} -untrusted issuing.pem"));
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("Verification: OK"), "{said}");
    }
}
