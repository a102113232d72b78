//! All or nothing.

use diesel_async::{AsyncConnection, TransactionManager};

use super::Error;
use crate::store::Connection;

type Manager = <Connection as AsyncConnection>::TransactionManager;

/// Runs `body` in a transaction, or in a savepoint when one is open: commits
/// what it did when it succeeds, and undoes it when it fails.
///
/// When the future is dropped half-way the connection still has its transaction
/// open; the pool then closes it, and the database undoes everything.
///
/// # Errors
/// What `body` fails with, or the database's own failure to commit.
pub(super) async fn transaction<T>(
    connection: &mut Connection,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    Manager::begin_transaction(connection).await?;
    match body(connection).await {
        Ok(value) => {
            Manager::commit_transaction(connection).await?;
            Ok(value)
        }
        Err(error) => {
            // The first failure is the one worth telling.
            let _ = Manager::rollback_transaction(connection).await;
            Err(error)
        }
    }
}
