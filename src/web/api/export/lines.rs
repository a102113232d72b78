//! The same as one table: each line says in its first cell of what it is.

use super::{
    ApplicationLine, ConsentLine, EventLine, ExportView, NoticeLine, PersonLine, RegistrationLine,
    SessionLine, cell, moment, table,
};

/// A cell for each heading.
type Line = [String; 15];

const HEADINGS: [&str; 15] = [
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
];

/// The export as a file.
pub(super) fn csv(view: &ExportView) -> Result<Vec<u8>, csv::Error> {
    let mut lines = vec![whose(view)];
    lines.extend(view.applications.iter().flat_map(applications));
    lines.extend(view.consents.iter().map(consent));
    lines.extend(view.registrations.iter().map(registration));
    lines.extend(view.events.iter().map(event));
    lines.extend(view.notices.iter().map(notice));
    lines.extend(view.sessions.iter().map(session));
    table::csv(HEADINGS, lines.iter())
}

fn whose(view: &ExportView) -> Line {
    let mut line = Line::default();
    let [record, _, _, at, _, _, name, iin, ..] = &mut line;
    "person".clone_into(record);
    *at = moment(view.exported_at);
    name.clone_from(&view.name);
    iin.clone_from(&view.iin);
    line
}

/// One line for the applicant, and one for each resident.
fn applications(application: &ApplicationLine) -> Vec<Line> {
    let line = |record: &str, person: &PersonLine| {
        [
            record.to_owned(),
            application.id.to_string(),
            application.id.to_string(),
            moment(application.created_at),
            application.state.to_owned(),
            application.kind.to_owned(),
            person.name.clone(),
            person.iin.clone(),
            String::new(),
            application.rka.clone(),
            application.address.clone(),
            application.starts_on.to_string(),
            cell(application.ends_on),
            moment(application.changed_at),
            application.channel.to_owned(),
        ]
    };
    let residents = application.residents.iter();
    std::iter::once(line("application", &application.applicant))
        .chain(residents.map(|one| line("resident", one)))
        .collect()
}

fn consent(consent: &ConsentLine) -> Line {
    let mut line = Line::default();
    let [
        record,
        id,
        application,
        at,
        what,
        kind,
        _,
        iin,
        bin,
        ..,
        text,
    ] = &mut line;
    "consent".clone_into(record);
    *id = consent.id.to_string();
    *application = consent.application.to_string();
    *at = cell(consent.answered_at.map(moment));
    consent.answer.clone_into(what);
    consent.party.clone_into(kind);
    *iin = cell(consent.iin.as_deref());
    *bin = cell(consent.bin.as_deref());
    *text = cell(consent.reason);
    line
}

fn registration(registration: &RegistrationLine) -> Line {
    [
        "registration".to_owned(),
        registration.id.to_string(),
        registration.application.to_string(),
        moment(registration.registered_at),
        registration.standing.to_owned(),
        registration.kind.to_owned(),
        String::new(),
        String::new(),
        String::new(),
        registration.rka.clone(),
        registration.address.clone(),
        registration.starts_on.to_string(),
        cell(registration.ends_on),
        cell(registration.ended_at.map(moment)),
        cell(registration.verification_code.as_deref()),
    ]
}

fn event(event: &EventLine) -> Line {
    let mut line = Line::default();
    let [record, id, application, at, what, kind, _, _, bin, ..] = &mut line;
    "event".clone_into(record);
    *id = cell(event.registration);
    *application = event.application.to_string();
    *at = moment(event.at);
    event.kind.clone_into(what);
    event.state.clone_into(kind);
    *bin = cell(event.bin.as_deref());
    line
}

fn notice(notice: &NoticeLine) -> Line {
    let mut line = Line::default();
    let [record, id, application, at, what, .., until, text] = &mut line;
    "notice".clone_into(record);
    *id = notice.id.to_string();
    *application = cell(notice.application);
    *at = moment(notice.created_at);
    notice.topic.clone_into(what);
    *until = cell(notice.read_at.map(moment));
    text.clone_from(&notice.text);
    line
}

fn session(session: &SessionLine) -> Line {
    let mut line = Line::default();
    let [record, id, _, at, _, _, _, _, bin, .., until, _] = &mut line;
    "session".clone_into(record);
    *id = session.id.to_string();
    *at = moment(session.created_at);
    *bin = cell(session.bin.as_deref());
    *until = moment(session.ended_at.unwrap_or(session.expires_at));
    line
}
