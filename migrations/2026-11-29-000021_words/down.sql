DROP INDEX invitations_by_author, refusals_by_person;
ALTER TABLE residents DROP COLUMN words;
ALTER TABLE registrations DROP COLUMN words;
