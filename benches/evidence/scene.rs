//! A resident and an owner who apply and consent again and again.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bytea, Timestamptz};
use kelisim::eds::Trust;
use kelisim::eds::asic::Package;
use serde_json::Value;
use uuid::Uuid;

use crate::cost::Meter;
use crate::office::Office;
use crate::service::Service;

const DWELLING: &str = "0201999000000999";
/// As many signatures as the service remembers in earnest.
const REMEMBERED: usize = 20_000;

/// A service with two people in it.
pub(crate) struct Scene {
    pub(crate) service: Service,
    resident: Office,
    owner: Office,
}

impl Scene {
    pub(crate) async fn open(resident: &str, owner: &str) -> Scene {
        let service = Service::patient().await;
        service.add_dwelling(DWELLING, &[owner]).await;
        let scene = Scene {
            resident: Office::enter(&service, resident).await,
            owner: Office::enter(&service, owner).await,
            service,
        };
        scene.forget();
        scene
    }

    /// As when these people are seen for the first time: no answer of a responder
    /// counts any more, no signature on a certificate is remembered.
    pub(crate) async fn consent_cold(&self, meter: &mut Meter) {
        let (path, body) = self.until_consent(meter).await;
        self.service.pass(TimeDelta::minutes(6));
        self.forget();
        self.consent(meter, &path, body).await;
    }

    /// Everybody was seen seconds before: only what must be said after the
    /// signature is asked for.
    pub(crate) async fn consent_warm(&self, meter: &mut Meter) {
        let (path, body) = self.until_consent(meter).await;
        self.service.pass(TimeDelta::seconds(2));
        self.consent(meter, &path, body).await;
    }

    /// Path and body of the owner's signed consent to a new application.
    async fn until_consent(&self, meter: &mut Meter) -> (String, Value) {
        // Nobody is registered twice for the same days.
        let ended = "UPDATE registrations SET ending = 'left', ended_at = registered_at WHERE ended_at IS NULL";
        self.service.execute(ended).await;
        self.service.pass(TimeDelta::seconds(2));
        let (service, resident) = (&self.service, &self.resident);
        let drafted = meter.step(service, resident.draft(DWELLING)).await;
        let signed = resident.sign_draft(service, &drafted);
        let signed = meter.step(service, signed).await;
        assert_eq!(signed.status, 200, "{:?}", signed.body);
        assert_eq!(signed.state(), "awaiting_consent");
        let consent = self.owner.signed_consent(service, signed.id());
        meter.step(service, consent).await
    }

    async fn consent(&self, meter: &mut Meter, path: &str, body: Value) {
        let given = self.owner.post(path, body);
        let answer = meter.step(&self.service, given).await;
        assert_eq!(answer.state(), "registered", "{:?}", answer.body);
    }

    /// The trust as the service has it in earnest, with nothing remembered yet.
    pub(crate) fn trust(&self) -> Trust {
        let lists = self.service.pki.hierarchies();
        let lists = lists.map(|it| [it.root_crl.clone(), it.issuing_crl.clone()]);
        Service::trust_with(self.service.pki, &lists.concat()).remembering(REMEMBERED)
    }

    fn forget(&self) {
        self.service.house.trust.replace(self.trust());
    }

    /// The owner's last consent as it was stored.
    pub(crate) async fn stored(&self) -> Stored {
        let last = "SELECT s.cms, s.augmented, s.received_at, d.bytes AS document,
                d.issued_at, r.id AS registration
            FROM signatures s JOIN documents d ON d.id = s.document_id
                JOIN registrations r ON r.application_id = s.application_id
            WHERE s.consent_id IS NOT NULL ORDER BY s.received_at DESC LIMIT 1";
        let mut connection = self.service.connection().await;
        let query = diesel::sql_query(last);
        diesel_async::RunQueryDsl::get_result(query, &mut connection)
            .await
            .unwrap()
    }

    /// How much is kept of the last registration.
    pub(crate) async fn show_octets(&self) {
        let stored = self.stored().await;
        let path = format!("/api/v1/registrations/{}/evidence", stored.registration);
        let package = self.resident.get(&path).await.bytes;
        assert!(Package::read(&package).is_ok());
        println!(
            "  {:<46}{:>22}",
            "signature as received, octets",
            stored.cms.len()
        );
        let raised = stored.augmented.len();
        println!("  {:<46}{raised:>22}", "signature raised, octets");
        println!("  {:<46}{:>22}", "evidence package, octets", package.len());
    }
}

/// A consent's signature with what it is over.
#[derive(QueryableByName)]
pub(crate) struct Stored {
    #[diesel(sql_type = Bytea)]
    pub(crate) cms: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    pub(crate) augmented: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) received_at: DateTime<Utc>,
    #[diesel(sql_type = Bytea)]
    pub(crate) document: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) issued_at: DateTime<Utc>,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    registration: Uuid,
}
