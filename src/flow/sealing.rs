//! Time-stamps over evidence packages: the first, and each that is due later.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{Duration, Instant};

use super::evidence::{Means, renewed, with_phase};
use super::{Error, House, Job};
use crate::domain::RegistrationId;
use crate::eds::asic::Package;
use crate::eds::timestamp::{self, Stamped};
use crate::eds::{Additions, DigestName, Moment, StampWanted, augment};
use crate::store::Connection;
use crate::store::packages::{self, Packed};

/// A stamp is renewed so long before the certificate of its authority ends.
const AHEAD: TimeDelta = TimeDelta::days(90);
/// How long until a package is looked at again.
const PERIOD: TimeDelta = TimeDelta::days(7);
/// How long others are waited for.
const PATIENCE: Duration = Duration::from_secs(10);

impl House {
    /// By what this house judges now.
    pub(super) fn means(&self) -> Means {
        Means {
            trust: self.trust.current(),
            policy: self.settings.document_policy.clone(),
            now: self.now(),
        }
    }

    /// Packs the registrations that have no package yet, and renews the stamps of
    /// packages where that is due, `limit` of them at a time; says how many stamps it
    /// put. Where nobody stamps now, the next time will do; what is wrong with one
    /// package does not keep the others.
    ///
    /// # Errors
    /// [`Error::NoStamp`] when nobody stamps, otherwise the last one.
    pub async fn keep_evidence(&self, limit: i64) -> Result<usize, Error> {
        self.keep_evidence_since(None, limit).await
    }

    /// The same, with packages only for what was registered or ended since then, which
    /// is little.
    ///
    /// # Errors
    /// As [`House::keep_evidence`].
    pub async fn keep_evidence_since(
        &self,
        since: Option<DateTime<Utc>>,
        limit: i64,
    ) -> Result<usize, Error> {
        let packed = self.pack_missing(since, limit).await;
        if let Err(silent @ Error::NoStamp(_)) = packed {
            return Err(silent);
        }
        let renewed = self.renew_due(limit).await;
        Ok(packed? + renewed?)
    }

    async fn pack_missing(&self, since: Option<DateTime<Utc>>, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            packages::missing(connection, since, behind, limit).await
        };
        self.go_through((Job::Evidence, limit), due, async |id| {
            self.first_package(id).await.map(|_| 1)
        })
        .await
    }

    async fn renew_due(&self, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            packages::to_look_at(connection, self.now(), behind, limit).await
        };
        self.go_through((Job::Evidence, limit), due, async |known: Packed| {
            self.renew(&known).await.map(usize::from)
        })
        .await
    }

    /// The package of a registration with its first stamp, which is kept.
    pub(super) async fn first_package(&self, id: RegistrationId) -> Result<Package, Error> {
        let means = self.means();
        let (package, phase) = {
            let mut connection = self.pool.take().await?;
            with_phase(&mut connection, id, means.clone()).await?
        };
        let package = self.sealed(&package, &means).await?.unwrap_or(package);
        let mut connection = self.pool.take().await?;
        let packed = Packed {
            registration: id,
            phase,
            octets: package.write(),
            stamps: 1,
            stamped_at: means.now,
            look_at: means.now + PERIOD,
        };
        packages::insert(&mut connection, &packed).await?;
        // Whoever was first has stamped the one that counts.
        match packages::find(&mut connection, id, phase).await? {
            Some(packed) => Ok(Package::read(&packed.octets)?),
            None => Ok(package),
        }
    }

    async fn renew(&self, known: &Packed) -> Result<bool, Error> {
        let (means, package) = (self.means(), Package::read(&known.octets)?);
        let sealed = self.sealed(&package, &means).await?;
        let mut newer = Packed {
            look_at: means.now + PERIOD,
            ..known.clone()
        };
        if let Some(sealed) = &sealed {
            newer.octets = sealed.write();
            newer.stamps += 1;
            newer.stamped_at = means.now;
        }
        let mut connection = self.pool.take().await?;
        let replaced = packages::replace(&mut connection, known, &newer).await?;
        Ok(replaced && sealed.is_some())
    }

    async fn sealed(&self, package: &Package, means: &Means) -> Result<Option<Package>, Error> {
        let digest = DigestName::Sha256;
        let stamp = async |octets| self.seal(octets, means).await;
        renewed(package, (means, digest), AHEAD, stamp).await
    }

    /// A token over these octets, with all that proves it later.
    pub(super) async fn seal(&self, octets: Vec<u8>, means: &Means) -> Result<Vec<u8>, Error> {
        let Means { trust, policy, now } = means;
        let until = Instant::now() + PATIENCE;
        let wanted = StampWanted {
            value: octets,
            digest: DigestName::Sha256,
        };
        let authorities = &self.witnesses.authorities;
        let asked = authorities.stamp(&wanted, trust, policy, *now).await;
        let token = asked.map_err(Error::NoStamp)?.token;
        let (known, moment) = (trust.without_revocation_data(), Moment::at(*now));
        let stamped = Stamped::Octets(&wanted.value);
        let wants = timestamp::wants(&token, stamped, &known, policy, moment);
        let found = self.statuses(&wants.statuses, policy, *now, until).await;
        let issuers = wants.statuses.iter().map(|status| status.issuer.clone());
        let responses: Vec<_> = found.answers.iter().map(|one| one.der().to_vec()).collect();
        let additions = Additions {
            certificates: &issuers.collect::<Vec<_>>(),
            lists: &found.lists,
            responses: &responses,
            ..Additions::default()
        };
        Ok(augment(&token, &additions)?)
    }
}
