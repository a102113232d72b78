//! A signature as clients send it: base64 or PEM around the DER.

use std::borrow::Cow;

use crate::eds::unarmoured;

/// The bytes of the signature. Of text that is neither base64 nor one PEM block
/// its own bytes are returned, so that the verifier says what is wrong with them
/// as with any other bytes that are no signature, and the refusal is recorded.
pub(super) fn bytes(text: &str) -> Cow<'_, [u8]> {
    unarmoured(text.as_bytes()).unwrap_or(Cow::Borrowed(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_and_one_pem_block_are_read() {
        for text in [
            "MAA=",
            "-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n",
            "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----",
        ] {
            assert_eq!(*bytes(text), [0x30, 0], "{text}");
        }
    }

    #[test]
    fn anything_else_stays_what_it_is() {
        let twice = "-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n".repeat(2);
        for text in ["", "Ж", "AQID", &twice] {
            assert_eq!(*bytes(text), *text.as_bytes(), "{text}");
        }
    }
}
