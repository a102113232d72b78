//! PEM, the textual form of keys and certificates (RFC 7468).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::pki::Error;
use crate::pki::error::Object;

/// Label of a certificate.
pub const CERTIFICATE: &str = "CERTIFICATE";
/// Label of a private key in PKCS#8.
pub const PRIVATE_KEY: &str = "PRIVATE KEY";

/// Writes one block.
pub fn encode(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = vec![format!("-----BEGIN {label}-----")];
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, further) = rest.split_at(rest.len().min(64));
        lines.push(line.to_owned());
        rest = further;
    }
    lines.push(format!("-----END {label}-----\n"));
    lines.join("\n")
}

/// Reads the first block with this label. Fails when there is none.
pub fn decode(label: &str, text: &str) -> Result<Vec<u8>, Error> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let body = text
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once(&end));
    let body: Option<String> = body.map(|(body, _)| body.split_whitespace().collect());
    let der = body.and_then(|body| STANDARD.decode(body).ok());
    der.ok_or(Error::Unreadable(Object::Pem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_back_as_written() {
        for length in [0, 1, 47, 48, 49, 200] {
            let der = vec![0x30; length];
            assert_eq!(
                decode(CERTIFICATE, &encode(CERTIFICATE, &der)).unwrap(),
                der
            );
        }
    }

    #[test]
    fn another_label_is_not_read() {
        assert!(decode(PRIVATE_KEY, &encode(CERTIFICATE, &[1])).is_err());
    }
}
