//! A text as a QR code for a screen (ISO/IEC 18004): for a camera beside it.

use std::fmt::Write;

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// The address does not fit into a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address of the service is too long for a QR code")]
pub struct TooLong;

/// The code that says this text: an SVG image without styles.
///
/// # Errors
/// [`TooLong`] for a text of more than about two thousand characters.
pub fn drawn(text: &str) -> Result<String, TooLong> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong)?;
    let image = code.render::<svg::Color<'_>>().build();
    let (_, image) = image.split_once("?>").unwrap_or(("", &image));
    Ok(image.to_owned())
}

/// The same as the address of an image (RFC 2397), which needs no request.
///
/// # Errors
/// As [`drawn`].
pub fn address(text: &str) -> Result<String, TooLong> {
    let image = drawn(text)?;
    Ok(format!(
        "data:image/svg+xml;charset=utf-8,{}",
        encoded(&image)
    ))
}

/// Percent-encoded but for the unreserved characters (RFC 3986 section 2.3).
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for octet in text.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            encoded.push(char::from(octet));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{octet:02X}");
        }
    }
    encoded
}
