//! What all revocation data at hand, lists and answers, says about one certificate.

use super::{
    Evidence, Fault,
    budget::Budget,
    certificate::Certificate,
    crl::{self, Entry, Reason, Status},
    enclosed::Pile,
    ocsp,
    path::Path,
};

/// A status and the data it rests on.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) status: Status,
    /// What responders alone say.
    pub(super) answered: Status,
    pub(super) evidence: Vec<Evidence>,
}

impl Finding {
    /// Whether further data could change the status; with `asked`, a responder
    /// is to have its say beside the lists.
    pub(super) fn is_wanting(&self, asked: bool) -> bool {
        let unanswered = matches!(self.answered, Status::Unknown(_));
        match self.status {
            Status::Unknown(_) => true,
            Status::Good => asked && unanswered,
            Status::Revoked(entry) => asked && unanswered && entry.reason != Reason::Final,
        }
    }
}

/// Judges each link of a path, the one below the anchor first. `standing` says what cannot
/// be told of a link, or why the path falls. The first fault counts; what cannot
/// be told does not end the way, so that everything missing is found at once.
pub(super) fn along<'a>(
    path: &Path<'a>,
    mut standing: impl FnMut(&'a Certificate, &'a Certificate) -> Result<Option<Fault>, Fault>,
) -> Result<(), Fault> {
    let mut missing = None;
    for (certificate, issuer) in path.links() {
        match standing(certificate, issuer) {
            Ok(untold) => missing = missing.or(untold),
            Err(fault) => return Err(missing.unwrap_or(fault)),
        }
    }
    missing.map_or(Ok(()), Err)
}

/// The status of `certificate`, which `issuer` issued on a path that holds.
///
/// A final revocation counts whoever tells it. Otherwise an answer of a
/// responder decides before a list, because it must be younger; only when it
/// settles nothing is the list's word taken, and never against the authority's
/// own word that it did not issue the certificate.
pub(super) fn status<'a>(
    lists: crl::Judge<'a>,
    responses: Pile<'a, ocsp::Response>,
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    budget: &mut Budget,
) -> Result<Finding, Fault> {
    let answers = ocsp::Judge { responses, lists };
    let answered = answers.status(certificate, issuer, budget)?;
    let listed = lists.status(certificate, issuer, budget)?;
    let answer = answered.as_ref().and_then(|(_, used)| used.as_ref());
    let said = answer.map(|(answer, response)| response.evidence(answer, certificate));
    let lists = listed.lists.iter().map(|list| list.evidence(certificate));
    Ok(Finding {
        status: match &answered {
            None => listed.status,
            Some((answered, _)) => joined(*answered, listed.status),
        },
        answered: answered
            .as_ref()
            .map_or(Status::Unknown(Fault::NoRevocationData), |(answered, _)| {
                *answered
            }),
        evidence: said.into_iter().chain(lists).collect(),
    })
}

fn joined(answered: Status, listed: Status) -> Status {
    match (answered, listed) {
        (Status::Revoked(one), Status::Revoked(other)) => Status::Revoked(graver(one, other)),
        (_, Status::Revoked(entry)) if entry.reason == Reason::Final => listed,
        (Status::Good | Status::Revoked(_) | Status::Unknown(Fault::NeverIssued), _) => answered,
        (Status::Unknown(_), Status::Good | Status::Revoked(_)) => listed,
        (Status::Unknown(_), Status::Unknown(_)) => answered,
    }
}

/// The final one of two revocations; of two alike the earlier.
fn graver(one: Entry, other: Entry) -> Entry {
    match (one.reason == Reason::Final, other.reason == Reason::Final) {
        (true, false) => one,
        (false, true) => other,
        (_, _) if one.revoked_at <= other.revoked_at => one,
        (_, _) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eds::testing::pki::at;

    fn entry(reason: Reason, date: &str) -> Entry {
        Entry {
            revoked_at: at(date),
            reason,
        }
    }

    #[test]
    fn a_final_revocation_counts_whoever_tells_it() {
        let revoked = Status::Revoked(entry(Reason::Final, "2026-05-01T00:00:00Z"));
        assert_eq!(joined(Status::Good, revoked), revoked);
        assert_eq!(joined(revoked, Status::Good), revoked);
        let held = Status::Revoked(entry(Reason::Suspended, "2026-04-01T00:00:00Z"));
        assert_eq!(joined(held, revoked), revoked);
    }

    #[test]
    fn of_two_dates_of_revocation_the_earlier_counts() {
        let early = Status::Revoked(entry(Reason::Final, "2026-05-01T00:00:00Z"));
        let late = Status::Revoked(entry(Reason::Final, "2026-05-02T00:00:00Z"));
        assert_eq!(joined(late, early), early);
        assert_eq!(joined(early, late), early);
    }

    #[test]
    fn an_answer_ends_a_suspension_that_a_list_still_tells() {
        let held = Status::Revoked(entry(Reason::Suspended, "2026-04-01T00:00:00Z"));
        assert_eq!(joined(Status::Good, held), Status::Good);
        assert_eq!(joined(held, Status::Good), held);
    }

    #[test]
    fn a_list_counts_where_the_responder_knows_nothing_but_not_against_a_denial() {
        let unknown = Status::Unknown(Fault::StatusUnknown);
        assert_eq!(joined(unknown, Status::Good), Status::Good);
        let denied = Status::Unknown(Fault::NeverIssued);
        assert_eq!(joined(denied, Status::Good), denied);
    }
}
