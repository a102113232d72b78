//! The same as one table: each line says in its first cell of what it is.

use std::fmt::Display;

use chrono::{DateTime, SecondsFormat, Utc};

use super::ExportView;
use super::asked::{ApplicationLine, ConsentLine, InvitationLine, PersonLine};
use super::centre::{AttestedLine, PaperLine};
use super::done::{EventLine, NoticeLine, RefusalLine, SessionLine};
use super::held::{DwellingLine, PowerLine, RegistrationLine};
use crate::render::table;

const HEADINGS: [&str; 28] = [
    "record",
    "id",
    "application",
    "at",
    "what",
    "kind",
    "name",
    "iin",
    "bin",
    "rka",
    "address",
    "starts_on",
    "ends_on",
    "until",
    "text",
    "channel",
    "edition",
    "deadline",
    "extends",
    "consent",
    "by_iin",
    "sha256",
    "last_four",
    "issuer",
    "relationship",
    "area",
    "owners",
    "registered",
];

/// A cell for each heading.
#[derive(Default)]
struct Line {
    record: &'static str,
    id: String,
    application: String,
    at: String,
    what: String,
    kind: String,
    name: String,
    iin: String,
    bin: String,
    rka: String,
    address: String,
    starts_on: String,
    ends_on: String,
    until: String,
    text: String,
    channel: String,
    edition: String,
    deadline: String,
    extends: String,
    consent: String,
    by_iin: String,
    sha256: String,
    last_four: String,
    issuer: String,
    relationship: String,
    area: String,
    owners: String,
    registered: String,
}

/// The export as a file.
pub(super) fn csv(view: &ExportView) -> Result<Vec<u8>, csv::Error> {
    let mut lines = vec![Line::from(view)];
    lines.extend(view.applications.iter().flat_map(applications));
    lines.extend(view.consents.iter().map(Line::from));
    lines.extend(view.attested.iter().map(Line::from));
    lines.extend(view.papers.iter().map(Line::from));
    lines.extend(view.registrations.iter().map(Line::from));
    lines.extend(view.dwellings.iter().map(Line::from));
    lines.extend(view.powers_of_attorney.iter().map(Line::from));
    lines.extend(view.invitations.iter().map(Line::from));
    lines.extend(view.refusals.iter().map(Line::from));
    lines.extend(view.events.iter().map(Line::from));
    lines.extend(view.notices.iter().map(Line::from));
    lines.extend(view.sessions.iter().map(Line::from));
    let cells: Vec<_> = lines.into_iter().map(Line::cells).collect();
    table::csv(HEADINGS, cells.iter())
}

/// One line for the applicant, and one for each resident.
fn applications(application: &ApplicationLine) -> Vec<Line> {
    let line = |record: &'static str, person: &PersonLine| Line {
        record,
        id: application.id.to_string(),
        application: application.id.to_string(),
        at: moment(application.created_at),
        what: application.state.to_owned(),
        kind: application.kind.to_owned(),
        name: person.name.clone(),
        iin: person.iin.clone(),
        rka: application.rka.clone(),
        address: application.address.clone(),
        starts_on: application.starts_on.to_string(),
        ends_on: cell(application.ends_on),
        until: moment(application.changed_at),
        text: cell(application.grounds),
        channel: application.channel.to_owned(),
        edition: application.edition.to_string(),
        deadline: cell(application.deadline.map(moment)),
        extends: cell(application.extends),
        ..Line::default()
    };
    let residents = application.residents.iter();
    std::iter::once(line("application", &application.applicant))
        .chain(residents.map(|one| line("resident", one)))
        .collect()
}

impl Line {
    fn cells(self) -> [String; 28] {
        [
            self.record.to_owned(),
            self.id,
            self.application,
            self.at,
            self.what,
            self.kind,
            self.name,
            self.iin,
            self.bin,
            self.rka,
            self.address,
            self.starts_on,
            self.ends_on,
            self.until,
            self.text,
            self.channel,
            self.edition,
            self.deadline,
            self.extends,
            self.consent,
            self.by_iin,
            self.sha256,
            self.last_four,
            self.issuer,
            self.relationship,
            self.area,
            self.owners,
            self.registered,
        ]
    }
}

impl From<&ExportView> for Line {
    fn from(view: &ExportView) -> Self {
        Self {
            record: "person",
            at: moment(view.exported_at),
            name: view.name.clone(),
            iin: view.iin.clone(),
            ..Self::default()
        }
    }
}

impl From<&ConsentLine> for Line {
    fn from(consent: &ConsentLine) -> Self {
        Self {
            record: "consent",
            id: consent.id.to_string(),
            application: consent.application.to_string(),
            at: cell(consent.answered_at.map(moment)),
            what: consent.answer.to_owned(),
            kind: consent.party.to_owned(),
            iin: cell(consent.iin.as_deref()),
            bin: cell(consent.bin.as_deref()),
            text: cell(consent.reason),
            ..Self::default()
        }
    }
}

impl From<&AttestedLine> for Line {
    fn from(attested: &AttestedLine) -> Self {
        Self {
            record: "attested",
            application: attested.application.to_string(),
            what: attested.party.to_owned(),
            kind: cell(attested.document),
            text: cell(attested.how),
            last_four: cell(attested.last_four.as_deref()),
            issuer: cell(attested.issuer.as_deref()),
            relationship: cell(attested.relationship),
            ..Self::default()
        }
    }
}

impl From<&PaperLine> for Line {
    fn from(paper: &PaperLine) -> Self {
        Self {
            record: "paper",
            id: paper.id.to_string(),
            application: paper.application.to_string(),
            at: moment(paper.added_at),
            kind: paper.kind.to_owned(),
            name: paper.name.clone(),
            sha256: paper.sha256.clone(),
            ..Self::default()
        }
    }
}

impl From<&RegistrationLine> for Line {
    fn from(registration: &RegistrationLine) -> Self {
        Self {
            record: "registration",
            id: registration.id.to_string(),
            application: registration.application.to_string(),
            at: moment(registration.registered_at),
            what: registration.standing.to_owned(),
            kind: registration.kind.to_owned(),
            rka: registration.rka.clone(),
            address: registration.address.clone(),
            starts_on: registration.starts_on.to_string(),
            ends_on: cell(registration.ends_on),
            until: cell(registration.ended_at.map(moment)),
            text: cell(registration.verification_code.as_deref()),
            channel: registration.channel.to_owned(),
            ..Self::default()
        }
    }
}

impl From<&DwellingLine> for Line {
    fn from(dwelling: &DwellingLine) -> Self {
        Self {
            record: "dwelling",
            kind: dwelling.used_as.to_owned(),
            rka: dwelling.rka.clone(),
            address: dwelling.address.clone(),
            area: cell(dwelling.area),
            owners: dwelling.owners.to_string(),
            registered: dwelling.registered.to_string(),
            ..Self::default()
        }
    }
}

impl From<&PowerLine> for Line {
    fn from(power: &PowerLine) -> Self {
        Self {
            record: "power_of_attorney",
            id: power.number.clone(),
            what: power.scope.join(" "),
            iin: power.delegate_iin.clone(),
            bin: cell(power.principal_bin.as_deref()),
            starts_on: power.valid_from.to_string(),
            ends_on: power.valid_until.to_string(),
            until: cell(power.revoked_on),
            by_iin: cell(power.principal_iin.as_deref()),
            issuer: power.notary.clone(),
            ..Self::default()
        }
    }
}

impl From<&InvitationLine> for Line {
    fn from(invitation: &InvitationLine) -> Self {
        let over = invitation.ended_at.unwrap_or(invitation.expires_at);
        Self {
            record: "invitation",
            id: invitation.id.to_string(),
            application: cell(invitation.application),
            at: moment(invitation.created_at),
            what: invitation.stage.to_owned(),
            kind: invitation.kind.to_owned(),
            iin: invitation.resident_iin.clone(),
            bin: cell(invitation.by_bin.as_deref()),
            rka: invitation.rka.clone(),
            address: invitation.address.clone(),
            starts_on: invitation.starts_on.to_string(),
            ends_on: cell(invitation.ends_on),
            until: moment(over),
            by_iin: cell(invitation.by_iin.as_deref()),
            ..Self::default()
        }
    }
}

impl From<&RefusalLine> for Line {
    fn from(refusal: &RefusalLine) -> Self {
        Self {
            record: "refusal",
            id: refusal.id.to_string(),
            application: refusal.application.to_string(),
            at: moment(refusal.refused_at),
            what: refusal.code.clone(),
            consent: cell(refusal.consent),
            sha256: refusal.sha256.clone(),
            ..Self::default()
        }
    }
}

impl From<&EventLine> for Line {
    fn from(event: &EventLine) -> Self {
        Self {
            record: "event",
            id: cell(event.registration),
            application: event.application.to_string(),
            at: moment(event.at),
            what: event.kind.to_owned(),
            kind: event.state.to_owned(),
            bin: cell(event.bin.as_deref()),
            ..Self::default()
        }
    }
}

impl From<&NoticeLine> for Line {
    fn from(notice: &NoticeLine) -> Self {
        Self {
            record: "notice",
            id: notice.id.to_string(),
            application: cell(notice.application),
            at: moment(notice.created_at),
            what: notice.topic.to_owned(),
            until: cell(notice.read_at.map(moment)),
            text: notice.text.clone(),
            ..Self::default()
        }
    }
}

impl From<&SessionLine> for Line {
    fn from(session: &SessionLine) -> Self {
        Self {
            record: "session",
            id: session.id.to_string(),
            at: moment(session.created_at),
            bin: cell(session.bin.as_deref()),
            until: moment(session.ended_at.unwrap_or(session.expires_at)),
            ..Self::default()
        }
    }
}

/// A moment as it stands in a table.
fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A cell that may be empty.
fn cell(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
