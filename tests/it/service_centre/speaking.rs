//! Those who cannot act alone, at a service centre: a legal representative is present
//! for them; and the dead, for whom nobody consents.

use kelisim::domain::FourEyes;
use kelisim::domain::evidence;
use kelisim::domain::register::{Capacity, Individual};
use kelisim::eds::asic::Package;
use kelisim::eds::{Indication, Policy};
use serde_json::{Value, json};

use super::{attested, card, document, in_person};
use crate::attachments::Scan;
use crate::office::{Answer, ONE_OWNER, OWNED_BY_A_CHILD, Office, STATE_FLAT, proposal_for};
use crate::registers::{POWER, iin_of};
use crate::service::Service;

/// Fifteen years old; `guardian` acts for him, and he owns a flat.
const CHILD: &str = "110305599805";
/// Of age, without capacity; `guardian` acts for him.
const WARD: &str = "000414599805";

const NOT_ATTESTED: Option<&str> = Some("CONSENT/NOT_ATTESTED");
const SELF_CONSENT: Option<&str> = Some("CONSENT/SELF_CONSENT");
const NOT_CAPABLE: Option<&str> = Some("CONSENT/OWNER_NOT_CAPABLE");

/// An application at the desk for these.
async fn drafted(operator: &Office, rka: &str, residents: &[&str]) -> Answer {
    let mut body = proposal_for(rka, residents);
    body["standpoint"] = json!("operator");
    let drafted = operator.asks(body).await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
    drafted
}

fn representative(slug: &str) -> Value {
    json!({"iin": iin_of(slug).as_str(), "document": card("4321")})
}

/// The owner of this number agrees through this representative.
fn through(owner: &str, representative: Value) -> Value {
    json!({"iin": owner, "how": "legal_representative", "representative": representative})
}

/// A resident for whom this representative is present, and how the owner agreed.
fn spoken_for(resident: &str, representative: Value, owner: Value) -> Value {
    json!({
        "residents": [{"iin": resident, "document": card("1234"), "representative": representative}],
        "owners": [owner],
    })
}

fn without_capacity(person: &mut Individual) {
    person.capacity = Capacity::None;
    person.representatives = [iin_of("guardian")].into();
}

fn dead(person: &mut Individual) {
    person.died = "2026-10-31".parse().ok();
}

#[tokio::test]
async fn a_resident_of_fifteen_is_registered_at_the_desk_with_the_guardian_present_and_not_alone() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    for resident in [CHILD, WARD] {
        let draft = drafted(&operator, ONE_OWNER, &[resident]).await;
        let alone = json!({"residents": [{"iin": resident, "document": card("1234")}],
            "owners": [in_person("owner-1")]});
        let refused = operator.attest(draft.id(), alone).await;
        refused.refused(422, "not-attested", NOT_ATTESTED);
        let stranger = representative("resident-2");
        let stranger = spoken_for(resident, stranger, in_person("owner-1"));
        let refused = operator.attest(draft.id(), stranger).await;
        refused.refused(422, "not-attested", NOT_ATTESTED);
        let guardian = representative("guardian");
        let guardian = spoken_for(resident, guardian, in_person("owner-1"));
        let ready = operator.attest(draft.id(), guardian).await;
        let written = &document(&ready)["attestations"]["residents"][0]["representative"];
        assert_eq!(written["iin"], iin_of("guardian").as_str());
        assert_eq!(written["name"], "ҚАМҚОРОВА ЛӘЗЗАТ ҮЛГІҚЫЗЫ");
        assert_eq!(written["document"], card("4321"));
        let registered = operator.sign_draft(&service, &ready).await;
        assert_eq!(registered.state(), "registered", "{:?}", registered.body);
    }
}

#[tokio::test]
async fn nobody_speaks_for_a_resident_who_can_act() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let resident = iin_of("resident-1");
    let body = spoken_for(
        resident.as_str(),
        representative("guardian"),
        in_person("owner-1"),
    );
    let refused = operator.attest(draft.id(), body).await;
    refused.refused(422, "not-attested", NOT_ATTESTED);
}

#[tokio::test]
async fn row_124_a_minor_owner_consents_through_the_guardian_and_in_no_other_way() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", OWNED_BY_A_CHILD).await;
    let paper = operator.attach(draft.id(), Scan::of("paper_consent")).await;
    for wrong in [
        json!({"iin": CHILD, "how": "present", "document": card("5678")}),
        json!({"iin": CHILD, "how": "paper_consent", "attachment": paper.id()}),
        through(CHILD, representative("owner-1")),
    ] {
        let refused = operator.attest(draft.id(), attested("resident-1", &[wrong]));
        let refused = refused.await;
        refused.refused(422, "not-attested", NOT_ATTESTED);
    }
    let guardian = through(CHILD, representative("guardian"));
    let ready = operator
        .attest(draft.id(), attested("resident-1", &[guardian]))
        .await;
    let written = document(&ready);
    let owner = &written["attestations"]["owners"][0];
    assert_eq!(owner["how"], "legal_representative");
    assert_eq!(owner["representative"]["document"], card("4321"));
    let words = written["statement"].as_str().unwrap();
    let said = "через присутствовавшего законного представителя: ҚАМҚОРОВА ЛӘЗЗАТ ҮЛГІҚЫЗЫ";
    assert!(words.contains(said), "{words}");
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered");
    // The evidence says so too, and the guardian may have it.
    let guardian = Office::enter(&service, "guardian").await;
    let id = registered.registration();
    let package = guardian
        .get(&format!("/api/v1/registrations/{id}/evidence"))
        .await;
    let package = Package::read(&package.bytes).unwrap();
    let trust = Service::trust_with(service.pki, &[]).anchors_only();
    let report = evidence::verify(&package.write(), &trust, &Policy::national(), service.now());
    assert_eq!(report.findings, []);
    assert_eq!(report.indication, Indication::TotalPassed);
}

#[tokio::test]
async fn row_124_an_owner_without_capacity_consents_through_a_guardian_who_can_act() {
    let service = super::waived().await;
    let owner = iin_of("owner-1");
    service
        .change_person(owner.as_str(), without_capacity)
        .await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let alone = attested("resident-1", &[in_person("owner-1")]);
    let refused = operator.attest(draft.id(), alone).await;
    refused.refused(422, "not-attested", NOT_ATTESTED);
    // Not by a power of attorney of one who has no capacity to give it.
    let power = operator
        .attach(draft.id(), Scan::of("power_of_attorney"))
        .await;
    let delegate = json!({"iin": owner.as_str(), "how": "delegate", "document": card("7890"),
        "power_of_attorney": POWER, "attachment": power.id()});
    let refused = operator.attest(draft.id(), attested("resident-1", &[delegate]));
    let refused = refused.await;
    refused.refused(422, "not-attested", NOT_ATTESTED);
    let guardian = iin_of("guardian");
    let body = attested(
        "resident-1",
        &[through(owner.as_str(), representative("guardian"))],
    );
    service.change_person(guardian.as_str(), dead).await;
    let refused = operator.attest(draft.id(), body.clone()).await;
    refused.refused(422, "not-attested", NOT_ATTESTED);
    let alive = |person: &mut Individual| person.died = None;
    service.change_person(guardian.as_str(), alive).await;
    let ready = operator.attest(draft.id(), body).await;
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered");
}

#[tokio::test]
async fn row_124_for_a_dead_owner_or_tenant_nobody_consents_at_the_desk_either() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let power = operator
        .attach(draft.id(), Scan::of("power_of_attorney"))
        .await;
    let paper = operator.attach(draft.id(), Scan::of("paper_consent")).await;
    let owner = iin_of("owner-1");
    service.change_person(owner.as_str(), dead).await;
    for claim in [
        in_person("owner-1"),
        json!({"iin": owner.as_str(), "how": "paper_consent", "attachment": paper.id()}),
        json!({"iin": owner.as_str(), "how": "delegate", "document": card("7890"),
            "power_of_attorney": POWER, "attachment": power.id()}),
    ] {
        let refused = operator
            .attest(draft.id(), attested("resident-1", &[claim]))
            .await;
        refused.refused(422, "not-eligible", NOT_CAPABLE);
    }
    let tenant = iin_of("tenant");
    service.change_person(tenant.as_str(), dead).await;
    let refused = operator
        .post(
            "/api/v1/applications",
            crate::attachments::present("resident-1", STATE_FLAT),
        )
        .await;
    refused.refused(422, "not-eligible", NOT_CAPABLE);
}

#[tokio::test]
async fn a_tenant_who_cannot_act_is_asked_neither_online_nor_alone() {
    let service = super::waived().await;
    let tenant = iin_of("tenant");
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, STATE_FLAT).await;
    let asked = Office::enter(&service, "tenant").await;
    let (path, body) = asked.signed_consent(&service, applied.id()).await;
    service
        .change_person(tenant.as_str(), without_capacity)
        .await;
    let late = asked.post(&path, body).await;
    late.refused(422, "not-eligible", NOT_CAPABLE);
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.text("grounds"), "owner_not_capable");
    let again = resident.asks(crate::office::proposal(STATE_FLAT)).await;
    again.refused(422, "not-eligible", NOT_CAPABLE);
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", STATE_FLAT).await;
    let alone = attested("resident-1", &[in_person("tenant")]);
    let refused = operator.attest(draft.id(), alone).await;
    refused.refused(422, "not-attested", NOT_ATTESTED);
    let guardian = through(tenant.as_str(), representative("guardian"));
    let ready = operator
        .attest(draft.id(), attested("resident-1", &[guardian]))
        .await;
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered");
}

/// What the colleague is told, and the grounds, when this changes before they look
/// over that `guardian` spoke for the child who owns the flat.
async fn ends(change: impl AsyncFnOnce(&Service), grounds: &str) {
    let service = Service::decided(|settings| settings.rules.four_eyes = FourEyes::Demanded).await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", OWNED_BY_A_CHILD).await;
    let guardian = through(CHILD, representative("guardian"));
    let ready = operator
        .attest(draft.id(), attested("resident-1", &[guardian]))
        .await;
    let signed = operator.sign_draft(&service, &ready).await;
    assert_eq!(signed.state(), "awaiting_consent");
    let colleague = Office::enter(&service, "operator-2").await;
    let (path, body) = colleague.signed_consent(&service, draft.id()).await;
    change(&service).await;
    let late = colleague.post(&path, body).await;
    assert_eq!(late.status, 422, "{:?}", late.body);
    let seen = operator.sees(draft.id()).await;
    assert_eq!((seen.state(), seen.text("grounds")), ("refused", grounds));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn what_was_attested_is_compared_with_the_registers_again_at_the_end() {
    let nobody = |person: &mut Individual| person.representatives.clear();
    ends(
        async |service| service.change_person(CHILD, nobody).await,
        "representative_void",
    )
    .await;
    ends(
        async |service| service.change_person(CHILD, dead).await,
        "owner_dead",
    )
    .await;
    let grown = |person: &mut Individual| person.born = "2001-01-01".parse().unwrap();
    ends(
        async |service| service.change_person(CHILD, grown).await,
        "representative_void",
    )
    .await;
}

#[tokio::test]
async fn nobody_consents_at_the_desk_in_an_owners_place_to_what_they_ask_for_themselves() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    // The delegate of the owner is to be registered; then the delegate's ward is.
    let delegate = iin_of("delegate");
    let claim = |scan: &Answer| {
        json!({"iin": iin_of("owner-1").as_str(), "how": "delegate", "document": card("7890"),
            "power_of_attorney": POWER, "attachment": scan.id()})
    };
    let draft = drafted(&operator, ONE_OWNER, &[delegate.as_str()]).await;
    let scan = operator
        .attach(draft.id(), Scan::of("power_of_attorney"))
        .await;
    let own = operator
        .attest(draft.id(), attested("delegate", &[claim(&scan)]))
        .await;
    own.refused(422, "not-eligible", SELF_CONSENT);
    let for_the_ward =
        |person: &mut Individual| person.representatives = [iin_of("delegate")].into();
    service.change_person(WARD, for_the_ward).await;
    let draft = drafted(&operator, ONE_OWNER, &[WARD]).await;
    let scan = operator
        .attach(draft.id(), Scan::of("power_of_attorney"))
        .await;
    let both = spoken_for(WARD, representative("delegate"), claim(&scan));
    let both = operator.attest(draft.id(), both).await;
    both.refused(422, "not-eligible", SELF_CONSENT);
    let present = spoken_for(WARD, representative("delegate"), in_person("owner-1"));
    assert_eq!(operator.attest(draft.id(), present).await.status, 200);
    // Nor does a guardian move into a ward's flat by their own consent.
    let draft = operator.draft_for("guardian", OWNED_BY_A_CHILD).await;
    let own = through(CHILD, representative("guardian"));
    let own = operator
        .attest(draft.id(), attested("guardian", &[own]))
        .await;
    own.refused(422, "not-eligible", SELF_CONSENT);
    // But for one and the same child a guardian speaks on both sides.
    let draft = drafted(&operator, OWNED_BY_A_CHILD, &[CHILD]).await;
    let guardian = through(CHILD, representative("guardian"));
    let same = spoken_for(CHILD, representative("guardian"), guardian);
    assert_eq!(operator.attest(draft.id(), same).await.status, 200);
}

#[tokio::test]
async fn whoever_represents_somebody_looks_nothing_over() {
    let service = Service::decided(|settings| settings.rules.four_eyes = FourEyes::Demanded).await;
    for one in ["owner-1", "resident-1"] {
        let (operator, signed) = super::lodged(&service).await;
        let colleague = Office::enter(&service, "operator-2").await;
        let (path, body) = colleague.signed_consent(&service, signed.id()).await;
        let represented = |person: &mut Individual| {
            person.representatives = [iin_of("operator-2")].into();
        };
        service
            .change_person(iin_of(one).as_str(), represented)
            .await;
        let own = colleague.post(&path, body).await;
        let conflict = Some("CONSENT/CONFLICT_OF_INTEREST");
        own.refused(422, "conflict-of-interest", conflict);
        let seen = operator.sees(signed.id()).await;
        assert_eq!(seen.state(), "awaiting_consent");
        let nobody = |person: &mut Individual| person.representatives.clear();
        service.change_person(iin_of(one).as_str(), nobody).await;
        operator.withdraws(signed.id()).await;
    }
}

#[tokio::test]
async fn who_spoke_for_a_resident_at_the_desk_ends_the_registration_and_the_resident_does_not() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = drafted(&operator, ONE_OWNER, &[CHILD]).await;
    let body = spoken_for(CHILD, representative("guardian"), in_person("owner-1"));
    let ready = operator.attest(draft.id(), body).await;
    let registered = operator.sign_draft(&service, &ready).await;
    let guardian = Office::enter(&service, "guardian").await;
    let id = registered.registration();
    let path = format!("/api/v1/registrations/{id}/leaving/document?language=en");
    let leaving = guardian.get(&path).await;
    let said = "I, ҚАМҚОРОВА ЛӘЗЗАТ ҮЛГІҚЫЗЫ, IIN 760908499801, as legal representative";
    assert!(
        leaving.text("statement").contains(said),
        "{:?}",
        leaving.body
    );
    let left = guardian.leaves(&service, id).await;
    assert_eq!((left.status, left.state()), (200, "ended"));
}
