//! One entry for each reader of foreign bytes, through the public functions alone.
//!
//! An input is a list of parts; what each part is, the entry says. The targets in
//! `fuzz/` include this file, where `eds` is that of the library.

use std::fmt::Debug;

use chrono::{DateTime, TimeDelta, Utc};

use super::eds::{
    Check, Content, Digest, Moment, Numbers, Outcome, Policy, Report, Revocation, Signer, Summary,
    Trust, Verified, ocsp,
    timestamp::{self, Stamped, TimeStamp},
    unarmoured, validate, validate_certificate, validate_xml, verify, verify_xml,
    xml::Coverage,
};

/// What an entry saw.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// The check of a signature value was reached.
    pub(crate) signature_checked: bool,
    /// Each report in its octets.
    pub(crate) reports: Vec<String>,
    /// What was found to be so; nothing when nothing passed.
    pub(crate) claims: Vec<String>,
}

type Entry = fn(&[Vec<u8>]) -> Seen;

/// The entries by the names of their targets.
pub(crate) const ENTRIES: [(&str, Entry); 7] = [
    ("certificate", certificate),
    ("crl", crl),
    ("ocsp", ocsp_response),
    ("cms", cms),
    ("token", token),
    ("xml", xml),
    ("verify", whole),
];

/// The parts of a file, the last of which may fall short.
pub(crate) fn split(mut file: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    while let [high, mid, low, rest @ ..] = file {
        let length = [high, mid, low]
            .iter()
            .fold(0, |sum, &&octet| sum << 8 | usize::from(octet));
        let (part, after) = rest.split_at(length.min(rest.len()));
        parts.push(part.to_vec());
        file = after;
    }
    parts
}

/// A certificate, the anchor, what lies between.
fn certificate(parts: &[Vec<u8>]) -> Seen {
    let trust = trust(some(parts, 1..2), some(parts, 2..), &[]);
    let summary = Summary::read(part(parts, 0), Numbers::Masked);
    let seen = Seen {
        reports: vec![debugged(&summary)],
        ..Seen::default()
    };
    seen.certified(validate_certificate(
        part(parts, 0),
        some(parts, 2..),
        &trust,
        &Policy::generic(),
        moment(),
    ))
}

/// A revocation list, a certificate, its issuer, further lists.
fn crl(parts: &[Vec<u8>]) -> Seen {
    let lists = [some(parts, 0..1), some(parts, 3..)].concat();
    let trust = trust(some(parts, 2..3), &[], &lists);
    let policy = Policy::generic().with(|rules| rules.revocation = Revocation::Required);
    let none: &[Vec<u8>] = &[];
    let certificate = part(parts, 1);
    Seen::default().certified(validate_certificate(
        certificate,
        none,
        &trust,
        &policy,
        moment(),
    ))
}

/// A response, the certificate asked about, its issuer, the anchor.
fn ocsp_response(parts: &[Vec<u8>]) -> Seen {
    let (certificate, issuer) = (part(parts, 1), part(parts, 2));
    let mut seen = Seen::default();
    if let Ok(request) = ocsp::Request::new(certificate, issuer, Some(&[7; 16])) {
        let answered = ocsp::Response::to(&request, part(parts, 0));
        seen.reports.push(format!("{:?}", answered.err()));
    }
    let trust = trust(some(parts, 3..4), some(parts, 2..3), &[]);
    let policy = Policy::generic();
    let judged = ocsp::Response::read(part(parts, 0))
        .and_then(|response| ocsp::judge(&response, certificate, issuer, &trust, &policy, now()));
    seen.reports.push(format!("{judged:?}"));
    seen.signature_checked = judged.is_ok();
    seen.claims.extend(judged.ok().as_ref().map(debugged));
    seen
}

/// A container, the content, the anchor, what lies between. Without content it is
/// sought in the container.
fn cms(parts: &[Vec<u8>]) -> Seen {
    let trust = trust(some(parts, 2..3), some(parts, 3..), &[]);
    let content = part(parts, 1);
    let digest = Digest::of(content);
    let container = part(parts, 0);
    let container = unarmoured(container).unwrap_or(container.into());
    let places = match content {
        [] => &[Content::Attached][..],
        [..] => &[Content::Detached(content), Content::Digest(digest)],
    };
    let judge = |&place| validate(&container, place, &trust, &Policy::generic(), moment());
    places
        .iter()
        .flat_map(judge)
        .fold(Seen::default(), Seen::verified)
}

/// A token, what it stamps, the anchor, what lies between.
fn token(parts: &[Vec<u8>]) -> Seen {
    let trust = trust(some(parts, 2..3), some(parts, 3..), &[]);
    let (token, stamped) = (part(parts, 0), Stamped::Octets(part(parts, 1)));
    let verdict = timestamp::verify(token, stamped, &trust, &Policy::generic(), moment());
    let claim = verdict.as_ref().ok().map(TimeStamp::time);
    Seen {
        signature_checked: verdict.is_ok(),
        reports: vec![debugged(&verdict)],
        claims: claim.as_ref().map(debugged).into_iter().collect(),
    }
}

/// A document, the anchor, what lies between: as one with one signature, over all of it
/// or a part, and as one with several.
fn xml(parts: &[Vec<u8>]) -> Seen {
    let trust = trust(some(parts, 1..2), some(parts, 2..), &[]);
    let (document, policy, moment) = (part(parts, 0), Policy::generic(), moment());
    let single = [Coverage::Document, Coverage::Element]
        .map(|coverage| verify_xml(document, coverage, &trust, &policy, moment));
    let each = validate_xml(document, &trust, &policy, moment);
    assert!(!each.is_empty(), "nothing is said of a document");
    let all = single.into_iter().chain(each);
    all.fold(Seen::default(), |seen, verdict| {
        seen.verified(verdict.map(|(verified, content)| {
            let agree = Digest::of(&content) == *verified.content_digest();
            assert!(agree, "what is returned is not what was signed");
            verified
        }))
    })
}

/// A head, the signature, the document, and the material: the head says which policy
/// applies, whether the content is enclosed, and how many of the parts that follow are
/// anchors, intermediate certificates and revocation lists; the rest are responses.
fn whole(parts: &[Vec<u8>]) -> Seen {
    let &[policy, place, anchors, between, lists, ..] = part(parts, 0) else {
        return Seen::default();
    };
    let mut places = [anchors, between, lists]
        .into_iter()
        .scan(3, |start, count| {
            let range = *start..*start + usize::from(count);
            *start = range.end;
            Some(range)
        });
    let mut next = || some(parts, places.next().unwrap_or_default());
    let (anchors, between, lists) = (next(), next(), next());
    let used = 3 + anchors.len() + between.len() + lists.len();
    let responses = some(parts, used..).iter();
    let trust = trust(anchors, between, lists).with_responses(
        responses
            .filter_map(|der| ocsp::Response::read(der).ok())
            .collect(),
    );
    let policy = match policy {
        0 => Policy::national(),
        1 => Policy::login(),
        _ => Policy::generic(),
    };
    let content = match place {
        0 => Content::Detached(part(parts, 2)),
        1 => Content::Digest(Digest::of(part(parts, 2))),
        _ => Content::Attached,
    };
    let verdict = verify(part(parts, 1), content, &trust, &policy, moment());
    if let (Ok(verified), 0 | 1) = (&verdict, place) {
        let agree = Digest::of(part(parts, 2)) == *verified.content_digest();
        assert!(agree, "another document was signed");
    }
    Seen::default().verified(verdict)
}

impl Seen {
    fn verified(mut self, verdict: Result<Verified, Box<Report>>) -> Self {
        let report = match &verdict {
            Ok(verified) => {
                let certificate = Digest::of(verified.certificate());
                let (signer, content) = (verified.signer(), verified.content_digest());
                self.claims.push(debugged(&(signer, content, certificate)));
                verified.report()
            }
            Err(report) => report,
        };
        self.reports(report);
        self
    }

    fn certified(mut self, verdict: Result<(Signer, Report), Box<Report>>) -> Self {
        match verdict {
            Ok((signer, report)) => {
                let certificate = report.certificates.first().map(|first| first.sha256);
                self.claims.push(debugged(&(signer, certificate)));
                self.reports(&report);
                // The path to an anchor takes a signature at least.
                self.signature_checked = true;
            }
            Err(report) => self.reports(&report),
        }
        self
    }

    fn reports(&mut self, report: &Report) {
        self.signature_checked |= report.checks.iter().any(|checked| {
            checked.check == Check::Signature && checked.outcome != Outcome::Skipped
        });
        let written = serde_json::to_string(report);
        self.reports.push(written.expect("a report can be written"));
    }
}

fn debugged<T: Debug>(claim: &T) -> String {
    format!("{claim:?}")
}

fn part(parts: &[Vec<u8>], place: usize) -> &[u8] {
    parts.get(place).map_or(&[], Vec::as_slice)
}

/// The parts in this range, as far as they are there.
fn some(parts: &[Vec<u8>], places: impl std::ops::RangeBounds<usize>) -> &[Vec<u8>] {
    let start = match places.start_bound() {
        std::ops::Bound::Included(&start) => start.min(parts.len()),
        std::ops::Bound::Excluded(_) | std::ops::Bound::Unbounded => 0,
    };
    let end = match places.end_bound() {
        std::ops::Bound::Excluded(&end) => end.clamp(start, parts.len()),
        std::ops::Bound::Included(_) | std::ops::Bound::Unbounded => parts.len(),
    };
    parts.get(start..end).unwrap_or_default()
}

/// Trust in what of these can be read.
fn trust(anchors: &[Vec<u8>], between: &[Vec<u8>], lists: &[Vec<u8>]) -> Trust {
    let certificates = |all: &[Vec<u8>]| readable(all, |one| Trust::new(one, &[], &[]).is_ok());
    let lists = readable(lists, |one| Trust::new(&[], &[], one).is_ok());
    let trust = Trust::new(&certificates(anchors), &certificates(between), &lists);
    trust.expect("only what can be read")
}

fn readable(all: &[Vec<u8>], can: impl Fn(&[Vec<u8>]) -> bool) -> Vec<Vec<u8>> {
    let chunks = all.chunks(1).filter(|one| can(one));
    chunks.flatten().cloned().collect()
}

/// All inputs are judged as of one instant.
fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_780_308_000)
}

fn moment() -> Moment {
    Moment::between(now() - TimeDelta::minutes(5), now())
}
