//! A rule, an organisation or a landlord changes while somebody waits: every
//! application comes to an end that says why.

use kelisim::domain::Rka;
use kelisim::domain::Use;
use kelisim::domain::register::Lease;
use kelisim::domain::{FourEyes, Holder};
use kelisim::eds::Bin;
use kelisim::store::registers::leases;

use super::{attested, in_person};
use crate::office::{ONE_OWNER, Office, STATE_FLAT};
use crate::registers::iin_of;

#[tokio::test]
async fn what_was_lodged_is_decided_by_the_rule_under_which_it_was() {
    let service = super::demanded().await;
    let (_, signed) = super::lodged(&service).await;
    let waived = service.deciding(|settings| settings.rules.four_eyes = FourEyes::Waived);
    assert_eq!(waived.house.register_agreed(10).await.unwrap(), 0);
    let colleague = Office::enter(&waived, "operator-2").await;
    let done = colleague.consent(&waived, signed.id()).await;
    assert_eq!(done.state(), "registered", "{:?}", done.body);
    // And the other way round: nobody was asked, and nobody is awaited.
    let waived = super::waived().await;
    let operator = Office::enter(&waived, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let body = attested("resident-1", &[in_person("owner-1")]);
    let ready = operator.attest(draft.id(), body).await;
    let demanded = waived.deciding(|settings| settings.rules.four_eyes = FourEyes::Demanded);
    let operator = operator.moved_to(&demanded);
    let done = operator.sign_draft(&demanded, &ready).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn another_landlord_of_the_same_tenant_ends_what_was_attested() {
    let service = super::demanded().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", STATE_FLAT).await;
    let body = attested("resident-1", &[in_person("tenant")]);
    let ready = operator.attest(draft.id(), body).await;
    operator.sign_draft(&service, &ready).await;
    let colleague = Office::enter(&service, "operator-2").await;
    let (path, body) = colleague.signed_consent(&service, draft.id()).await;
    let landlord = Bin::parse("190540099905").unwrap();
    let rka = Rka::parse(STATE_FLAT).unwrap();
    let mut connection = service.connection().await;
    let lease = leases::find(&mut connection, &rka).await.unwrap().unwrap();
    let lease = Lease {
        landlord: landlord.clone(),
        ..lease
    };
    leases::put(&mut connection, &lease).await.unwrap();
    let owners = vec![Holder::Organisation(landlord)];
    service.put_dwelling(STATE_FLAT, Use::Home, owners).await;
    let late = colleague.post(&path, body).await;
    late.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let seen = operator.sees(draft.id()).await;
    assert_eq!(
        (seen.state(), seen.text("grounds")),
        ("refused", "owners_changed")
    );
}

#[tokio::test]
async fn an_organisation_that_keeps_no_centre_any_more_neither_attests_nor_signs() {
    let service = super::demanded().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let (_, lodged) = super::lodged_for(&service, "resident-2").await;
    let body = attested("resident-1", &[in_person("owner-1")]);
    let second = operator.draft_for("resident-ecdsa", ONE_OWNER).await;
    let ready = attested("resident-ecdsa", &[in_person("owner-1")]);
    let ready = operator.attest(second.id(), ready).await;
    let closed = service.deciding(|settings| settings.centres.clear());
    let operator = operator.moved_to(&closed);
    let refused = operator.attest(draft.id(), body).await;
    refused.refused(403, "not-allowed", None);
    let refused = operator.sign_draft(&closed, &ready).await;
    refused.refused(403, "not-allowed", None);
    let colleague = Office::enter(&closed, "operator-2").await;
    let refused = colleague.consent(&closed, lodged.id()).await;
    refused.refused(403, "not-allowed", None);
    let seen = operator.sees(lodged.id()).await;
    assert_eq!(
        (seen.state(), seen.text("grounds")),
        ("refused", "not_a_centre")
    );
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn a_centre_that_closed_before_the_end_registers_nobody() {
    let service = super::demanded().await;
    let (operator, signed) = super::lodged(&service).await;
    // Everybody agreed, and the service was stopped before it could register.
    service
        .execute(
            "UPDATE consents SET answer = 'given', answered_at = now();
             UPDATE applications SET state = 'consented'",
        )
        .await;
    let closed = service.deciding(|settings| settings.centres.clear());
    assert_eq!(closed.house.register_agreed(10).await.unwrap(), 1);
    let seen = operator.sees(signed.id()).await;
    assert_eq!(
        (seen.state(), seen.text("grounds")),
        ("refused", "not_a_centre")
    );
    let owner = iin_of("owner-1");
    let told = format!(
        "SELECT count(*) FROM notices WHERE topic = 'refused' AND person_iin = '{}'",
        owner.as_str()
    );
    assert_eq!(service.count(&told).await, 1);
}
