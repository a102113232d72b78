//! What people are told in their offices, and what they have read of it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS};
use crate::service::Service;

#[tokio::test]
async fn everybody_is_told_what_concerns_them_and_nobody_else_is() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    let drafted = resident.draft(TWO_OWNERS).await;
    for person in [&resident, &first, &second] {
        assert_eq!(topics(&inbox(person, "").await), Vec::<&str>::new());
    }
    resident.sign_draft(&service, &drafted).await;
    assert_eq!(topics(&inbox(&first, "").await), ["asked"]);
    service.pass(TimeDelta::seconds(1));
    first.consent(&service, drafted.id()).await;
    assert_eq!(topics(&inbox(&resident, "").await), ["some_consented"]);
    assert_eq!(topics(&inbox(&second, "").await), ["asked"]);
    service.pass(TimeDelta::seconds(1));
    second.consent(&service, drafted.id()).await;
    let told = inbox(&resident, "?language=ru").await;
    assert_eq!(told.body["unread"], 3);
    assert_eq!(
        topics(&told),
        ["registered", "all_consented", "some_consented"]
    );
    assert_eq!(topics(&inbox(&first, "").await), ["registered", "asked"]);
    let stranger = Office::enter(&service, "owner-1").await;
    assert_eq!(topics(&inbox(&stranger, "").await), Vec::<&str>::new());
}

#[tokio::test]
async fn a_notice_is_read_in_the_language_that_is_asked_for() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    for (query, start) in [
        (
            "",
            "ҚОНАҚБАЕВА ӘСЕЛ ҮЛГІҚЫЗЫ тіркеуге келісіміңізді сұрайды.",
        ),
        (
            "?language=kk",
            "ҚОНАҚБАЕВА ӘСЕЛ ҮЛГІҚЫЗЫ тіркеуге келісіміңізді",
        ),
        (
            "?language=ru",
            "ҚОНАҚБАЕВА ӘСЕЛ ҮЛГІҚЫЗЫ просит вашего согласия",
        ),
        (
            "?language=en",
            "ҚОНАҚБАЕВА ӘСЕЛ ҮЛГІҚЫЗЫ asks for your consent",
        ),
    ] {
        let told = inbox(&owner, query).await;
        let notice = &told.body["items"][0];
        let text = notice["text"].as_str().unwrap();
        assert!(text.starts_with(start), "{text}");
        assert!(!text.contains("920614499917"), "{text}");
        assert_eq!(notice["application"], applied.id());
    }
}

#[tokio::test]
async fn what_was_read_stays_read_and_is_counted_no_more() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    for _ in 0..3 {
        resident.apply(&service, ONE_OWNER).await;
        service.pass(TimeDelta::seconds(1));
    }
    let told = inbox(&owner, "?limit=2").await;
    assert_eq!((topics(&told).len(), &told.body["unread"]), (2, &json!(3)));
    let rest = inbox(&owner, &format!("?limit=2&cursor={}", told.text("next"))).await;
    assert_eq!((topics(&rest).len(), &rest.body["next"]), (1, &Value::Null));
    let id = told.body["items"][0]["id"].as_str().unwrap();
    let read = format!("/api/v1/notices/{id}/read");
    assert_eq!(owner.post(&read, json!({})).await.status, 204);
    let first = inbox(&owner, "").await.body["items"][0]["read_at"].clone();
    assert!(first.is_string());
    service.pass(TimeDelta::seconds(1));
    assert_eq!(owner.post(&read, json!({})).await.status, 204);
    assert_eq!(inbox(&owner, "").await.body["items"][0]["read_at"], first);
    let unread = owner.get("/api/v1/notices/unread").await;
    assert_eq!(unread.body, json!({"unread": 2}));
    assert_eq!(topics(&inbox(&owner, "?unread=true").await).len(), 2);
    for (stranger, path) in [
        (&resident, read.as_str()),
        (&owner, "/api/v1/notices/none/read"),
    ] {
        let answer = stranger.post(path, json!({})).await;
        answer.refused(404, "not-found", None);
    }
    let all = owner.post("/api/v1/notices/read-all", json!({})).await;
    assert_eq!((all.status, &all.body), (200, &json!({"read": 2})));
    let all = owner.post("/api/v1/notices/read-all", json!({})).await;
    assert_eq!(all.body, json!({"read": 0}));
    assert_eq!(topics(&inbox(&owner, "?unread=true").await).len(), 0);
    assert_eq!(topics(&inbox(&owner, "").await).len(), 3);
}

#[tokio::test]
async fn an_organisation_is_told_through_those_who_sign_for_it() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let together = "0201999000000110";
    resident.apply(&service, together).await;
    let head = Office::enter(&service, "organisation").await;
    assert_eq!(topics(&inbox(&head, "").await), ["asked"]);
    for other in ["employee", "operator"] {
        let other = Office::enter(&service, other).await;
        assert_eq!(topics(&inbox(&other, "").await), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn reminders_and_the_end_come_into_the_inbox_once() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    resident.apply(&service, ONE_OWNER).await;
    service.pass(TimeDelta::hours(49));
    assert_eq!(service.house.remind_due(8).await.unwrap(), 1);
    assert_eq!(service.house.remind_due(8).await.unwrap(), 0);
    assert_eq!(topics(&inbox(&owner, "").await), ["answer_due", "asked"]);
    assert_eq!(topics(&inbox(&resident, "").await), ["answers_missing"]);
    service.pass(TimeDelta::hours(24));
    assert_eq!(service.house.lapse_overdue(8).await.unwrap(), 1);
    assert_eq!(topics(&inbox(&owner, "").await)[0], "lapsed");
    assert_eq!(topics(&inbox(&resident, "").await)[0], "lapsed");
}

#[tokio::test]
async fn the_portal_is_told_of_each_notice_and_by_no_number_to_whom() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    owner.consent(&service, applied.id()).await;
    let told = "SELECT count(*) FROM notices n JOIN outbox o
        ON o.application_id = n.application_id AND o.sequence = n.version
        AND o.body::jsonb #> '{data,notices}'
            @> jsonb_build_array(jsonb_build_object('id', n.id, 'topic', n.topic))";
    let all = service.count("SELECT count(*) FROM notices").await;
    assert_eq!(service.count(told).await, all);
    let named = "SELECT count(*) FROM outbox WHERE body LIKE '%920614499917%'
        OR body LIKE '%680917399936%' OR body LIKE '%ҚОНАҚБАЕВА%'";
    assert_eq!(service.count(named).await, 0);
    let steps = "SELECT count(*) FROM notices JOIN events USING (application_id, version)
        WHERE notices.created_at = events.at";
    let notices = service.count("SELECT count(*) FROM notices").await;
    assert_eq!(service.count(steps).await, notices);
}

async fn inbox(office: &Office, query: &str) -> Answer {
    let inbox = office.get(&format!("/api/v1/notices{query}")).await;
    assert_eq!(inbox.status, 200, "{:?}", inbox.body);
    inbox
}

fn topics(inbox: &Answer) -> Vec<&str> {
    let items = inbox.body["items"].as_array().unwrap().iter();
    items.map(|one| one["topic"].as_str().unwrap()).collect()
}
