//! Where evidence comes from, as the operator wrote it down.
//!
//! ```
//! use std::path::Path;
//! use kelisim::remote::sources::Sources;
//! let sources = Sources::parse(r#"
//!     ## Hosts that a certificate may name where nothing is written down here.
//!     allow-listed-hosts = ["ocsp.pki.gov.kz"]
//!
//!     [[authority]]
//!     ## The authority's certificate: its SHA-256, or a file beside this one.
//!     certificate = "84fb799a66140950818c056a5d9730acc2a7622cdd4ef0d47113b132fb892905"
//!     ocsp = ["http://ocsp.pki.gov.kz/"]
//!     crl = ["http://crl.pki.gov.kz/nca_rsa_2022.crl"]
//!     delta-crl = ["http://crl.pki.gov.kz/nca_d_rsa_2022.crl"]
//!
//!     [[time-stamp-authority]]
//!     url = "http://tsp.pki.gov.kz:80"
//!     policy = "1.2.398.3.3.2.6.2"
//!     digest = "sha-256"
//! "#, Path::new("/etc/kelisim"))?;
//! assert_eq!(sources.authorities.len(), 1);
//! assert_eq!(sources.stampers.len(), 1);
//! # Ok::<(), kelisim::remote::sources::BadSources>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use reqwest::Url;
use serde::Deserialize;

use super::trust::read_der;
use crate::eds::{Digest, DigestName, Oid, Trust};

/// All addresses of which evidence is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// By the SHA-256 of the certificate of the authority.
    pub authorities: BTreeMap<Digest, Places>,
    /// Time-stamp authorities in the order of preference.
    pub stampers: Vec<Stamper>,
    /// Hosts that a certificate may name.
    pub allowed: AllowedHosts,
}

/// Where the status of certificates of one authority is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Responders, in the order of preference.
    pub ocsp: Vec<Url>,
    /// Complete revocation lists.
    pub crl: Vec<Url>,
    /// Lists of what has changed since.
    pub delta_crl: Vec<Url>,
}

/// One time-stamp authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamper {
    /// Where it is asked.
    pub url: Url,
    /// Under which policy it is to stamp; any when absent.
    pub policy: Option<Oid>,
    /// By which digest it is told what to stamp.
    pub digest: DigestName,
}

/// Hosts, each with its port where that is not the usual one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<(String, Option<u16>)>);

/// Everything that is wrong with a file of sources.
#[derive(Debug)]
pub struct BadSources(Vec<BadSource>);

/// One thing that is wrong with a file of sources.
#[derive(Debug, thiserror::Error)]
pub enum BadSource {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(std::io::Error),
    /// It is no TOML, or says what nobody understands.
    #[error("{0}")]
    NotToml(toml::de::Error),
    /// The certificate of an authority is neither a fingerprint nor a file with one.
    #[error(
        "authority {0}: {1:?} is neither a SHA-256 in hexadecimal nor a file with a certificate"
    )]
    Certificate(usize, String),
    /// Two entries are about the same authority.
    #[error("authority {0}: it stands here twice")]
    Twice(usize),
    /// An address is none.
    #[error("{0:?} is no http or https address")]
    Address(String),
    /// A host is none.
    #[error("{0:?} is no host")]
    Host(String),
}

impl std::error::Error for BadSources {}

impl fmt::Display for BadSources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sources of evidence cannot be used")?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl Sources {
    /// Reads a file of sources.
    ///
    /// # Errors
    /// [`BadSources`] with everything that is wrong with it.
    pub fn load(file: &Path) -> Result<Self, BadSources> {
        let text = fs::read_to_string(file);
        let text = text.map_err(|error| BadSources(vec![BadSource::Unreadable(error)]))?;
        Self::parse(&text, file.parent().unwrap_or(Path::new("")))
    }

    /// Reads sources; the certificates that are named as files lie in `directory`.
    ///
    /// # Errors
    /// [`BadSources`] with everything that is wrong.
    pub fn parse(text: &str, directory: &Path) -> Result<Self, BadSources> {
        let written: Written =
            toml::from_str(text).map_err(|error| BadSources(vec![BadSource::NotToml(error)]))?;
        let mut faults = Vec::new();
        let sources = written.read(directory, &mut faults);
        if faults.is_empty() {
            Ok(sources)
        } else {
            Err(BadSources(faults))
        }
    }

    /// Every address of a responder or time-stamp authority that stands here.
    pub(super) fn answering(&self) -> impl Iterator<Item = &Url> {
        let responders = self.authorities.values().flat_map(|places| &places.ocsp);
        responders.chain(self.stampers.iter().map(|stamper| &stamper.url))
    }
}

impl AllowedHosts {
    /// The address that a certificate names, if it may be asked there.
    #[must_use]
    pub fn admit(&self, named: &str) -> Option<Url> {
        let url = address(named).ok()?;
        let host = url.host_str()?;
        let known = |(name, port): &(String, Option<u16>)| name == host && *port == url.port();
        let bare = url.username().is_empty() && url.password().is_none();
        (bare && self.0.iter().any(known)).then_some(url)
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    #[serde(default)]
    authority: Vec<WrittenAuthority>,
    #[serde(default)]
    time_stamp_authority: Vec<WrittenStamper>,
    #[serde(default)]
    allow_listed_hosts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WrittenAuthority {
    certificate: String,
    #[serde(default)]
    ocsp: Vec<String>,
    #[serde(default)]
    crl: Vec<String>,
    #[serde(default)]
    delta_crl: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WrittenStamper {
    url: String,
    policy: Option<Oid>,
    digest: DigestName,
}

impl Written {
    fn read(self, directory: &Path, faults: &mut Vec<BadSource>) -> Sources {
        let mut sources = Sources::default();
        for (place, written) in (1..).zip(&self.authority) {
            let places = Places {
                ocsp: all(&written.ocsp, address, faults),
                crl: all(&written.crl, address, faults),
                delta_crl: all(&written.delta_crl, address, faults),
            };
            match fingerprint(&written.certificate, directory) {
                Some(of) if sources.authorities.insert(of, places).is_none() => {}
                Some(_) => faults.push(BadSource::Twice(place)),
                None => faults.push(BadSource::Certificate(place, written.certificate.clone())),
            }
        }
        for written in self.time_stamp_authority {
            let url = all(&[written.url], address, faults);
            sources.stampers.extend(url.into_iter().map(|url| Stamper {
                url,
                policy: written.policy,
                digest: written.digest,
            }));
        }
        sources.allowed = AllowedHosts(all(&self.allow_listed_hosts, host, faults));
        sources
    }
}

fn all<T>(
    texts: &[String],
    read: impl Fn(&str) -> Result<T, BadSource>,
    faults: &mut Vec<BadSource>,
) -> Vec<T> {
    let mut good = Vec::with_capacity(texts.len());
    for text in texts {
        match read(text) {
            Ok(value) => good.push(value),
            Err(fault) => faults.push(fault),
        }
    }
    good
}

fn address(text: &str) -> Result<Url, BadSource> {
    let bad = || BadSource::Address(text.to_owned());
    let url = Url::parse(text).map_err(|_| bad())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(bad()),
    }
}

/// A name or address, with a port where it is not that of http or https.
fn host(text: &str) -> Result<(String, Option<u16>), BadSource> {
    let bad = || BadSource::Host(text.to_owned());
    let url = Url::parse(&format!("http://{text}/")).map_err(|_| bad())?;
    let name = url.host_str().ok_or_else(bad)?.to_owned();
    let alone = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if alone && url.username().is_empty() && !text.contains(['/', '@']) {
        Ok((name, url.port()))
    } else {
        Err(bad())
    }
}

/// Of an authority's certificate, given as fingerprint or as file.
fn fingerprint(text: &str, directory: &Path) -> Option<Digest> {
    if let Some(digest) = digest(text) {
        return Some(digest);
    }
    let path: PathBuf = directory.join(text);
    let der = read_der(&path).ok()?;
    // Whatever else lies there would silently never be asked about.
    Trust::new(std::slice::from_ref(&der), &[], &[]).ok()?;
    Some(Digest::of(&der))
}

fn digest(text: &str) -> Option<Digest> {
    let mut octets = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (octet, place) in octets.iter_mut().zip((0..64).step_by(2)) {
        *octet = u8::from_str_radix(text.get(place..place + 2)?, 16).ok()?;
    }
    Some(octets.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eds::testing::scene::{ROOT, root};

    fn parse(text: &str) -> Result<Sources, BadSources> {
        Sources::parse(text, Path::new("/nowhere"))
    }

    const FINGERPRINT: &str = "84fb799a66140950818c056a5d9730acc2a7622cdd4ef0d47113b132fb892905";

    #[test]
    fn an_empty_file_names_nobody() {
        assert_eq!(parse("").unwrap(), Sources::default());
    }

    #[test]
    fn everything_that_is_written_is_read() {
        let text = format!(
            r#"
            allow-listed-hosts = ["OCSP.example", "127.0.0.1:8080", "[::1]:80"]
            [[authority]]
            certificate = "{}"
            ocsp = ["http://one.example/", "https://two.example/ocsp"]
            crl = ["http://one.example/full.crl"]
            delta-crl = ["http://one.example/delta.crl"]
            [[time-stamp-authority]]
            url = "http://stamps.example"
            policy = "1.2.398.3.3.2.6.4"
            digest = "streebog-512"
            [[time-stamp-authority]]
            url = "http://others.example"
            digest = "sha-256"
            "#,
            FINGERPRINT.to_uppercase()
        );
        let sources = parse(&text).unwrap();
        let (of, places) = sources.authorities.first_key_value().unwrap();
        assert_eq!(of.to_string(), FINGERPRINT);
        let count = (places.ocsp.len(), places.crl.len(), places.delta_crl.len());
        assert_eq!(count, (2, 1, 1));
        let [gost, rsa] = sources.stampers.as_slice() else {
            panic!("two authorities");
        };
        assert_eq!(gost.digest, DigestName::Streebog512);
        assert_eq!(gost.policy, "1.2.398.3.3.2.6.4".parse().ok());
        assert_eq!((rsa.digest, rsa.policy), (DigestName::Sha256, None));
    }

    #[test]
    fn a_certificate_may_be_a_file_beside_the_sources() {
        let folder = own_folder("sources");
        let der = root().self_signed(&ROOT);
        fs::write(folder.join("root.cer"), &der).unwrap();
        let file = folder.join("evidence.toml");
        fs::write(&file, "[[authority]]\ncertificate = \"root.cer\"").unwrap();
        let sources = Sources::load(&file).unwrap();
        assert!(sources.authorities.contains_key(&Digest::of(&der)));
        fs::write(folder.join("root.cer"), b"something else").unwrap();
        assert!(Sources::load(&file).is_err());
        fs::remove_dir_all(folder).unwrap();
    }

    /// A folder of this test alone.
    fn own_folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("kelisim-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let text = format!(
            r#"
            allow-listed-hosts = ["a host", "ocsp.example/path", "someone@ocsp.example"]
            [[authority]]
            certificate = "absent.cer"
            ocsp = ["ocsp.example"]
            [[authority]]
            certificate = "{FINGERPRINT}"
            crl = ["ftp://crl.example/", "file:///etc/passwd"]
            [[authority]]
            certificate = "{FINGERPRINT}"
            [[time-stamp-authority]]
            url = ""
            digest = "sha-256"
            "#
        );
        insta::assert_snapshot!(parse(&text).unwrap_err(), @r#"
        the sources of evidence cannot be used
          "ocsp.example" is no http or https address
          authority 1: "absent.cer" is neither a SHA-256 in hexadecimal nor a file with a certificate
          "ftp://crl.example/" is no http or https address
          "file:///etc/passwd" is no http or https address
          authority 3: it stands here twice
          "" is no http or https address
          "a host" is no host
          "ocsp.example/path" is no host
          "someone@ocsp.example" is no host
        "#);
    }

    #[test]
    fn what_nobody_understands_is_no_source() {
        for text in [
            "authority = 1",
            "[[authority]]\nocsp = []",
            "[[authority]]\ncertificate = \"\"\nldap = []",
            "[[time-stamp-authority]]\nurl = \"http://stamps.example\"",
            "[[time-stamp-authority]]\nurl = \"http://stamps.example\"\ndigest = \"md5\"",
            "allow-listed-hosts = \"ocsp.example\"",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_host_is_allowed_by_its_whole_name_and_port() {
        let allowed = parse("allow-listed-hosts = [\"OCSP.example\", \"127.0.0.1:8080\"]");
        let allowed = allowed.unwrap().allowed;
        for good in [
            "http://ocsp.example",
            "https://ocsp.example/path?query",
            "HTTP://OCSP.EXAMPLE:80/",
            "http://127.0.0.1:8080/",
        ] {
            assert!(allowed.admit(good).is_some(), "{good}");
        }
        for bad in [
            "http://ocsp.example:8080/",
            "http://ocsp.example.evil.example/",
            "http://evil.example/ocsp.example",
            "http://evil.example#ocsp.example",
            "http://ocsp.example@evil.example/",
            "http://someone:secret@ocsp.example/",
            "http://127.0.0.1/",
            "http://[::ffff:127.0.0.1]:8080/",
            "file://ocsp.example/etc/passwd",
            "ldap://ocsp.example/",
            "ocsp.example",
        ] {
            assert!(allowed.admit(bad).is_none(), "{bad}");
        }
    }
}
