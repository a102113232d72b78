//! The development server: judged by `openssl` as a client, and by our verifier.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use kelisim::eds::ocsp::{self, Answer, Request, Response, Verdict};
use kelisim::eds::timestamp::{self, TimeStamp, verify_response};
use kelisim::eds::{DigestName, Fault, Moment, Policy, Trust};
use kelisim::pki::{
    Behaviour, Clock, Directory, Existing, Family, Hierarchy, Infrastructure, KeyKind, Person,
    Reason, Server, Service, pem,
};

use super::{authorities_of, kelisim, text};
use crate::material::{now, person, pki, pki_of_today, today};
use crate::openssl::{Folder, openssl, run};

pub(super) const NONCE: [u8; 32] = [7; 32];

/// A server for a PKI at a fixed time, and somebody who asks it.
pub(super) struct Asked {
    pub(super) server: Server,
    pki: &'static Infrastructure,
    now: DateTime<Utc>,
    pub(super) client: reqwest::Client,
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
        Asked::by(pki, now, Arc::new(move || now))
    }

    fn by(pki: &'static Infrastructure, now: DateTime<Utc>, clock: Clock) -> Asked {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::start(pki, clock, any).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy();
        Asked {
            server,
            pki,
            now,
            client: client.build().unwrap(),
        }
    }

    pub(super) fn behaving(service: Service, behaviour: Behaviour) -> Asked {
        let asked = Asked::set();
        asked.server.behave(service, behaviour).unwrap();
        asked
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

    pub(super) async fn got(&self, address: String) -> Vec<u8> {
        let answer = self.client.get(address).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap().to_vec()
    }

    pub(super) async fn octets(&self, address: String, body: &[u8]) -> Vec<u8> {
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

    pub(super) async fn stamp_at(
        &self,
        address: String,
        digest: DigestName,
    ) -> Result<TimeStamp, Fault> {
        self.stamped(address, digest, &self.trust()).await
    }

    async fn stamp_trusting(&self, trust: &Trust) -> Result<TimeStamp, Fault> {
        let address = self.server.own(Service::TimeStamps).time_stamps();
        self.stamped(address, DigestName::Sha256, trust).await
    }

    async fn stamped(
        &self,
        address: String,
        digest: DigestName,
        trust: &Trust,
    ) -> Result<TimeStamp, Fault> {
        let request = timestamp::Request::new(b"stamped", digest, None, &NONCE[..8]).unwrap();
        let response = self.octets(address, request.der()).await;
        let policy = Policy::national();
        verify_response(&request, &response, trust, &policy, Moment::at(self.now))
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

#[test]
fn openssl_asks_for_the_status_and_believes_the_answer() {
    let asked = Asked::today();
    let url = asked.server.own(Service::Ocsp).ocsp();
    for (slug, says) in [
        ("owner-1", "person.pem: good"),
        ("owner-revoked", "person.pem: revoked"),
        ("owner-ecdsa", "person.pem: good"),
    ] {
        for digest in ["-sha1", "-sha256"] {
            let said = openssl_asks(asked.pki.person(slug).unwrap(), &url, digest);
            assert!(said.contains(says), "{said}");
        }
    }
}

/// What `openssl` says of somebody after it asked, if it believes the answer.
#[track_caller]
fn openssl_asks(person: &Person, url: &str, digest: &str) -> String {
    let folder = authorities_of(pki_of_today().hierarchy(person.character.family));
    let certificate = pem::encode(pem::CERTIFICATE, &person.certificate);
    folder.put("person.pem", certificate);
    let question = format!("ocsp {digest} -issuer issuing.pem -cert person.pem -url {url}");
    let output = run(&folder, &format!("{question} -CAfile authorities.pem"));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("Response verify OK"), "{said}");
    said
}

#[tokio::test]
async fn openssl_verifies_time_stamps_it_asked_for() {
    let asked = Asked::today();
    for family in [Family::Rsa, Family::Ecdsa] {
        let folder = authorities_of(asked.pki.hierarchy(family));
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

#[tokio::test]
async fn a_request_in_the_path_is_answered_as_one_in_the_body() {
    let (asked, owner) = (Asked::set(), person("owner-2"));
    let issuing = &pki().rsa.issuing.certificate;
    let request = Request::new(&owner.certificate, issuing, Some(&NONCE)).unwrap();
    let address = asked.server.front().ocsp();
    let posted = asked.octets(address.clone(), request.der()).await;
    let plain = STANDARD.encode(request.der());
    let coded = plain
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3d");
    for path in [plain, coded] {
        assert_eq!(asked.got(format!("{address}/{path}")).await, posted);
    }
}

#[tokio::test]
async fn a_certificate_that_was_not_issued_here_has_never_been_issued_until_it_is_known() {
    let (asked, stranger) = (
        Asked::set(),
        crate::forgery::signer(KeyKind::EcdsaP256, |_| {}),
    );
    let issuing = &pki().rsa.issuing.certificate;
    let status = async || {
        asked
            .status(&stranger.certificate, issuing)
            .await
            .unwrap()
            .verdict
    };
    assert_eq!(status().await, Verdict::NeverIssued);
    asked.server.register(&stranger.certificate).unwrap();
    assert_eq!(status().await, Verdict::Good);
}

#[tokio::test]
async fn nothing_is_said_about_the_certificates_of_other_authorities() {
    let asked = Asked::set();
    // Right about the issuer's name, wrong about its key.
    let owner = &person("owner-1").certificate;
    let answer = asked.status(owner, &pki().rsa.root.certificate).await;
    assert_eq!(answer.unwrap_err(), Fault::NoAnswer("unauthorized"));
    let garbage = asked.octets(asked.server.front().ocsp(), b"?").await;
    assert_eq!(
        Response::read(&garbage).unwrap_err(),
        Fault::NoAnswer("malformed request")
    );
}

#[tokio::test]
async fn lists_and_certificates_are_handed_out() {
    let asked = Asked::set();
    let front = asked.server.front();
    for hierarchy in pki().hierarchies() {
        let [root, issuing] = ["root", "issuing"].map(|what| hierarchy.family.file(what));
        assert_eq!(asked.got(front.crl(&root)).await, hierarchy.root_crl);
        assert_eq!(asked.got(front.crl(&issuing)).await, hierarchy.issuing_crl);
        let certificate = asked.got(front.certificate(&issuing)).await;
        assert_eq!(certificate, hierarchy.issuing.certificate);
    }
    let nobody = asked.client.get(front.crl("nobody")).send().await.unwrap();
    assert_eq!(nobody.status(), 404);
}

#[tokio::test]
async fn a_revoked_time_stamping_authority_is_on_the_list_and_stamps_for_nothing() {
    let asked = Asked::set();
    let stamper = &pki().rsa.stamper.certificate;
    asked.stamp(DigestName::Sha256).await.unwrap();
    let revoked = asked.server.revoke(stamper, now(), Reason::KeyCompromise);
    revoked.unwrap();
    let lists = [
        pki().rsa.root_crl.clone(),
        asked.got(asked.server.front().crl("issuing")).await,
    ];
    let (anchors, issuers) = (
        [&pki().rsa.root.certificate],
        [&pki().rsa.issuing.certificate],
    );
    let trust = Trust::new(&anchors, &issuers, &lists.each_ref()).unwrap();
    let stamp = asked.stamp_trusting(&trust).await;
    assert_eq!(stamp, Err(Fault::TimeStamp("authority revoked")));
}

#[tokio::test]
async fn a_list_is_issued_anew_when_half_of_its_time_has_gone_by() {
    let clock = Arc::new(Mutex::new(now()));
    let told = Arc::clone(&clock);
    let asked = Asked::by(pki(), now(), Arc::new(move || *told.lock().unwrap()));
    let address = asked.server.front().crl("issuing");
    let first = asked.got(address.clone()).await;
    *clock.lock().unwrap() += TimeDelta::days(15);
    assert_eq!(asked.got(address.clone()).await, first);
    *clock.lock().unwrap() += TimeDelta::seconds(1);
    let next = asked.got(address.clone()).await;
    assert_ne!(next, first);
    assert_eq!(asked.got(address).await, next);
}

#[test]
fn the_command_serves_a_directory_and_notices_who_is_revoked_in_it() {
    let folder = Folder::new();
    Directory::init(folder.path(), pki_of_today(), "-", Existing::Keep).unwrap();
    let serving = Serving::start(&folder);
    let owner = pki_of_today().person("owner-1").unwrap();
    let ask = || openssl_asks(owner, &serving.ocsp, "-sha256");
    assert!(ask().contains("person.pem: good"));
    let revoke = [
        "pki",
        "crl",
        "--dir",
        text(folder.path()),
        "--revoke",
        "owner-1",
    ];
    assert!(kelisim(&revoke).status.success());
    let said = ask();
    assert!(said.contains("person.pem: revoked"), "{said}");
    assert!(said.contains("Reason: keyCompromise"), "{said}");
}

/// `kelisim pki serve`, which ends with the test.
struct Serving {
    process: Child,
    ocsp: String,
}

impl Serving {
    fn start(folder: &Folder) -> Serving {
        let mut process = Command::new(env!("CARGO_BIN_EXE_kelisim"))
            .args(["pki", "serve", "--listen", "127.0.0.1:0", "--dir"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.find(|line| line.as_ref().unwrap().starts_with("OCSP"));
        let line = line.unwrap().unwrap();
        let ocsp = line.split_whitespace().nth(1).unwrap().to_owned();
        Serving { process, ocsp }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
