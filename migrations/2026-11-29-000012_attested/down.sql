DROP INDEX applications_by_attestation;
COMMENT ON COLUMN applications.attestation IS 'What the operator of a service centre saw and checked, as it stands in the document that the operator signs.';
