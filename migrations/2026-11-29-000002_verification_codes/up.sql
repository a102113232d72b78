-- By what anybody who holds a certificate asks whether the registration still stands.
CREATE TABLE verification_codes (
    registration_id uuid PRIMARY KEY REFERENCES registrations,
    code text NOT NULL CONSTRAINT verification_codes_code_has_its_symbols
        CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{28}$'),
    code_sha256 bytea NOT NULL CONSTRAINT verification_codes_digest_is_of_the_code
        CHECK (code_sha256 = sha256(code::bytea)),
    issued_at timestamptz NOT NULL,
    CONSTRAINT verification_codes_one_for_each_code UNIQUE (code_sha256)
);
COMMENT ON TABLE verification_codes IS 'Codes on certificates: one for each registration of which a certificate was ever asked for, and for ever.';
COMMENT ON COLUMN verification_codes.registration_id IS 'The registration about which it lets ask.';
COMMENT ON COLUMN verification_codes.code IS 'The code in Crockford''s base 32: 140 bits of chance. It is kept, because every further certificate shows it again.';
COMMENT ON COLUMN verification_codes.code_sha256 IS 'SHA-256 of the code: it is looked for by this, so that how long that takes tells nothing of a code that is nearly right.';
COMMENT ON COLUMN verification_codes.issued_at IS 'When the first certificate was asked for.';
