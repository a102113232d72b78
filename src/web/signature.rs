//! A signature as clients send it: base64 or PEM around the DER.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of the signature. Of text that is neither base64 nor one PEM block
/// its own bytes are returned, so that the verifier says what is wrong with them
/// as with any other bytes that are no signature.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    one_block(text.trim())
        .and_then(|encoded| {
            let compact: String = encoded.split_ascii_whitespace().collect();
            FORGIVING.decode(compact).ok()
        })
        .unwrap_or_else(|| text.as_bytes().to_vec())
}

/// What stands between the lines of one PEM block (RFC 7468), whatever its
/// label: clients write `CMS`, others `PKCS7`. Other text is returned as it is.
fn one_block(text: &str) -> Option<&str> {
    let Some(after) = text.strip_prefix("-----BEGIN ") else {
        return Some(text);
    };
    let (label, rest) = after.split_once("-----")?;
    let (encoded, end) = rest.split_once("-----END ")?;
    (end == format!("{label}-----")).then_some(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_and_one_pem_block_are_read() {
        for text in [
            "AQID",
            " AQ\r\nID \n",
            "-----BEGIN CMS-----\nAQID\n-----END CMS-----\n",
            "-----BEGIN PKCS7-----\nAQ\nID\n-----END PKCS7-----",
        ] {
            assert_eq!(bytes(text), [1, 2, 3], "{text}");
        }
    }

    #[test]
    fn anything_else_stays_what_it_is() {
        for text in [
            "",
            "Ж",
            "-----BEGIN CMS-----\nAQID\n-----END PKCS7-----",
            "-----BEGIN CMS-----\nAQID\n-----END CMS-----\n-----BEGIN CMS-----\nAQID\n-----END CMS-----",
        ] {
            assert_eq!(bytes(text), text.as_bytes(), "{text}");
        }
    }
}
