-- Whoever is said to have agreed at a service centre, or to have spoken for somebody
-- there, finds it among what was put to them.
CREATE INDEX applications_by_attestation ON applications USING gin (attestation jsonb_path_ops)
    WHERE attestation IS NOT NULL;
COMMENT ON COLUMN applications.attestation IS 'What the operator of a service centre saw and checked, as it stands in the document that the operator signs: identity documents of residents and of whoever was present for a right or for a ward, and how each holder of a right agreed.';
