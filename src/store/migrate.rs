//! Brings the schema up to date before anything else happens.

use diesel_async::{AsyncMigrationHarness, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Connection, Error};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// One number for all instances, so that only one of them migrates at a time.
const LOCK: i64 = 0x6b65_6c69_7369_6d01;

/// Applies the migrations that are missing and says how many they were.
/// Must run on a runtime with several threads.
///
/// # Errors
/// [`Error::Migration`] when one fails; those before it stay applied.
pub async fn up(mut connection: Connection) -> Result<usize, Error> {
    lock(&mut connection).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let applied = harness
        .run_pending_migrations(MIGRATIONS)
        .map_err(Error::Migration)?;
    Ok(applied.len())
}

/// Undoes every migration. For tests of the migrations themselves.
///
/// # Errors
/// [`Error::Migration`] when one fails.
pub async fn down(mut connection: Connection) -> Result<usize, Error> {
    lock(&mut connection).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let reverted = harness
        .revert_all_migrations(MIGRATIONS)
        .map_err(Error::Migration)?;
    Ok(reverted.len())
}

/// Held until the connection is closed, which is when it is dropped.
async fn lock(connection: &mut Connection) -> Result<(), Error> {
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(LOCK)
        .execute(connection)
        .await?;
    Ok(())
}
