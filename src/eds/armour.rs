//! The text forms in which clients send signatures and certificates: PEM
//! (RFC 7468) and base64.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Fault, der::tag};

/// The labels under which a CMS message travels (RFC 7468 sections 8 and 9).
const MESSAGE: [&str; 2] = ["CMS", "PKCS7"];

/// The labels under which a certificate travels (RFC 7468 section 5).
const CERTIFICATE: [&str; 2] = ["CERTIFICATE", "X509 CERTIFICATE"];

/// The octets of a CMS message that came in DER or BER, in PEM, or in base64
/// with or without line ends: the national client sends one or the other.
///
/// ```
/// use kelisim::eds::unarmoured;
/// assert_eq!(unarmoured(b"MAA=").as_deref(), Ok(&[0x30, 0x00][..]));
/// assert!(unarmoured(b"hello").is_err());
/// ```
///
/// # Errors
/// [`Fault::Malformed`] for text that is neither, and for more than one block of PEM.
pub fn unarmoured(input: &[u8]) -> Result<Cow<'_, [u8]>, Fault> {
    within(input, MESSAGE)
}

/// The octets of a certificate that came in DER, in PEM, or in base64.
///
/// # Errors
/// [`Fault::Malformed`] for text that is neither, and for more than one block of PEM.
pub fn unarmoured_certificate(input: &[u8]) -> Result<Cow<'_, [u8]>, Fault> {
    within(input, CERTIFICATE)
}

fn within<'a>(input: &'a [u8], labels: [&str; 2]) -> Result<Cow<'a, [u8]>, Fault> {
    if input.first() == Some(&tag::SEQUENCE) {
        return Ok(Cow::Borrowed(input));
    }
    let text =
        std::str::from_utf8(input).map_err(|_| Fault::Malformed("neither binary nor text"))?;
    let body = match text.trim_ascii().strip_prefix("-----BEGIN ") {
        Some(block) => pem(block, labels)?,
        None => text,
    };
    let octets = base64(body)?;
    if octets.first() == Some(&tag::SEQUENCE) {
        Ok(Cow::Owned(octets))
    } else {
        Err(Fault::Malformed("base64"))
    }
}

/// The text between the lines of the one block, whose opening words are gone.
fn pem<'a>(block: &'a str, labels: [&str; 2]) -> Result<&'a str, Fault> {
    let (label, rest) = block.split_once("-----").ok_or(Fault::Malformed("pem"))?;
    let end = rest
        .strip_suffix("-----")
        .and_then(|rest| rest.strip_suffix(label));
    let body = end
        .and_then(|rest| rest.strip_suffix("-----END "))
        .ok_or(Fault::Malformed("pem"))?;
    if labels.contains(&label) {
        Ok(body)
    } else {
        Err(Fault::Malformed("pem label"))
    }
}

fn base64(text: &str) -> Result<Vec<u8>, Fault> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    BASE64_STANDARD
        .decode(digits)
        .map_err(|_| Fault::Malformed("base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses(text: &str) {
        assert!(
            matches!(unarmoured(text.as_bytes()), Err(Fault::Malformed(_))),
            "{text}"
        );
    }

    #[test]
    fn each_form_gives_the_same_octets() {
        for text in [
            "MAMCAQU=",
            " MAMC\r\nAQU=\n",
            "-----BEGIN CMS-----\nMAMCAQU=\n-----END CMS-----\n",
            "-----BEGIN PKCS7-----\r\nMAMC\r\nAQU=\r\n-----END PKCS7-----",
        ] {
            assert_eq!(
                unarmoured(text.as_bytes()).as_deref(),
                Ok(&[0x30, 3, 2, 1, 5][..]),
                "{text}"
            );
        }
        assert!(matches!(unarmoured(&[0x30, 0x80]), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn rows_1_and_3_other_text_is_refused() {
        let block = "-----BEGIN CMS-----\nMAMCAQU=\n-----END CMS-----\n";
        refuses(&block.repeat(2));
        refuses(&block.replace("CMS", "CERTIFICATE"));
        refuses(&block.replace("-----END CMS-----", ""));
        refuses(&block.replace("END CMS", "END PKCS7"));
        for text in [
            "",
            "MAMCAQU",
            "MAMCAQU==",
            "MAMCAQV=",
            "MAMC-QU=",
            "AAAA",
            "\u{fe0f}MAMCAQU=",
        ] {
            refuses(text);
        }
    }
}
