//! Revocation lists on their way into the trust: fetched, verified, stored, used;
//! and what other processes have stored, used too.
//!
//! A list that cannot be had, or is refused, changes nothing: the one that is
//! there stays, until it is out of date.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;

use super::proof::on_a_thread;
use super::{Error, House};
use crate::eds::{Fault, RevocationList};
use crate::remote::http::Failure;
use crate::remote::lists::{Fetched, Fetcher, ListSource, Validators};
use crate::store;
use crate::store::lists::{self, Kind, Origin, Outcome, Place, Stored};

/// One list to look after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// Whose, and which.
    pub place: Place,
    /// Where it is: the next address is asked when one does not serve.
    pub urls: Vec<Url>,
}

/// What came of asking for a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// A newer one is in use.
    Replaced,
    /// There is none newer.
    Unchanged,
    /// Another process asked a moment ago; there is this long to wait.
    Asked(TimeDelta),
    /// No address served; what the last one failed with.
    Failed(Trouble),
}

/// Why an address did not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No list came.
    #[error("not fetched: {0}")]
    NotFetched(Failure),
    /// What came is no list that may count.
    #[error("refused: {0}")]
    Refused(Fault),
    /// A complete list where a delta is due, or the reverse.
    #[error("refused: a list of the other kind")]
    OtherKind,
    /// The list has no number, so that nobody could tell which is newer.
    #[error("refused: no number")]
    NoNumber,
    /// Its number is lower than that of the list in use (row 74: somebody plays
    /// an old one).
    #[error("refused: a lower number than that of the list in use")]
    Lower,
    /// Another list with the same number is in use.
    #[error("refused: another list with the number of the one in use")]
    SameNumber,
}

impl Errand {
    /// The lists of a source.
    #[must_use]
    pub fn of(source: &ListSource) -> Vec<Self> {
        let errand = |kind, urls: &Vec<Url>| Self {
            place: Place {
                authority: source.authority,
                kind,
            },
            urls: urls.clone(),
        };
        let both = [
            errand(Kind::Full, &source.full),
            errand(Kind::Delta, &source.delta),
        ];
        let given = |errand: &Self| !errand.urls.is_empty();
        both.into_iter().filter(given).collect()
    }
}

impl House {
    /// Asks for a newer list, unless somebody did within `every`, and puts it in use.
    /// No connection to the database is held meanwhile.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails. That a server does is no error:
    /// [`Refreshed::Failed`].
    pub async fn refresh_list(
        &self,
        fetcher: &Fetcher,
        errand: &Errand,
        every: TimeDelta,
    ) -> Result<Refreshed, Error> {
        let known = {
            let mut connection = self.pool.take().await?;
            lists::find(&mut connection, errand.place).await?
        };
        let due = known.as_ref().map(|known| known.checked_at + every);
        let left = due.map_or(TimeDelta::zero(), |due| due - self.now());
        if left > TimeDelta::zero() {
            return Ok(Refreshed::Asked(left));
        }
        let mut last = Refreshed::Unchanged;
        for url in &errand.urls {
            match self.ask(fetcher, url, errand.place, known.as_ref()).await? {
                Ok(refreshed) => return Ok(refreshed),
                Err(trouble) => {
                    note(errand.place, trouble);
                    last = Refreshed::Failed(trouble);
                }
            }
        }
        Ok(last)
    }

    /// Puts in use what is stored, be it by us or by another process, and says how
    /// many lists were new to us.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn load_lists(&self) -> Result<usize, Error> {
        let rows = {
            let mut connection = self.pool.take().await?;
            lists::all(&mut connection).await?
        };
        let now = self.now();
        let mut used = BTreeMap::new();
        let mut new = 0;
        for row in &rows {
            tell_age(row, now);
            let list = match self.trust.list(&row.place) {
                Some(list) if list.number() >= Some(row.number) => Some(list),
                Some(_) | None => self.load(row).await?.inspect(|_| new += 1),
            };
            used.extend(list.map(|list| (row.place, list)));
        }
        self.trust.use_lists(used);
        Ok(new)
    }

    /// Asks one address.
    async fn ask(
        &self,
        fetcher: &Fetcher,
        url: &Url,
        place: Place,
        known: Option<&Stored>,
    ) -> Result<Result<Refreshed, Trouble>, Error> {
        let same = known.filter(|known| known.origin.url == url.as_str());
        let validators = same.map(|known| Validators {
            etag: known.origin.etag.clone(),
            last_modified: known.origin.last_modified.clone(),
        });
        let fetched = fetcher.fetch(url, &validators.unwrap_or_default()).await;
        let (der, validators) = match fetched {
            Ok(Fetched::List { der, validators }) => (der, validators),
            Ok(Fetched::Unchanged) => {
                self.note_checked(known).await?;
                return Ok(Ok(Refreshed::Unchanged));
            }
            Err(trouble) => return Ok(Err(Trouble::NotFetched(trouble))),
        };
        let origin = Origin {
            url: url.to_string(),
            etag: validators.etag,
            last_modified: validators.last_modified,
        };
        let (der, list) = self.read_list(der, place).await?;
        let list = match list.and_then(|list| acceptable(list, place.kind, self.now())) {
            Ok(list) => list,
            Err(trouble) => return Ok(Err(trouble)),
        };
        self.store_list(list, &der, place, origin).await
    }

    /// Reads a list on a thread of its own and demands that its authority signed it.
    async fn read_list(
        &self,
        der: Vec<u8>,
        place: Place,
    ) -> Result<(Vec<u8>, Result<RevocationList, Trouble>), Error> {
        let (trust, now) = (self.trust.current(), self.now());
        let policy = self.settings.document_policy.clone();
        on_a_thread(move || {
            let list = RevocationList::read(&der, &place.authority, &trust, &policy, now);
            (der, list.map_err(Trouble::Refused))
        })
        .await
    }

    async fn store_list(
        &self,
        (list, number): Acceptable,
        der: &[u8],
        place: Place,
        origin: Origin,
    ) -> Result<Result<Refreshed, Trouble>, Error> {
        let fetched = lists::Fetched {
            place,
            number,
            this_update: list.this_update(),
            next_update: list.next_update(),
            der,
            sha256: list.sha256(),
            origin,
        };
        let now = self.now();
        let mut connection = self.pool.take().await?;
        let outcome = lists::replace(&mut connection, &fetched, now).await?;
        Ok(match outcome {
            Outcome::Stored => {
                self.trust.use_list(place, list);
                Ok(Refreshed::Replaced)
            }
            Outcome::Known => {
                lists::checked(&mut connection, place, &fetched.sha256, now).await?;
                Ok(Refreshed::Unchanged)
            }
            Outcome::Lower => Err(Trouble::Lower),
            Outcome::SameNumber => Err(Trouble::SameNumber),
        })
    }

    async fn note_checked(&self, known: Option<&Stored>) -> Result<(), store::Error> {
        let Some(known) = known else { return Ok(()) };
        let mut connection = self.pool.take().await?;
        lists::checked(&mut connection, known.place, &known.sha256, self.now()).await
    }

    /// Reads a stored list, which must be as good as when it was stored, but for
    /// its age: the judgement of each signature asks for that.
    async fn load(&self, row: &Stored) -> Result<Option<RevocationList>, Error> {
        let octets = {
            let mut connection = self.pool.take().await?;
            lists::octets(&mut connection, row.place, &row.sha256).await?
        };
        let Some(octets) = octets else {
            return Ok(None);
        };
        match self.read_list(octets, row.place).await?.1 {
            Ok(list) => Ok(Some(list)),
            Err(trouble) => {
                note(row.place, trouble);
                Ok(None)
            }
        }
    }
}

/// A list that may be stored, and its number.
type Acceptable = (RevocationList, crate::eds::ListNumber);

fn acceptable(list: RevocationList, kind: Kind, now: DateTime<Utc>) -> Result<Acceptable, Trouble> {
    list.demand_current(now).map_err(Trouble::Refused)?;
    if list.is_delta() != (kind == Kind::Delta) {
        return Err(Trouble::OtherKind);
    }
    let number = list.number().ok_or(Trouble::NoNumber)?;
    Ok((list, number))
}

impl Trouble {
    /// In a word, for those who count.
    fn word(&self) -> &'static str {
        match self {
            Self::NotFetched(failure) => failure.into(),
            Self::Refused(Fault::Malformed(_)) => "malformed",
            Self::Refused(Fault::RevocationUnusable(what)) => what,
            Self::Refused(_) => "algorithm",
            Self::OtherKind => "other kind",
            Self::NoNumber => "no number",
            Self::Lower => "lower number",
            Self::SameNumber => "same number",
        }
    }
}

/// A server that does not answer is a nuisance; a list that is not what it should
/// be is an alarm.
fn note(place: Place, trouble: Trouble) {
    let (authority, kind) = (place.authority, place.kind);
    match trouble {
        Trouble::NotFetched(_) => {
            metrics::counter!("kelisim_list_failures_total", "reason" => trouble.word())
                .increment(1);
            tracing::warn!(%authority, %kind, %trouble, "a revocation list was not fetched");
        }
        Trouble::Refused(_)
        | Trouble::OtherKind
        | Trouble::NoNumber
        | Trouble::Lower
        | Trouble::SameNumber => {
            metrics::counter!("kelisim_list_refused_total", "reason" => trouble.word())
                .increment(1);
            tracing::error!(%authority, %kind, %trouble, "a revocation list was refused");
        }
    }
}

/// How old a list is, and how long ago its server was asked with success.
fn tell_age(row: &Stored, now: DateTime<Utc>) {
    let seconds = |since: DateTime<Utc>| (now - since).as_seconds_f64();
    let labels = [
        ("authority", row.place.authority.to_string()),
        ("kind", row.place.kind.to_string()),
    ];
    metrics::gauge!("kelisim_list_age_seconds", &labels).set(seconds(row.this_update));
    metrics::gauge!("kelisim_list_unchecked_seconds", &labels).set(seconds(row.checked_at));
}
