//! Signatures and stamps of the past, judged by what came with them
//! (ETSI EN 319 102-1 sections 5.5 and 5.6).
//!
//! Today's lists say nothing about a certificate that ended years ago, and
//! yesterday's say nothing about today. So revocation data that came along is
//! asked as of an instant at which it was fresh, between the stamp on what is
//! judged and the instant at which all of it is known to have existed. Within
//! that time the latest instant decides; an earlier one is asked only as long as
//! nothing fresh was at hand, never after a revocation was found.

use chrono::{DateTime, Utc};

use super::{
    AfterExpiry, Content, Enclosed, Fault, Moment, Padding, Policy, Report, Trust, Verified,
    cms::SignedData,
    enclosed::Evidence,
    timestamp::{self, Stamped, TimeStamp},
    verify,
};

/// So many instants are tried at most.
const MOST: usize = 12;

/// Verifies a signature that carries its evidence, as somebody would who is told
/// nothing else; `issued` is when the document's nonce was, and `known` since
/// when all of it is known to have existed: a stamp over a package, or now.
///
/// # Errors
/// The [`Report`] of what was found, as of the instant that came nearest.
pub fn verify_past(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    (issued, known): (Option<DateTime<Utc>>, DateTime<Utc>),
) -> Result<Verified, Box<Report>> {
    let policy = heeding(policy);
    let judge = |now| -> Result<Verified, Box<Report>> {
        let moment = Moment {
            issued,
            received: known,
            now,
        };
        let verified = verify(signature, content, trust, &policy, moment)?;
        match verified.report.time_stamps.first() {
            Some(stamp) if is_outlived(stamp, &policy, known) => Err(outlived(verified)),
            Some(_) | None => Ok(verified),
        }
    };
    let mut last = None;
    for instant in instants(signature, &policy, known) {
        match judge(instant) {
            Ok(verified) => return Ok(verified),
            Err(report) if is_final(report.reason) => return Err(report),
            Err(report) => last = last.or(Some(report)),
        }
    }
    match last {
        Some(report) => Err(report),
        None => judge(known),
    }
}

/// Verifies a token over `stamped` that carries its evidence and was known at
/// `known`. Whether its authority's certificates may have ended by then is the
/// policy's matter.
pub(super) fn stamp(
    token: &[u8],
    stamped: &[u8],
    trust: &Trust,
    policy: &Policy,
    known: DateTime<Utc>,
) -> Result<TimeStamp, Fault> {
    let policy = heeding(policy);
    let mut last = None;
    for now in instants(token, &policy, known) {
        let moment = Moment {
            issued: None,
            received: known,
            now,
        };
        match timestamp::verify(token, Stamped::Octets(stamped), trust, &policy, moment) {
            Ok(stamp) if is_outlived(&stamp, &policy, known) => return Err(Fault::OutOfBounds),
            Ok(stamp) => return Ok(stamp),
            Err(fault) if is_final(Some(fault)) => return Err(fault),
            Err(fault) => last = last.or(Some(fault)),
        }
    }
    Err(last.unwrap_or(Fault::TimeStamp("absent")))
}

/// The report on a signature whose own stamp proves nothing any more.
fn outlived(verified: Verified) -> Box<Report> {
    let fault = Fault::OutOfBounds;
    let (indication, sub_indication) = fault.verdict();
    Box::new(Report {
        indication,
        sub_indication: Some(sub_indication),
        reason: Some(fault),
        ..verified.report
    })
}

/// Whether a certificate of the authority, the anchor aside, has ended, where the
/// policy wants another stamp before that.
fn is_outlived(stamp: &TimeStamp, policy: &Policy, known: DateTime<Utc>) -> bool {
    if policy.rules().time_stamps.after_expiry == AfterExpiry::Counts {
        return false;
    }
    let below_anchor = stamp.certificates().split_last().map(|(_, below)| below);
    let mut certificates = below_anchor.unwrap_or_default().iter();
    certificates.any(|certificate| certificate.not_after < known)
}

fn heeding(policy: &Policy) -> Policy {
    policy
        .clone()
        .with(|rules| rules.enclosed = Enclosed::Heeded)
}

/// What no earlier instant undoes.
fn is_final(reason: Option<Fault>) -> bool {
    use Fault::{IssuerRevoked, NeverIssued, Revoked, RevokedWithoutProof, Suspended, TimeStamp};
    matches!(
        reason,
        Some(
            Revoked
                | RevokedWithoutProof
                | IssuerRevoked
                | Suspended
                | NeverIssued
                | TimeStamp("authority revoked")
        )
    )
}

/// The instants at which what came along was fresh, the latest first: when each
/// stamp, each list and each answer was made, and when all of it was known.
fn instants(signature: &[u8], policy: &Policy, known: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let Ok(container) = SignedData::read(signature, Padding::Zeros) else {
        return vec![known];
    };
    let mut instants = Evidence::new(&container.enclosed, policy).instants();
    instants.extend(timestamp::times(&container));
    for token in container.signers.iter().flat_map(|info| &info.time_stamps) {
        let Ok(token) = SignedData::read(token, Padding::Refused) else {
            continue;
        };
        instants.extend(timestamp::times(&token));
        instants.extend(Evidence::new(&token.enclosed, policy).instants());
    }
    instants.retain(|instant| *instant <= known);
    instants.push(known);
    instants.sort_unstable();
    instants.dedup();
    instants.reverse();
    instants.truncate(MOST);
    instants
}
