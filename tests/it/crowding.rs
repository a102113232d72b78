//! A city limits how many people may be registered in a dwelling.

use kelisim::domain::law::Quotas;
use kelisim::domain::{Dwelling, Rka};
use kelisim::store::dwellings;
use serde_json::json;

use crate::attachments::Scan;
use crate::office::{ONE_OWNER, Office, proposal};
use crate::registers::iin_of;
use crate::service::Service;
use crate::service_centre::in_person;

/// Fifteen square metres for each person, but for children and students.
const LIMIT: &str = r#"
    [[quota]]
    locality = "0201"
    square-metres-per-person = 15
    from = 2026-01-01
    exempt = ["child", "full-time-student"]
"#;

/// A service with the limit, and a dwelling of so many square metres.
async fn limited(area: Option<u32>) -> Service {
    let service = Service::decided(|settings| settings.quotas = Quotas::parse(LIMIT).unwrap());
    let service = service.await;
    set_area(&service, area).await;
    service
}

async fn set_area(service: &Service, area: Option<u32>) {
    let mut connection = service.connection().await;
    let rka = Rka::parse(ONE_OWNER).unwrap();
    let known = dwellings::find(&mut connection, &rka).await.unwrap();
    let dwelling = Dwelling {
        area,
        ..known.unwrap()
    };
    dwellings::put(&mut connection, &dwelling).await.unwrap();
}

#[tokio::test]
async fn a_dwelling_takes_as_many_as_its_area_allows() {
    let service = limited(Some(29)).await;
    let resident = Office::enter(&service, "resident-1").await;
    let other = Office::enter(&service, "resident-2").await;
    let owner = Office::enter(&service, "owner-1").await;
    let first = resident.apply(&service, ONE_OWNER).await;
    // Both were drafted while there was room; the second finds none at the end.
    let second = other.apply(&service, ONE_OWNER).await;
    let registered = owner.consent(&service, first.id()).await;
    assert_eq!(registered.state(), "registered");
    let refused = owner.consent(&service, second.id()).await;
    assert_eq!(
        (refused.state(), refused.text("grounds")),
        ("refused", "crowded")
    );
    let third = Office::enter(&service, "resident-ecdsa").await;
    let third = third
        .post("/api/v1/applications", proposal(ONE_OWNER))
        .await;
    third.refused(422, "crowded", None);
    assert!(
        third
            .text("law")
            .contains("Law on Population Migration, article 51")
    );
}

#[tokio::test]
async fn without_an_area_nobody_is_registered_where_there_is_a_limit() {
    let service = limited(None).await;
    let resident = Office::enter(&service, "resident-1").await;
    let answer = resident
        .post("/api/v1/applications", proposal(ONE_OWNER))
        .await;
    answer.refused(422, "crowded", None);
}

#[tokio::test]
async fn whom_the_limit_does_not_count_is_shown_at_the_service_centre() {
    let service = limited(Some(10)).await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let paper = operator.attach(draft.id(), Scan::of("other")).await;
    let attestation = |exempt| {
        json!({
            "residents": [{"iin": iin_of("resident-1").as_str(), "exempt": exempt, "document":
                {"kind": "passport", "last_four": "77AB", "issuer": "МВД РК"}}],
            "owners": [in_person("owner-1")],
        })
    };
    let path = format!("/api/v1/applications/{}/attestation", draft.id());
    let exempt = |relationship| json!({"relationship": relationship, "attachment": paper.id()});
    for counted in [json!(null), exempt("spouse")] {
        let refused = operator.post(&path, attestation(counted)).await;
        refused.refused(422, "crowded", None);
    }
    let ready = operator
        .post(&path, attestation(exempt("full-time-student")))
        .await;
    assert_eq!(ready.status, 200, "{:?}", ready.body);
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered", "{:?}", registered.body);
}

#[tokio::test]
async fn without_a_configured_limit_the_area_does_not_matter() {
    let service = Service::start().await;
    set_area(&service, Some(1)).await;
    let resident = Office::enter(&service, "resident-1").await;
    resident.draft(ONE_OWNER).await;
}
