//! Anybody may have a signature or a certificate judged, and learns no more
//! than what is in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kelisim::eds::Trust;
use kelisim::pki::{KeyKind, Packaging, SignedData, SignerInfo, attributes, pem, sign};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::forgery;
use crate::material;
use crate::national::object;
use crate::office::{Answer, Office};
use crate::service::Service;

const DOCUMENT: &[u8] = "Келісемін".as_bytes();
const OTHER: &[u8] = "Келіспеймін".as_bytes();

async fn ask(service: &Service, path: &str, body: Value) -> Answer {
    let anybody = Office::outside(service, "resident-1");
    anybody.post(path, body).await
}

async fn validate(service: &Service, signature: &[u8], content: Option<&[u8]>) -> Answer {
    let signature = STANDARD.encode(signature);
    let content = content.map(|content| STANDARD.encode(content));
    let body = json!({"signature": signature, "content": content});
    let answer = ask(service, "/api/v1/signatures/validate", body).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer
}

/// Main status and sub-indication of each signature, after those of the whole.
#[track_caller]
fn verdict(answer: &Answer) -> Value {
    let signatures = answer.body["signatures"].as_array().unwrap();
    let each = signatures.iter().map(|signature| {
        let report = &signature["report"];
        json!([report["indication"], report["sub_indication"]])
    });
    json!([answer.body["indication"], each.collect::<Vec<_>>()])
}

fn signed(slug: &str, packaging: Packaging) -> Vec<u8> {
    let person = material::person(slug);
    sign(
        DOCUMENT,
        &person.certificate,
        &person.key,
        material::now(),
        packaging,
    )
    .unwrap()
}

#[tokio::test]
async fn signatures_of_ours_pass_attached_and_detached() {
    let service = Service::start().await;
    let passed = json!(["TOTAL-PASSED", [["TOTAL-PASSED", null]]]);
    let attached = signed("owner-1", Packaging::Attached);
    let answer = validate(&service, &attached, None).await;
    assert_eq!(verdict(&answer), passed, "{:?}", answer.body);
    let detached = signed("owner-1", Packaging::Detached);
    let answer = validate(&service, &detached, Some(DOCUMENT)).await;
    assert_eq!(verdict(&answer), passed);

    let identity = &material::person("owner-1").character.identity;
    let holder = &answer.body["signatures"][0]["signer"]["holder"];
    assert_eq!(holder["surname"], identity.surname.as_str());
    assert!(holder["iin"].as_str().unwrap().ends_with("********"));
    assert!(!answer.body.to_string().contains(&identity.iin));
}

#[tokio::test]
async fn signatures_by_openssl_pass() {
    let service = Service::start_today().await;
    let signer = forgery::signer(KeyKind::Rsa2048, |_| {});
    let detached = signer.signs_by_openssl(DOCUMENT, "-cades -md sha256");
    let answer = validate(&service, &detached, Some(DOCUMENT)).await;
    assert_eq!(
        answer.body["indication"], "TOTAL-PASSED",
        "{:?}",
        answer.body
    );
    let attached = signer.signs_by_openssl(DOCUMENT, "-cades -md sha256 -nodetach");
    let answer = validate(&service, &attached, None).await;
    assert_eq!(
        answer.body["indication"], "TOTAL-PASSED",
        "{:?}",
        answer.body
    );
}

#[tokio::test]
async fn what_does_not_hold_is_answered_with_the_reason() {
    let service = Service::start().await;
    let detached = signed("owner-1", Packaging::Detached);
    let other = validate(&service, &detached, Some(OTHER)).await;
    let changed = json!(["TOTAL-FAILED", [["TOTAL-FAILED", "HASH_FAILURE"]]]);
    assert_eq!(verdict(&other), changed);

    let alone = validate(&service, &detached, None).await;
    let missing = json!([
        "INDETERMINATE",
        [["INDETERMINATE", "SIGNED_DATA_NOT_FOUND"]]
    ]);
    assert_eq!(verdict(&alone), missing);

    let mut broken = detached.clone();
    *broken.last_mut().unwrap() ^= 1;
    let broken = validate(&service, &broken, Some(DOCUMENT)).await;
    let forged = json!(["TOTAL-FAILED", [["TOTAL-FAILED", "SIG_CRYPTO_FAILURE"]]]);
    assert_eq!(verdict(&broken), forged);

    let nothing = validate(&service, b"nothing", None).await;
    let malformed = json!(["TOTAL-FAILED", [["TOTAL-FAILED", "FORMAT_FAILURE"]]]);
    assert_eq!(verdict(&nothing), malformed);
}

/// One container with the signatures of two people over a document each.
fn by_two(documents: [&[u8]; 2]) -> Vec<u8> {
    let people = ["owner-1", "resident-1"].map(material::person);
    let signers = people.iter().zip(documents).map(|(person, document)| {
        let digest = person.key.digest();
        let attributes = attributes(document, &person.certificate, digest, material::now());
        SignerInfo::signing(document, &person.certificate, &person.key, Some(attributes)).unwrap()
    });
    SignedData {
        content: None,
        certificates: people.map(|person| person.certificate.clone()).to_vec(),
        signers: signers.collect(),
    }
    .encode()
}

#[tokio::test]
async fn each_of_several_signatures_gets_its_own_verdict() {
    let service = Service::start().await;
    let both = validate(&service, &by_two([DOCUMENT, DOCUMENT]), Some(DOCUMENT)).await;
    let passed = ["TOTAL-PASSED", "TOTAL-PASSED"].map(|passed| json!([passed, null]));
    assert_eq!(verdict(&both), json!(["TOTAL-PASSED", passed]));

    let one = validate(&service, &by_two([DOCUMENT, OTHER]), Some(DOCUMENT)).await;
    assert_eq!(one.body["indication"], "TOTAL-FAILED");
    let mut each: Vec<String> = one.body["signatures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|signature| signature["report"]["indication"].to_string())
        .collect();
    each.sort();
    assert_eq!(each, ["\"TOTAL-FAILED\"", "\"TOTAL-PASSED\""]);
}

#[tokio::test]
async fn the_national_authority_s_signatures_pass_under_its_test_policy() {
    let (Some(root), Some(issuer), Some(signature)) = (
        object("ca-test/root_test_gost_2022.cer"),
        object("ca-test/nca_gost2022_test.cer"),
        object("cms/individual_attached.der"),
    ) else {
        return;
    };
    let service = Service::start().await;
    let trust = Trust::new(&[root], &[issuer], &[]).unwrap();
    service.house.trust.replace(trust);
    let body = |policy: &str| {
        let signature = STANDARD.encode(&signature);
        json!({"signature": signature, "time": "2026-08-20T10:00:00Z", "policy": policy})
    };
    let path = "/api/v1/signatures/validate";
    let passed = ask(&service, path, body("national-test")).await;
    assert_eq!(
        passed.body["indication"], "TOTAL-PASSED",
        "{:?}",
        passed.body
    );
    assert_eq!(passed.body["signatures"][0]["signer"]["key"]["bits"], 512);
    let strict = ask(&service, path, body("national")).await;
    assert_eq!(strict.body["indication"], "INDETERMINATE");
}

#[tokio::test]
async fn a_signed_xml_document_is_read_as_it_is() {
    let Some(document) = object("xml/ncalayer-rs_test_gost512.xml_simple.xml") else {
        return;
    };
    let service = Service::start().await;
    let text = String::from_utf8(document).unwrap();
    let judged = |signature: String| {
        let body = json!({"signature": signature, "policy": "generic"});
        ask(&service, "/api/v1/signatures/validate", body)
    };
    let unknown = judged(text.clone()).await;
    assert_eq!(unknown.body["form"], "xml");
    let open = json!([
        "INDETERMINATE",
        [["INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"]]
    ]);
    assert_eq!(verdict(&unknown), open);
    let changed = judged(text.replace("<a>1</a>", "<a>2</a>")).await;
    let failed = json!(["TOTAL-FAILED", [["TOTAL-FAILED", "HASH_FAILURE"]]]);
    assert_eq!(verdict(&changed), failed);
}

#[tokio::test]
async fn a_certificate_is_told_without_its_number_unless_asked_for() {
    let service = Service::start().await;
    let person = material::person("owner-1");
    let path = "/api/v1/certificates/inspect";
    let certificate = STANDARD.encode(&person.certificate);
    let masked = ask(&service, path, json!({"certificate": certificate})).await;
    assert_eq!(masked.status, 200, "{:?}", masked.body);
    assert_eq!(masked.body["key_storage"], "pkcs12");
    assert_eq!(masked.body["holder"]["check_digits"], "right");
    let iin = &person.character.identity.iin;
    assert!(!masked.body.to_string().contains(iin));
    let body = json!({"certificate": certificate, "reveal": true});
    let shown = ask(&service, path, body).await;
    assert_eq!(shown.body["holder"]["iin"], iin.as_str());
    let none = ask(&service, path, json!({"certificate": "AAAA"})).await;
    none.refused(422, "no-certificate", None);
}

#[tokio::test]
async fn judging_leaves_no_trace() {
    let service = Service::start().await;
    let detached = signed("owner-1", Packaging::Detached);
    validate(&service, &detached, Some(OTHER)).await;
    for table in [
        "refusals",
        "signatures",
        "documents",
        "events",
        "idempotency_keys",
    ] {
        let rows = format!("SELECT count(*) FROM {table}");
        assert_eq!(service.count(&rows).await, 0, "{table}");
    }
}

#[tokio::test]
async fn ten_mebibytes_are_judged_and_no_more() {
    let service = Service::start().await;
    let path = "/api/v1/signatures/validate";
    let large = |mebibytes: usize| json!({"signature": "A".repeat(mebibytes << 20)});
    assert_eq!(ask(&service, path, large(9)).await.status, 200);
    ask(&service, path, large(11))
        .await
        .refused(413, "too-large", None);
    let elsewhere = ask(&service, "/api/v1/auth/sessions", large(2)).await;
    elsewhere.refused(413, "too-large", None);
}

/// Parts of a form: the name with whatever follows it in the header, and the octets.
type Parts<'a> = [(&'a str, &'a [u8])];

async fn fill_in(service: &Service, parts: &Parts<'_>) -> Answer {
    const BOUNDARY: &str = "a-line-that-is-in-no-file";
    let mut body = Vec::new();
    for (name, octets) in parts {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name={name}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(octets);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let anybody = Office::outside(service, "resident-1");
    let request = anybody.request(reqwest::Method::POST, "/api/v1/signatures/validate");
    let form = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = request.header("Content-Type", form).body(body);
    anybody.send(request).await
}

const FILE: &str =
    "\"signature\"; filename=\"contract.sig\"\r\nContent-Type: application/octet-stream";

#[tokio::test]
async fn a_form_gets_the_same_report_as_json_to_the_octet() {
    let service = Service::start().await;
    let detached = signed("owner-1", Packaging::Detached);
    let armoured = pem::encode("CMS", &detached);
    let time = service.now().to_rfc3339();
    for (content, passes) in [(DOCUMENT, true), (OTHER, false)] {
        let body = json!({
            "signature": STANDARD.encode(&detached), "content": STANDARD.encode(content),
            "time": time, "policy": "generic",
        });
        let by_json = ask(&service, "/api/v1/signatures/validate", body).await;
        assert_eq!(by_json.status, 200);
        assert_eq!(by_json.body["indication"] == "TOTAL-PASSED", passes);
        for signature in [&detached, armoured.as_bytes()] {
            let content = ("\"content\"; filename=\"contract.pdf\"", content);
            let (time, policy) = (("time", time.as_bytes()), ("policy", &b"generic"[..]));
            let by_form = fill_in(&service, &[(FILE, signature), content, time, policy]).await;
            assert_eq!(by_form.bytes, by_json.bytes);
        }
    }
    let attached = signed("owner-1", Packaging::Attached);
    let by_json = validate(&service, &attached, None).await;
    assert_eq!(by_json.body["indication"], "TOTAL-PASSED");
    let by_form = fill_in(&service, &[(FILE, &attached)]).await;
    assert_eq!(by_form.bytes, by_json.bytes);
}

#[tokio::test]
async fn a_form_is_limited_as_a_whole() {
    let service = Service::start().await;
    let large = vec![b'A'; 9 << 20];
    assert_eq!(fill_in(&service, &[(FILE, &large)]).await.status, 200);
    // Neither is too large alone.
    let half = vec![b'A'; 6 << 20];
    for parts in [
        [(FILE, &half[..]), ("content", &half)],
        [("content", &half), ("\"extra\"", &half)],
    ] {
        let answer = fill_in(&service, &parts).await;
        answer.refused(413, "too-large", None);
    }
}

#[tokio::test]
async fn what_is_announced_as_too_large_is_not_read() {
    let service = Service::start().await;
    let address = service.url.strip_prefix("http://").unwrap();
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/signatures/validate HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        11 << 20
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    // Not one octet of the body is sent.
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_wrong_form_is_named() {
    let service = Service::start().await;
    let signature = ("signature", &b"AAAA"[..]);
    let wrong: [(&Parts<'_>, &str); 7] = [
        (&[], "signature is missing"),
        (&[("content", b"AAAA")], "signature is missing"),
        (&[signature, signature], "signature is there twice"),
        (
            &[signature, ("content", b""), ("content", b"")],
            "content is there twice",
        ),
        (&[signature, ("time", b"yesterday")], "time is not"),
        (&[signature, ("policy", b"lenient")], "no such policy"),
        (&[signature, ("secret", b"")], "does not take"),
    ];
    for (parts, said) in wrong {
        let answer = fill_in(&service, parts).await;
        answer.refused(400, "malformed-request", None);
        let detail = answer.text("detail");
        assert!(
            detail.contains(said) && !detail.contains("secret"),
            "{detail}"
        );
    }
    let anybody = Office::outside(&service, "resident-1");
    for (form, body) in [
        ("multipart/form-data", ""),
        ("multipart/form-data; boundary=b", "--b\r\nContent-Disp"),
        ("multipart/form-data; boundary=b", "{}"),
        ("multipart/mixed; boundary=b", "--b--\r\n"),
    ] {
        let request = anybody.request(reqwest::Method::POST, "/api/v1/signatures/validate");
        let request = request.header("Content-Type", form).body(body);
        let answer = anybody.send(request).await;
        answer.refused(400, "malformed-request", None);
    }
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    let service = Service::with_limit(2).await;
    let mut last = 200;
    for _ in 0..4 {
        let body = json!({"signature": ""});
        last = ask(&service, "/api/v1/signatures/validate", body)
            .await
            .status;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_wrong_question_is_named() {
    let service = Service::start().await;
    for body in [
        json!({}),
        json!({"signature": "", "content": "Ж"}),
        json!({"signature": "", "policy": "lenient"}),
        json!({"signature": "", "time": "yesterday"}),
        json!({"signature": "", "extra": 1}),
    ] {
        let answer = ask(&service, "/api/v1/signatures/validate", body).await;
        answer.refused(400, "malformed-request", None);
    }
}

#[tokio::test]
async fn both_calls_are_described() {
    let service = Service::start().await;
    let anybody = Office::outside(&service, "resident-1");
    let api = anybody.get("/api/openapi.json").await;
    for path in ["signatures/validate", "certificates/inspect"] {
        let described = &api.body["paths"][format!("/api/v1/{path}")]["post"];
        assert!(described.is_object(), "{path}");
    }
    let taken = &api.body["paths"]["/api/v1/signatures/validate"]["post"]["requestBody"]["content"];
    for (form, schema) in [
        ("application/json", "ValidationRequest"),
        ("multipart/form-data", "ValidationForm"),
    ] {
        let reference = format!("#/components/schemas/{schema}");
        assert_eq!(taken[form]["schema"]["$ref"], reference);
    }
    let form = &api.body["components"]["schemas"]["ValidationForm"];
    assert_eq!(form["properties"]["signature"]["format"], "binary");
    assert_eq!(form["required"], json!(["signature"]));
}
