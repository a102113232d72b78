-- What only the new parts can express is lost: organisations as parties, families
-- but for the first named, permanent registrations. The audit log keeps all of it.
ALTER TABLE audit_records DROP CONSTRAINT audit_records_service_is_nobody;
ALTER TABLE audit_records ADD CONSTRAINT audit_records_service_is_nobody
    CHECK ((actor = 'service') = (person IS NULL)) NOT VALID;
ALTER TABLE audit_records DROP CONSTRAINT audit_records_actor_is_known;
ALTER TABLE audit_records ADD CONSTRAINT audit_records_actor_is_known
    CHECK (actor IN ('resident', 'owner', 'service')) NOT VALID;

DELETE FROM packages WHERE phase = 'ended';
ALTER TABLE packages DROP CONSTRAINT packages_pkey;
ALTER TABLE packages DROP COLUMN phase;
ALTER TABLE packages ADD PRIMARY KEY (registration_id);

ALTER TABLE received_signatures DROP COLUMN signer_iin;
ALTER TABLE refusals DROP COLUMN person_iin;

ALTER TABLE sessions DROP COLUMN office, DROP COLUMN bin;

ALTER TABLE events DROP COLUMN registration_id, DROP COLUMN actor, DROP COLUMN actor_bin;
ALTER TABLE events DROP CONSTRAINT events_kind_is_known;
ALTER TABLE events ADD CONSTRAINT events_kind_is_known CHECK (kind IN (
    'drafted', 'signature_received', 'signature_refused', 'signed', 'consent_given',
    'consent_declined', 'withdrawn', 'lapsed', 'registered', 'refused')) NOT VALID;

DROP INDEX registrations_removal_overdue, registrations_to_expire, registrations_by_resident;
ALTER TABLE registrations
    DROP COLUMN removal_deadline, DROP COLUMN removal_by, DROP COLUMN removal,
    DROP CONSTRAINT registrations_ended_somehow, DROP COLUMN ending,
    DROP CONSTRAINT registrations_one_at_a_time,
    DROP CONSTRAINT registrations_temporary_with_end, DROP COLUMN kind,
    DROP CONSTRAINT registrations_one_for_each_resident;
ALTER TABLE registrations ADD CONSTRAINT registrations_one_at_a_time EXCLUDE USING gist (
    resident_iin WITH =, daterange(starts_on, ends_on, '[]') WITH &&) WHERE (ended_at IS NULL);
ALTER TABLE registrations ADD CONSTRAINT registrations_one_for_each_application UNIQUE (application_id);
ALTER TABLE registrations ALTER COLUMN ends_on SET NOT NULL, ALTER COLUMN months SET NOT NULL;

DROP INDEX signatures_one_by_the_applicant;
ALTER TABLE signatures DROP COLUMN signer_bin, DROP COLUMN edition, DROP COLUMN purpose;
CREATE UNIQUE INDEX signatures_one_by_the_resident ON signatures (application_id) WHERE consent_id IS NULL;

DROP INDEX documents_by_registration, documents_one_in_each_language;
ALTER TABLE consents DROP COLUMN removal CASCADE;
ALTER TABLE documents
    DROP COLUMN signatory, DROP CONSTRAINT documents_purpose_with_its_matter,
    DROP COLUMN registration_id, DROP COLUMN edition, DROP COLUMN purpose;
ALTER TABLE documents ADD CONSTRAINT documents_one_in_each_language
    UNIQUE NULLS NOT DISTINCT (application_id, consent_id, language);

DROP INDEX consents_by_organisation, consents_by_delegate, consents_by_person;
ALTER TABLE consents
    DROP CONSTRAINT consents_of_a_person_or_organisation, DROP CONSTRAINT consents_answer_is_known,
    DROP COLUMN round, DROP COLUMN delegate_power, DROP COLUMN delegate_iin,
    DROP COLUMN party_bin, DROP COLUMN party;
UPDATE consents SET answer = 'given' WHERE answer = 'taken_back';
ALTER TABLE consents ADD CONSTRAINT consents_answer_is_known
    CHECK (answer IN ('awaited', 'pending_evidence', 'given', 'declined'));
ALTER TABLE consents ALTER COLUMN party_iin SET NOT NULL;
ALTER TABLE consents RENAME COLUMN party_iin TO owner_iin;
ALTER TABLE consents ADD CONSTRAINT consents_one_for_each_owner UNIQUE (application_id, owner_iin);
CREATE INDEX consents_by_owner ON consents (owner_iin, application_id DESC);

DROP INDEX applications_to_remind, applications_by_applicant;
ALTER TABLE applications
    DROP CONSTRAINT applications_grounds_are_known, DROP CONSTRAINT applications_state_is_known,
    DROP COLUMN remind_at, DROP COLUMN reminders, DROP COLUMN extends, DROP COLUMN owners,
    DROP COLUMN round, DROP COLUMN edition, DROP CONSTRAINT applications_temporary_with_end,
    DROP COLUMN kind, DROP COLUMN applicant_bin, DROP COLUMN capacity;
UPDATE applications SET state = 'registered' WHERE state = 'ended';
ALTER TABLE applications ADD CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
    'owners_changed', 'signature_void', 'already_registered')) NOT VALID;
ALTER TABLE applications ADD CONSTRAINT applications_state_is_known CHECK (state IN (
    'draft', 'pending_evidence', 'awaiting_consent', 'consented', 'registered',
    'declined', 'withdrawn', 'lapsed', 'refused'));
ALTER TABLE applications ALTER COLUMN ends_on SET NOT NULL, ALTER COLUMN months SET NOT NULL;
UPDATE applications SET applicant_iin = iin, applicant_name = name
    FROM residents WHERE application_id = id AND place = 1;
ALTER TABLE applications RENAME COLUMN applicant_iin TO resident_iin;
ALTER TABLE applications RENAME COLUMN applicant_name TO resident_name;
CREATE INDEX applications_by_resident ON applications (resident_iin, id DESC);
DROP TABLE residents;

DROP INDEX dwelling_owners_by_organisation;
ALTER TABLE dwelling_owners
    DROP CONSTRAINT dwelling_owners_each_once, DROP CONSTRAINT dwelling_owners_person_or_organisation,
    DROP COLUMN owner_bin;
ALTER TABLE dwelling_owners ADD PRIMARY KEY (rka, owner_iin);
ALTER TABLE dwellings DROP COLUMN area_m2, DROP COLUMN used_as;
