-- People look for an address by its words or by a part of its code. lower() of
-- the column's own values, so that no service can write the one without the other.
ALTER TABLE dwellings ADD COLUMN words text NOT NULL GENERATED ALWAYS AS (
    lower(rka || E'\n' || (address->>'kk') || E'\n' || (address->>'ru') || E'\n' || (address->>'en'))) STORED;
COMMENT ON COLUMN dwellings.words IS 'What a search looks through: the code and the address in three languages, in small letters.';
CREATE INDEX dwellings_by_words ON dwellings USING gin (words gin_trgm_ops);
