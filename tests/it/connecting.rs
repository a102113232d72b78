//! The database over TLS: only the server that proves its name is spoken to.
//!
//! A real PostgreSQL stands behind; in front of it a gateway ends TLS, as a
//! server or its connection pooler does after the client's SSLRequest.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use kelisim::pki::{Authority, Extension, KeyKind, KeyUsage, Name, Validity, der, pem};
use kelisim::store::answers_at_all;
use kelisim::store::connect::Database;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_postgres::config::Host;
use tokio_rustls::TlsAcceptor;

use crate::material;
use crate::openssl::Folder;
use crate::service::database_url;

/// What a client sends to ask for TLS (PostgreSQL protocol, SSLRequest).
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

#[tokio::test]
async fn a_server_that_proves_its_name_is_spoken_to_over_tls() {
    let gateway = Gateway::start("localhost").await;
    assert!(gateway.answers("localhost", trusted()).await);
}

#[tokio::test]
async fn a_server_with_another_name_is_not_spoken_to() {
    let gateway = Gateway::start("db.elsewhere.test").await;
    assert!(!gateway.answers("localhost", trusted()).await);
}

#[tokio::test]
async fn a_server_certified_by_somebody_else_is_not_spoken_to() {
    let gateway = Gateway::start("localhost").await;
    let stranger = authority("stranger");
    assert!(!gateway.answers("localhost", stranger.certificate).await);
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_where_tls_is_demanded() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut asked = [0; 8];
        client.read_exact(&mut asked).await.unwrap();
        client.write_all(b"N").await.unwrap();
    });
    assert!(!answers(address, "localhost", trusted()).await);
}

/// Ends TLS in front of the test server.
struct Gateway(SocketAddr);

impl Gateway {
    async fn start(name: &str) -> Gateway {
        let acceptor = acceptor(name);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, acceptor.clone()));
            }
        });
        Gateway(address)
    }

    async fn answers(&self, name: &str, root: Vec<u8>) -> bool {
        answers(self.0, name, root).await
    }
}

async fn forward(mut client: TcpStream, acceptor: TlsAcceptor) -> std::io::Result<()> {
    let mut asked = [0; 8];
    client.read_exact(&mut asked).await?;
    assert_eq!(asked, SSL_REQUEST);
    client.write_all(b"S").await?;
    let mut client = acceptor.accept(client).await?;
    let server: tokio_postgres::Config = database_url("postgres").parse().unwrap();
    let port = server.get_ports().first().copied().unwrap_or(5432);
    match &server.get_hosts()[0] {
        Host::Unix(folder) => {
            let socket = folder.join(format!(".s.PGSQL.{port}"));
            let mut server = UnixStream::connect(socket).await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
        Host::Tcp(name) => {
            let mut server = TcpStream::connect((name.as_str(), port)).await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
    }
    Ok(())
}

async fn answers(address: SocketAddr, name: &str, root: Vec<u8>) -> bool {
    let folder = Folder::new();
    folder.put("root.pem", pem::encode(pem::CERTIFICATE, &root));
    let url = format!(
        "postgres://postgres@{name}:{}/postgres?sslmode=verify-full&sslrootcert={}",
        address.port(),
        folder.path().join("root.pem").display(),
    );
    match Database::parse(&url).unwrap().connect().await {
        Ok(mut connection) => answers_at_all(&mut connection).await,
        Err(_) => false,
    }
}

fn acceptor(name: &str) -> TlsAcceptor {
    let key = material::key("database", KeyKind::EcdsaP256);
    let authority = authority("database-ca");
    let subject = Name::authority(name);
    let mut template = authority.template(subject, validity(), key.public_key().unwrap());
    template.set(Extension::key_usage(&[KeyUsage::DigitalSignature]));
    // subjectAltName with one dNSName (RFC 5280 section 4.2.1.6).
    let names = der::sequence([der::context_primitive(2, name.as_bytes())]);
    template.set(Extension::plain("2.5.29.17".parse().unwrap(), names));
    let certificate = CertificateDer::from(template.sign(&authority.key).unwrap());
    let key = PrivatePkcs8KeyDer::from(key.pkcs8().to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn trusted() -> Vec<u8> {
    authority("database-ca").certificate
}

fn authority(name: &str) -> Authority {
    let key = material::key(name, KeyKind::EcdsaP256);
    Authority::root(&Name::authority(name), validity(), key).unwrap()
}

/// TLS goes by the clock of the machine.
fn validity() -> Validity {
    let today = material::today();
    Validity {
        from: today - TimeDelta::days(1),
        until: today + TimeDelta::days(30),
    }
}
