//! `openssl` answers and stamps: what it makes of our questions, and we of its answers.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use kelisim::eds::DigestName;
use kelisim::pki::{Hierarchy, pem, serial};

use super::*;
use crate::material::{pki_of_today, today};
use crate::openssl::{Folder, openssl};

/// `openssl ocsp` as a responder; it ends with the test.
struct Responder(Child);

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

/// The files of one hierarchy as `openssl` wants them; `revoked` stands in its
/// index with everybody else.
fn folder(hierarchy: &Hierarchy, people: &[(&Person, char)]) -> Folder {
    let folder = Folder::new();
    let text = |certificate: &[u8]| pem::encode(pem::CERTIFICATE, certificate);
    let key = |key: &SigningKey| pem::encode(pem::PRIVATE_KEY, key.pkcs8());
    folder.put("issuing.pem", text(&hierarchy.issuing.certificate));
    folder.put("responder.pem", text(&hierarchy.responder.certificate));
    folder.put("responder.key", key(&hierarchy.responder.key));
    folder.put("stamper.pem", text(&hierarchy.stamper.certificate));
    folder.put("stamper.key", key(&hierarchy.stamper.key));
    let lines = people.iter().map(|(person, standing)| {
        let number = hexadecimal(&serial(&person.certificate).unwrap());
        let since = if *standing == 'R' {
            "260101000000Z"
        } else {
            ""
        };
        format!("{standing}\t350101000000Z\t{since}\t{number}\tunknown\t/CN=somebody\n")
    });
    folder.put("index.txt", lines.collect::<String>());
    folder.put("serial", "01");
    folder.put(
        "stamps.cnf",
        "[stamps]\nserial = serial\nsigner_digest = sha256\n\
         default_policy = 1.2.398.3.3.2.6.2\ndigests = sha256\n\
         ess_cert_id_alg = sha256\n",
    );
    folder
}

/// Starts a responder and waits until it says where it takes connections. One
/// that says nothing would stop it for good, so nobody knocks.
fn responder(folder: &Folder) -> (Responder, String) {
    let mut command = Command::new("openssl");
    command.current_dir(folder.path());
    let arguments = "ocsp -index index.txt -CA issuing.pem -rsigner responder.pem \
                     -rkey responder.key -port 0";
    command.args(arguments.split_whitespace());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut responder = Responder(child.unwrap());
    let said = BufReader::new(responder.0.stdout.take().unwrap());
    let said = said.lines().next().expect("a port").unwrap();
    let port = said
        .split([':', ' '])
        .filter_map(|word| word.parse::<u16>().ok());
    let port = { port }.next_back().expect("ACCEPT [::]:port PID=number");
    (responder, format!("http://127.0.0.1:{port}/"))
}

#[tokio::test]
async fn the_responder_of_openssl_is_asked_and_believed() {
    let pki = pki_of_today();
    for slug in ["owner-1", "owner-2"] {
        let person = pki.person(slug).unwrap();
        for standing in ['V', 'R'] {
            let folder = folder(&pki.rsa, &[(person, standing)]);
            let (_running, url) = responder(&folder);
            let sources = sources(pki, &[url], &[]);
            let clients = Clients::of(&sources, Limits::EVIDENCE, Patience::default());
            let wanted = StatusWanted {
                certificate: person.certificate.clone(),
                issuer: pki.rsa.issuing.certificate.clone(),
                since: Some(today()),
            };
            let (trust, policy) = (trust_of(pki), Policy::national());
            let asked = clients.responders.ask(&wanted, &trust, &policy, today());
            let verdict = asked.await.unwrap().answer.verdict;
            let revoked = matches!(verdict, Verdict::Revoked { .. });
            assert_eq!(revoked, standing == 'R', "{verdict:?}");
        }
    }
}

#[tokio::test]
async fn whom_the_responder_of_openssl_does_not_know_has_no_status() {
    let pki = pki_of_today();
    let folder = folder(&pki.rsa, &[]);
    let (_running, url) = responder(&folder);
    let clients = Clients::of(
        &sources(pki, &[url], &[]),
        Limits::EVIDENCE,
        Patience::default(),
    );
    let wanted = StatusWanted {
        certificate: pki.person("owner-1").unwrap().certificate.clone(),
        issuer: pki.rsa.issuing.certificate.clone(),
        since: None,
    };
    let (trust, policy) = (trust_of(pki), Policy::national());
    let asked = clients.responders.ask(&wanted, &trust, &policy, today());
    let unknown = Unanswered::Unusable(Fault::StatusUnknown);
    assert_eq!(asked.await.err(), Some(unknown));
}

/// A door to `openssl ts`, which speaks no HTTP; it closes with the process.
fn stamper(folder: Folder) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Data::new(Mutex::new(folder));
    std::thread::spawn(move || {
        let app = move || {
            let app = App::new().app_data(desk.clone());
            app.default_service(actix_web::web::to(stamp))
        };
        let server = HttpServer::new(app).workers(1).disable_signals();
        actix_web::rt::System::new().block_on(server.listen(listener).unwrap().run())
    });
    format!("http://{address}/")
}

async fn stamp(question: Bytes, folder: Data<Mutex<Folder>>) -> HttpResponse {
    let folder = folder.lock().unwrap();
    folder.put("query", &question);
    let reply = "ts -reply -config stamps.cnf -section stamps -queryfile query \
                 -signer stamper.pem -inkey stamper.key -chain issuing.pem";
    let token = openssl(&folder, reply);
    let kind = "application/timestamp-reply";
    HttpResponse::Ok().content_type(kind).body(token)
}

#[tokio::test]
async fn openssl_stamps_what_it_is_asked_to() {
    let pki = pki_of_today();
    let url = stamper(folder(&pki.rsa, &[]));
    let clients = Clients::of(
        &sources(pki, &[], &[url]),
        Limits::EVIDENCE,
        Patience::default(),
    );
    let wanted = StampWanted {
        value: b"a signature value".to_vec(),
        digest: DigestName::Sha256,
    };
    let (trust, policy) = (trust_of(pki), Policy::national());
    let stamped = clients.authorities.stamp(&wanted, &trust, &policy, today());
    let stamped = stamped.await.unwrap();
    assert_eq!(stamped.stamp.policy().to_string(), "1.2.398.3.3.2.6.2");
    let late = stamped.stamp.time() - today();
    assert!(late.num_seconds() < 300, "{late}");
}
