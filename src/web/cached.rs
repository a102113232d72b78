//! What a client has already (RFC 9110 section 13.1.2).

use actix_web::http::header::{EntityTag, IfNoneMatch};

/// Whether the client has the representation with this tag. A client that would
/// take any gets the present one.
pub(super) fn is_known(known: &IfNoneMatch, tag: &EntityTag) -> bool {
    match known {
        IfNoneMatch::Any => false,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(tag)),
    }
}
