CREATE TABLE packages (
    registration_id uuid PRIMARY KEY REFERENCES registrations,
    octets bytea NOT NULL,
    stamps integer NOT NULL CONSTRAINT packages_stamped CHECK (stamps >= 1),
    stamped_at timestamptz NOT NULL,
    look_at timestamptz NOT NULL,
    CONSTRAINT packages_looked_at_later CHECK (look_at > stamped_at)
);
COMMENT ON TABLE packages IS 'What proves a registration for years: ASiC-E packages (ETSI EN 319 162-1).';
COMMENT ON COLUMN packages.registration_id IS 'The registration that it proves.';
COMMENT ON COLUMN packages.octets IS 'The package with all its time-stamps.';
COMMENT ON COLUMN packages.stamps IS 'How many time-stamps stand over it; it is replaced only by one with one more.';
COMMENT ON COLUMN packages.stamped_at IS 'When the newest of them was put there.';
COMMENT ON COLUMN packages.look_at IS 'When to look again whether a new one is due.';
CREATE INDEX packages_to_look_at ON packages (look_at);
