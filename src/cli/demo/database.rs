//! A database for the demonstration, beside the one that was named.

use diesel_async::RunQueryDsl;
use secrecy::SecretString;

use super::Failure;
use crate::store::connect::{BadAddress, Database};
use crate::store::{Connection, Error};

/// The URL of another database on the same server.
///
/// # Errors
/// [`BadAddress::Unreadable`] when the URL names no database.
pub(super) fn beside(url: &str, name: &str) -> Result<SecretString, BadAddress> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = base.rsplit_once('/').ok_or(BadAddress::Unreadable)?;
    if server.ends_with('/') {
        return Err(BadAddress::Unreadable);
    }
    Ok(SecretString::from(format!("{server}/{name}?{query}")))
}

/// Drops the database if it is there, and makes it anew.
///
/// # Errors
/// [`Failure::Store`] when the server refuses.
pub(super) fn recreate(server: &str, name: &str) -> Result<(), Failure> {
    let server = Database::parse(server)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::System)?;
    runtime.block_on(async {
        let mut connection = server.connect().await?;
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        execute(&mut connection, &drop).await?;
        execute(&mut connection, &format!("CREATE DATABASE {name}")).await?;
        Ok(())
    })
}

async fn execute(connection: &mut Connection, statement: &str) -> Result<(), Error> {
    diesel::sql_query(statement).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        let other = beside(url, "other").ok();
        let other = other.as_ref().map(|url| url.expose_secret());
        assert_eq!(other, expected, "{url}");
    }

    #[test]
    fn only_the_name_of_the_database_changes() {
        let socket = "postgres://postgres@%2Fvar%2Frun/";
        check(
            &format!("{socket}postgres"),
            Some(&format!("{socket}other?")),
        );
        check(
            "postgres://me:pw@db.example:5433/mine?sslmode=verify-full&sslrootcert=/ca.pem",
            Some("postgres://me:pw@db.example:5433/other?sslmode=verify-full&sslrootcert=/ca.pem"),
        );
    }

    #[test]
    fn a_server_without_a_database_is_not_enough() {
        check("postgres://db.example", None);
        check("db.example", None);
    }
}
