-- A person may have many registrations, but not two that hold on one day: the
-- exclusion constraint below compares a text for equality and a range for overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE dwellings (
    rka text PRIMARY KEY CONSTRAINT dwellings_rka_is_sixteen_digits CHECK (rka ~ '^[0-9]{16}$'),
    address jsonb NOT NULL
);
COMMENT ON TABLE dwellings IS 'The embedded real-estate register: dwellings that the service knows.';
COMMENT ON COLUMN dwellings.rka IS 'Registration code of the address.';
COMMENT ON COLUMN dwellings.address IS 'The address: an object with the members kk, ru and en.';

CREATE TABLE dwelling_owners (
    rka text NOT NULL REFERENCES dwellings,
    owner_iin text NOT NULL CONSTRAINT dwelling_owners_iin_is_twelve_digits CHECK (owner_iin ~ '^[0-9]{12}$'),
    PRIMARY KEY (rka, owner_iin)
);
COMMENT ON TABLE dwelling_owners IS 'The embedded real-estate register: who owns a dwelling or a share in it.';
COMMENT ON COLUMN dwelling_owners.rka IS 'The dwelling.';
COMMENT ON COLUMN dwelling_owners.owner_iin IS 'Individual identification number of the owner.';
CREATE INDEX dwelling_owners_by_owner ON dwelling_owners (owner_iin);

CREATE TABLE applications (
    id uuid PRIMARY KEY,
    version bigint NOT NULL CONSTRAINT applications_version_counts_from_one CHECK (version >= 1),
    state text NOT NULL CONSTRAINT applications_state_is_known CHECK (state IN (
        'draft', 'awaiting_consent', 'consented', 'registered',
        'declined', 'withdrawn', 'lapsed', 'refused')),
    resident_iin text NOT NULL CONSTRAINT applications_iin_is_twelve_digits CHECK (resident_iin ~ '^[0-9]{12}$'),
    resident_name text NOT NULL,
    rka text NOT NULL CONSTRAINT applications_rka_is_sixteen_digits CHECK (rka ~ '^[0-9]{16}$'),
    address jsonb NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    months smallint NOT NULL CONSTRAINT applications_months_are_one_to_twelve CHECK (months BETWEEN 1 AND 12),
    arrived_on date NOT NULL,
    language text NOT NULL CONSTRAINT applications_language_is_known CHECK (language IN ('kk', 'ru', 'en')),
    deadline timestamptz NOT NULL,
    grounds text CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
        'owners_changed', 'signature_void', 'already_registered')),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT applications_end_after_start CHECK (ends_on > starts_on),
    CONSTRAINT applications_start_after_arrival CHECK (starts_on >= arrived_on),
    CONSTRAINT applications_refused_with_grounds CHECK ((state = 'refused') = (grounds IS NOT NULL))
);
COMMENT ON TABLE applications IS 'Applications to be registered, as they stand now; events holds how they got there.';
COMMENT ON COLUMN applications.id IS 'UUID version 7, so that newer sorts after older.';
COMMENT ON COLUMN applications.version IS 'Number of steps made; each step writes exactly one row to events and one to outbox.';
COMMENT ON COLUMN applications.state IS 'Where the application stands.';
COMMENT ON COLUMN applications.resident_iin IS 'Individual identification number of the person who asks to be registered.';
COMMENT ON COLUMN applications.resident_name IS 'Name of that person as the certificate had it.';
COMMENT ON COLUMN applications.rka IS 'Registration code of the address.';
COMMENT ON COLUMN applications.address IS 'The address when the application was drafted: an object with the members kk, ru and en.';
COMMENT ON COLUMN applications.starts_on IS 'First day of the registration asked for.';
COMMENT ON COLUMN applications.ends_on IS 'Last day of the registration asked for.';
COMMENT ON COLUMN applications.months IS 'Length of the registration in whole months.';
COMMENT ON COLUMN applications.arrived_on IS 'Day on which the resident arrived; the ten-day duty counts from it.';
COMMENT ON COLUMN applications.language IS 'Language of the resident''s statement.';
COMMENT ON COLUMN applications.deadline IS 'Until when the next answer is awaited.';
COMMENT ON COLUMN applications.grounds IS 'Why the service refused, when it did.';
COMMENT ON COLUMN applications.created_at IS 'When it was drafted.';
COMMENT ON COLUMN applications.changed_at IS 'When it last changed.';
CREATE INDEX applications_by_resident ON applications (resident_iin, id DESC);
CREATE INDEX applications_open_by_deadline ON applications (deadline)
    WHERE state IN ('draft', 'awaiting_consent', 'consented');

CREATE TABLE consents (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications,
    owner_iin text NOT NULL CONSTRAINT consents_iin_is_twelve_digits CHECK (owner_iin ~ '^[0-9]{12}$'),
    answer text NOT NULL CONSTRAINT consents_answer_is_known CHECK (answer IN ('awaited', 'given', 'declined')),
    decline_reason text CONSTRAINT consents_reason_is_known CHECK (decline_reason IN (
        'not_agreed', 'unknown_person', 'not_my_dwelling')),
    answered_at timestamptz,
    CONSTRAINT consents_one_for_each_owner UNIQUE (application_id, owner_iin),
    CONSTRAINT consents_answered_with_time CHECK ((answer = 'awaited') = (answered_at IS NULL)),
    CONSTRAINT consents_declined_with_reason CHECK ((answer = 'declined') = (decline_reason IS NOT NULL))
);
COMMENT ON TABLE consents IS 'The owners who are asked in an application, and their answers.';
COMMENT ON COLUMN consents.id IS 'UUID version 7.';
COMMENT ON COLUMN consents.application_id IS 'The application.';
COMMENT ON COLUMN consents.owner_iin IS 'Individual identification number of the owner who is asked.';
COMMENT ON COLUMN consents.answer IS 'What the owner said.';
COMMENT ON COLUMN consents.decline_reason IS 'Why the owner said no.';
COMMENT ON COLUMN consents.answered_at IS 'When the owner answered.';
CREATE INDEX consents_by_owner ON consents (owner_iin, application_id DESC);

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications,
    consent_id uuid REFERENCES consents,
    language text NOT NULL CONSTRAINT documents_language_is_known CHECK (language IN ('kk', 'ru', 'en')),
    bytes bytea NOT NULL,
    nonce bytea NOT NULL CONSTRAINT documents_nonce_is_never_drawn_twice UNIQUE
        CONSTRAINT documents_nonce_has_256_bits CHECK (octet_length(nonce) = 32),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT documents_one_in_each_language UNIQUE NULLS NOT DISTINCT (application_id, consent_id, language)
);
COMMENT ON TABLE documents IS 'The bytes that people are asked to sign. Written once, never changed.';
COMMENT ON COLUMN documents.id IS 'UUID version 7.';
COMMENT ON COLUMN documents.application_id IS 'The application it belongs to.';
COMMENT ON COLUMN documents.consent_id IS 'The consent it asks for; absent in the resident''s own document.';
COMMENT ON COLUMN documents.language IS 'Language of the statement in it.';
COMMENT ON COLUMN documents.bytes IS 'The bytes to be signed: canonical JSON (RFC 8785).';
COMMENT ON COLUMN documents.nonce IS 'The nonce in the bytes.';
COMMENT ON COLUMN documents.issued_at IS 'When the service made it: no signature over it is older.';
COMMENT ON COLUMN documents.expires_at IS 'The last moment at which a signature over it is taken.';

CREATE TABLE signatures (
    document_id uuid PRIMARY KEY REFERENCES documents,
    application_id uuid NOT NULL REFERENCES applications,
    consent_id uuid CONSTRAINT signatures_one_for_each_consent UNIQUE REFERENCES consents,
    signer_iin text NOT NULL CONSTRAINT signatures_iin_is_twelve_digits CHECK (signer_iin ~ '^[0-9]{12}$'),
    cms bytea NOT NULL,
    certificate bytea NOT NULL,
    report jsonb NOT NULL CONSTRAINT signatures_passed CHECK (report ->> 'indication' = 'TOTAL-PASSED'),
    received_at timestamptz NOT NULL
);
COMMENT ON TABLE signatures IS 'Signatures that held when they were received. Written once, never changed.';
COMMENT ON COLUMN signatures.document_id IS 'The document that was signed.';
COMMENT ON COLUMN signatures.application_id IS 'The application it belongs to.';
COMMENT ON COLUMN signatures.consent_id IS 'The consent it gives; absent in the resident''s own signature.';
COMMENT ON COLUMN signatures.signer_iin IS 'Individual identification number in the signing certificate.';
COMMENT ON COLUMN signatures.cms IS 'The detached CMS SignedData (RFC 5652) as it was received.';
COMMENT ON COLUMN signatures.certificate IS 'The signing certificate (DER).';
COMMENT ON COLUMN signatures.report IS 'The validation report.';
COMMENT ON COLUMN signatures.received_at IS 'When it was received: the signature is not younger.';
CREATE UNIQUE INDEX signatures_one_by_the_resident ON signatures (application_id) WHERE consent_id IS NULL;

CREATE TABLE refusals (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications,
    consent_id uuid REFERENCES consents,
    code text NOT NULL,
    report jsonb,
    signature_sha256 bytea NOT NULL CONSTRAINT refusals_digest_has_256_bits CHECK (octet_length(signature_sha256) = 32),
    refused_at timestamptz NOT NULL
);
COMMENT ON TABLE refusals IS 'Signatures that were offered and refused. Written once, never changed.';
COMMENT ON COLUMN refusals.id IS 'UUID version 7.';
COMMENT ON COLUMN refusals.application_id IS 'The application it was offered for.';
COMMENT ON COLUMN refusals.consent_id IS 'The consent it was offered for; absent when offered as the resident''s own.';
COMMENT ON COLUMN refusals.code IS 'The reason as the answer gave it.';
COMMENT ON COLUMN refusals.report IS 'The validation report, when the signature itself was at fault.';
COMMENT ON COLUMN refusals.signature_sha256 IS 'SHA-256 of the bytes that were offered.';
COMMENT ON COLUMN refusals.refused_at IS 'When.';
CREATE INDEX refusals_by_application ON refusals (application_id);

CREATE TABLE registrations (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT registrations_one_for_each_application UNIQUE REFERENCES applications,
    resident_iin text NOT NULL CONSTRAINT registrations_iin_is_twelve_digits CHECK (resident_iin ~ '^[0-9]{12}$'),
    rka text NOT NULL,
    address jsonb NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    months smallint NOT NULL,
    registered_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT registrations_end_after_start CHECK (ends_on > starts_on),
    CONSTRAINT registrations_one_at_a_time EXCLUDE USING gist (
        resident_iin WITH =, daterange(starts_on, ends_on, '[]') WITH &&) WHERE (ended_at IS NULL)
);
COMMENT ON TABLE registrations IS 'Temporary registrations; a person has at most one on any day.';
COMMENT ON COLUMN registrations.id IS 'UUID version 7.';
COMMENT ON COLUMN registrations.application_id IS 'The application that led to it.';
COMMENT ON COLUMN registrations.resident_iin IS 'Individual identification number of the registered person.';
COMMENT ON COLUMN registrations.rka IS 'Registration code of the address.';
COMMENT ON COLUMN registrations.address IS 'The address: an object with the members kk, ru and en.';
COMMENT ON COLUMN registrations.starts_on IS 'First day.';
COMMENT ON COLUMN registrations.ends_on IS 'Last day.';
COMMENT ON COLUMN registrations.months IS 'Length in whole months.';
COMMENT ON COLUMN registrations.registered_at IS 'When it was written.';
COMMENT ON COLUMN registrations.ended_at IS 'When it ended before its last day.';
CREATE INDEX registrations_by_dwelling ON registrations (rka);

CREATE TABLE events (
    application_id uuid NOT NULL REFERENCES applications,
    version bigint NOT NULL,
    kind text NOT NULL CONSTRAINT events_kind_is_known CHECK (kind IN (
        'drafted', 'signed', 'consent_given', 'consent_declined',
        'withdrawn', 'lapsed', 'registered', 'refused')),
    state text NOT NULL,
    actor_iin text CONSTRAINT events_iin_is_twelve_digits CHECK (actor_iin ~ '^[0-9]{12}$'),
    at timestamptz NOT NULL,
    PRIMARY KEY (application_id, version)
);
COMMENT ON TABLE events IS 'What happened to each application: one row a step, only ever added.';
COMMENT ON COLUMN events.application_id IS 'The application.';
COMMENT ON COLUMN events.version IS 'The version of the application that the step led to; from 1 without a gap.';
COMMENT ON COLUMN events.kind IS 'What happened.';
COMMENT ON COLUMN events.state IS 'The state that the step led to.';
COMMENT ON COLUMN events.actor_iin IS 'Who acted; absent when a time had come.';
COMMENT ON COLUMN events.at IS 'When; never before the step before it.';

CREATE TABLE outbox (
    application_id uuid NOT NULL REFERENCES applications,
    sequence bigint NOT NULL,
    id uuid NOT NULL CONSTRAINT outbox_id_is_unique UNIQUE,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    delivered_at timestamptz,
    parked_at timestamptz,
    last_error text,
    PRIMARY KEY (application_id, sequence),
    CONSTRAINT outbox_delivered_or_parked CHECK (delivered_at IS NULL OR parked_at IS NULL)
);
COMMENT ON TABLE outbox IS 'What the portal is to be told; written with the step that it tells of.';
COMMENT ON COLUMN outbox.application_id IS 'The application; its messages are delivered in order.';
COMMENT ON COLUMN outbox.sequence IS 'The order: the version of the application, from 1 without a gap.';
COMMENT ON COLUMN outbox.id IS 'Identifier of the message: the same in each attempt.';
COMMENT ON COLUMN outbox.body IS 'The JSON that is sent, byte for byte.';
COMMENT ON COLUMN outbox.created_at IS 'When it was written.';
COMMENT ON COLUMN outbox.attempts IS 'How often delivery was tried.';
COMMENT ON COLUMN outbox.next_attempt_at IS 'When to try next.';
COMMENT ON COLUMN outbox.delivered_at IS 'When the portal took it.';
COMMENT ON COLUMN outbox.parked_at IS 'When delivery was given up until somebody looks.';
COMMENT ON COLUMN outbox.last_error IS 'Why the last attempt failed.';
CREATE INDEX outbox_waiting ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_undelivered ON outbox (application_id, sequence) WHERE delivered_at IS NULL;

CREATE TABLE challenges (
    id uuid PRIMARY KEY,
    bytes bytea NOT NULL,
    nonce bytea NOT NULL CONSTRAINT challenges_nonce_is_never_drawn_twice UNIQUE
        CONSTRAINT challenges_nonce_has_256_bits CHECK (octet_length(nonce) = 32),
    language text NOT NULL CONSTRAINT challenges_language_is_known CHECK (language IN ('kk', 'ru', 'en')),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
COMMENT ON TABLE challenges IS 'What people sign to show who they are; good once and for two minutes.';
COMMENT ON COLUMN challenges.id IS 'UUID version 7.';
COMMENT ON COLUMN challenges.bytes IS 'The bytes to be signed: canonical JSON (RFC 8785).';
COMMENT ON COLUMN challenges.nonce IS 'The nonce in the bytes.';
COMMENT ON COLUMN challenges.language IS 'Language of the statement in it.';
COMMENT ON COLUMN challenges.issued_at IS 'When the service made it.';
COMMENT ON COLUMN challenges.expires_at IS 'The last moment at which it is taken.';
COMMENT ON COLUMN challenges.used_at IS 'When it was used.';
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    token_sha256 bytea NOT NULL CONSTRAINT sessions_token_is_unique UNIQUE
        CONSTRAINT sessions_digest_has_256_bits CHECK (octet_length(token_sha256) = 32),
    iin text NOT NULL CONSTRAINT sessions_iin_is_twelve_digits CHECK (iin ~ '^[0-9]{12}$'),
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
COMMENT ON TABLE sessions IS 'Who has signed in.';
COMMENT ON COLUMN sessions.id IS 'UUID version 7.';
COMMENT ON COLUMN sessions.token_sha256 IS 'SHA-256 of the token; the token itself is never stored.';
COMMENT ON COLUMN sessions.iin IS 'Individual identification number in the certificate.';
COMMENT ON COLUMN sessions.name IS 'Name in the certificate.';
COMMENT ON COLUMN sessions.created_at IS 'When the person signed in.';
COMMENT ON COLUMN sessions.seen_at IS 'When the session was last used, to the minute.';
COMMENT ON COLUMN sessions.expires_at IS 'When it ends by itself.';
COMMENT ON COLUMN sessions.ended_at IS 'When the person signed out.';
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE idempotency_keys (
    iin text NOT NULL CONSTRAINT idempotency_keys_iin_is_twelve_digits CHECK (iin ~ '^[0-9]{12}$'),
    key text NOT NULL CONSTRAINT idempotency_keys_key_is_short CHECK (octet_length(key) BETWEEN 1 AND 255),
    request_sha256 bytea NOT NULL CONSTRAINT idempotency_keys_digest_has_256_bits CHECK (octet_length(request_sha256) = 32),
    status smallint NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (iin, key)
);
COMMENT ON TABLE idempotency_keys IS 'Answers already given, so that a repeated request has one effect and one answer.';
COMMENT ON COLUMN idempotency_keys.iin IS 'Whose key it is.';
COMMENT ON COLUMN idempotency_keys.key IS 'The Idempotency-Key of the request.';
COMMENT ON COLUMN idempotency_keys.request_sha256 IS 'SHA-256 over method, path and body of the request.';
COMMENT ON COLUMN idempotency_keys.status IS 'HTTP status of the answer.';
COMMENT ON COLUMN idempotency_keys.body IS 'JSON of the answer, byte for byte.';
COMMENT ON COLUMN idempotency_keys.created_at IS 'When; kept for 30 days.';
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
