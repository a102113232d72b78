-- Both kinds of registration, all parties, and the whole life of a registration.
ALTER TABLE dwellings ADD COLUMN used_as text NOT NULL DEFAULT 'home'
    CONSTRAINT dwellings_use_is_known CHECK (used_as IN ('home', 'lodging'));
ALTER TABLE dwellings ADD COLUMN area_m2 integer
    CONSTRAINT dwellings_area_is_positive CHECK (area_m2 > 0);
COMMENT ON COLUMN dwellings.used_as IS 'A home, or a lodging: a dormitory, hotel, care home or the like, whose administration may apply for those who stay there.';
COMMENT ON COLUMN dwellings.area_m2 IS 'Useful area in whole square metres, where it is known.';

ALTER TABLE dwelling_owners DROP CONSTRAINT dwelling_owners_pkey;
ALTER TABLE dwelling_owners ALTER COLUMN owner_iin DROP NOT NULL;
ALTER TABLE dwelling_owners ADD COLUMN owner_bin text
    CONSTRAINT dwelling_owners_bin_is_twelve_digits CHECK (owner_bin ~ '^[0-9]{12}$');
ALTER TABLE dwelling_owners ADD CONSTRAINT dwelling_owners_person_or_organisation
    CHECK (num_nonnulls(owner_iin, owner_bin) = 1);
ALTER TABLE dwelling_owners ADD CONSTRAINT dwelling_owners_each_once
    UNIQUE NULLS NOT DISTINCT (rka, owner_iin, owner_bin);
COMMENT ON COLUMN dwelling_owners.owner_iin IS 'Individual identification number of the owner, when a person.';
COMMENT ON COLUMN dwelling_owners.owner_bin IS 'Business identification number of the owner, when an organisation.';
CREATE INDEX dwelling_owners_by_organisation ON dwelling_owners (owner_bin) WHERE owner_bin IS NOT NULL;

CREATE TABLE residents (
    application_id uuid NOT NULL REFERENCES applications,
    iin text NOT NULL CONSTRAINT residents_iin_is_twelve_digits CHECK (iin ~ '^[0-9]{12}$'),
    place smallint NOT NULL CONSTRAINT residents_place_counts_from_one CHECK (place >= 1),
    name text NOT NULL,
    PRIMARY KEY (application_id, iin),
    CONSTRAINT residents_one_in_each_place UNIQUE (application_id, place)
);
COMMENT ON TABLE residents IS 'Who is to be registered by an application: one person, or a family.';
COMMENT ON COLUMN residents.application_id IS 'The application.';
COMMENT ON COLUMN residents.iin IS 'Individual identification number.';
COMMENT ON COLUMN residents.place IS 'The order in which they were named.';
COMMENT ON COLUMN residents.name IS 'Surname, given name and patronymic.';
CREATE INDEX residents_by_person ON residents (iin, application_id DESC);
INSERT INTO residents SELECT id, resident_iin, 1, resident_name FROM applications;

DROP INDEX applications_by_resident;
ALTER TABLE applications RENAME COLUMN resident_iin TO applicant_iin;
ALTER TABLE applications RENAME COLUMN resident_name TO applicant_name;
COMMENT ON COLUMN applications.applicant_iin IS 'Individual identification number of the person who asks.';
COMMENT ON COLUMN applications.applicant_name IS 'Name of that person as the certificate had it.';
CREATE INDEX applications_by_applicant ON applications (applicant_iin, id DESC);
ALTER TABLE applications ADD COLUMN capacity text NOT NULL DEFAULT 'oneself'
    CONSTRAINT applications_capacity_is_known CHECK (capacity IN ('oneself', 'administration', 'operator'));
ALTER TABLE applications ALTER COLUMN capacity DROP DEFAULT;
COMMENT ON COLUMN applications.capacity IS 'For whom the applicant speaks: themselves and those they represent, the administration of a lodging, or people at a service centre.';
ALTER TABLE applications ADD COLUMN applicant_bin text
    CONSTRAINT applications_bin_is_twelve_digits CHECK (applicant_bin ~ '^[0-9]{12}$');
ALTER TABLE applications ADD CONSTRAINT applications_organisation_where_one_speaks
    CHECK ((capacity = 'oneself') = (applicant_bin IS NULL));
COMMENT ON COLUMN applications.applicant_bin IS 'Business identification number of the organisation for which the applicant speaks.';
ALTER TABLE applications ADD COLUMN kind text NOT NULL DEFAULT 'temporary'
    CONSTRAINT applications_kind_is_known CHECK (kind IN ('temporary', 'permanent'));
ALTER TABLE applications ALTER COLUMN kind DROP DEFAULT;
COMMENT ON COLUMN applications.kind IS 'Temporary or permanent registration.';
ALTER TABLE applications ALTER COLUMN ends_on DROP NOT NULL;
ALTER TABLE applications ALTER COLUMN months DROP NOT NULL;
ALTER TABLE applications ADD CONSTRAINT applications_temporary_with_end
    CHECK ((kind = 'temporary') = (ends_on IS NOT NULL) AND (kind = 'temporary') = (months IS NOT NULL));
COMMENT ON COLUMN applications.ends_on IS 'Last day of the registration asked for; absent when it has no end.';
COMMENT ON COLUMN applications.months IS 'Length of the registration in whole months; absent when it has no end.';
ALTER TABLE applications ADD COLUMN edition integer NOT NULL DEFAULT 1
    CONSTRAINT applications_edition_counts_from_one CHECK (edition >= 1);
COMMENT ON COLUMN applications.asked_at IS 'When the parties of this edition were first asked; before that none of them knows of it.';
COMMENT ON COLUMN applications.edition IS 'How often what is asked for was written.';
ALTER TABLE applications ADD COLUMN round integer NOT NULL DEFAULT 1
    CONSTRAINT applications_round_counts_from_one CHECK (round >= 1);
COMMENT ON COLUMN applications.round IS 'How often the parties were asked; the consents of earlier rounds are void.';
ALTER TABLE applications ADD COLUMN owners text[] NOT NULL DEFAULT '{}';
UPDATE applications SET owners = coalesce(
    (SELECT array_agg('iin:' || owner_iin ORDER BY owner_iin) FROM consents WHERE application_id = applications.id), '{}');
COMMENT ON COLUMN applications.owners IS 'The owners when the parties were last asked, each as iin:NUMBER or bin:NUMBER.';
ALTER TABLE applications ADD COLUMN extends uuid REFERENCES registrations;
COMMENT ON COLUMN applications.extends IS 'The registration that goes on by it.';
ALTER TABLE applications ADD COLUMN reminders integer NOT NULL DEFAULT 0
    CONSTRAINT applications_reminders_are_counted CHECK (reminders >= 0);
COMMENT ON COLUMN applications.reminders IS 'How many reminders of the present state have had their time.';
ALTER TABLE applications ADD COLUMN remind_at timestamptz;
COMMENT ON COLUMN applications.remind_at IS 'When the next reminder is due, if one is.';
CREATE INDEX applications_to_remind ON applications (remind_at) WHERE remind_at IS NOT NULL;
ALTER TABLE applications DROP CONSTRAINT applications_state_is_known;
ALTER TABLE applications ADD CONSTRAINT applications_state_is_known CHECK (state IN (
    'draft', 'pending_evidence', 'awaiting_consent', 'consented', 'registered', 'ended',
    'declined', 'withdrawn', 'lapsed', 'refused'));
ALTER TABLE applications DROP CONSTRAINT applications_grounds_are_known;
ALTER TABLE applications ADD CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
    'owners_changed', 'signature_void', 'already_registered', 'nothing_to_extend'));

ALTER TABLE consents RENAME COLUMN owner_iin TO party_iin;
ALTER TABLE consents ALTER COLUMN party_iin DROP NOT NULL;
COMMENT ON TABLE consents IS 'Those who are asked, and their answers.';
COMMENT ON COLUMN consents.party_iin IS 'Individual identification number of the person who is asked; of a colleague, that of the first operator, who may not answer.';
ALTER TABLE consents ADD COLUMN party text NOT NULL DEFAULT 'owner'
    CONSTRAINT consents_party_is_known CHECK (party IN ('owner', 'tenant', 'resident', 'colleague'));
ALTER TABLE consents ALTER COLUMN party DROP DEFAULT;
COMMENT ON COLUMN consents.party IS 'As what the party is asked.';
ALTER TABLE consents ADD COLUMN party_bin text
    CONSTRAINT consents_bin_is_twelve_digits CHECK (party_bin ~ '^[0-9]{12}$');
COMMENT ON COLUMN consents.party_bin IS 'Business identification number of the organisation that is asked.';
ALTER TABLE consents ADD CONSTRAINT consents_of_a_person_or_organisation CHECK (
    CASE party WHEN 'owner' THEN num_nonnulls(party_iin, party_bin) = 1
               WHEN 'colleague' THEN num_nonnulls(party_iin, party_bin) = 2
               ELSE party_iin IS NOT NULL AND party_bin IS NULL END);
ALTER TABLE consents ADD COLUMN delegate_iin text
    CONSTRAINT consents_delegate_is_twelve_digits CHECK (delegate_iin ~ '^[0-9]{12}$');
COMMENT ON COLUMN consents.delegate_iin IS 'Who may answer in the party''s place.';
ALTER TABLE consents ADD COLUMN delegate_power text;
ALTER TABLE consents ADD CONSTRAINT consents_delegate_with_power
    CHECK ((delegate_iin IS NULL) = (delegate_power IS NULL));
COMMENT ON COLUMN consents.delegate_power IS 'Number of the power of attorney by which the delegate may.';
ALTER TABLE consents ADD COLUMN round integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN consents.round IS 'The round in which the party is asked.';
ALTER TABLE consents ADD COLUMN removal uuid REFERENCES documents;
COMMENT ON COLUMN consents.removal IS 'The document by which an owner demands the end of a registration that this consent confirms.';
ALTER TABLE consents DROP CONSTRAINT consents_one_for_each_owner;
ALTER TABLE consents ADD CONSTRAINT consents_one_for_each_party
    UNIQUE NULLS NOT DISTINCT (application_id, round, removal, party, party_iin, party_bin);
ALTER TABLE consents DROP CONSTRAINT consents_answer_is_known;
ALTER TABLE consents ADD CONSTRAINT consents_answer_is_known
    CHECK (answer IN ('awaited', 'pending_evidence', 'given', 'declined', 'taken_back'));
COMMENT ON COLUMN consents.answer IS 'What was said.';
COMMENT ON COLUMN consents.decline_reason IS 'Why the party said no.';
COMMENT ON COLUMN consents.answered_at IS 'When the party answered.';
DROP INDEX consents_by_owner;
CREATE INDEX consents_by_person ON consents (party_iin, application_id DESC);
CREATE INDEX consents_by_delegate ON consents (delegate_iin, application_id DESC) WHERE delegate_iin IS NOT NULL;
CREATE INDEX consents_by_organisation ON consents (party_bin, application_id DESC) WHERE party_bin IS NOT NULL;

ALTER TABLE documents ADD COLUMN purpose text NOT NULL DEFAULT 'application'
    CONSTRAINT documents_purpose_is_known CHECK (purpose IN ('application', 'consent', 'leaving', 'removal'));
UPDATE documents SET purpose = 'consent' WHERE consent_id IS NOT NULL;
ALTER TABLE documents ALTER COLUMN purpose DROP DEFAULT;
COMMENT ON COLUMN documents.purpose IS 'What a signature over it means.';
ALTER TABLE documents ADD COLUMN edition integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN documents.edition IS 'The edition of the application to which it belongs.';
ALTER TABLE documents ADD COLUMN registration_id uuid REFERENCES registrations;
COMMENT ON COLUMN documents.registration_id IS 'The registration whose end it is about, when it is about one.';
ALTER TABLE documents ADD CONSTRAINT documents_purpose_with_its_matter CHECK (
    (purpose = 'consent') = (consent_id IS NOT NULL)
    AND (purpose IN ('leaving', 'removal')) = (registration_id IS NOT NULL));
ALTER TABLE documents ADD COLUMN signatory text;
UPDATE documents SET signatory = 'person:' || coalesce(
    (SELECT party_iin FROM consents WHERE consents.id = consent_id),
    (SELECT applicant_iin FROM applications WHERE applications.id = application_id));
ALTER TABLE documents ALTER COLUMN signatory SET NOT NULL;
COMMENT ON COLUMN documents.signatory IS 'Who is to sign it: person:IIN, organisation:BIN, operator:BIN:IIN or colleague:BIN:IIN.';
ALTER TABLE documents DROP CONSTRAINT documents_one_in_each_language;
CREATE UNIQUE INDEX documents_one_in_each_language
    ON documents (application_id, edition, consent_id, signatory, language) NULLS NOT DISTINCT
    WHERE purpose IN ('application', 'consent');
CREATE INDEX documents_by_registration ON documents (registration_id) WHERE registration_id IS NOT NULL;

ALTER TABLE signatures ADD COLUMN purpose text NOT NULL DEFAULT 'application'
    CONSTRAINT signatures_purpose_is_known CHECK (purpose IN ('application', 'consent', 'leaving', 'removal'));
UPDATE signatures SET purpose = 'consent' WHERE consent_id IS NOT NULL;
ALTER TABLE signatures ALTER COLUMN purpose DROP DEFAULT;
COMMENT ON COLUMN signatures.purpose IS 'What it means.';
ALTER TABLE signatures ADD COLUMN edition integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN signatures.edition IS 'The edition of the application that was signed.';
ALTER TABLE signatures ADD COLUMN signer_bin text
    CONSTRAINT signatures_bin_is_twelve_digits CHECK (signer_bin ~ '^[0-9]{12}$');
COMMENT ON COLUMN signatures.signer_bin IS 'Business identification number in the signing certificate, when it has one.';
DROP INDEX signatures_one_by_the_resident;
CREATE UNIQUE INDEX signatures_one_by_the_applicant
    ON signatures (application_id, edition) WHERE purpose = 'application';

ALTER TABLE registrations DROP CONSTRAINT registrations_one_for_each_application;
ALTER TABLE registrations ADD CONSTRAINT registrations_one_for_each_resident UNIQUE (application_id, resident_iin);
ALTER TABLE registrations ADD COLUMN kind text NOT NULL DEFAULT 'temporary'
    CONSTRAINT registrations_kind_is_known CHECK (kind IN ('temporary', 'permanent'));
ALTER TABLE registrations ALTER COLUMN kind DROP DEFAULT;
COMMENT ON TABLE registrations IS 'Registrations; a person has at most one of each kind on any day.';
COMMENT ON COLUMN registrations.kind IS 'Temporary or permanent.';
ALTER TABLE registrations ALTER COLUMN ends_on DROP NOT NULL;
ALTER TABLE registrations ALTER COLUMN months DROP NOT NULL;
ALTER TABLE registrations ADD CONSTRAINT registrations_temporary_with_end
    CHECK ((kind = 'temporary') = (ends_on IS NOT NULL) AND (kind = 'temporary') = (months IS NOT NULL));
ALTER TABLE registrations DROP CONSTRAINT registrations_one_at_a_time;
ALTER TABLE registrations ADD CONSTRAINT registrations_one_at_a_time EXCLUDE USING gist (
    resident_iin WITH =, kind WITH =, daterange(starts_on, ends_on, '[]') WITH &&) WHERE (ended_at IS NULL);
ALTER TABLE registrations ADD COLUMN ending text
    CONSTRAINT registrations_ending_is_known CHECK (ending IN ('expired', 'left', 'removed', 'replaced', 'annulled'));
UPDATE registrations SET ending = 'left' WHERE ended_at IS NOT NULL;
ALTER TABLE registrations ADD CONSTRAINT registrations_ended_somehow
    CHECK ((ending IS NULL) = (ended_at IS NULL));
COMMENT ON COLUMN registrations.ending IS 'How it came to an end.';
COMMENT ON COLUMN registrations.ended_at IS 'When it came to an end.';
ALTER TABLE registrations ADD COLUMN removal uuid REFERENCES documents;
COMMENT ON COLUMN registrations.removal IS 'The document by which an owner demands its end, while the other owners are asked.';
ALTER TABLE registrations ADD COLUMN removal_by text;
COMMENT ON COLUMN registrations.removal_by IS 'That owner: iin:NUMBER or bin:NUMBER.';
ALTER TABLE registrations ADD COLUMN removal_deadline timestamptz;
COMMENT ON COLUMN registrations.removal_deadline IS 'Until when the other owners may confirm it.';
ALTER TABLE registrations ADD CONSTRAINT registrations_removal_is_whole
    CHECK (num_nonnulls(removal, removal_by, removal_deadline) IN (0, 3));
CREATE INDEX registrations_by_resident ON registrations (resident_iin, id DESC);
CREATE INDEX registrations_to_expire ON registrations (ends_on) WHERE ended_at IS NULL;
CREATE INDEX registrations_removal_overdue ON registrations (removal_deadline) WHERE removal IS NOT NULL;

ALTER TABLE events DROP CONSTRAINT events_kind_is_known;
ALTER TABLE events ADD CONSTRAINT events_kind_is_known CHECK (kind IN (
    'drafted', 'edited', 'signature_received', 'signature_refused', 'signed', 'consent_given',
    'consent_declined', 'consent_taken_back', 'owners_changed', 'reminded', 'withdrawn', 'lapsed',
    'registered', 'refused', 'removal_demanded', 'removal_confirmed', 'removal_dropped', 'removed',
    'left', 'expired', 'replaced', 'annulled'));
ALTER TABLE events ADD COLUMN actor_bin text
    CONSTRAINT events_bin_is_twelve_digits CHECK (actor_bin ~ '^[0-9]{12}$');
COMMENT ON COLUMN events.actor_bin IS 'Business identification number of the organisation for which somebody acted.';
ALTER TABLE events ADD COLUMN actor text NOT NULL DEFAULT 'person'
    CONSTRAINT events_actor_is_known CHECK (actor IN ('person', 'signs', 'employed', 'service', 'register'));
UPDATE events SET actor = 'service' WHERE actor_iin IS NULL;
ALTER TABLE events ALTER COLUMN actor DROP DEFAULT;
ALTER TABLE events ADD CONSTRAINT events_actor_is_somebody CHECK (
    (actor NOT IN ('service', 'register') OR actor_iin IS NULL)
    AND (actor IN ('signs', 'employed') OR actor_bin IS NULL));
COMMENT ON COLUMN events.actor IS 'As what: a person, one who signs for an organisation or works for it, the service, the state register.';
COMMENT ON COLUMN events.actor_iin IS 'Who acted; absent when a time had come or the state register answered.';
ALTER TABLE events ADD COLUMN registration_id uuid REFERENCES registrations;
COMMENT ON COLUMN events.registration_id IS 'The registration that it was about, when it was about one.';

ALTER TABLE sessions ADD COLUMN bin text
    CONSTRAINT sessions_bin_is_twelve_digits CHECK (bin ~ '^[0-9]{12}$');
COMMENT ON COLUMN sessions.bin IS 'Business identification number of the organisation whose certificate was shown.';
ALTER TABLE sessions ADD COLUMN office text
    CONSTRAINT sessions_office_is_known CHECK (office IN ('signs', 'employed'));
ALTER TABLE sessions ADD CONSTRAINT sessions_office_in_an_organisation CHECK ((bin IS NULL) = (office IS NULL));
COMMENT ON COLUMN sessions.office IS 'What the person may do for the organisation.';

ALTER TABLE packages ADD COLUMN phase text NOT NULL DEFAULT 'made'
    CONSTRAINT packages_phase_is_known CHECK (phase IN ('made', 'ended'));
ALTER TABLE packages ALTER COLUMN phase DROP DEFAULT;
ALTER TABLE packages DROP CONSTRAINT packages_pkey;
ALTER TABLE packages ADD PRIMARY KEY (registration_id, phase);
COMMENT ON COLUMN packages.phase IS 'Whether it tells how the registration was made, or how it ended as well.';

ALTER TABLE refusals ADD COLUMN person_iin text
    CONSTRAINT refusals_person_is_twelve_digits CHECK (person_iin ~ '^[0-9]{12}$');
UPDATE refusals SET person_iin = coalesce(
    (SELECT party_iin FROM consents WHERE consents.id = consent_id),
    (SELECT applicant_iin FROM applications WHERE applications.id = application_id));
ALTER TABLE refusals ALTER COLUMN person_iin SET NOT NULL;
COMMENT ON COLUMN refusals.person_iin IS 'Individual identification number of the person who offered it.';
ALTER TABLE received_signatures ADD COLUMN signer_iin text
    CONSTRAINT received_signatures_signer_is_twelve_digits CHECK (signer_iin ~ '^[0-9]{12}$');
UPDATE received_signatures SET signer_iin = coalesce(
    (SELECT party_iin FROM consents WHERE consents.id = consent_id),
    (SELECT applicant_iin FROM applications WHERE applications.id = application_id));
ALTER TABLE received_signatures ALTER COLUMN signer_iin SET NOT NULL;
COMMENT ON COLUMN received_signatures.signer_iin IS 'Individual identification number of the person who signed.';

ALTER TABLE audit_records DROP CONSTRAINT audit_records_actor_is_known;
ALTER TABLE audit_records ADD CONSTRAINT audit_records_actor_is_known
    CHECK (actor IN ('resident', 'owner', 'service', 'register'));
ALTER TABLE audit_records DROP CONSTRAINT audit_records_service_is_nobody;
ALTER TABLE audit_records ADD CONSTRAINT audit_records_service_is_nobody
    CHECK ((actor IN ('service', 'register')) = (person IS NULL));
