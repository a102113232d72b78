//! Lists of files with their digests: ASiCManifest (ETSI EN 319 162-1 annex A.4).

use std::{collections::BTreeMap, fmt::Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use roxmltree::{Document, Node, ParsingOptions};

use super::Broken;
use crate::eds::{DigestName, algorithm::Hash, gost};

const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const STAMP_TYPE: &str = "application/vnd.etsi.timestamp-token";
/// More nodes than this are no manifest: seven for each file.
const MOST_NODES: u32 = 10_000;

/// The digests that a manifest may use, with their names in XML (RFC 6931 and
/// the national client).
const DIGESTS: [(DigestName, Hash, &str); 5] = [
    (
        DigestName::Sha256,
        Hash::Sha256,
        "http://www.w3.org/2001/04/xmlenc#sha256",
    ),
    (
        DigestName::Sha384,
        Hash::Sha384,
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
    ),
    (
        DigestName::Sha512,
        Hash::Sha512,
        "http://www.w3.org/2001/04/xmlenc#sha512",
    ),
    (
        DigestName::Streebog256,
        Hash::Gost(gost::Hash::Streebog256),
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-256",
    ),
    (
        DigestName::Streebog512,
        Hash::Gost(gost::Hash::Streebog512),
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-512",
    ),
];

/// A list of files, and the stamp that stands over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The file with the stamp.
    pub(super) stamp: String,
    pub(super) digest: DigestName,
    /// The manifest before this one, which is among the files.
    pub(super) previous: Option<String>,
    /// The digest of each file.
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

impl Manifest {
    /// Lists these files.
    pub(super) fn over(
        files: &BTreeMap<String, Vec<u8>>,
        stamp: &str,
        digest: DigestName,
        previous: Option<&str>,
    ) -> Self {
        let (digest, hash, _) = method(|(name, _, _)| *name == digest).unwrap_or(DIGESTS[0]);
        let digests = files.iter().map(|(name, content)| {
            let value = hash.of(content).octets().to_vec();
            (name.clone(), value)
        });
        Self {
            stamp: stamp.to_owned(),
            digest,
            previous: previous.map(ToOwned::to_owned),
            files: digests.collect(),
        }
    }

    /// The digest that it uses.
    pub(super) fn hash(&self) -> Hash {
        let found = method(|(name, _, _)| *name == self.digest);
        found.map_or(Hash::Sha256, |(_, hash, _)| hash)
    }

    /// The XML; the same list always gives the same.
    pub(super) fn write(&self) -> Vec<u8> {
        let uri = method(|(name, _, _)| *name == self.digest).map_or("", |(_, _, uri)| uri);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <asic:ASiCManifest xmlns:asic=\"{ASIC}\" xmlns:ds=\"{XMLDSIG}\">\n\
             <asic:SigReference URI=\"{}\" MimeType=\"{STAMP_TYPE}\"/>\n",
            self.stamp
        );
        for (name, digest) in &self.files {
            let root = match self.previous.as_deref() == Some(name) {
                true => " Rootfile=\"true\"",
                false => "",
            };
            let value = BASE64_STANDARD.encode(digest);
            // Writing to a string does not fail.
            let _ = writeln!(
                xml,
                "<asic:DataObjectReference URI=\"{name}\"{root}>\
                 <ds:DigestMethod Algorithm=\"{uri}\"/>\
                 <ds:DigestValue>{value}</ds:DigestValue>\
                 </asic:DataObjectReference>"
            );
        }
        xml.push_str("</asic:ASiCManifest>\n");
        xml.into_bytes()
    }

    /// Reads the manifest called `name`, which must be written as we write it.
    pub(super) fn read(name: &str, octets: &[u8]) -> Result<Self, Broken> {
        let broken = || Broken::Manifest(name.to_owned());
        let text = std::str::from_utf8(octets).map_err(|_| broken())?;
        let options = ParsingOptions {
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).map_err(|_| broken())?;
        let read = Self::of(document.root_element()).ok_or_else(broken)?;
        match read.write() == octets {
            true => Ok(read),
            false => Err(broken()),
        }
    }

    fn of(root: Node<'_, '_>) -> Option<Self> {
        let mut elements = root.children().filter(Node::is_element);
        let stamp = elements.next()?.attribute("URI")?.to_owned();
        let mut read = Self {
            stamp,
            digest: DigestName::Sha256,
            previous: None,
            files: BTreeMap::new(),
        };
        for element in elements {
            let name = element.attribute("URI")?;
            let mut inside = element.children().filter(Node::is_element);
            let uri = inside.next()?.attribute("Algorithm")?;
            (read.digest, _, _) = method(|(_, _, known)| *known == uri)?;
            let digest = BASE64_STANDARD.decode(inside.next()?.text()?).ok()?;
            if element.attribute("Rootfile").is_some() {
                read.previous = Some(name.to_owned());
            }
            if read.files.insert(name.to_owned(), digest).is_some() {
                return None;
            }
        }
        Some(read)
    }

    /// Each listed file is there, but for those whose names begin with what may be
    /// withheld, and unaltered, and no other is there.
    pub(super) fn demand(
        &self,
        files: &BTreeMap<&str, &[u8]>,
        withheld: Option<&str>,
    ) -> Result<(), Broken> {
        let hash = self.hash();
        for (name, digest) in &self.files {
            let Some(content) = files.get(name.as_str()) else {
                if withheld.is_some_and(|place| name.starts_with(place)) {
                    continue;
                }
                return Err(Broken::Missing(name.clone()));
            };
            if hash.of(content).octets() != digest.as_slice() {
                return Err(Broken::Altered(name.clone()));
            }
        }
        let unlisted = files.keys().find(|name| !self.files.contains_key(**name));
        unlisted.map_or(Ok(()), |name| Err(Broken::Unlisted((*name).to_owned())))
    }
}

fn method(
    is_it: impl Fn(&(DigestName, Hash, &str)) -> bool,
) -> Option<(DigestName, Hash, &'static str)> {
    DIGESTS.iter().copied().find(|known| is_it(known))
}
