//! What the service never writes down: people's numbers, names, keys and tokens.

use std::fs;
use std::io::Read;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kelisim::pki::{Addresses, Directory, Existing, Packaging, Server, sign};
use ring::rand::SystemRandom;
use serde_json::{Value, json};

use crate::office::ONE_OWNER;
use crate::openssl::Folder;
use crate::{material, service};

#[tokio::test]
async fn no_number_name_key_or_token_reaches_the_logs_even_at_the_finest_level() {
    let folder = Folder::new();
    let database = service::empty_database_url("silence").await;
    let prepared = Prepared::new(folder.path(), &database);
    let running = prepared.start("trace").await;

    let pki = Directory::open(folder.path(), &SystemRandom::new()).unwrap();
    let resident = running.enter(&pki, "resident-1").await;
    let owner = running.enter(&pki, "owner-1").await;
    let today = material::today().date_naive().to_string();
    let drafted = resident
        .post(
            "/api/v1/applications",
            json!({"rka": ONE_OWNER, "starts_on": today, "months": 2, "arrived_on": today, "language": "kk"}),
        )
        .await;
    let application = format!("/api/v1/applications/{}", drafted["id"].as_str().unwrap());
    let content = drafted["to_sign"]["content"].as_str().unwrap();
    let content = STANDARD.decode(content).unwrap();
    // A refusal as well: what is wrong must be told without telling whose it is.
    let wrong = owner.signature(&content);
    resident
        .post(&format!("{application}/signature"), wrong)
        .await;
    let right = resident.signature(&content);
    let called = resident
        .calls_a_phone(&drafted["to_sign"]["id"], &right)
        .await;
    resident
        .post(&format!("{application}/signature"), right)
        .await;
    let seen = owner.get_json(&application).await;
    let consent = format!(
        "{application}/consents/{}",
        seen["consents"][0]["id"].as_str().unwrap()
    );
    let document = owner.get(&format!("{consent}/document")).await;
    let done = owner
        .post(&format!("{consent}/signature"), owner.signature(&document))
        .await;
    assert_eq!(done["state"], "registered", "{done:?}");
    let mut judged = owner.signature(&document);
    judged["content"] = STANDARD.encode(&document).into();
    let judged = owner.post("/api/v1/signatures/validate", judged).await;
    assert!(judged["indication"].is_string(), "{judged:?}");
    let certificate = STANDARD.encode(&owner.person.certificate);
    let revealed = json!({"certificate": certificate, "reveal": true});
    let revealed = owner.post("/api/v1/certificates/inspect", revealed).await;
    assert!(revealed["holder"]["iin"].is_string(), "{revealed:?}");

    let tokens = [resident.token.clone(), owner.token.clone()];
    let log = running.stop();
    assert!(log.contains("/api/v1/applications/{id}/signature"), "{log}");
    let mut canaries: Vec<String> = tokens.into_iter().chain(called).collect();
    for slug in ["resident-1", "owner-1"] {
        let entry = pki.person(slug).unwrap().entry.identity;
        canaries.extend([entry.iin, entry.surname, entry.given_name]);
        canaries.extend(entry.patronymic);
    }
    canaries.push("whsec_".to_owned());
    canaries.push("PRIVATE KEY".to_owned());
    canaries.push(ONE_OWNER.to_owned());
    // Some libraries print bytes as numbers.
    let numbers: Vec<_> = canaries.iter().map(|text| as_numbers(text)).collect();
    for canary in canaries.into_iter().chain(numbers) {
        let place = log.find(&canary);
        let around = place.map(|at| log.get(at.saturating_sub(200)..at).unwrap_or_default());
        assert_eq!(around, None, "a secret stands in the log after this");
    }
}

fn as_numbers(text: &str) -> String {
    let numbers: Vec<_> = text.bytes().map(|byte| byte.to_string()).collect();
    numbers.join(", ")
}

/// What the real binary needs: a PKI on disk whose servers run, a database with
/// full registers, a key for its log.
pub(crate) struct Prepared {
    pub(crate) folder: PathBuf,
    database: String,
    address: SocketAddr,
    sources: PathBuf,
    audit_key: PathBuf,
    _authority: Server,
}

/// The real binary, with its log.
pub(crate) struct Running {
    child: Child,
    url: String,
    folder: PathBuf,
}

/// Somebody who has signed in there.
pub(crate) struct Visitor {
    pub(crate) person: kelisim::pki::Signatory,
    pub(crate) client: reqwest::Client,
    pub(crate) url: String,
    pub(crate) token: String,
}

/// A key for the audit log, made by the binary itself.
fn audit_key(folder: &Path) -> PathBuf {
    let path = folder.join("audit.key.pem");
    let made = Command::new(env!("CARGO_BIN_EXE_kelisim"))
        .args(["audit", "key", "--name", "kelisim.test/audit"])
        .arg(&path)
        .stdout(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    path
}

impl Prepared {
    pub(crate) fn new(folder: &Path, database: &str) -> Prepared {
        let infrastructure = material::pki_of_today();
        Directory::init(folder, infrastructure, "password", Existing::Replace).unwrap();
        import(folder, database);
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let directory = Directory::open(folder, &SystemRandom::new()).unwrap();
        let any = "127.0.0.1:0".parse().unwrap();
        let authority = Server::open(&directory, material::machine_clock(), any).unwrap();
        let addresses = Addresses::all_at(authority.front());
        Prepared {
            folder: folder.to_owned(),
            database: database.to_owned(),
            address: free.local_addr().unwrap(),
            sources: directory.tell_sources(addresses).unwrap(),
            audit_key: audit_key(folder),
            _authority: authority,
        }
    }

    /// Starts the binary, which writes down everything at this level.
    pub(crate) async fn start(&self, level: &str) -> Running {
        let log = fs::File::create(self.folder.join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_kelisim"))
            .arg("serve")
            .arg("--trust")
            .arg(self.folder.join("trust"))
            .arg("--evidence")
            .arg(&self.sources)
            .args(["--listen", &self.address.to_string(), "--log", level])
            .args(["--portal-url", "http://127.0.0.1:9/"])
            .arg("--audit-key")
            .arg(&self.audit_key)
            .env("KELISIM_DATABASE_URL", &self.database)
            .env(
                "KELISIM_PORTAL_SECRET",
                format!("whsec_{}", STANDARD.encode([7; 32])),
            )
            .stderr(log)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let running = Running {
            child,
            url: format!("http://{}", self.address),
            folder: self.folder.clone(),
        };
        running.ready().await;
        running
    }
}

impl Running {
    async fn ready(&self) {
        let client = client();
        for _ in 0..300 {
            let answer = client
                .get(format!("{}/health/ready", self.url))
                .send()
                .await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the service did not get ready");
    }

    pub(crate) async fn enter(&self, pki: &Directory, slug: &str) -> Visitor {
        let mut visitor = Visitor {
            person: pki.person(slug).unwrap(),
            client: client(),
            url: self.url.clone(),
            token: String::new(),
        };
        let challenge = visitor.post("/api/v1/auth/challenges", json!({})).await;
        let content = challenge["content"].as_str().unwrap();
        let mut body = visitor.signature(&STANDARD.decode(content).unwrap());
        body["challenge"] = challenge["id"].clone();
        let session = visitor.post("/api/v1/auth/sessions", body).await;
        visitor.token = session["token"].as_str().unwrap().to_owned();
        visitor
    }

    /// Ends it as the system does when the power is gone.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        let stopped = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(stopped.success());
        assert!(self.child.wait().unwrap().success());
        let mut log = String::new();
        let mut file = fs::File::open(self.folder.join("log")).unwrap();
        file.read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

impl Visitor {
    pub(crate) fn signature(&self, content: &[u8]) -> Value {
        let person = &self.person;
        let detached = Packaging::Detached;
        let cms = sign(
            content,
            &person.certificate,
            &person.key,
            material::today(),
            detached,
        )
        .unwrap();
        json!({"signature": STANDARD.encode(cms)})
    }

    /// Has a phone sign a document, and says the two tokens of it.
    async fn calls_a_phone(&self, document: &Value, signed: &Value) -> [String; 2] {
        let body = json!({"document": document});
        let begun = self.post("/api/v1/mobile-signings", body).await;
        let link = reqwest::Url::parse(begun["link"].as_str().unwrap()).unwrap();
        let (_, address) = link.query_pairs().next().unwrap();
        let told = self.client.get(&*address).send().await.unwrap();
        let told: Value = told.json().await.unwrap();
        let uri = told["document"]["uri"].as_str().unwrap();
        let file = json!({"document": {"file": {"data": signed["signature"]}}});
        let sent = self.client.put(uri);
        let sent = sent.json(&json!({"documentsToSign": [file]}));
        assert_eq!(sent.send().await.unwrap().status(), 200);
        let collect = begun["collect"].as_str().unwrap();
        let collected = self.get_json(collect).await;
        assert_eq!(collected["signature"], signed["signature"]);
        let part = |path: &str, place: usize| path.rsplit('/').nth(place).unwrap().to_owned();
        [part(&address, 0), part(collect, 1)]
    }

    async fn get(&self, path: &str) -> Vec<u8> {
        let request = self.client.get(format!("{}{path}", self.url));
        let response = request.bearer_auth(&self.token).send().await.unwrap();
        response.bytes().await.unwrap().to_vec()
    }

    async fn get_json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.get(path).await).unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = self
            .client
            .post(format!("{}{path}", self.url))
            .header("Idempotency-Key", uuid::Uuid::now_v7().to_string())
            .bearer_auth(&self.token)
            .json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }
}

fn import(folder: &Path, database: &str) {
    for register in ["dwellings", "registers"] {
        let file = folder.join(format!("{register}.json"));
        let imported = Command::new(env!("CARGO_BIN_EXE_kelisim"))
            .args([register, "import", file.to_str().unwrap()])
            .env("KELISIM_DATABASE_URL", database)
            .status()
            .unwrap();
        assert!(imported.success());
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}
