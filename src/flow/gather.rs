//! What a verdict needs from other people's servers: time-stamps and the status
//! of certificates.
//!
//! They are asked with no transaction open and no database connection held. What
//! cannot be had is left out: whether the rest is enough is the verdict's matter.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ring::rand::SecureRandom;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::proof::{Case, on_a_thread};
use super::{Error, House};
use crate::domain::{Application, ApplicationId, Document, DocumentId, Purpose};
use crate::eds::{Additions, Moment, Policy, StampWanted, StatusWanted, Wants, augment, ocsp};
use crate::remote::http::{Limits, NoClient};
use crate::remote::ocsp::{Responders, Unanswered};
use crate::remote::server::Patience;
use crate::remote::sources::Sources;
use crate::remote::timestamp::Authorities;
use crate::store::documents::Edition;
use crate::store::{Connection, applications, documents, signatures};

/// Whom we ask for evidence.
#[derive(Clone)]
pub struct Witnesses {
    /// Those who say whether a certificate is revoked.
    pub responders: Responders,
    /// Those who say since when something exists.
    pub authorities: Authorities,
}

impl Witnesses {
    /// Those who stand in `sources`.
    ///
    /// # Errors
    /// [`NoClient`] when TLS is needed and the machine trusts nobody.
    pub fn new(
        sources: &Sources,
        limits: Limits,
        patience: Patience,
        random: Arc<dyn SecureRandom + Send + Sync>,
    ) -> Result<Self, NoClient> {
        Ok(Self {
            responders: Responders::new(sources, limits, patience, Arc::clone(&random))?,
            authorities: Authorities::new(sources, limits, patience, random)?,
        })
    }
}

/// What was had from others, and why the rest was not.
#[derive(Default)]
pub(super) struct Found {
    time_stamps: Vec<Vec<u8>>,
    pub(super) answers: Vec<Arc<ocsp::Response>>,
    pub(super) lists: Vec<Vec<u8>>,
    trouble: Option<Unanswered>,
}

/// How long somebody who has signed waits for other people's servers.
const PATIENCE: Duration = Duration::from_secs(10);

/// A stamp first, then the status of the signer's certificate, of those above it
/// and of the stamp's: nothing that is learnt in the third round opens a fourth.
const ROUNDS: usize = 3;

impl House {
    /// The case with everything in it that could be had about the signature.
    ///
    /// # Errors
    /// [`Error::CutOff`] when the verifier could not be run.
    pub(super) async fn gathered(&self, mut case: Case) -> Result<Case, Error> {
        let until = Instant::now() + PATIENCE;
        for _ in 0..ROUNDS {
            case.moment.now = case.moment.now.max(self.now());
            let trust = self.trust.current();
            let (wants, asked) = on_a_thread(move || (case.lacks(&trust), case)).await?;
            case = asked;
            if wants.is_empty() || !self.look_for(&wants, &mut case, until).await {
                break;
            }
        }
        Ok(case)
    }

    /// Whether anything was found that was not there before.
    async fn look_for(&self, wants: &Wants, case: &mut Case, until: Instant) -> bool {
        // What a stamp proves decides what must be said after it: it goes first.
        let found = match &wants.time_stamp {
            Some(wanted) => self.stamp(wanted, case, until).await,
            None => {
                let (policy, now) = (&case.policy, case.moment.now);
                self.statuses(&wants.statuses, policy, now, until).await
            }
        };
        if let Some(unanswered) = &found.trouble {
            tracing::warn!(reason = %unanswered, "evidence cannot be had now");
        }
        case.trouble = found.trouble.map(|unanswered| unanswered.verdict().1);
        let responses: Vec<_> = found.answers.iter().map(|one| one.der().to_vec()).collect();
        let issuers = wants.statuses.iter().map(|status| status.issuer.clone());
        let additions = Additions {
            time_stamps: &found.time_stamps,
            certificates: &issuers.collect::<Vec<_>>(),
            lists: &found.lists,
            responses: &responses,
        };
        case.answers.extend(found.answers);
        match augment(&case.augmented, &additions) {
            Ok(augmented) if augmented != case.augmented => {
                case.augmented = augmented;
                if !found.time_stamps.is_empty() {
                    case.stamped.clone_from(&case.augmented);
                }
                true
            }
            Ok(_) | Err(_) => false,
        }
    }

    async fn stamp(&self, wanted: &StampWanted, case: &Case, until: Instant) -> Found {
        let (trust, now) = (self.trust.current(), case.moment.now);
        let authorities = &self.witnesses.authorities;
        let asked = authorities.stamp(wanted, &trust, &case.policy, now);
        let mut found = Found::default();
        match in_time(asked, until).await {
            Ok(stamped) => found.time_stamps.push(stamped.token),
            Err(unanswered) => found.trouble = Some(unanswered),
        }
        found
    }

    /// The answers that were given in time, each asked for at the same moment;
    /// where there is none, the authority's list.
    pub(super) async fn statuses(
        &self,
        wanted: &[StatusWanted],
        policy: &Policy,
        now: DateTime<Utc>,
        until: Instant,
    ) -> Found {
        let trust = self.trust.current();
        let mut asked = JoinSet::new();
        for wanted in wanted.iter().cloned() {
            let (responders, trust) = (self.witnesses.responders.clone(), Arc::clone(&trust));
            let policy = policy.clone();
            asked.spawn(async move {
                let answered = responders.ask(&wanted, &trust, &policy, now);
                (in_time(answered, until).await, wanted)
            });
        }
        let mut found = Found::default();
        while let Some(Ok((answered, wanted))) = asked.join_next().await {
            match answered {
                Ok(answered) => found.answers.push(answered.response),
                Err(unanswered) => {
                    found.lists.extend(trust.lists_by(&wanted.issuer));
                    // What keeps the signer's own certificate from being judged is told first.
                    if wanted.since.is_some() || found.trouble.is_none() {
                        found.trouble = Some(unanswered);
                    }
                }
            }
        }
        found
    }

    /// What responders say now about the signatures that an application has.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn news(&self, id: ApplicationId) -> Result<Vec<Arc<ocsp::Response>>, Error> {
        let cases = {
            let mut connection = self.pool.take().await?;
            let application = applications::find(&mut connection, id).await?;
            let application = application.ok_or(Error::NotFound)?;
            self.stored_cases(&mut connection, &application).await?
        };
        let until = Instant::now() + PATIENCE;
        let mut news = Vec::new();
        for case in cases {
            let trust = self.trust.current();
            let (wants, case) = on_a_thread(move || (case.wants(&trust), case)).await?;
            let (policy, now) = (&case.policy, case.moment.now);
            let found = self.statuses(&wants.statuses, policy, now, until).await;
            news.extend(found.answers);
        }
        Ok(news)
    }

    /// The same before the signature that completes it; none at all when others are
    /// still awaited.
    pub(super) async fn news_before_last(
        &self,
        application: &Application,
        purpose: Purpose,
    ) -> Result<Option<Vec<Arc<ocsp::Response>>>, Error> {
        match is_last(application, purpose) {
            true => self.news(application.id).await.map(Some),
            false => Ok(None),
        }
    }

    /// The signatures of an application with their documents, to be judged now.
    pub(super) async fn stored_cases(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Vec<Case>, Error> {
        let edition = Edition::from(application);
        let mut issued = documents::of(connection, edition, Purpose::Application).await?;
        for consent in &application.consents {
            let purpose = Purpose::Consent(consent.id);
            issued.extend(documents::of(connection, edition, purpose).await?);
        }
        // Signatures of earlier editions and rounds count for nothing any more.
        let stored = signatures::of(connection, application.id).await?;
        let cases = stored.into_iter().filter_map(|stored| {
            let document = document(&issued, stored.document)?;
            Some(Case {
                cms: stored.augmented.clone(),
                stamped: stored.augmented.clone(),
                augmented: stored.augmented,
                policy: self.settings.policy_of(&document).clone(),
                moment: Moment {
                    issued: Some(document.issued_at),
                    received: stored.received_at,
                    now: self.now(),
                },
                document,
                answers: Vec::new(),
                trouble: None,
            })
        });
        Ok(cases.collect())
    }
}

async fn in_time<T>(
    asked: impl Future<Output = Result<T, Unanswered>>,
    until: Instant,
) -> Result<T, Unanswered> {
    timeout_at(until, asked)
        .await
        .unwrap_or(Err(Unanswered::CutOff))
}

fn document(issued: &[Document], id: DocumentId) -> Option<Document> {
    issued.iter().find(|document| document.id == id).cloned()
}

/// Whether nobody else is awaited but who signs for this purpose.
pub(super) fn is_last(application: &Application, purpose: Purpose) -> bool {
    let mut others = application
        .consents
        .iter()
        .filter(|consent| purpose.consent() != Some(consent.id));
    application.state.is_open() && others.all(|consent| consent.answer.is_given())
}
