-- A signature that was acknowledged waits for its evidence without counting.
ALTER TABLE applications DROP CONSTRAINT applications_state_is_known;
ALTER TABLE applications ADD CONSTRAINT applications_state_is_known CHECK (state IN (
    'draft', 'pending_evidence', 'awaiting_consent', 'consented', 'registered',
    'declined', 'withdrawn', 'lapsed', 'refused'));
ALTER TABLE applications ADD COLUMN asked_at timestamptz;
COMMENT ON COLUMN applications.asked_at IS 'When the owners were asked; before that no owner knows of it.';
UPDATE applications SET asked_at = signed.at
    FROM events signed WHERE signed.application_id = applications.id AND signed.kind = 'signed';
ALTER TABLE applications ADD CONSTRAINT applications_asked_before_answers CHECK (
    asked_at IS NOT NULL OR state IN ('draft', 'pending_evidence', 'withdrawn', 'lapsed'));
DROP INDEX applications_open_by_deadline;
CREATE INDEX applications_open_by_deadline ON applications (deadline)
    WHERE state IN ('draft', 'pending_evidence', 'awaiting_consent', 'consented');

ALTER TABLE consents DROP CONSTRAINT consents_answer_is_known;
ALTER TABLE consents ADD CONSTRAINT consents_answer_is_known
    CHECK (answer IN ('awaited', 'pending_evidence', 'given', 'declined'));

ALTER TABLE events DROP CONSTRAINT events_kind_is_known;
ALTER TABLE events ADD CONSTRAINT events_kind_is_known CHECK (kind IN (
    'drafted', 'signature_received', 'signature_refused', 'signed', 'consent_given',
    'consent_declined', 'withdrawn', 'lapsed', 'registered', 'refused'));

-- What was stored before has no time-stamp: it is what it was, and new rows must be more.
ALTER TABLE signatures ADD COLUMN augmented bytea;
UPDATE signatures SET augmented = cms;
ALTER TABLE signatures ALTER COLUMN augmented SET NOT NULL;
COMMENT ON COLUMN signatures.augmented IS 'The same signature with all that proves it: certificates, revocation data, time-stamp (CAdES-LT, ETSI EN 319 122-1).';
ALTER TABLE signatures ADD COLUMN signed_at timestamptz;
UPDATE signatures SET signed_at = received_at;
ALTER TABLE signatures ALTER COLUMN signed_at SET NOT NULL;
COMMENT ON COLUMN signatures.signed_at IS 'When the signature is proven to have existed.';
ALTER TABLE signatures ADD CONSTRAINT signatures_with_policy CHECK (
    report ->> 'policy' IS NOT NULL AND report ->> 'policy_hash' IS NOT NULL);
ALTER TABLE signatures ADD CONSTRAINT signatures_with_path CHECK (
    jsonb_array_length(report -> 'certificates') >= 2);
ALTER TABLE signatures ADD CONSTRAINT signatures_time_stamped CHECK (
    coalesce(jsonb_array_length(report -> 'time_stamps'), 0) >= 1) NOT VALID;
ALTER TABLE signatures ADD CONSTRAINT signatures_with_revocation_data CHECK (
    coalesce(jsonb_array_length(report -> 'revocation'), 0) >= 1) NOT VALID;

CREATE TABLE received_signatures (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents,
    application_id uuid NOT NULL REFERENCES applications,
    consent_id uuid REFERENCES consents,
    cms bytea NOT NULL,
    stamped bytea NOT NULL,
    received_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0 CONSTRAINT received_signatures_attempts_are_counted CHECK (attempts >= 0),
    next_attempt_at timestamptz NOT NULL,
    give_up_at timestamptz NOT NULL,
    trouble text NOT NULL,
    settled_at timestamptz,
    outcome text CONSTRAINT received_signatures_outcome_is_known CHECK (outcome IN ('counted', 'refused', 'moot')),
    CONSTRAINT received_signatures_settled_with_outcome CHECK ((settled_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT received_signatures_give_up_later CHECK (give_up_at > received_at)
);
COMMENT ON TABLE received_signatures IS 'Signatures that were acknowledged before their evidence was there; never deleted.';
COMMENT ON COLUMN received_signatures.id IS 'UUID version 7.';
COMMENT ON COLUMN received_signatures.document_id IS 'The document that was signed.';
COMMENT ON COLUMN received_signatures.application_id IS 'The application it belongs to.';
COMMENT ON COLUMN received_signatures.consent_id IS 'The consent it would give; absent in the resident''s own signature.';
COMMENT ON COLUMN received_signatures.cms IS 'The detached CMS SignedData (RFC 5652) as it was received.';
COMMENT ON COLUMN received_signatures.stamped IS 'The same with its time-stamp, once there is one.';
COMMENT ON COLUMN received_signatures.received_at IS 'When it was received: the signature is not younger.';
COMMENT ON COLUMN received_signatures.attempts IS 'How often evidence was looked for.';
COMMENT ON COLUMN received_signatures.next_attempt_at IS 'When to look again.';
COMMENT ON COLUMN received_signatures.give_up_at IS 'When it is refused if there is still no evidence.';
COMMENT ON COLUMN received_signatures.trouble IS 'What was missing the last time, as a sub-indication of ETSI EN 319 102-1.';
COMMENT ON COLUMN received_signatures.settled_at IS 'When it was decided.';
COMMENT ON COLUMN received_signatures.outcome IS 'How: counted, refused, or moot because the application had come to an end.';
CREATE UNIQUE INDEX received_signatures_one_at_a_time
    ON received_signatures (application_id, consent_id) NULLS NOT DISTINCT WHERE settled_at IS NULL;
CREATE INDEX received_signatures_waiting ON received_signatures (next_attempt_at) WHERE settled_at IS NULL;
