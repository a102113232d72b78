DROP TABLE notices;
DROP INDEX sessions_by_person, events_by_person, consents_reported, registrations_standing_by_dwelling,
    registrations_by_dwelling, applications_by_organisation, applications_by_dwelling;
CREATE INDEX registrations_by_dwelling ON registrations (rka);
ALTER TABLE applications DROP COLUMN words;
DROP EXTENSION pg_trgm;
