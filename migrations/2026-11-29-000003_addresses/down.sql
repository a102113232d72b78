ALTER TABLE dwellings DROP COLUMN words;
