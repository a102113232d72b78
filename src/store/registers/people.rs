//! People: who lives, how old, of what capacity, and who acts for them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;

use crate::domain::register::Individual;
use crate::eds::Iin;
use crate::store::schema::{people, person_representatives};
use crate::store::{Connection, Error, iin, word};

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
struct Row {
    iin: String,
    name: String,
    born: NaiveDate,
    died: Option<NaiveDate>,
    capacity: String,
}

/// The person of this number.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no person.
pub async fn find(connection: &mut Connection, number: &Iin) -> Result<Option<Individual>, Error> {
    let mut found = find_all(connection, std::slice::from_ref(number)).await?;
    Ok(found.remove(number))
}

/// Those of these people whom the register knows.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no person.
pub async fn find_all(
    connection: &mut Connection,
    all: &[Iin],
) -> Result<BTreeMap<Iin, Individual>, Error> {
    if all.is_empty() {
        return Ok(BTreeMap::new());
    }
    let numbers: Vec<_> = all.iter().map(Iin::as_str).collect();
    let rows: Vec<Row> = people::table
        .filter(people::iin.eq_any(&numbers))
        .select(Row::as_select())
        .load(connection)
        .await?;
    let pairs: Vec<(String, String)> = person_representatives::table
        .filter(person_representatives::person_iin.eq_any(&numbers))
        .select((
            person_representatives::person_iin,
            person_representatives::representative_iin,
        ))
        .load(connection)
        .await?;
    let mut found = BTreeMap::new();
    for row in rows {
        let individual = row.read()?;
        found.insert(individual.iin.clone(), individual);
    }
    for (person, representative) in pairs {
        if let Some(individual) = found.get_mut(&iin(&person)?) {
            individual.representatives.insert(iin(&representative)?);
        }
    }
    Ok(found)
}

/// For whom a person is a legal representative, whether or not they need one today.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no number.
pub async fn represented_by(connection: &mut Connection, person: &Iin) -> Result<Vec<Iin>, Error> {
    let numbers: Vec<String> = person_representatives::table
        .filter(person_representatives::representative_iin.eq(person.as_str()))
        .order(person_representatives::person_iin)
        .select(person_representatives::person_iin)
        .load(connection)
        .await?;
    numbers.iter().map(|number| iin(number)).collect()
}

/// Writes a person, over what was known of them before.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn put(connection: &mut Connection, individual: &Individual) -> Result<(), Error> {
    let number = individual.iin.as_str();
    let capacity: &str = individual.capacity.into();
    let what = (
        people::name.eq(&individual.name),
        people::born.eq(individual.born),
        people::died.eq(individual.died),
        people::capacity.eq(capacity),
    );
    diesel::insert_into(people::table)
        .values((people::iin.eq(number), what))
        .on_conflict(people::iin)
        .do_update()
        .set(what)
        .execute(connection)
        .await?;
    put_representatives(connection, number, &individual.representatives).await
}

async fn put_representatives(
    connection: &mut Connection,
    number: &str,
    representatives: &BTreeSet<Iin>,
) -> Result<(), Error> {
    use person_representatives::{person_iin, representative_iin, table};
    diesel::delete(table.filter(person_iin.eq(number)))
        .execute(connection)
        .await?;
    let rows = representatives.iter().map(|representative| {
        (
            person_iin.eq(number),
            representative_iin.eq(representative.as_str()),
        )
    });
    diesel::insert_into(table)
        .values(rows.collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

impl Row {
    fn read(self) -> Result<Individual, Error> {
        Ok(Individual {
            iin: iin(&self.iin)?,
            name: self.name,
            born: self.born,
            died: self.died,
            capacity: word(&self.capacity, "capacity")?,
            representatives: BTreeSet::new(),
        })
    }
}
