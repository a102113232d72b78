//! Every call and every page, and whom each is for.

/// Whom a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Everybody, signed in or not.
    Everybody,
    /// Everybody who has signed in, about themselves.
    SignedIn,
    /// Those whom the application or registration concerns.
    Read,
    /// The applicant.
    Apply,
    /// Those who answer this consent.
    Answer,
    /// Whoever speaks for the person who is registered.
    Leave,
    /// The owners of today.
    Remove,
    /// The owner who invited.
    Cancel,
    /// Who is invited.
    Invited,
    /// The owners of a dwelling, delegates who may take people off the register for one,
    /// and former owners about what they agreed to.
    Own,
    /// Whom a notice is for.
    Heed,
    /// Whose session it is.
    SignOut,
    /// Those who run the service.
    Administer,
    /// Those who work for a service centre.
    Operate,
    /// The operator who drafted it at a service centre.
    Attest,
    /// Those to whom the papers are shown that were scanned for it.
    Papers,
    /// Whoever holds the token or the code in the address, signed in or not.
    Bear,
}

use Right::{
    Administer, Answer, Apply, Attest, Bear, Cancel, Everybody, Heed, Invited, Leave, Operate, Own,
    Papers, Read, Remove, SignOut, SignedIn,
};

/// A method, a path, and for whom it is.
pub(super) type Row = (&'static str, &'static str, Right);

/// Every call.
#[rustfmt::skip]
pub(super) const CALLS: &[Row] = &[
    ("post", "/api/v1/auth/challenges", Everybody),
    ("post", "/api/v1/auth/sessions", Everybody),
    ("get", "/api/v1/verifications/{code}", Bear),
    ("get", "/api/v1/audit/checkpoints/latest", Everybody),
    ("get", "/api/v1/audit/consistency", Everybody),
    ("get", "/health/live", Everybody),
    ("get", "/health/ready", Everybody),
    ("get", "/metrics", Everybody),
    ("post", "/api/v1/mobile-signings", Everybody),
    ("get", "/api/v1/mobile-signings/{token}/signature", Bear),
    ("get", "/api/v1/mobile/{token}", Bear),
    ("get", "/api/v1/mobile/{token}/documents", Bear),
    ("put", "/api/v1/mobile/{token}/documents", Bear),
    ("get", "/api/v1/auth/sessions", SignedIn),
    ("delete", "/api/v1/auth/sessions/current", SignedIn),
    ("delete", "/api/v1/auth/sessions/others", SignedIn),
    ("delete", "/api/v1/auth/sessions/{id}", SignOut),
    ("get", "/api/v1/me", SignedIn),
    ("get", "/api/v1/me/export", SignedIn),
    ("get", "/api/v1/applications/counts", SignedIn),
    ("get", "/api/v1/registrations", SignedIn),
    ("get", "/api/v1/registrations/counts", SignedIn),
    ("get", "/api/v1/dwellings", SignedIn),
    ("get", "/api/v1/notices", SignedIn),
    ("get", "/api/v1/notices/unread", SignedIn),
    ("post", "/api/v1/notices/read-all", SignedIn),
    ("get", "/api/v1/administration/health", Administer),
    ("get", "/api/v1/administration/deliveries", Administer),
    ("post", "/api/v1/administration/deliveries/{id}/retry", Administer),
    ("post", "/api/v1/administration/sessions/end", Administer),
    ("get", "/api/v1/reports", Operate),
    ("get", "/api/v1/dwellings/{id}/registrations", Own),
    ("get", "/api/v1/dwellings/{id}/registrations/counts", Own),
    ("post", "/api/v1/notices/{id}/read", Heed),
    ("get", "/api/v1/applications", SignedIn),
    ("post", "/api/v1/applications", SignedIn),
    ("get", "/api/v1/invitations", SignedIn),
    ("post", "/api/v1/invitations", SignedIn),
    ("post", "/api/v1/invitations/redeem", SignedIn),
    ("post", "/api/v1/signatures/validate", Everybody),
    ("post", "/api/v1/certificates/inspect", Everybody),
    ("post", "/api/v1/state-register/answers", Everybody),
    ("get", "/api/v1/applications/{id}/attachments", Papers),
    ("post", "/api/v1/applications/{id}/attachments", Attest),
    ("get", "/api/v1/applications/{id}/attachments/{attachment}", Papers),
    ("delete", "/api/v1/applications/{id}/attachments/{attachment}", Attest),
    ("post", "/api/v1/applications/{id}/attestation", Attest),
    ("get", "/api/v1/applications/{id}", Read),
    ("get", "/api/v1/applications/{id}/audit", Read),
    ("get", "/api/v1/applications/{id}/audit/{sequence}/proof", Read),
    ("get", "/api/v1/applications/{id}/document", Apply),
    ("put", "/api/v1/applications/{id}", Apply),
    ("post", "/api/v1/applications/{id}/signature", Apply),
    ("post", "/api/v1/applications/{id}/withdraw", Apply),
    ("get", "/api/v1/applications/{id}/consents/{consent}/document", Answer),
    ("post", "/api/v1/applications/{id}/consents/{consent}/signature", Answer),
    ("post", "/api/v1/applications/{id}/consents/{consent}/decline", Answer),
    ("post", "/api/v1/applications/{id}/consents/{consent}/take-back", Answer),
    ("get", "/api/v1/registrations/{id}", Read),
    ("get", "/api/v1/registrations/{id}/evidence", Read),
    ("get", "/api/v1/registrations/{id}/certificate", Read),
    ("get", "/api/v1/registrations/{id}/leaving/document", Leave),
    ("post", "/api/v1/registrations/{id}/leaving/signature", Leave),
    ("get", "/api/v1/registrations/{id}/removal/document", Remove),
    ("post", "/api/v1/registrations/{id}/removal/signature", Remove),
    ("post", "/api/v1/registrations/{id}/removal/withdraw", Remove),
    ("post", "/api/v1/invitations/{id}/cancel", Cancel),
    ("post", "/api/v1/invitations/{id}/decline", Invited),
];

/// Every page and form, below the language in which it is read.
#[rustfmt::skip]
pub(super) const PAGES: &[Row] = &[
    ("post", "/sign-in", Everybody),
    ("post", "/sign-out", SignedIn),
    ("get", "/office", SignedIn),
    ("get", "/applications/new", SignedIn),
    ("post", "/applications", SignedIn),
    ("get", "/applications", SignedIn),
    ("get", "/applications/{id}", Read),
    ("get", "/applications/{id}/edit", Apply),
    ("post", "/applications/{id}/edit", Apply),
    ("get", "/applications/{id}/sign", Apply),
    ("post", "/applications/{id}/sign", Apply),
    ("get", "/applications/{id}/withdraw", Read),
    ("post", "/applications/{id}/withdraw", Apply),
    ("get", "/applications/{id}/signatures", Read),
    ("get", "/applications/{id}/consents/{consent}/sign", Answer),
    ("post", "/applications/{id}/consents/{consent}/sign", Answer),
    ("get", "/applications/{id}/consents/{consent}/decline", Read),
    ("post", "/applications/{id}/consents/{consent}/decline", Answer),
    ("get", "/applications/{id}/consents/{consent}/take-back", Read),
    ("post", "/applications/{id}/consents/{consent}/take-back", Answer),
    ("get", "/registrations", SignedIn),
    ("get", "/registrations/{id}", Read),
    ("get", "/registrations/{id}/leave", Leave),
    ("post", "/registrations/{id}/leave", Leave),
    ("get", "/registrations/{id}/remove", Remove),
    ("post", "/registrations/{id}/remove", Remove),
    ("get", "/registrations/{id}/removal/withdraw", Read),
    ("post", "/registrations/{id}/removal/withdraw", Remove),
    ("get", "/dwellings", SignedIn),
    ("get", "/dwellings/{id}", Own),
    ("get", "/notices", SignedIn),
    ("post", "/notices", SignedIn),
    ("get", "/invitations", SignedIn),
    ("get", "/invitations/new", SignedIn),
    ("post", "/invitations/new", SignedIn),
    ("post", "/invitations/{id}/cancel", Cancel),
    ("post", "/invitations/{id}/decline", Invited),
    ("get", "/desk", Operate),
    ("get", "/desk/reports", Operate),
    ("get", "/desk/{id}", Attest),
    ("post", "/desk/{id}/papers", Attest),
    ("post", "/desk/{id}/papers/{attachment}/remove", Attest),
    ("post", "/desk/{id}/attestation", Attest),
    ("get", "/validate", Everybody),
    ("post", "/validate", Everybody),
    ("get", "/sessions", SignedIn),
    ("post", "/sessions/others/end", SignedIn),
    ("post", "/sessions/{id}/end", SignOut),
    ("get", "/administration", Administer),
    ("post", "/administration/deliveries/{id}/retry", Administer),
    ("post", "/administration/sessions/end", Administer),
    ("get", "/verify", Everybody),
    ("get", "/verify/{code}", Bear),
    ("get", "/live/applications/{id}", Read),
    ("get", "/live/notices", SignedIn),
];

/// What belongs to no language and to nobody, as the routes name it.
pub(super) const FOR_ALL: &[(&str, &str)] = &[
    ("get", "/assets/{name:.*}"),
    ("get", "DESCRIPTION"),
    ("get", "/api/docs"),
    ("get", ""),
    ("get", "/"),
    ("get", "/verify"),
    ("get", "/verify/{code}"),
    ("get", "/invitations/{code}"),
];
