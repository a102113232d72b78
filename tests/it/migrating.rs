//! The schema goes up, down and up again.

use kelisim::store::migrate;

use crate::service::empty_database;

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_is_undone_by_its_own_opposite() {
    let database = empty_database("migrations").await;
    let connect = || async { database.connect().await.unwrap() };
    let applied = migrate::up(connect().await).await.unwrap();
    assert!(applied > 0);
    assert_eq!(migrate::down(connect().await).await.unwrap(), applied);
    assert_eq!(migrate::up(connect().await).await.unwrap(), applied);
    assert_eq!(migrate::up(connect().await).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_and_column_says_what_it_is() {
    use diesel_async::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Silent {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let mut connection = crate::service::own_database()
        .await
        .connect()
        .await
        .unwrap();
    let silent: Vec<Silent> = diesel::sql_query(
        "SELECT c.relname || coalesce('.' || a.attname, '') AS name
         FROM pg_class c
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
           AND c.relname NOT LIKE '\\_\\_diesel%'
           AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)",
    )
    .load(&mut connection)
    .await
    .unwrap();
    let names: Vec<_> = silent.into_iter().map(|one| one.name).collect();
    assert_eq!(names, Vec::<String>::new());
}
