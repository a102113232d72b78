//! What every step needs: the database, trust, time, chance and limits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use ring::rand::SecureRandom;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::Error;
use super::gather::Witnesses;
use super::watch::Watch;
use crate::domain::law::Quotas;
use crate::domain::{Document, Id, NONCE_LENGTH, Nonce, Rules, Signatory};
use crate::eds::{Bin, Iin, Policy, RevocationList, Trust};
use crate::remote::webhook::Seal;
use crate::store::connect::Pool;
use crate::store::lists::Place;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The trust anchors, issuers and revocation lists of the moment: those of the
/// operator's files, and the lists that were fetched. Who asks gets a whole that
/// nothing changes any more.
#[derive(Debug)]
pub struct TrustInUse(RwLock<Sources>);

/// Where the trust comes from, and what it comes to.
#[derive(Debug)]
struct Sources {
    files: Trust,
    fetched: BTreeMap<Place, RevocationList>,
    joined: Arc<Trust>,
}

/// Who keeps the service, as phones show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// The name in Kazakh.
    pub kk: String,
    /// The name in Russian.
    pub ru: String,
    /// The name in English.
    pub en: String,
    /// The business identification number.
    pub bin: Option<Bin>,
}

/// What the operator of the service decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which people reach the service, as browsers name it:
    /// scheme, host and port.
    pub origin: String,
    /// Whether pages offer to open a key file in the browser: for the development
    /// PKI. A key of the national authority belongs into its own tools.
    pub key_files_in_browser: bool,
    /// Who keeps the service.
    pub keeper: Keeper,
    /// How long a login challenge may be answered; 120 seconds at most.
    pub challenge_window: TimeDelta,
    /// How long a session lasts without being used.
    pub session_idle: TimeDelta,
    /// How long a session lasts at most.
    pub session_length: TimeDelta,
    /// The deadlines of the workflow.
    pub rules: Rules,
    /// The organisations that keep public service centres.
    pub centres: BTreeSet<Bin>,
    /// The people who run the service.
    pub administrators: BTreeSet<Iin>,
    /// How many people may be registered in a dwelling, by city.
    pub quotas: Quotas,
    /// What is shared with the portal: by it the portal knows who is told something.
    pub portal: Option<Seal>,
    /// By what the state register's answers are known; without it none are taken.
    pub state_register: Option<Seal>,
    /// What a person's signature under a document must satisfy.
    pub document_policy: Policy,
    /// What a signature for an organisation must satisfy.
    pub organisation_policy: Policy,
    /// What the signature of an operator of a service centre must satisfy.
    pub operator_policy: Policy,
    /// What a signature under a login challenge must satisfy.
    pub login_policy: Policy,
}

/// Everything a step needs.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub pool: Pool,
    /// Whom we trust.
    pub trust: Arc<TrustInUse>,
    /// The time.
    pub clock: Clock,
    /// Chance, of cryptographic quality.
    pub random: Arc<dyn SecureRandom + Send + Sync>,
    /// Whom we ask for evidence.
    pub witnesses: Witnesses,
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// What those who watch the service see.
    pub watch: Arc<Watch>,
    /// Whoever wants to look into a file waits for one of these.
    pub inspections: Arc<Semaphore>,
}

/// How many files are looked into at once.
pub const INSPECTIONS: usize = 2;

impl Settings {
    /// How long a session lasts without being used, where nothing else is decided.
    pub const SESSION_IDLE: TimeDelta = TimeDelta::minutes(15);

    /// How long a session lasts at most, where nothing else is decided.
    pub const SESSION_LENGTH: TimeDelta = TimeDelta::hours(8);

    /// What a signature by such a signatory must satisfy.
    pub fn policy_for(&self, signatory: &Signatory) -> &Policy {
        match signatory {
            Signatory::Person(_) => &self.document_policy,
            Signatory::Organisation(_) => &self.organisation_policy,
            Signatory::Operator(..) | Signatory::Colleague(..) => &self.operator_policy,
        }
    }

    /// What a signature under this document must satisfy.
    pub fn policy_of(&self, document: &Document) -> &Policy {
        match &document.signatory {
            Some(signatory) => self.policy_for(signatory),
            None => &self.login_policy,
        }
    }
}

impl Sources {
    fn use_newer(&mut self, place: Place, list: RevocationList) {
        let there = self.fetched.get(&place).and_then(RevocationList::number);
        if there <= list.number() {
            self.fetched.insert(place, list);
        }
    }
}

impl TrustInUse {
    /// Starts with this trust, from files.
    pub fn new(files: Trust) -> Self {
        Self(RwLock::new(Sources {
            joined: Arc::new(files.clone()),
            files,
            fetched: BTreeMap::new(),
        }))
    }

    /// The trust of the moment.
    pub fn current(&self) -> Arc<Trust> {
        let sources = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&sources.joined)
    }

    /// Replaces what comes from files.
    pub fn replace(&self, files: Trust) {
        self.change(|sources| sources.files = files);
    }

    /// The list of this place that was fetched.
    pub fn list(&self, place: &Place) -> Option<RevocationList> {
        let sources = self.0.read().unwrap_or_else(PoisonError::into_inner);
        sources.fetched.get(place).cloned()
    }

    /// Uses a list that was fetched, unless the one in use has a higher number.
    pub fn use_list(&self, place: Place, list: RevocationList) {
        self.change(|sources| sources.use_newer(place, list));
    }

    /// Uses these lists and forgets those of other places.
    pub fn use_lists(&self, lists: BTreeMap<Place, RevocationList>) {
        if self.uses(&lists) {
            return;
        }
        self.change(|sources| {
            sources.fetched.retain(|place, _| lists.contains_key(place));
            for (place, list) in lists {
                sources.use_newer(place, list);
            }
        });
    }

    /// Whether these are the lists in use. Then nothing is joined anew, or what is
    /// remembered of certificates would be forgotten for nothing.
    fn uses(&self, lists: &BTreeMap<Place, RevocationList>) -> bool {
        let sources = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let digests = |lists: &BTreeMap<Place, RevocationList>| -> Vec<_> {
            let digest = |(place, list): (&Place, &RevocationList)| (*place, list.sha256());
            lists.iter().map(digest).collect()
        };
        digests(&sources.fetched) == digests(lists)
    }

    fn change(&self, change: impl FnOnce(&mut Sources)) {
        let mut sources = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut sources);
        let fetched: Vec<_> = sources.fetched.values().cloned().collect();
        sources.joined = Arc::new(sources.files.clone().with_lists(&fetched));
    }
}

impl House {
    /// Now, in milliseconds: as fine as documents say it, so that what is
    /// stored and what is signed never differ.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(3)
    }

    /// A new identifier.
    ///
    /// # Errors
    /// [`Error::NoRandomness`] when the system gives none.
    pub fn id<T>(&self, now: DateTime<Utc>) -> Result<Id<T>, Error> {
        Ok(Id::new(self.uuid(now)?))
    }

    /// A new UUID of version 7 (RFC 9562 section 5.7).
    ///
    /// # Errors
    /// [`Error::NoRandomness`] when the system gives none.
    pub fn uuid(&self, now: DateTime<Utc>) -> Result<Uuid, Error> {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let random = self.random_bytes::<10>()?;
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A number that was never used before.
    ///
    /// # Errors
    /// [`Error::NoRandomness`] when the system gives none.
    pub fn nonce(&self) -> Result<Nonce, Error> {
        Ok(Nonce(self.random_bytes::<NONCE_LENGTH>()?))
    }

    /// Random bytes.
    ///
    /// # Errors
    /// [`Error::NoRandomness`] when the system gives none.
    pub fn random_bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.random
            .fill(&mut bytes)
            .map_err(|_| Error::NoRandomness)?;
        Ok(bytes)
    }
}
