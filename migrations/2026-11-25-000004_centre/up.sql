-- The public service centre: what was scanned and what the operator vouches for;
-- and the answers of the state register.
ALTER TABLE applications ADD COLUMN attestation jsonb
    CONSTRAINT applications_attestation_by_an_operator CHECK (attestation IS NULL OR capacity = 'operator');
COMMENT ON COLUMN applications.attestation IS 'What the operator of a service centre saw and checked, as it stands in the document that the operator signs.';
ALTER TABLE applications DROP CONSTRAINT applications_grounds_are_known;
ALTER TABLE applications ADD CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
    'owners_changed', 'signature_void', 'already_registered', 'nothing_to_extend', 'crowded'));

CREATE TABLE attachments (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications,
    edition integer NOT NULL CONSTRAINT attachments_edition_counts_from_one CHECK (edition >= 1),
    kind text NOT NULL CONSTRAINT attachments_kind_is_known
        CHECK (kind IN ('paper_consent', 'power_of_attorney', 'identity_document', 'lease', 'other')),
    media_type text NOT NULL CONSTRAINT attachments_media_type_is_known
        CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    sha256 bytea NOT NULL,
    size integer NOT NULL,
    octets bytea NOT NULL,
    name text NOT NULL CONSTRAINT attachments_name_is_short CHECK (char_length(name) BETWEEN 1 AND 100),
    added_by text NOT NULL CONSTRAINT attachments_added_by_is_twelve_digits CHECK (added_by ~ '^[0-9]{12}$'),
    added_at timestamptz NOT NULL,
    removed_at timestamptz,
    CONSTRAINT attachments_digest_is_theirs CHECK (sha256 = sha256(octets)),
    CONSTRAINT attachments_size_is_theirs CHECK (size = octet_length(octets) AND size BETWEEN 1 AND 10485760)
);
COMMENT ON TABLE attachments IS 'What an operator of a service centre scanned.';
COMMENT ON COLUMN attachments.id IS 'The attachment.';
COMMENT ON COLUMN attachments.application_id IS 'The application to which it belongs.';
COMMENT ON COLUMN attachments.edition IS 'The edition of the application to which it was added.';
COMMENT ON COLUMN attachments.kind IS 'What the paper is.';
COMMENT ON COLUMN attachments.media_type IS 'In which form it was scanned; the content was checked against it.';
COMMENT ON COLUMN attachments.sha256 IS 'Digest of the octets, which stands in what the operator signs.';
COMMENT ON COLUMN attachments.size IS 'How many octets it has.';
COMMENT ON COLUMN attachments.octets IS 'The file as it came.';
COMMENT ON COLUMN attachments.name IS 'The name under which it is shown: plain text.';
COMMENT ON COLUMN attachments.added_by IS 'Individual identification number of the operator who added it.';
COMMENT ON COLUMN attachments.added_at IS 'When it was added.';
COMMENT ON COLUMN attachments.removed_at IS 'When it was taken away, though an earlier edition names it.';
CREATE INDEX attachments_by_application ON attachments (application_id);

CREATE TABLE state_register_answers (
    webhook_id text PRIMARY KEY CONSTRAINT state_register_answers_id_is_short CHECK (char_length(webhook_id) BETWEEN 1 AND 255),
    message_sha256 bytea NOT NULL CONSTRAINT state_register_answers_digest_is_whole CHECK (octet_length(message_sha256) = 32),
    registration_id uuid NOT NULL REFERENCES registrations,
    outcome text NOT NULL CONSTRAINT state_register_answers_outcome_is_known CHECK (outcome IN ('accepted', 'rejected')),
    reason text CONSTRAINT state_register_answers_reason_is_short CHECK (char_length(reason) BETWEEN 1 AND 500),
    annulled boolean NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT state_register_answers_annul_by_rejection CHECK (outcome = 'rejected' OR NOT annulled)
);
COMMENT ON TABLE state_register_answers IS 'What the state register said about the registrations that were handed over to it; each message once.';
COMMENT ON COLUMN state_register_answers.webhook_id IS 'The identifier of the message, the same in each attempt to deliver it.';
COMMENT ON COLUMN state_register_answers.message_sha256 IS 'Digest of the body: an identifier stands for one message.';
COMMENT ON COLUMN state_register_answers.registration_id IS 'The registration that it is about.';
COMMENT ON COLUMN state_register_answers.outcome IS 'Whether the register took it.';
COMMENT ON COLUMN state_register_answers.reason IS 'What the register gave as the reason.';
COMMENT ON COLUMN state_register_answers.annulled IS 'Whether the registration was annulled by it; one that had ended already was not.';
COMMENT ON COLUMN state_register_answers.received_at IS 'When the message came.';
CREATE INDEX state_register_answers_by_registration ON state_register_answers (registration_id);

ALTER TABLE events DROP CONSTRAINT events_kind_is_known;
ALTER TABLE events ADD CONSTRAINT events_kind_is_known CHECK (kind IN (
    'drafted', 'edited', 'attested', 'signature_received', 'signature_refused', 'signed', 'consent_given',
    'consent_declined', 'consent_taken_back', 'owners_changed', 'reminded', 'withdrawn', 'lapsed',
    'registered', 'refused', 'removal_demanded', 'removal_confirmed', 'removal_dropped', 'removed',
    'left', 'expired', 'replaced', 'annulled'));
