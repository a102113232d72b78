//! The registers of people and papers are filled by the command, all or nothing.

use std::process::{Command, Output};

use chrono::NaiveDate;
use kelisim::domain::register::{Capacity, PowerNumber, Scope, Unauthorised};
use kelisim::domain::{Holder, Rka};
use kelisim::eds::{Bin, Iin};
use kelisim::store::Connection;
use kelisim::store::connect::Database;
use kelisim::store::registers::{leases, people, powers};
use serde_json::{Value, json};

use crate::openssl::Folder;
use crate::service::empty_database_url;

/// A database of its own, and a folder for files.
struct Desk {
    folder: Folder,
    url: String,
}

impl Desk {
    async fn set(name: &str) -> Self {
        Self {
            folder: Folder::new(),
            url: empty_database_url(name).await,
        }
    }

    fn import(&self, registers: &Value) -> Output {
        self.folder.put("registers.json", registers.to_string());
        Command::new(env!("CARGO_BIN_EXE_kelisim"))
            .current_dir(self.folder.path())
            .args(["registers", "import", "registers.json"])
            .env("KELISIM_DATABASE_URL", &self.url)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn imported(&self, registers: &Value) -> String {
        let output = self.import(registers);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn refused(&self, registers: &Value, reason: &str) {
        let output = self.import(registers);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{reason}: {said}");
        assert!(said.contains(reason), "{said}");
    }

    async fn connection(&self) -> Connection {
        let database = Database::parse(&self.url).unwrap();
        database.connect().await.unwrap()
    }
}

fn iin(text: &str) -> Iin {
    Iin::parse(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const MOTHER: &str = "900101300007";
const CHILD: &str = "061211600012";
const DELEGATE: &str = "851230400006";
const LANDLORD: &str = "200140000004";
const FLAT: &str = "0201999000000097";

fn registers() -> Value {
    json!({
        "people": [
            {"iin": MOTHER, "name": "ҮЛГІБАЕВА ҮЛГІ", "born": "1990-01-01"},
            {"iin": CHILD, "name": "ҮЛГІБАЕВ СЫНАҚ", "born": "2012-12-11", "died": null,
             "capacity": "limited", "representatives": [MOTHER]},
        ],
        "powers": [
            {"number": "А-1", "principal": {"iin": MOTHER}, "delegate": DELEGATE,
             "notary": "НОТАРИУСОВ", "scope": ["register"],
             "from": "2026-01-01", "until": "2026-12-31", "revoked_on": "2026-06-01"},
            {"number": "А-2", "principal": {"bin": LANDLORD}, "delegate": DELEGATE,
             "notary": "НОТАРИУСОВ", "scope": ["deregister", "register"],
             "from": "2026-01-01", "until": "2026-12-31"},
        ],
        "leases": [
            {"rka": FLAT, "landlord": LANDLORD, "tenant": MOTHER, "named": [MOTHER, CHILD]},
        ],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_is_what_the_registers_answer() {
    let desk = Desk::set("registers_whole").await;
    let said = desk.imported(&registers());
    assert_eq!(said, "2 people, 2 powers of attorney, 1 leases written\n");
    let connection = &mut desk.connection().await;

    let child = people::find(connection, &iin(CHILD))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(child.name, "ҮЛГІБАЕВ СЫНАҚ");
    assert_eq!(child.capacity, Capacity::Limited);
    assert_eq!((child.born, child.died), (day("2012-12-11"), None));
    assert_eq!(child.representatives, [iin(MOTHER)].into());
    let all = [iin(MOTHER), iin(CHILD), iin(DELEGATE)];
    let found = people::find_all(connection, &all).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[&iin(CHILD)], child);
    assert_eq!(found[&iin(MOTHER)].capacity, Capacity::Full);
    assert!(found[&iin(MOTHER)].representatives.is_empty());
    assert_eq!(
        people::find(connection, &iin(DELEGATE)).await.unwrap(),
        None
    );

    let lease = leases::find(connection, &Rka::parse(FLAT).unwrap())
        .await
        .unwrap();
    let lease = lease.unwrap();
    assert!(lease.names(&iin(CHILD)) && !lease.names(&iin(DELEGATE)));
    assert_eq!(lease.tenant, iin(MOTHER));
    assert_eq!(lease.landlord, Bin::parse(LANDLORD).unwrap());
    let elsewhere = Rka::parse("0201999000000011").unwrap();
    assert_eq!(leases::find(connection, &elsewhere).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn powers_are_found_by_number_by_delegate_and_by_principal() {
    let desk = Desk::set("registers_powers").await;
    desk.imported(&registers());
    let connection = &mut desk.connection().await;
    let number = PowerNumber::parse("А-1").unwrap();
    let first = powers::find(connection, &number).await.unwrap().unwrap();
    assert_eq!(first.principal, Holder::Person(iin(MOTHER)));
    assert_eq!(first.permits(Scope::Register, day("2026-05-31")), Ok(()));
    assert_eq!(
        first.permits(Scope::Register, day("2026-06-01")),
        Err(Unauthorised::Revoked)
    );
    let of_delegate = powers::of_delegate(connection, &iin(DELEGATE))
        .await
        .unwrap();
    assert_eq!(of_delegate.len(), 2);
    assert_eq!(of_delegate[0], first);
    assert_eq!(
        powers::of_delegate(connection, &iin(MOTHER)).await.unwrap(),
        []
    );

    let person = Holder::Person(iin(MOTHER));
    let landlord = Holder::Organisation(Bin::parse(LANDLORD).unwrap());
    let mut by = async |principals: &[&Holder]| {
        let principals = principals.iter().map(|it| (*it).clone()).collect();
        let found = powers::for_principals(connection, &principals)
            .await
            .unwrap();
        let numbers = found.iter().map(|it| it.number.as_str().to_owned());
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(by(&[&person]).await, ["А-1"]);
    assert_eq!(by(&[&landlord]).await, ["А-2"]);
    assert_eq!(by(&[&person, &landlord]).await, ["А-1", "А-2"]);
    assert!(by(&[]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_writes_over_the_first() {
    let desk = Desk::set("registers_again").await;
    desk.imported(&registers());
    desk.imported(&json!({
        "people": [{"iin": CHILD, "name": "БАСҚА", "born": "2012-12-11", "died": "2026-02-01"}],
        "leases": [{"rka": FLAT, "landlord": LANDLORD, "tenant": DELEGATE, "named": []}],
    }));
    let connection = &mut desk.connection().await;
    let child = people::find(connection, &iin(CHILD))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(child.died, Some(day("2026-02-01")));
    assert!(child.representatives.is_empty());
    let lease = leases::find(connection, &Rka::parse(FLAT).unwrap())
        .await
        .unwrap();
    let lease = lease.unwrap();
    assert_eq!((lease.tenant, lease.named.len()), (iin(DELEGATE), 0));
    let number = PowerNumber::parse("А-1").unwrap();
    assert!(powers::find(connection, &number).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_names_its_entry_and_nothing_is_written() {
    let desk = Desk::set("registers_faults").await;
    let with = |pointer: &str, value: Value| {
        let mut file = registers();
        *file.pointer_mut(pointer).unwrap() = value;
        file
    };
    for (pointer, value, reason) in [
        (
            "/people/1/iin",
            json!("061211600013"),
            "person 2: an identification number",
        ),
        (
            "/people/1/iin",
            json!(MOTHER),
            "person 2: nobody is their own",
        ),
        (
            "/people/0/iin",
            json!(CHILD),
            "person 2: it stands there twice",
        ),
        ("/people/0/name", json!(" "), "person 1: a name"),
        ("/people/1/died", json!("2012-12-10"), "person 2: its dates"),
        ("/powers/0/number", json!(""), "power 1: its number is none"),
        (
            "/powers/1/number",
            json!("А-1"),
            "power 2: it stands there twice",
        ),
        ("/powers/1/scope", json!([]), "power 2: it allows nothing"),
        ("/powers/1/until", json!("2025-12-31"), "power 2: its dates"),
        (
            "/leases/0/rka",
            json!("97"),
            "lease 1: its address registration code",
        ),
        (
            "/leases/0/named/1",
            json!("x"),
            "lease 1: an identification number",
        ),
        ("/powers/1/scope/0", json!("sell"), "holds no registers"),
        ("/people/1/capacity", json!("some"), "holds no registers"),
    ] {
        desk.refused(&with(pointer, value), reason);
    }
    desk.refused(&json!({"persons": []}), "holds no registers");
    desk.imported(&json!({}));
    let connection = &mut desk.connection().await;
    assert_eq!(people::find(connection, &iin(MOTHER)).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_registers_of_the_development_pki_are_read() {
    let desk = Desk::set("registers_development").await;
    let registers = serde_json::to_value(kelisim::pki::registers()).unwrap();
    desk.imported(&registers);
    let connection = &mut desk.connection().await;
    for person in kelisim::pki::characters() {
        let number = iin(&person.identity.iin);
        assert!(people::find(connection, &number).await.unwrap().is_some());
    }
}
