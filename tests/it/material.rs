//! One development PKI for all tests, as of one fixed instant, and once more as of today.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, TimeZone, Utc};
use kelisim::pki::{Infrastructure, KeyKind, Keys, Options, Person, SigningKey};
use ring::rand::SystemRandom;

/// When the tests take place.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap()
}

/// When tests take place in which `openssl` signs, for it signs by the clock of
/// the machine: read once, in whole seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where tests read the clock"
)]
pub(crate) fn today() -> DateTime<Utc> {
    static TODAY: LazyLock<DateTime<Utc>> =
        LazyLock::new(|| DateTime::<Utc>::from(SystemTime::now()).trunc_subsecs(0));
    *TODAY
}

/// The clock of the machine, for servers beside a program that lives by it.
#[expect(
    clippy::disallowed_methods,
    reason = "what runs as a program of its own lives by the machine's clock"
)]
pub(crate) fn machine_clock() -> kelisim::pki::Clock {
    std::sync::Arc::new(|| DateTime::<Utc>::from(SystemTime::now()))
}

/// The PKI: certificates are issued for each process, keys only once for all.
pub(crate) fn pki() -> &'static Infrastructure {
    static PKI: LazyLock<Infrastructure> = LazyLock::new(|| pki_as_of(now()));
    &PKI
}

/// The same PKI, with the same keys, issued today.
pub(crate) fn pki_of_today() -> &'static Infrastructure {
    static PKI: LazyLock<Infrastructure> = LazyLock::new(|| pki_as_of(today()));
    &PKI
}

/// The same keys, certified as of another instant.
pub(crate) fn pki_as_of(instant: DateTime<Utc>) -> Infrastructure {
    Infrastructure::issue(keys(), &Options::default(), instant).unwrap()
}

/// Somebody of the PKI.
#[track_caller]
pub(crate) fn person(slug: &str) -> &'static Person {
    pki().person(slug).unwrap()
}

/// A key by name: made by the first process that asks, read by the others.
pub(crate) fn key(name: &str, kind: KeyKind) -> SigningKey {
    let random = SystemRandom::new();
    let path = keys_folder().join(format!("{name}.pk8"));
    let known = fs::read(&path).ok();
    let known = known.and_then(|pkcs8| SigningKey::from_pkcs8(&pkcs8, &random).ok());
    known.unwrap_or_else(|| {
        let made = SigningKey::generate(kind, &random).unwrap();
        keep(&path, made.pkcs8());
        // Another process may have been faster: all must use the same key.
        SigningKey::from_pkcs8(&fs::read(&path).unwrap(), &random).unwrap()
    })
}

fn keys() -> Keys {
    Keys::made(|name, kind| Ok(key(name, kind))).unwrap()
}

/// Whole or not at all, and never over a key that is there.
fn keep(path: &Path, pkcs8: &[u8]) {
    let own = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&own, pkcs8).unwrap();
    let _ = fs::hard_link(&own, path);
    let _ = fs::remove_file(&own);
}

fn keys_folder() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("development-keys");
    fs::create_dir_all(&path).unwrap();
    path
}
