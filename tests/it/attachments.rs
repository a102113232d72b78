//! What is scanned at a service centre: who may attach it, what it may be, and
//! who may see it.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::office::{Answer, ONE_OWNER, Office, proposal};
use crate::registers::iin_of;
use crate::service::Service;

/// A document of one page on which nothing is written.
pub(crate) const SCAN: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n\
trailer\n<< /Root 1 0 R /Size 4 >>\nstartxref\n9\n%%EOF\n";

const BOUNDARY: &str = "skan-0f1e2d3c";

/// A file to be attached.
pub(crate) struct Scan<'a> {
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) media_type: &'a str,
    pub(crate) octets: &'a [u8],
}

impl Scan<'_> {
    pub(crate) fn of(kind: &str) -> Scan<'_> {
        Scan {
            kind,
            name: "Келісім.pdf",
            media_type: "application/pdf",
            octets: SCAN,
        }
    }

    pub(crate) fn form(&self, boundary: &str) -> Vec<u8> {
        let Scan { kind, name, .. } = self;
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n{name}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\
             Content-Type: {}\r\n\r\n",
            self.media_type
        )
        .into_bytes();
        body.extend_from_slice(self.octets);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        body
    }
}

impl Office {
    /// Attaches a file under a key of its own.
    pub(crate) async fn attach(&self, application: &str, scan: Scan<'_>) -> Answer {
        let key = Uuid::now_v7().to_string();
        self.attach_again(application, &scan, (&key, BOUNDARY))
            .await
    }

    async fn attach_again(
        &self,
        application: &str,
        scan: &Scan<'_>,
        (key, boundary): (&str, &str),
    ) -> Answer {
        let path = format!("/api/v1/applications/{application}/attachments");
        let form = format!("multipart/form-data; boundary={boundary}");
        let request = self.request(reqwest::Method::POST, &path);
        let request = request
            .header("Idempotency-Key", key)
            .header("Content-Type", form)
            .body(scan.form(boundary));
        self.send(request).await
    }

    async fn detach(&self, application: &str, attachment: &str) -> Answer {
        let path = format!("/api/v1/applications/{application}/attachments/{attachment}");
        let request = self.request(reqwest::Method::DELETE, &path);
        let request = request.header("Idempotency-Key", Uuid::now_v7().to_string());
        self.send(request).await
    }

    /// Drafts an application for somebody who is present at the service centre.
    pub(crate) async fn draft_for(&self, resident: &str, rka: &str) -> Answer {
        let request = present(resident, rka);
        self.post("/api/v1/applications", request).await
    }
}

/// What an operator asks for somebody who is present.
pub(crate) fn present(resident: &str, rka: &str) -> Value {
    let mut request = proposal(rka);
    request["standpoint"] = json!("operator");
    request["residents"] = json!([iin_of(resident).as_str()]);
    request
}

/// A draft of `operator`, and its path for attachments.
async fn drafted(service: &Service) -> (Office, String) {
    let operator = Office::enter(service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    assert_eq!(draft.status, 201, "{:?}", draft.body);
    assert!(draft.body.get("to_sign").is_none());
    let id = draft.id().to_owned();
    (operator, id)
}

#[tokio::test]
async fn a_scan_is_kept_as_it_came() {
    let service = Service::start().await;
    let (operator, id) = drafted(&service).await;
    let attached = operator.attach(&id, Scan::of("paper_consent")).await;
    assert_eq!(attached.status, 201, "{:?}", attached.body);
    assert_eq!(attached.body["kind"], "paper_consent");
    assert_eq!(attached.body["size"], SCAN.len());
    let path = format!("/api/v1/applications/{id}/attachments");
    let list = operator.get(&path).await;
    assert_eq!(list.body["items"], json!([attached.body]));
    let one = format!("{path}/{}", attached.id());
    assert_eq!(operator.get(&one).await.bytes, SCAN);
    let request = operator.request(reqwest::Method::GET, &one);
    let shown = request.bearer_auth(operator.token()).send().await.unwrap();
    let header = |name: &str| shown.headers()[name].to_str().unwrap();
    assert!(header("content-disposition").starts_with("attachment;"));
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert_eq!(operator.detach(&id, attached.id()).await.status, 200);
    operator.get(&one).await.refused(404, "not-found", None);
    assert_eq!(service.count("SELECT count(*) FROM attachments").await, 0);
}

#[tokio::test]
async fn the_same_upload_is_one_attachment() {
    let service = Service::start().await;
    let (operator, id) = drafted(&service).await;
    let scan = Scan::of("lease");
    let first = operator.attach_again(&id, &scan, ("key-1", BOUNDARY)).await;
    // Every attempt of a program writes its form anew.
    let second = operator.attach_again(&id, &scan, ("key-1", "other")).await;
    assert_eq!(first, second);
    assert_eq!(service.count("SELECT count(*) FROM attachments").await, 1);
    let other = Scan::of("other");
    let other = operator.attach_again(&id, &other, ("key-1", BOUNDARY));
    other.await.refused(422, "idempotency-key-reused", None);
}

#[tokio::test]
async fn uploads_at_the_same_moment_are_each_answered_with_their_own() {
    let service = Service::start().await;
    let (operator, id) = drafted(&service).await;
    // What is told apart by its name comes back under it, whichever was stored last.
    let late = "UPDATE attachments SET id = '0f0f0f0f-ffff-7fff-bfff-ffffffffffff'";
    assert_eq!(operator.attach(&id, Scan::of("lease")).await.status, 201);
    service.execute(late).await;
    let other = Scan {
        name: "other.pdf",
        ..Scan::of("other")
    };
    let answer = operator.attach(&id, other).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    assert_eq!(answer.body["kind"], "other");
    assert_eq!(answer.body["name"], "other.pdf");
}

#[tokio::test]
async fn what_is_not_what_it_says_it_is_is_refused() {
    let service = Service::start().await;
    let (operator, id) = drafted(&service).await;
    let active = [
        SCAN.strip_suffix(b"%%EOF\n").unwrap(),
        b"<< /S /JavaScript >>\n%%EOF",
    ]
    .concat();
    let longer = [SCAN, b"MZ"].concat();
    let large = [vec![b'%'; 10 << 20], SCAN.to_vec()].concat();
    let good = || Scan::of("other");
    for (scan, status, kind) in [
        (
            Scan {
                octets: b"",
                ..good()
            },
            422,
            "attachment-empty",
        ),
        (
            Scan {
                octets: &active,
                ..good()
            },
            422,
            "attachment-active-content",
        ),
        (
            Scan {
                octets: &longer,
                ..good()
            },
            422,
            "attachment-trailing-data",
        ),
        (
            Scan {
                media_type: "image/png",
                ..good()
            },
            422,
            "attachment-type",
        ),
        (
            Scan {
                name: "fdp\u{202e}.exe",
                ..good()
            },
            422,
            "attachment-name",
        ),
        (
            Scan {
                octets: &large,
                ..good()
            },
            413,
            "too-large",
        ),
        (
            Scan {
                media_type: "text/html",
                ..good()
            },
            400,
            "malformed-request",
        ),
        (
            Scan {
                kind: "selfie",
                ..good()
            },
            400,
            "malformed-request",
        ),
    ] {
        operator.attach(&id, scan).await.refused(status, kind, None);
    }
    assert_eq!(service.count("SELECT count(*) FROM attachments").await, 0);
}

#[tokio::test]
async fn an_application_has_ten_attachments_at_most() {
    let service = Service::start().await;
    let (operator, id) = drafted(&service).await;
    for _ in 0..10 {
        assert_eq!(operator.attach(&id, Scan::of("other")).await.status, 201);
    }
    let one_more = operator.attach(&id, Scan::of("other")).await;
    one_more.refused(422, "attachment-too-many", None);
}

#[tokio::test]
async fn only_the_service_centre_attaches_and_sees() {
    let service = Service::start().await;
    let (operator, id) = drafted(&service).await;
    let attached = operator.attach(&id, Scan::of("other")).await;
    let path = format!("/api/v1/applications/{id}/attachments/{}", attached.id());
    // The resident sees nothing before the operator has signed; others never do.
    for slug in ["resident-1", "owner-1", "organisation", "employee"] {
        let other = Office::enter(&service, slug).await;
        other.get(&path).await.refused(404, "not-found", None);
        let more = other.attach(&id, Scan::of("other")).await;
        more.refused(404, "not-found", None);
        other
            .detach(&id, attached.id())
            .await
            .refused(404, "not-found", None);
    }
    let colleague = Office::enter(&service, "operator-2").await;
    assert_eq!(colleague.get(&path).await.bytes, SCAN);
    let more = colleague.attach(&id, Scan::of("other")).await;
    more.refused(404, "not-found", None);
    let resident = Office::enter(&service, "resident-1").await;
    let own = resident.draft(ONE_OWNER).await;
    let more = resident.attach(own.id(), Scan::of("other")).await;
    more.refused(403, "not-allowed", None);
}
