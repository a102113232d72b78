//! What the service keeps about a person, given to that person.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS, proposal};
use crate::registers::iin_of;
use crate::service::Service;

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
        json!({"applications": 1, "consents": 0, "registrations": 1, "events": 2,
            "notices": 2, "sessions": 1})
    );
    let applicant = &own.body["applications"][0]["applicant"];
    assert_eq!(applicant["iin"], json!(iin_of("resident-1").as_str()));
    let owners = owner.get("/api/v1/me/export").await;
    assert_eq!(
        lengths(&owners),
        json!({"applications": 1, "consents": 1, "registrations": 0, "events": 1,
            "notices": 2, "sessions": 1})
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
