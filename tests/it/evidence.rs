//! What proves a registration: handed out by the service, verified by others.

use std::process::{Command, Output};

use chrono::{SecondsFormat, TimeDelta};
use diesel_async::RunQueryDsl;
use kelisim::domain::evidence::{Basis, Finding, PackageReport, verify};
use kelisim::domain::register::Capacity;
use kelisim::domain::{ApplicationId, Ending};
use kelisim::eds::asic::Package;
use kelisim::eds::{Indication, Policy, Trust};
use kelisim::pki::{Behaviour, pem};
use kelisim::store::audit::records;
use uuid::Uuid;

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS};
use crate::openssl::{Folder, as_of, openssl};
use crate::registers::{POWER, iin_of};
use crate::service::{Service, database_url};

/// A registration to which two owners consented, and its package.
async fn registered(service: &Service) -> (String, Office) {
    let resident = Office::enter(service, "resident-1").await;
    let applied = resident.apply(service, TWO_OWNERS).await;
    let mut done = None;
    for slug in ["owner-2", "owner-3"] {
        let owner = Office::enter(service, slug).await;
        done = Some(owner.consent(service, applied.id()).await);
    }
    let registration = done.unwrap().text("registration").to_owned();
    let path = format!("/api/v1/registrations/{registration}/evidence");
    (path, resident)
}

fn anchors(service: &Service) -> Trust {
    let anchors = service
        .pki
        .hierarchies()
        .map(|it| it.root.certificate.clone());
    Trust::new(anchors.as_slice(), &[], &[]).unwrap()
}

/// What stands in the package of a registration, ten years later.
pub(crate) async fn proven(
    service: &Service,
    office: &Office,
    registration: &str,
) -> PackageReport {
    let path = format!("/api/v1/registrations/{registration}/evidence");
    let package = office.get(&path).await;
    assert_eq!(package.status, 200, "{:?}", package.body);
    let then = service.now() + TimeDelta::days(3650);
    let report = verify(&package.bytes, &anchors(service), &Policy::national(), then);
    assert_eq!(report.findings, []);
    assert_eq!(report.indication, Indication::TotalPassed);
    report
}

/// Signs what is asked for at this path.
async fn signs(service: &Service, office: &Office, path: &str) -> Answer {
    let document = office.get(&format!("{path}/document")).await;
    assert_eq!(document.status, 200, "{:?}", document.body);
    let signature = office.sign(service, &document.bytes);
    let body = serde_json::json!({"signature": signature});
    let done = office.post(&format!("{path}/signature"), body).await;
    assert_eq!(done.status, 200, "{:?}", done.body);
    done
}

#[tokio::test]
async fn the_evidence_of_a_sole_owner_says_that_nobody_else_had_to_consent() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let done = owner.apply(&service, ONE_OWNER).await;
    let report = proven(&service, &owner, done.text("registration")).await;
    assert_eq!((report.basis, report.parts.len()), (Some(Basis::Sole), 1));
}

#[tokio::test]
async fn what_the_resident_signed_to_leave_goes_into_the_evidence() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let done = owner.consent(&service, applied.id()).await;
    let registration = done.text("registration");
    let path = format!("/api/v1/registrations/{registration}/leaving");
    signs(&service, &resident, &path).await;
    let report = proven(&service, &resident, registration).await;
    assert_eq!(report.ended, Some((Ending::Left, service.now())));
    assert_eq!(
        (report.basis, report.parts.len()),
        (Some(Basis::Consents), 3)
    );
}

#[tokio::test]
async fn what_the_owners_signed_to_end_a_registration_goes_into_the_evidence() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    first.consent(&service, applied.id()).await;
    let second = Office::enter(&service, "owner-3").await;
    let done = second.consent(&service, applied.id()).await;
    let registration = done.text("registration");
    let path = format!("/api/v1/registrations/{registration}");
    signs(&service, &first, &format!("{path}/removal")).await;
    let seen = second.get(&path).await;
    let consent = seen.body["removal"]["consents"][0]["id"].as_str();
    let consent = consent.unwrap_or_else(|| panic!("{:?}", seen.body));
    let path = format!("/api/v1/applications/{}/consents/{consent}", applied.id());
    signs(&service, &second, &path).await;
    let report = proven(&service, &resident, registration).await;
    assert_eq!(report.ended, Some((Ending::Removed, service.now())));
    assert_eq!(report.parts.len(), 5);
}

#[tokio::test]
async fn what_a_delegate_signed_to_end_a_registration_names_the_power_of_attorney() {
    const REMOVAL: &str = "documents/removal.json";
    let service = Service::start().await;
    let (path, resident) = registered(&service).await;
    let registration = path.split('/').nth(4).unwrap();
    service.add_dwelling(TWO_OWNERS, &["owner-1"]).await;
    let delegate = Office::enter(&service, "delegate").await;
    let removal = format!("/api/v1/registrations/{registration}/removal");
    signs(&service, &delegate, &removal).await;
    let report = proven(&service, &resident, registration).await;
    assert_eq!(report.ended, Some((Ending::Removed, service.now())));
    let demand = report.parts.iter().find(|part| part.document == REMOVAL);
    let power = demand.and_then(|part| part.power_of_attorney.as_deref());
    assert_eq!(power, Some(POWER));

    // Whoever writes another power of attorney into it is found out.
    let octets = resident.get(&path).await.bytes;
    let package = Package::read(&octets).unwrap();
    let file = package.file(REMOVAL).unwrap();
    let changed = replaced(file, b"2026-0001", b"2026-0002");
    assert_ne!(file, changed);
    let sum = |octets: &[u8]| crc32fast::hash(octets).to_le_bytes();
    let tampered = replaced(&octets, file, &changed);
    let tampered = replaced(&tampered, &sum(file), &sum(&changed));
    let now = service.now();
    let report = verify(&tampered, &anchors(&service), &Policy::national(), now);
    assert_eq!(report.indication, Indication::TotalFailed);
}

#[tokio::test]
async fn what_a_guardian_signed_who_was_appointed_after_the_registration_goes_into_the_evidence() {
    let service = Service::start().await;
    let (path, resident) = registered(&service).await;
    let registration = path.split('/').nth(4).unwrap();
    let guards = iin_of("guardian");
    service
        .change_person(resident.iin(), |person| {
            person.capacity = Capacity::Limited;
            person.representatives = [guards.clone()].into();
        })
        .await;
    let guardian = Office::enter(&service, "guardian").await;
    let leaving = format!("/api/v1/registrations/{registration}/leaving");
    signs(&service, &guardian, &leaving).await;
    let report = proven(&service, &guardian, registration).await;
    assert_eq!(report.ended, Some((Ending::Left, service.now())));
}

#[tokio::test]
async fn what_was_signed_within_the_second_of_its_issue_is_proven_too() {
    let service = Service::start().await;
    // Documents tell milliseconds, stamps whole seconds.
    service.pass(TimeDelta::milliseconds(700));
    let (path, resident) = registered(&service).await;
    let package = resident.get(&path).await.bytes;
    for years in [0, 10] {
        let then = service.now() + TimeDelta::days(365 * years);
        let report = verify(&package, &anchors(&service), &Policy::national(), then);
        assert_eq!(report.findings, [], "in {years} years");
        assert_eq!(report.indication, Indication::TotalPassed);
    }
}

#[tokio::test]
async fn the_evidence_goes_to_those_whom_it_concerns() {
    let service = Service::start().await;
    let (path, resident) = registered(&service).await;
    let ask = |office: &Office| office.request(reqwest::Method::GET, &path);
    let response = ask(&resident)
        .bearer_auth(resident.token())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/vnd.etsi.asic-e+zip");
    assert!(header("content-disposition").starts_with("attachment; filename="));
    let tag = header("etag");
    let octets = response.bytes().await.unwrap();
    assert!(Package::read(&octets).is_ok());

    let again = ask(&resident).bearer_auth(resident.token());
    let again = again.header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    let owner = Office::enter(&service, "owner-2").await;
    let same = ask(&owner).bearer_auth(owner.token()).send().await.unwrap();
    assert_eq!(same.bytes().await.unwrap(), octets);

    let stranger = Office::enter(&service, "resident-2").await;
    stranger.get(&path).await.refused(404, "not-found", None);
    let nobody = Office::outside(&service, "resident-1");
    assert_eq!(nobody.get(&path).await.status, 401);
    let unknown = format!("/api/v1/registrations/{}/evidence", Uuid::now_v7());
    assert_eq!(resident.get(&unknown).await.status, 404);
}

#[tokio::test]
async fn the_evidence_holds_with_nothing_but_the_anchors() {
    let service = Service::start().await;
    let (path, resident) = registered(&service).await;
    let package = Package::read(&resident.get(&path).await.bytes).unwrap();
    for now in [service.now(), service.now() + TimeDelta::days(300)] {
        let report = verify(
            &package.write(),
            &anchors(&service),
            &Policy::national(),
            now,
        );
        let reasons: Vec<_> = report.parts.iter().map(|part| part.report.reason).collect();
        assert_eq!(report.findings, [], "{reasons:?} {:?}", report.seals);
        assert_eq!(report.indication, Indication::TotalPassed);
        assert_eq!(report.parts.len(), 3);
    }
}

#[tokio::test]
async fn the_evidence_carries_the_audit_records_and_nobody_can_change_them() {
    const FILE: &str = "records/audit.json";
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (consent, _) = owner.signed_consent(&service, applied.id()).await;
    let offered = serde_json::json!({"signature": "AAAA"});
    assert_eq!(owner.post(&consent, offered).await.status, 422);
    let done = owner.consent(&service, applied.id()).await;
    let path = format!(
        "/api/v1/registrations/{}/evidence",
        done.text("registration")
    );
    let octets = resident.get(&path).await.bytes;
    let package = Package::read(&octets).unwrap();

    let lines: Vec<serde_json::Value> =
        serde_json::from_slice(package.file(FILE).unwrap()).unwrap();
    assert_eq!(lines.len(), 5);
    let mut previous = kelisim::domain::audit::beginning().to_string();
    for line in &lines {
        assert_eq!(line["previous_hash"], previous);
        previous = line["hash"].as_str().unwrap().to_owned();
    }
    let connection = &mut service.connection().await;
    let application = ApplicationId::new(Uuid::parse_str(applied.id()).unwrap());
    let stored = records::of(connection, application).await.unwrap();
    for ((record, hash), line) in stored.iter().zip(&lines) {
        assert_eq!(line["hash"], hash.to_string());
        // Only the chain tells that the owner first offered something else.
        let shown = record.refusal.is_none().then(|| record.canonical());
        assert_eq!(line["canonical"].as_str(), shown.as_deref());
    }

    let now = service.now();
    let judged = |octets: &[u8]| verify(octets, &anchors(&service), &Policy::national(), now);
    assert_eq!(judged(&octets).findings, []);
    // The same length and the right check sum: an archive that can be read.
    let file = package.file(FILE).unwrap();
    let changed = replaced(file, b"registered", b"registerex");
    let sum = |octets: &[u8]| crc32fast::hash(octets).to_le_bytes();
    let tampered = replaced(&octets, file, &changed);
    let tampered = replaced(&tampered, &sum(file), &sum(&changed));
    assert_eq!(
        Package::read(&tampered).unwrap().file(FILE),
        Some(&*changed)
    );
    let report = judged(&tampered);
    assert!(
        matches!(report.findings[..], [Finding::Broken(_)]),
        "{report:?}"
    );
    assert_eq!(report.indication, Indication::TotalFailed);
}

/// With each occurrence of `old` replaced by `new`, which is as long.
fn replaced(octets: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    for at in 0..=octets.len() - old.len() {
        if octets[at..].starts_with(old) {
            octets[at..at + new.len()].copy_from_slice(new);
        }
    }
    octets
}

#[tokio::test]
async fn while_nobody_stamps_the_evidence_is_handed_out_without_and_stamped_later() {
    let service = Service::start().await;
    let (path, resident) = registered(&service).await;
    let stamping = kelisim::pki::Service::TimeStamps;
    service
        .authority
        .behave(stamping, Behaviour::Refused)
        .unwrap();
    let package = Package::read(&resident.get(&path).await.bytes).unwrap();
    let judged = |package: &Package| {
        let now = service.now();
        verify(
            &package.write(),
            &anchors(&service),
            &Policy::national(),
            now,
        )
    };
    assert_eq!(judged(&package).findings, [Finding::Unsealed]);
    assert!(service.house.keep_evidence(8).await.is_err());
    service
        .authority
        .behave(stamping, Behaviour::Honest)
        .unwrap();
    service.pass(TimeDelta::seconds(90));
    assert_eq!(service.house.keep_evidence(8).await.unwrap(), 1);
    assert_eq!(service.house.keep_evidence(8).await.unwrap(), 0);
    let package = Package::read(&resident.get(&path).await.bytes).unwrap();
    assert_eq!(judged(&package).indication, Indication::TotalPassed);
}

#[tokio::test]
async fn openssl_verifies_the_evidence_alone() {
    let service = Service::start_today().await;
    let (path, resident) = registered(&service).await;
    let package = Package::read(&resident.get(&path).await.bytes).unwrap();
    let folder = Folder::new();
    folder.put("package.asice", package.write());
    let roots = service.pki.hierarchies();
    let roots = roots.map(|it| pem::encode(pem::CERTIFICATE, &it.root.certificate));
    folder.put("root.pem", roots.concat());
    let unzipped = Command::new("unzip")
        .current_dir(folder.path())
        .args(["-q", "package.asice"])
        .output();
    assert!(unzipped.unwrap().status.success());

    let now = as_of(service.now());
    let documents = package
        .names()
        .filter(|name| name.starts_with("documents/"));
    let mut verified = 0;
    for document in documents {
        let signature = document
            .replace("documents/", "signatures/")
            .replace(".json", ".p7s");
        let arguments = format!(
            "cms -verify -binary -inform DER -in {signature} -content {document} -CAfile root.pem \
             -purpose any -out signed {now}"
        );
        openssl(&folder, &arguments);
        verified += 1;
    }
    assert_eq!(verified, 3);
    let token = "ts -verify -token_in -in META-INF/timestamp.tst -CAfile root.pem";
    let said = openssl(
        &folder,
        &format!("{token} -data META-INF/ASiCManifest.xml {now}"),
    );
    assert!(
        String::from_utf8(said)
            .unwrap()
            .contains("Verification: OK")
    );
}

fn kelisim(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kelisim"));
    let command = command.current_dir(folder.path()).args(arguments);
    command.env_remove("KELISIM_TRUST").output().unwrap()
}

#[tokio::test]
async fn the_command_line_writes_and_verifies_packages() {
    let service = Service::start().await;
    let (path, resident) = registered(&service).await;
    let package = Package::read(&resident.get(&path).await.bytes).unwrap();
    let folder = Folder::new();
    for (number, one) in service.pki.hierarchies().iter().enumerate() {
        std::fs::create_dir_all(folder.path().join("trust/anchors")).unwrap();
        folder.put(
            &format!("trust/anchors/{number}.cer"),
            &one.root.certificate,
        );
    }
    folder.put("package.asice", package.write());
    let now = service.now().to_rfc3339_opts(SecondsFormat::Secs, true);
    let verify = [
        "evidence",
        "verify",
        "package.asice",
        "--trust",
        "trust",
        "--at",
        &now,
    ];
    let output = kelisim(&folder, &verify);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.starts_with("PASSED  evidence of a registration"),
        "{text}"
    );

    let json = kelisim(&folder, &[&verify[..], &["--json"]].concat()).stdout;
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(report["indication"], "TOTAL-PASSED");

    let mut changed = package.write();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    folder.put("package.asice", changed);
    assert_eq!(kelisim(&folder, &verify).status.code(), Some(1));
    let absent = ["evidence", "verify", "absent.asice", "--trust", "trust"];
    assert_eq!(kelisim(&folder, &absent).status.code(), Some(2));
}

#[tokio::test]
async fn the_command_line_exports_what_the_service_hands_out() {
    #[derive(diesel::QueryableByName)]
    struct Name {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let service = Service::start().await;
    let (path, resident) = registered(&service).await;
    let handed_out = Package::read(&resident.get(&path).await.bytes).unwrap();
    let mut connection = service.connection().await;
    let query = diesel::sql_query("SELECT current_database()::text AS name");
    let database: Name = query.get_result(&mut connection).await.unwrap();

    let folder = Folder::new();
    for part in ["anchors", "issuers", "crls"] {
        std::fs::create_dir_all(folder.path().join("trust").join(part)).unwrap();
    }
    for (number, one) in service.pki.hierarchies().iter().enumerate() {
        folder.put(
            &format!("trust/anchors/{number}.cer"),
            &one.root.certificate,
        );
        folder.put(
            &format!("trust/issuers/{number}.cer"),
            &one.issuing.certificate,
        );
        folder.put(&format!("trust/crls/root{number}.crl"), &one.root_crl);
        folder.put(&format!("trust/crls/issuing{number}.crl"), &one.issuing_crl);
    }
    let registration = path.split('/').nth(4).unwrap();
    let url = database_url(&database.name);
    let export = [
        "evidence",
        "export",
        "--out",
        "package.asice",
        "--trust",
        "trust",
    ];
    let which = ["--registration", registration, "--database-url", &url];
    let output = kelisim(&folder, &[&export[..], &which].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let exported = std::fs::read(folder.path().join("package.asice")).unwrap();
    let exported = Package::read(&exported).unwrap();
    assert_eq!(exported.write(), handed_out.write());
}
