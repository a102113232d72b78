CREATE TABLE revocation_lists (
    authority_sha256 bytea NOT NULL
        CONSTRAINT revocation_lists_authority_has_256_bits CHECK (octet_length(authority_sha256) = 32),
    kind text NOT NULL CONSTRAINT revocation_lists_kind_is_known CHECK (kind IN ('full', 'delta')),
    number bytea NOT NULL CONSTRAINT revocation_lists_number_has_160_bits CHECK (octet_length(number) = 20),
    this_update timestamptz NOT NULL,
    next_update timestamptz,
    der bytea NOT NULL CONSTRAINT revocation_lists_der_is_not_larger_than_read CHECK (octet_length(der) <= 134217728),
    sha256 bytea NOT NULL CONSTRAINT revocation_lists_digest_has_256_bits CHECK (octet_length(sha256) = 32),
    url text NOT NULL,
    etag text,
    last_modified text,
    fetched_at timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (authority_sha256, kind),
    CONSTRAINT revocation_lists_end_after_their_beginning CHECK (next_update >= this_update),
    CONSTRAINT revocation_lists_are_fetched_once_issued CHECK (fetched_at >= this_update),
    CONSTRAINT revocation_lists_are_checked_once_fetched CHECK (checked_at >= fetched_at)
);
-- Signed lists hardly shrink, and are always read whole.
ALTER TABLE revocation_lists ALTER COLUMN der SET STORAGE EXTERNAL;
COMMENT ON TABLE revocation_lists IS 'The newest revocation list of each authority, and the newest delta; each was verified before it came here.';
COMMENT ON COLUMN revocation_lists.authority_sha256 IS 'SHA-256 of the certificate of the authority that issued and signed it.';
COMMENT ON COLUMN revocation_lists.kind IS 'Complete, or a delta with what is new since a complete one.';
COMMENT ON COLUMN revocation_lists.number IS 'cRLNumber in twenty octets, the most significant first, so that numbers compare as octets do. Never becomes lower.';
COMMENT ON COLUMN revocation_lists.this_update IS 'When the authority issued it.';
COMMENT ON COLUMN revocation_lists.next_update IS 'When the authority promises the next one.';
COMMENT ON COLUMN revocation_lists.der IS 'The list as it was fetched.';
COMMENT ON COLUMN revocation_lists.sha256 IS 'SHA-256 of the list; by it the processes see that another one has a newer list.';
COMMENT ON COLUMN revocation_lists.url IS 'Where it was fetched.';
COMMENT ON COLUMN revocation_lists.etag IS 'ETag of the answer, to ask whether there is a newer one.';
COMMENT ON COLUMN revocation_lists.last_modified IS 'Last-Modified of the answer, for the same.';
COMMENT ON COLUMN revocation_lists.fetched_at IS 'When it was fetched.';
COMMENT ON COLUMN revocation_lists.checked_at IS 'When the server last said, in whatever way, that there is none newer.';
