//! What the service keeps about a person, given to that person.

use std::collections::BTreeMap;

use kelisim::domain::FourEyes;
use serde_json::{Value, json};

use crate::attachments::Scan;
use crate::office::{Answer, ONE_OWNER, OWNED_BY_A_CHILD, Office, TWO_OWNERS, proposal};
use crate::registers::iin_of;
use crate::service::Service;
use crate::service_centre;

#[tokio::test]
async fn a_person_gets_everything_with_their_own_number_whole_and_others_masked() {
    let service = Service::start().await;
    let (resident, owner) = registered(&service).await;
    for (office, other) in [(&resident, "owner-1"), (&owner, "resident-1")] {
        let export = office.get("/api/v1/me/export").await;
        assert_eq!(export.status, 200, "{:?}", export.body);
        let text = String::from_utf8(export.bytes.clone()).unwrap();
        assert!(!text.contains(iin_of(other).as_str()), "{text}");
        assert_eq!(export.body["iin"], office.iin());
    }
    let own = resident
        .get("/api/v1/me/export?format=json&language=ru")
        .await;
    assert_eq!(
        lengths(&own),
        json!({"applications": 1, "consents": 0, "attested": 0, "papers": 0,
            "registrations": 1, "dwellings": 0, "powers_of_attorney": 0, "invitations": 0,
            "refusals": 0, "events": 2, "notices": 2, "sessions": 1})
    );
    let applicant = &own.body["applications"][0]["applicant"];
    assert_eq!(applicant["iin"], json!(iin_of("resident-1").as_str()));
    assert_eq!(own.body["applications"][0]["edition"], 1);
    assert_eq!(own.body["registrations"][0]["channel"], "portal");
    let owners = owner.get("/api/v1/me/export").await;
    assert_eq!(
        lengths(&owners),
        json!({"applications": 1, "consents": 1, "attested": 0, "papers": 0,
            "registrations": 0, "dwellings": 3, "powers_of_attorney": 1, "invitations": 0,
            "refusals": 0, "events": 1, "notices": 2, "sessions": 1})
    );
    let applicant = &owners.body["applications"][0]["applicant"];
    assert_eq!(applicant["iin"], json!(iin_of("resident-1").masked()));
    assert_eq!(owners.body["consents"][0]["answer"], "given");
    let consent = &owners.body["consents"][0]["iin"];
    assert_eq!(*consent, json!(iin_of("owner-1").as_str()));
}

#[tokio::test]
async fn the_table_has_a_line_for_each_and_no_formula() {
    let service = Service::start().await;
    let (resident, _) = registered(&service).await;
    service
        .execute(
            "UPDATE residents SET name = '=HYPERLINK(\"http://x\")';
             UPDATE registrations SET address = address || '{\"ru\": \"-2+3, \\\"дом\\\"\"}'",
        )
        .await;
    let request = resident.request(
        reqwest::Method::GET,
        "/api/v1/me/export?format=csv&language=ru",
    );
    let response = request.bearer_auth(resident.token()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-type").starts_with("text/csv; charset=utf-8"));
    assert!(header("content-disposition").starts_with("attachment"));
    assert_eq!(header("cache-control"), "no-store");
    let text = response.text().await.unwrap();
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\n'));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for line in reader.records() {
        let line = line.unwrap();
        *kinds.entry(line[0].to_owned()).or_default() += 1;
        for cell in &line {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
        }
        match &line[0] {
            "resident" => assert_eq!(&line[6], "'=HYPERLINK(\"http://x\")"),
            "registration" => assert_eq!(&line[10], "'-2+3, \"дом\""),
            _ => {}
        }
    }
    let expected = [
        ("application", 1),
        ("event", 2),
        ("notice", 2),
        ("person", 1),
        ("registration", 1),
        ("resident", 1),
        ("session", 1),
    ];
    assert_eq!(
        kinds,
        expected
            .map(|(kind, count)| (kind.to_owned(), count))
            .into()
    );
}

#[tokio::test]
async fn what_an_owner_is_no_longer_asked_about_is_not_told_as_it_became() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let former = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let elsewhere = proposal(TWO_OWNERS);
    assert_eq!(resident.rewrites(applied.id(), elsewhere).await.status, 200);
    let export = former.get("/api/v1/me/export").await;
    let text = String::from_utf8(export.bytes.clone()).unwrap();
    assert!(!text.contains(TWO_OWNERS), "{text}");
    assert!(!text.contains("2-үй"), "{text}");
    assert_eq!(export.body["applications"], json!([]));
    assert_eq!(export.body["consents"].as_array().unwrap().len(), 1);
    assert_eq!(export.body["notices"].as_array().unwrap().len(), 2);
}

/// How often an owner is told to have been asked.
async fn asked(owner: &Office) -> usize {
    let export = owner.get("/api/v1/me/export").await;
    export.body["consents"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_owner_hears_only_of_rounds_in_which_it_was_signed() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    // Never signed.
    let drafted = resident.draft(ONE_OWNER).await;
    assert_eq!(asked(&owner).await, 0);
    // Written anew, and then signed: of the first round nobody has heard.
    let anew = resident.rewrites(drafted.id(), proposal(ONE_OWNER)).await;
    assert_eq!(asked(&owner).await, 0);
    let signed = resident.sign_draft(&service, &anew).await;
    assert_eq!(signed.status, 200, "{:?}", signed.body);
    assert_eq!(asked(&owner).await, 1);
    // A draft again: the owner knows of what was signed, and of nothing since.
    let third = resident.rewrites(drafted.id(), proposal(ONE_OWNER)).await;
    assert_eq!(asked(&owner).await, 1);
    let signed = resident.sign_draft(&service, &third).await;
    assert_eq!(signed.status, 200, "{:?}", signed.body);
    assert_eq!(asked(&owner).await, 2);
}

#[tokio::test]
async fn with_an_organisations_certificate_nobody_gets_a_persons_data() {
    let service = Service::start().await;
    for member in ["organisation", "operator"] {
        let member = Office::enter(&service, member).await;
        let answer = member.get("/api/v1/me/export").await;
        answer.refused(403, "not-allowed", None);
    }
}

#[tokio::test]
async fn an_owner_gets_dwellings_and_powers_of_attorney_and_so_does_the_delegate() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let delegate = Office::enter(&service, "delegate").await;
    let own = owner.get("/api/v1/me/export").await;
    let first = &own.body["dwellings"][0];
    assert_eq!(
        json!([first["rka"], first["owners"], first["registered"]]),
        json!([ONE_OWNER, 1, 0])
    );
    let given = &own.body["powers_of_attorney"][0];
    assert_eq!(given["principal_iin"], owner.iin());
    assert_eq!(given["delegate_iin"], iin_of("delegate").masked());
    let theirs = delegate.get("/api/v1/me/export").await;
    let given = &theirs.body["powers_of_attorney"][0];
    assert_eq!(given["principal_iin"], iin_of("owner-1").masked());
    assert_eq!(given["delegate_iin"], delegate.iin());
    assert_eq!(given["scope"], json!(["register", "deregister"]));
    let lines = table(&owner).await;
    assert_eq!(lines["dwelling"].len(), 3);
    assert_eq!(lines["dwelling"][0]["owners"], "1");
    let power = &lines["power_of_attorney"][0];
    assert_eq!(power["by_iin"], owner.iin());
    assert_eq!(power["iin"], iin_of("delegate").masked());
}

#[tokio::test]
async fn both_sides_of_an_invitation_get_it_with_the_others_number_masked() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let resident = Office::enter(&service, "resident-1").await;
    let offer = json!({"rka": ONE_OWNER, "resident": resident.iin(),
        "starts_on": "2026-11-01", "months": 3});
    let invited = owner.post("/api/v1/invitations", offer).await;
    assert_eq!(invited.status, 201, "{:?}", invited.body);
    for (office, by, whom) in [
        (
            &owner,
            owner.iin().to_owned(),
            iin_of("resident-1").masked(),
        ),
        (
            &resident,
            iin_of("owner-1").masked(),
            resident.iin().to_owned(),
        ),
    ] {
        let export = office.get("/api/v1/me/export").await;
        let invitation = &export.body["invitations"][0];
        assert_eq!(invitation["id"], invited.body["id"]);
        assert_eq!(invitation["stage"], "open");
        assert_eq!(invitation["by_iin"], by);
        assert_eq!(invitation["resident_iin"], whom);
        let line = &table(office).await["invitation"][0];
        assert_eq!((&line["by_iin"], &line["iin"]), (&by, &whom));
    }
    let other = Office::enter(&service, "resident-2").await;
    let export = other.get("/api/v1/me/export").await;
    assert_eq!(export.body["invitations"], json!([]));
}

#[tokio::test]
async fn a_signature_that_was_refused_is_given_to_whoever_offered_it() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let consent = owner.consent_path(applied.id()).await;
    let body = json!({"signature": owner.sign(&service, b"something else")});
    let refused = owner.post(&format!("{consent}/signature"), body).await;
    assert_eq!(refused.status, 422, "{:?}", refused.body);
    let export = owner.get("/api/v1/me/export").await;
    let refusal = &export.body["refusals"][0];
    assert_eq!(refusal["application"], applied.body["id"]);
    assert_eq!(refusal["code"], refused.body["code"]);
    assert!(consent.ends_with(refusal["consent"].as_str().unwrap()));
    let line = &table(&owner).await["refusal"][0];
    assert_eq!(line["what"], refused.text("code"));
    assert_eq!(line["sha256"].len(), 64);
    let export = resident.get("/api/v1/me/export").await;
    assert_eq!(export.body["refusals"], json!([]));
    assert!(export.body["applications"][0]["deadline"].is_string());
}

#[tokio::test]
async fn everybody_gets_what_was_attested_about_them_at_a_service_centre() {
    let service = Service::decided(|settings| settings.rules.four_eyes = FourEyes::Waived).await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let scan = operator.attach(draft.id(), Scan::of("lease")).await;
    let present = service_centre::in_person("owner-1");
    let body = service_centre::attested("resident-1", &[present]);
    let ready = operator.attest(draft.id(), body).await;
    let signed = operator.sign_draft(&service, &ready).await;
    assert_eq!(signed.state(), "registered", "{:?}", signed.body);
    let (application, resident) = (signed.id(), Office::enter(&service, "resident-1").await);
    let export = resident.get("/api/v1/me/export").await;
    let document = |last_four: &str| {
        json!({"application": application, "document": "identity_card",
            "last_four": last_four, "issuer": "МВД РК"})
    };
    let mut about = document("1234");
    about["party"] = json!("resident");
    assert_eq!(export.body["attested"], json!([about]));
    let paper = &export.body["papers"][0];
    assert_eq!(paper["sha256"], scan.body["sha256"]);
    assert_eq!(paper["kind"], "lease");
    assert_eq!(export.body["registrations"][0]["channel"], "service_centre");
    let lines = table(&resident).await;
    assert_eq!(lines["attested"][0]["last_four"], "1234");
    assert_eq!(lines["paper"][0]["sha256"], scan.text("sha256"));
    // The owner showed another document, and the papers are not the owner's to see.
    let owner = Office::enter(&service, "owner-1").await;
    let export = owner.get("/api/v1/me/export").await;
    let mut about = document("5678");
    about["party"] = json!("owner");
    about["how"] = json!("present");
    assert_eq!(export.body["attested"], json!([about]));
    assert_eq!(export.body["papers"], json!([]));
}

#[tokio::test]
async fn whoever_spoke_for_another_gets_what_they_showed_themselves() {
    /// Fifteen years old; `guardian` acts for him, and he owns a flat.
    const CHILD: &str = "110305599805";
    let service = Service::decided(|settings| settings.rules.four_eyes = FourEyes::Waived).await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", OWNED_BY_A_CHILD).await;
    let through = json!({"iin": CHILD, "how": "legal_representative", "representative":
        {"iin": iin_of("guardian").as_str(), "document": service_centre::card("4321")}});
    let body = service_centre::attested("resident-1", &[through]);
    let ready = operator.attest(draft.id(), body).await;
    let signed = operator.sign_draft(&service, &ready).await;
    assert_eq!(signed.state(), "registered", "{:?}", signed.body);
    let guardian = Office::enter(&service, "guardian").await;
    let export = guardian.get("/api/v1/me/export").await;
    let shown = json!({"application": signed.id(), "party": "representative",
        "how": "legal_representative", "document": "identity_card", "last_four": "4321",
        "issuer": "МВД РК"});
    assert_eq!(export.body["attested"], json!([shown]));
    let text = String::from_utf8(export.bytes.clone()).unwrap();
    assert!(
        !text.contains(CHILD) && !text.contains("\"1234\""),
        "{text}"
    );
}

/// The lines of the table by what they are of, each as its cells by their headings.
async fn table(office: &Office) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let path = "/api/v1/me/export?format=csv";
    let request = office.request(reqwest::Method::GET, path);
    let response = request.bearer_auth(office.token()).send().await.unwrap();
    let text = response.text().await.unwrap();
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut lines: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for line in reader.deserialize() {
        let line: BTreeMap<String, String> = line.unwrap();
        lines.entry(line["record"].clone()).or_default().push(line);
    }
    lines
}

async fn registered(service: &Service) -> (Office, Office) {
    let resident = Office::enter(service, "resident-1").await;
    let owner = Office::enter(service, "owner-1").await;
    let applied = resident.apply(service, ONE_OWNER).await;
    let done = owner.consent(service, applied.id()).await;
    assert_eq!(done.state(), "registered", "{:?}", done.body);
    (resident, owner)
}

/// How much there is of each.
fn lengths(export: &Answer) -> Value {
    let members = export.body.as_object().unwrap().iter();
    let lists =
        members.filter_map(|(name, list)| Some((name.clone(), json!(list.as_array()?.len()))));
    lists.collect()
}
