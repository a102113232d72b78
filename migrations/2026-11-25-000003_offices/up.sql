-- What people look for and find in their offices, and what they are told.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE applications ADD COLUMN words text NOT NULL DEFAULT '';
UPDATE applications SET words = lower(concat_ws(E'\n', address ->> 'kk', address ->> 'ru', address ->> 'en',
    (SELECT string_agg(name, E'\n' ORDER BY place) FROM residents WHERE application_id = applications.id)));
ALTER TABLE applications ALTER COLUMN words DROP DEFAULT;
COMMENT ON COLUMN applications.words IS 'What a search looks through: the address in three languages and the names of the residents, in small letters.';
CREATE INDEX applications_by_words ON applications USING gin (words gin_trgm_ops);
CREATE INDEX applications_by_dwelling ON applications (rka, id DESC);
CREATE INDEX applications_by_organisation ON applications (applicant_bin, id DESC) WHERE applicant_bin IS NOT NULL;

DROP INDEX registrations_by_dwelling;
CREATE INDEX registrations_by_dwelling ON registrations (rka, id DESC);
CREATE INDEX registrations_standing_by_dwelling ON registrations (rka, starts_on) WHERE ended_at IS NULL;
CREATE INDEX consents_reported ON consents (id DESC)
    WHERE decline_reason IN ('unknown_person', 'not_my_dwelling');
CREATE INDEX events_by_person ON events (actor_iin, at) WHERE actor_iin IS NOT NULL;
CREATE INDEX sessions_by_person ON sessions (iin, id);

CREATE TABLE notices (
    id uuid PRIMARY KEY,
    addressee text NOT NULL CONSTRAINT notices_addressee_is_known
        CHECK (addressee IN ('person', 'organisation', 'operator', 'colleague')),
    person_iin text CONSTRAINT notices_iin_is_twelve_digits CHECK (person_iin ~ '^[0-9]{12}$'),
    organisation_bin text CONSTRAINT notices_bin_is_twelve_digits CHECK (organisation_bin ~ '^[0-9]{12}$'),
    application_id uuid NOT NULL,
    version bigint NOT NULL,
    registration_id uuid REFERENCES registrations,
    topic text NOT NULL CONSTRAINT notices_topic_is_known CHECK (topic IN (
        'asked', 'asked_anew', 'named', 'edited', 'no_longer_asked', 'owners_changed',
        'evidence_awaited', 'signature_counts', 'signature_refused', 'some_consented', 'all_consented',
        'declined', 'taken_back', 'answer_due', 'answers_missing', 'withdrawn', 'lapsed',
        'registered', 'refused', 'removal_demanded', 'confirmation_asked', 'removal_confirmed',
        'removal_dropped', 'removed', 'left', 'ends_soon', 'expired', 'replaced', 'annulled')),
    facts jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    CONSTRAINT notices_to_somebody CHECK (
        (addressee = 'organisation') = (person_iin IS NULL)
        AND (addressee = 'person') = (organisation_bin IS NULL)),
    CONSTRAINT notices_of_a_step FOREIGN KEY (application_id, version) REFERENCES events,
    CONSTRAINT notices_once_for_each UNIQUE NULLS NOT DISTINCT
        (application_id, version, addressee, person_iin, organisation_bin, topic)
);
COMMENT ON TABLE notices IS 'What people are told of the steps that concern them; written with the step.';
COMMENT ON COLUMN notices.id IS 'UUID version 7.';
COMMENT ON COLUMN notices.addressee IS 'Who is told: a person, all who sign for an organisation, one operator of a service centre, or all its operators but one.';
COMMENT ON COLUMN notices.person_iin IS 'Individual identification number of the person or operator; of colleagues, that of the one who is not told.';
COMMENT ON COLUMN notices.organisation_bin IS 'Business identification number of the organisation.';
COMMENT ON COLUMN notices.application_id IS 'The application.';
COMMENT ON COLUMN notices.version IS 'The step of it that is told.';
COMMENT ON COLUMN notices.registration_id IS 'The registration that it is about, when it is about one.';
COMMENT ON COLUMN notices.topic IS 'What is told.';
COMMENT ON COLUMN notices.facts IS 'What the text says beside it, as it was then: names, address, days, counts.';
COMMENT ON COLUMN notices.created_at IS 'When.';
COMMENT ON COLUMN notices.read_at IS 'When it was first marked as read; in an organisation, by anybody.';
CREATE INDEX notices_by_person ON notices (person_iin, id DESC) WHERE addressee = 'person';
CREATE INDEX notices_by_organisation ON notices (organisation_bin, id DESC) WHERE organisation_bin IS NOT NULL;
CREATE INDEX notices_unread_by_person ON notices (person_iin, id DESC) WHERE addressee = 'person' AND read_at IS NULL;
CREATE INDEX notices_unread_by_organisation ON notices (organisation_bin, id DESC)
    WHERE organisation_bin IS NOT NULL AND read_at IS NULL;
