//! Ways to the database: its address, TLS, and the pool of connections.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::{Object, Pool as Deadpool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::Host;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Connection, Error};

/// How long a request waits for a connection before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database and how to speak to it. The password in it never reaches logs.
#[derive(Clone, Debug)]
pub struct Database {
    url: SecretString,
    tls: Option<Arc<ClientConfig>>,
}

/// The address of the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadAddress {
    /// Neither a `postgres://` URL nor a list of `key=value` pairs.
    #[error("the database URL cannot be read")]
    Unreadable,
    /// A mode that does not prove which server answers.
    #[error(
        "sslmode must be disable or verify-full: any other mode does not prove which server answers"
    )]
    Unproven,
    /// No certificates to check the server's with.
    #[error("sslmode=verify-full needs sslrootcert=FILE with the certificates to trust")]
    NoRoots,
    /// The file of certificates cannot be used.
    #[error("sslrootcert holds no certificate that can be used")]
    BadRoots,
}

/// How many connections a pool keeps at most.
#[derive(Clone, Copy, Debug)]
pub struct PoolSize(pub usize);

/// Connections that are opened when needed and kept.
#[derive(Clone)]
pub struct Pool(Deadpool<Connection>);

impl Database {
    /// Reads a `postgres://` URL. `sslmode` is `verify-full` (with
    /// `sslrootcert=FILE`) or `disable`; when it is absent, `disable` on a Unix
    /// socket or loopback and `verify-full` over a network.
    ///
    /// # Errors
    /// [`BadAddress`] says what is missing or refused.
    pub fn parse(url: &str) -> Result<Self, BadAddress> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut mode = None;
        let mut roots = None;
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = Some(value),
                Some(_) | None => kept.push(pair),
            }
        }
        let mode = match mode {
            Some(mode) => mode,
            None if stays_here(&format!("{base}?{}", kept.join("&")))? => "disable",
            None => "verify-full",
        };
        let tls = match mode {
            "disable" => None,
            "verify-full" => Some(Arc::new(verifying(roots.ok_or(BadAddress::NoRoots)?)?)),
            _ => return Err(BadAddress::Unproven),
        };
        kept.push(if tls.is_some() {
            "sslmode=require"
        } else {
            "sslmode=disable"
        });
        let url = format!("{base}?{}", kept.join("&"));
        url.parse::<tokio_postgres::Config>()
            .map_err(|_| BadAddress::Unreadable)?;
        Ok(Self {
            url: SecretString::from(url),
            tls,
        })
    }

    /// Opens one connection.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when the server does not answer or refuses.
    pub async fn connect(&self) -> Result<Connection, Error> {
        open(self.url.expose_secret(), self.tls.clone())
            .await
            .map_err(|error| Error::Unreachable(Box::new(error)))
    }

    /// A pool that opens up to `size` connections when they are needed.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when the pool cannot be made.
    pub fn pool(&self, size: PoolSize) -> Result<Pool, Error> {
        let tls = self.tls.clone();
        let mut config = ManagerConfig::default();
        // A connection that broke is found out by the statement that fails; asking
        // before each use costs a round trip.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |url| {
            let (url, tls) = (url.to_owned(), tls.clone());
            Box::pin(async move { open(&url, tls).await })
        });
        let manager =
            AsyncDieselConnectionManager::new_with_config(self.url.expose_secret(), config);
        let pool = Deadpool::builder(manager)
            .max_size(size.0)
            .build()
            .map_err(|error| Error::Unreachable(Box::new(error)))?;
        Ok(Pool(pool))
    }
}

impl Pool {
    /// A connection, as soon as one is free.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when none can be opened, or none is free in time.
    pub async fn take(&self) -> Result<Object<Connection>, Error> {
        let free = tokio::time::timeout(PATIENCE, self.0.get()).await;
        free.map_err(|elapsed| Error::Unreachable(Box::new(elapsed)))?
            .map_err(|error| Error::Unreachable(Box::new(error)))
    }
}

/// Whether every server named in the URL is on this machine.
fn stays_here(url: &str) -> Result<bool, BadAddress> {
    let config: tokio_postgres::Config = url.parse().map_err(|_| BadAddress::Unreadable)?;
    Ok(config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            let address = name.parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
    }))
}

async fn open(url: &str, tls: Option<Arc<ClientConfig>>) -> ConnectionResult<Connection> {
    match tls {
        None => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
                .await
                .map_err(refused)?;
            Connection::try_from_client_and_connection(client, connection).await
        }
        Some(config) => {
            let connector = MakeRustlsConnect::new(config.as_ref().clone());
            let (client, connection) = tokio_postgres::connect(url, connector)
                .await
                .map_err(refused)?;
            Connection::try_from_client_and_connection(client, connection).await
        }
    }
}

fn refused(error: tokio_postgres::Error) -> ConnectionError {
    ConnectionError::BadConnection(error.to_string())
}

fn verifying(file: &str) -> Result<ClientConfig, BadAddress> {
    let file = file.replace("%2F", "/");
    let certificates = CertificateDer::pem_file_iter(file).map_err(|_| BadAddress::BadRoots)?;
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        let certificate = certificate.map_err(|_| BadAddress::BadRoots)?;
        roots.add(certificate).map_err(|_| BadAddress::BadRoots)?;
    }
    if roots.is_empty() {
        return Err(BadAddress::BadRoots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| BadAddress::BadRoots)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_that_does_not_prove_the_server_is_refused() {
        for mode in ["allow", "prefer", "require", "verify-ca", "on"] {
            let url = format!("postgres://kelisim@db.example/kelisim?sslmode={mode}");
            assert!(
                matches!(Database::parse(&url), Err(BadAddress::Unproven)),
                "{mode}"
            );
        }
    }

    #[test]
    fn full_verification_needs_certificates_to_trust() {
        let url = "postgres://kelisim@db.example/kelisim?sslmode=verify-full";
        assert!(matches!(Database::parse(url), Err(BadAddress::NoRoots)));
        let url = format!("{url}&sslrootcert=/dev/null");
        assert!(matches!(Database::parse(&url), Err(BadAddress::BadRoots)));
    }

    #[test]
    fn over_a_network_full_verification_is_the_default() {
        for url in [
            "postgres://k@db.example/k",
            "postgres://k@192.0.2.7/k",
            "postgres://k@localhost,db.example/k",
        ] {
            assert!(
                matches!(Database::parse(url), Err(BadAddress::NoRoots)),
                "{url}"
            );
        }
        for url in [
            "postgres://k@localhost/k",
            "postgres://k@127.0.0.1/k",
            "postgres://k@%2Frun/k",
        ] {
            assert!(Database::parse(url).is_ok(), "{url}");
        }
        assert!(Database::parse("postgres://k@db.example/k?sslmode=disable").is_ok());
    }

    #[test]
    fn the_password_does_not_show() {
        let database = Database::parse("postgres://kelisim:canary@localhost/kelisim").unwrap();
        assert!(!format!("{database:?}").contains("canary"));
    }
}
