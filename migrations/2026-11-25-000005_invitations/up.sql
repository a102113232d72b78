-- An owner invites somebody to apply. An invitation is no consent.
CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    owner_iin text CONSTRAINT invitations_iin_is_twelve_digits CHECK (owner_iin ~ '^[0-9]{12}$'),
    owner_bin text CONSTRAINT invitations_bin_is_twelve_digits CHECK (owner_bin ~ '^[0-9]{12}$'),
    author_iin text NOT NULL CONSTRAINT invitations_author_is_twelve_digits CHECK (author_iin ~ '^[0-9]{12}$'),
    rka text NOT NULL CONSTRAINT invitations_rka_is_sixteen_digits CHECK (rka ~ '^[0-9]{16}$'),
    address jsonb NOT NULL,
    resident_iin text NOT NULL CONSTRAINT invitations_resident_is_twelve_digits CHECK (resident_iin ~ '^[0-9]{12}$'),
    kind text NOT NULL CONSTRAINT invitations_kind_is_known CHECK (kind IN ('temporary', 'permanent')),
    starts_on date NOT NULL,
    ends_on date,
    months smallint CONSTRAINT invitations_months_are_few CHECK (months BETWEEN 1 AND 12),
    code_sha256 bytea NOT NULL CONSTRAINT invitations_code_is_a_digest CHECK (octet_length(code_sha256) = 32),
    stage text NOT NULL CONSTRAINT invitations_stage_is_known
        CHECK (stage IN ('open', 'used', 'cancelled', 'expired')),
    application_id uuid REFERENCES applications,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT invitations_by_a_person_or_organisation CHECK (num_nonnulls(owner_iin, owner_bin) = 1),
    CONSTRAINT invitations_temporary_with_end CHECK (
        (kind = 'temporary') = (ends_on IS NOT NULL) AND (kind = 'temporary') = (months IS NOT NULL)),
    CONSTRAINT invitations_one_for_each_code UNIQUE (code_sha256),
    CONSTRAINT invitations_one_for_each_application UNIQUE (application_id),
    CONSTRAINT invitations_used_by_an_application CHECK ((stage = 'used') = (application_id IS NOT NULL)),
    CONSTRAINT invitations_end_once CHECK ((stage = 'open') = (ended_at IS NULL)),
    CONSTRAINT invitations_last_for_a_while CHECK (expires_at > created_at)
);
COMMENT ON TABLE invitations IS 'Invitations by owners to apply for a registration. None of them is a consent.';
COMMENT ON COLUMN invitations.id IS 'A UUID of version 7.';
COMMENT ON COLUMN invitations.owner_iin IS 'Individual identification number of the owner, when a person.';
COMMENT ON COLUMN invitations.owner_bin IS 'Business identification number of the owner, when an organisation.';
COMMENT ON COLUMN invitations.author_iin IS 'Individual identification number of the person who wrote it.';
COMMENT ON COLUMN invitations.rka IS 'Registration code of the address.';
COMMENT ON COLUMN invitations.address IS 'The address as it was when the invitation was written, in three languages.';
COMMENT ON COLUMN invitations.resident_iin IS 'Individual identification number of the person who is invited, and of nobody else.';
COMMENT ON COLUMN invitations.kind IS 'Temporary or permanent registration.';
COMMENT ON COLUMN invitations.starts_on IS 'First day of the registration.';
COMMENT ON COLUMN invitations.ends_on IS 'Last day of the registration; absent when it has no end.';
COMMENT ON COLUMN invitations.months IS 'Length of the registration in whole months; absent when it has no end.';
COMMENT ON COLUMN invitations.code_sha256 IS 'SHA-256 of the code in the link; the code itself is kept nowhere.';
COMMENT ON COLUMN invitations.stage IS 'Where it stands.';
COMMENT ON COLUMN invitations.application_id IS 'The application that came of it.';
COMMENT ON COLUMN invitations.created_at IS 'When it was written.';
COMMENT ON COLUMN invitations.expires_at IS 'The last moment at which it can be used.';
COMMENT ON COLUMN invitations.ended_at IS 'When it was used or taken back, or found to have expired.';
CREATE INDEX invitations_by_resident ON invitations (resident_iin, id DESC);
CREATE INDEX invitations_by_person ON invitations (owner_iin, id DESC) WHERE owner_iin IS NOT NULL;
CREATE INDEX invitations_by_organisation ON invitations (owner_bin, id DESC) WHERE owner_bin IS NOT NULL;
CREATE INDEX invitations_to_expire ON invitations (expires_at) WHERE stage = 'open';
