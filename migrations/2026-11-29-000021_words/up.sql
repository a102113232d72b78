-- People look among registrations by the words of the address and the name. lower()
-- of the columns' own values, so that no service can write the one without the other.
-- No index: whoever looks has few, or looks in one dwelling, and both have theirs.
ALTER TABLE registrations ADD COLUMN words text NOT NULL GENERATED ALWAYS AS (
    lower((address->>'kk') || E'\n' || (address->>'ru') || E'\n' || (address->>'en'))) STORED;
COMMENT ON COLUMN registrations.words IS 'What a search looks through: the address in three languages, in small letters.';
ALTER TABLE residents ADD COLUMN words text NOT NULL GENERATED ALWAYS AS (lower(name)) STORED;
COMMENT ON COLUMN residents.words IS 'What a search looks through: the name, in small letters.';
-- Whoever asks for everything that is kept about them finds these by them.
CREATE INDEX refusals_by_person ON refusals (person_iin, id);
CREATE INDEX invitations_by_author ON invitations (author_iin, id);
