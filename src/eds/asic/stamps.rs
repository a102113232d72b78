//! The time-stamps over a package, each of which covers all before it
//! (ETSI EN 319 162-1 annex A.7), judged newest first.
//!
//! A stamp that holds proves that everything it covers existed when it was made:
//! what is older need not be as strong as today, only as strong as was enough
//! then (ETSI EN 319 102-1 section 5.6.2.3).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    Broken, FIRST_MANIFEST, FIRST_STAMP, MOST_STAMPS, NEWEST_MANIFEST, OWN, Package, archive,
    manifest::Manifest,
};
use crate::eds::{
    DigestName, Fault, Limit, Policy, Trust, past, report,
    timestamp::{self, TimeStamp},
};

/// One stamp over a package.
#[derive(Debug, Clone, Serialize)]
pub struct Seal {
    /// The manifest that is stamped.
    pub manifest: String,
    /// Since when everything it lists is proven to exist, if the stamp holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stamp: Option<TimeStamp>,
    /// Why it proves nothing.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "report::as_text"
    )]
    pub reason: Option<Fault>,
}

/// All stamps over a package, the newest first.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Seals {
    /// Each stamp.
    pub seals: Vec<Seal>,
    /// Since when all that was packed is proven to exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proven: Option<DateTime<Utc>>,
}

impl Package {
    /// What is to be stamped next: the first manifest as long as it has no stamp,
    /// then a new one over everything there is, with this digest.
    #[must_use]
    pub fn to_stamp(&self, digest: DigestName) -> Vec<u8> {
        self.next(digest).1
    }

    /// The package with the stamp over `manifest`, which is what
    /// [`to_stamp`](Self::to_stamp) gave.
    ///
    /// # Errors
    /// [`Broken::Stamp`] when the token is not over it, or it is another one;
    /// [`Broken::TooLarge`].
    pub fn stamped(&self, manifest: &[u8], token: &[u8]) -> Result<Self, Broken> {
        let digest = Manifest::read(NEWEST_MANIFEST, manifest)?.digest;
        let (mut package, expected, stamp) = {
            let (files, expected, stamp) = self.next(digest);
            (Self { files }, expected, stamp)
        };
        let token = timestamp::token(token).map_err(|_| Broken::Stamp)?;
        if expected != manifest || timestamp::demand_over(token, manifest).is_err() {
            return Err(Broken::Stamp);
        }
        if self.archived() >= MOST_STAMPS {
            return Err(Broken::TooLarge("stamps"));
        }
        package.files.insert(stamp, token.to_vec());
        archive::demand_limits(&package.files)?;
        Ok(package)
    }

    /// The files with the next manifest, that manifest, and where its stamp goes.
    fn next(&self, digest: DigestName) -> (BTreeMap<String, Vec<u8>>, Vec<u8>, String) {
        let mut files = self.files.clone();
        if !self.is_stamped() {
            let first = files.get(FIRST_MANIFEST).cloned().unwrap_or_default();
            return (files, first, FIRST_STAMP.to_owned());
        }
        let number = self.archived();
        let previous = match files.remove(NEWEST_MANIFEST) {
            Some(newest) => {
                let name = numbered(number);
                files.insert(name.clone(), newest);
                name
            }
            None => FIRST_MANIFEST.to_owned(),
        };
        let stamp = format!("{OWN}archive-timestamp{:03}.tst", number + 1);
        let manifest = Manifest::over(&files, &stamp, digest, Some(&previous)).write();
        files.insert(NEWEST_MANIFEST.to_owned(), manifest.clone());
        (files, manifest, stamp)
    }

    /// How many archive manifests there are.
    fn archived(&self) -> usize {
        let start = NEWEST_MANIFEST.trim_end_matches(".xml");
        let all = self.files.keys().filter(|name| name.starts_with(start));
        all.count()
    }

    /// The manifests, the newest first, each with what it must list.
    ///
    /// # Errors
    /// [`Broken`] when something is listed that is not there, is there and not
    /// listed, or is not what was listed.
    pub fn listed(&self) -> Result<(), Broken> {
        self.manifests(None).map(|_| ())
    }

    fn manifests(&self, withheld: Option<&str>) -> Result<Vec<(String, Manifest)>, Broken> {
        let mut files: BTreeMap<&str, &[u8]> = self
            .files
            .iter()
            .map(|(name, content)| (name.as_str(), content.as_slice()))
            .collect();
        let mut name = match self.archived() {
            0 => FIRST_MANIFEST.to_owned(),
            _ => NEWEST_MANIFEST.to_owned(),
        };
        let mut manifests = Vec::with_capacity(2);
        for _ in 0..=MOST_STAMPS {
            let octets = files
                .remove(name.as_str())
                .ok_or_else(|| Broken::Missing(name.clone()))?;
            let manifest = Manifest::read(&name, octets)?;
            files.remove(manifest.stamp.as_str());
            manifest.demand(&files, withheld)?;
            let previous = manifest.previous.clone();
            manifests.push((name, manifest));
            match previous {
                Some(previous) => name = previous,
                None => return Ok(manifests),
            }
        }
        Err(Broken::TooLarge("stamps"))
    }

    /// Judges the stamps as of `now`: the newest as of then, each older one as of
    /// the stamp that covers it.
    ///
    /// # Errors
    /// Those of [`listed`](Self::listed).
    pub fn seals(
        &self,
        trust: &Trust,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Seals, Broken> {
        self.seals_but(None, trust, policy, now)
    }

    /// The same for a package without files whose names begin with `withheld`: the
    /// stamps are over their digests, which [`withheld`](Self::withheld) tells.
    ///
    /// # Errors
    /// Those of [`listed`](Self::listed), but for files withheld.
    pub fn seals_but(
        &self,
        withheld: Option<&str>,
        trust: &Trust,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Seals, Broken> {
        let mut seals = Seals::default();
        let mut known = now;
        for (name, manifest) in self.manifests(withheld)? {
            let seal = self.seal(name, &manifest, trust, policy, known);
            if let Some(stamp) = &seal.stamp {
                known = known.min(stamp.time());
                seals.proven = Some(known);
            }
            seals.seals.push(seal);
        }
        Ok(seals)
    }

    fn seal(
        &self,
        name: String,
        manifest: &Manifest,
        trust: &Trust,
        policy: &Policy,
        known: DateTime<Utc>,
    ) -> Seal {
        let judged = self
            .file(&manifest.stamp)
            .map_or(Err(Fault::TimeStamp("absent")), |token| {
                policy.allows_hash(manifest.hash(), known)?;
                let stamped = self.file(&name).unwrap_or_default();
                past::stamp(token, stamped, trust, policy, known)
            });
        let (stamp, reason) = match judged {
            Ok(stamp) => (Some(stamp), None),
            Err(fault) => (None, Some(fault)),
        };
        Seal {
            manifest: name,
            stamp,
            reason,
        }
    }
}

impl Seals {
    /// Whether a new stamp is due: there is none that holds, the newest will not
    /// outlast `ahead` because a certificate of its authority ends, or because an
    /// algorithm is accepted no longer.
    #[must_use]
    pub fn are_due(&self, policy: &Policy, now: DateTime<Utc>, ahead: chrono::TimeDelta) -> bool {
        let newest = self.seals.first().and_then(|seal| seal.stamp.as_ref());
        let Some(newest) = newest else {
            return true;
        };
        let limits = policy.rules().signatures.values();
        let limits = limits.chain(policy.rules().digests.values());
        let ends = limits.filter_map(|limit| match limit {
            Limit::None => None,
            // A stamp made since then was made with this end in sight.
            Limit::Until(end) => Some(*end).filter(|end| *end - newest.time() > ahead),
        });
        let certificates = newest.certificates().iter().map(|one| one.not_after);
        ends.chain(certificates).any(|end| end - now < ahead)
    }
}

fn numbered(number: usize) -> String {
    let start = NEWEST_MANIFEST.trim_end_matches(".xml");
    format!("{start}{number:03}.xml")
}
