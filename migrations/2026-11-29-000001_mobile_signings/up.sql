-- What is signed on a phone. The signature stays here until its page has fetched it
-- or its time is over; it counts nowhere before it is handed in like any other.
CREATE TABLE mobile_signings (
    id uuid PRIMARY KEY,
    challenge_id uuid REFERENCES challenges,
    document_id uuid REFERENCES documents,
    phone_sha256 bytea NOT NULL CONSTRAINT mobile_signings_one_for_each_phone_token UNIQUE
        CONSTRAINT mobile_signings_phone_token_is_a_digest CHECK (octet_length(phone_sha256) = 32),
    page_sha256 bytea NOT NULL CONSTRAINT mobile_signings_one_for_each_page_token UNIQUE
        CONSTRAINT mobile_signings_page_token_is_a_digest CHECK (octet_length(page_sha256) = 32),
    language text NOT NULL CONSTRAINT mobile_signings_language_is_known CHECK (language IN ('kk', 'ru', 'en')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    signature bytea CONSTRAINT mobile_signings_signature_is_small CHECK (octet_length(signature) <= 1048576),
    signed_at timestamptz,
    CONSTRAINT mobile_signings_of_a_challenge_or_document CHECK (num_nonnulls(challenge_id, document_id) = 1),
    CONSTRAINT mobile_signings_two_tokens CHECK (phone_sha256 <> page_sha256),
    CONSTRAINT mobile_signings_last_for_a_while CHECK (expires_at >= created_at),
    CONSTRAINT mobile_signings_signed_with_time CHECK ((signature IS NULL) = (signed_at IS NULL))
);
COMMENT ON TABLE mobile_signings IS 'Documents on their way to a phone, and signatures on their way back.';
COMMENT ON COLUMN mobile_signings.id IS 'UUID version 7.';
COMMENT ON COLUMN mobile_signings.challenge_id IS 'The login challenge that is to be signed, when it is one.';
COMMENT ON COLUMN mobile_signings.document_id IS 'The document that is to be signed, when it is no challenge.';
COMMENT ON COLUMN mobile_signings.phone_sha256 IS 'SHA-256 of the token in the QR code; the token itself is never stored.';
COMMENT ON COLUMN mobile_signings.page_sha256 IS 'SHA-256 of the token of the page that fetches the signature; the token itself is never stored.';
COMMENT ON COLUMN mobile_signings.language IS 'In which language the phone is told what it is about.';
COMMENT ON COLUMN mobile_signings.created_at IS 'When the code was made.';
COMMENT ON COLUMN mobile_signings.expires_at IS 'The last moment at which phone and page are served.';
COMMENT ON COLUMN mobile_signings.signature IS 'The CMS SignedData (RFC 5652) as the phone sent it. Written once; not verified here.';
COMMENT ON COLUMN mobile_signings.signed_at IS 'When the phone sent it.';
CREATE INDEX mobile_signings_by_expiry ON mobile_signings (expires_at);
