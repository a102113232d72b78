//! Those who are asked, and their answers.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::people::{read_delegate, read_party, write_party};
use super::schema::{applications, consents, events};
use super::{Connection, Error, word};
use crate::domain::{
    Answer, ApplicationId, Consent, ConsentId, Delegate, DocumentId, EventKind, Holder,
    rounds_asked,
};
use crate::eds::{Bin, Iin};

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = consents)]
pub(super) struct Row {
    id: Uuid,
    pub(super) application_id: Uuid,
    pub(super) round: i32,
    pub(super) removal: Option<Uuid>,
    party: String,
    party_iin: Option<String>,
    party_bin: Option<String>,
    delegate_iin: Option<String>,
    delegate_power: Option<String>,
    answer: String,
    decline_reason: Option<String>,
    answered_at: Option<DateTime<Utc>>,
}

/// In which round, or about which removal, parties are asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) application: ApplicationId,
    pub(super) round: i32,
    pub(super) removal: Option<DocumentId>,
}

/// Writes the consents that are not there yet.
pub(super) async fn insert(
    connection: &mut Connection,
    place: Place,
    asked: &[Consent],
) -> Result<(), Error> {
    let rows: Vec<Row> = asked.iter().map(|one| Row::new(place, one)).collect();
    diesel::insert_into(consents::table)
        .values(rows)
        .on_conflict(consents::id)
        .do_nothing()
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes one answer over one that decided nothing, or takes a consent back; who could
/// have given it in the party's place and did not goes.
pub(super) async fn save(connection: &mut Connection, consent: &Consent) -> Result<(), Error> {
    let (answer, reason, at) = stored(&consent.answer);
    let before: &[&str] = match consent.answer {
        Answer::TakenBack(_) => &["given", "pending_evidence"],
        Answer::Awaited | Answer::Pending(_) | Answer::Given(_) | Answer::Declined(..) => {
            &["awaited", "pending_evidence"]
        }
    };
    let open = consents::table.filter(
        consents::id
            .eq(consent.id.uuid())
            .and(consents::answer.eq_any(before)),
    );
    let changed = diesel::update(open)
        .set((
            consents::answer.eq(answer),
            consents::decline_reason.eq(reason),
            consents::answered_at.eq(at),
            consents::delegate_iin.eq(consent.delegate.as_ref().map(|one| one.iin.as_str())),
            consents::delegate_power.eq(consent.delegate.as_ref().map(|one| one.power.as_str())),
        ))
        .execute(connection)
        .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

/// All consents of these applications, of every round, in the order of their names.
pub(super) async fn of(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<Row>, Error> {
    Ok(consents::table
        .filter(consents::application_id.eq_any(ids))
        .order(consents::id)
        .select(Row::as_select())
        .load(connection)
        .await?)
}

/// What was ever asked of a person, each with its application and round, in the
/// order in which it was asked.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no consent.
pub async fn asked_of(
    connection: &mut Connection,
    person: &Iin,
) -> Result<Vec<(ApplicationId, i32, Consent)>, Error> {
    let asked = consents::party_iin
        .eq(person.as_str())
        .and(consents::party.ne("colleague"));
    let rows: Vec<Row> = consents::table
        .filter(asked.or(consents::delegate_iin.eq(person.as_str())))
        .order(consents::id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.application_id).collect();
    let happened = happened(connection, &ids).await?;
    let heard = rows.iter().filter(|row| {
        let rounds = happened
            .get(&row.application_id)
            .map(|kinds| rounds_asked(kinds.clone()));
        // To end a registration one is asked of what was signed long since.
        row.removal.is_some() || rounds.is_some_and(|rounds| rounds.contains(&row.round))
    });
    heard
        .map(|row| {
            let application = ApplicationId::new(row.application_id);
            Ok((application, row.round, row.read()?))
        })
        .collect()
}

/// The applications in which one of these owners has not answered to what may be asked
/// still.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn awaited_of(
    connection: &mut Connection,
    owners: &BTreeSet<&Holder>,
) -> Result<Vec<ApplicationId>, Error> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let people = owners.iter().filter_map(|owner| owner.person());
    let people: Vec<_> = people.map(Iin::as_str).collect();
    let organisations = owners.iter().filter_map(|owner| owner.organisation());
    let organisations: Vec<_> = organisations.map(Bin::as_str).collect();
    let owned = consents::party_iin
        .eq_any(people)
        .or(consents::party_bin.eq_any(organisations));
    let open = ["awaiting_consent", "registered"];
    let ids: Vec<Uuid> = consents::table
        .inner_join(applications::table)
        .filter(consents::party.eq("owner").and(owned))
        .filter(consents::answer.eq("awaited"))
        .filter(applications::state.eq_any(open))
        .select(consents::application_id)
        .distinct()
        .load(connection)
        .await?;
    Ok(ids.into_iter().map(ApplicationId::new).collect())
}

/// Lets somebody answer in a party's place that has not answered yet.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn empower(
    connection: &mut Connection,
    consent: ConsentId,
    delegate: &Delegate,
) -> Result<(), Error> {
    let open = consents::table.find(consent.uuid());
    diesel::update(open.filter(consents::answer.eq("awaited")))
        .set((
            consents::delegate_iin.eq(delegate.iin.as_str()),
            consents::delegate_power.eq(delegate.power.as_str()),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// What happened to each of these applications, oldest first.
async fn happened(
    connection: &mut Connection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<EventKind>>, Error> {
    let rows: Vec<(Uuid, String)> = events::table
        .filter(events::application_id.eq_any(ids))
        .order((events::application_id, events::version))
        .select((events::application_id, events::kind))
        .load(connection)
        .await?;
    let mut happened: HashMap<Uuid, Vec<EventKind>> = HashMap::new();
    for (id, kind) in rows {
        let kinds = happened.entry(id).or_default();
        kinds.push(word(&kind, "event kind")?);
    }
    Ok(happened)
}

impl Row {
    fn new(place: Place, consent: &Consent) -> Self {
        let (answer, reason, at) = stored(&consent.answer);
        let party = write_party(&consent.party);
        let delegate = consent.delegate.as_ref();
        Self {
            id: consent.id.uuid(),
            application_id: place.application.uuid(),
            round: place.round,
            removal: place.removal.map(DocumentId::uuid),
            party: party.word.to_owned(),
            party_iin: party.iin,
            party_bin: party.bin,
            delegate_iin: delegate.map(|one| one.iin.as_str().to_owned()),
            delegate_power: delegate.map(|one| one.power.as_str().to_owned()),
            answer: answer.to_owned(),
            decline_reason: reason.map(str::to_owned),
            answered_at: at,
        }
    }

    pub(super) fn read(&self) -> Result<Consent, Error> {
        let answer = match (self.answer.as_str(), self.answered_at, &self.decline_reason) {
            ("awaited", None, None) => Answer::Awaited,
            ("pending_evidence", Some(at), None) => Answer::Pending(at),
            ("given", Some(at), None) => Answer::Given(at),
            ("taken_back", Some(at), None) => Answer::TakenBack(at),
            ("declined", Some(at), Some(reason)) => {
                Answer::Declined(at, word(reason, "decline reason")?)
            }
            _ => return Err(Error::Corrupt("answer")),
        };
        let (party, organisation) = (self.party_iin.as_deref(), self.party_bin.as_deref());
        let (delegate, power) = (self.delegate_iin.as_deref(), self.delegate_power.as_deref());
        Ok(Consent {
            id: ConsentId::new(self.id),
            party: read_party(&self.party, party, organisation)?,
            delegate: read_delegate(delegate, power)?,
            answer,
        })
    }
}

fn stored(answer: &Answer) -> (&'static str, Option<&'static str>, Option<DateTime<Utc>>) {
    match answer {
        Answer::Awaited => ("awaited", None, None),
        Answer::Pending(at) => ("pending_evidence", None, Some(*at)),
        Answer::Given(at) => ("given", None, Some(*at)),
        Answer::Declined(at, reason) => ("declined", Some((*reason).into()), Some(*at)),
        Answer::TakenBack(at) => ("taken_back", None, Some(*at)),
    }
}
