CREATE TABLE people (
    iin text PRIMARY KEY CONSTRAINT people_iin_is_twelve_digits CHECK (iin ~ '^[0-9]{12}$'),
    name text NOT NULL CONSTRAINT people_have_a_name CHECK (name <> ''),
    born date NOT NULL,
    died date CONSTRAINT people_die_after_birth CHECK (died >= born),
    capacity text NOT NULL CONSTRAINT people_capacity_is_known CHECK (capacity IN ('full', 'limited', 'none'))
);
COMMENT ON TABLE people IS 'The embedded person register: who lives, how old, and of what capacity.';
COMMENT ON COLUMN people.iin IS 'Individual identification number.';
COMMENT ON COLUMN people.name IS 'Surname, given name, patronymic.';
COMMENT ON COLUMN people.born IS 'Day of birth.';
COMMENT ON COLUMN people.died IS 'Day of death.';
COMMENT ON COLUMN people.capacity IS 'Capacity to act, by decision of a court.';

CREATE TABLE person_representatives (
    person_iin text NOT NULL REFERENCES people,
    representative_iin text NOT NULL
        CONSTRAINT person_representatives_iin_is_twelve_digits CHECK (representative_iin ~ '^[0-9]{12}$'),
    PRIMARY KEY (person_iin, representative_iin),
    CONSTRAINT person_representatives_are_others CHECK (person_iin <> representative_iin)
);
COMMENT ON TABLE person_representatives IS 'The embedded person register: parents, adopters, guardians and trustees.';
COMMENT ON COLUMN person_representatives.person_iin IS 'The person who is represented.';
COMMENT ON COLUMN person_representatives.representative_iin IS 'Individual identification number of the legal representative.';
CREATE INDEX person_representatives_by_representative ON person_representatives (representative_iin);

CREATE TABLE powers_of_attorney (
    number text PRIMARY KEY CONSTRAINT powers_of_attorney_number_is_short CHECK (char_length(number) BETWEEN 1 AND 64),
    principal_iin text CONSTRAINT powers_of_attorney_principal_iin_is_twelve_digits CHECK (principal_iin ~ '^[0-9]{12}$'),
    principal_bin text CONSTRAINT powers_of_attorney_principal_bin_is_twelve_digits CHECK (principal_bin ~ '^[0-9]{12}$'),
    delegate_iin text NOT NULL
        CONSTRAINT powers_of_attorney_delegate_iin_is_twelve_digits CHECK (delegate_iin ~ '^[0-9]{12}$'),
    notary text NOT NULL CONSTRAINT powers_of_attorney_have_a_notary CHECK (notary <> ''),
    scope text[] NOT NULL CONSTRAINT powers_of_attorney_scope_is_known CHECK (
        cardinality(scope) >= 1 AND scope <@ ARRAY['register', 'deregister']),
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    revoked_on date,
    CONSTRAINT powers_of_attorney_have_one_principal CHECK (num_nonnulls(principal_iin, principal_bin) = 1),
    CONSTRAINT powers_of_attorney_end_after_start CHECK (valid_until >= valid_from)
);
COMMENT ON TABLE powers_of_attorney IS 'The embedded register of notarised powers of attorney.';
COMMENT ON COLUMN powers_of_attorney.number IS 'The number under which the notaries keep it.';
COMMENT ON COLUMN powers_of_attorney.principal_iin IS 'The person who gave it, if a person did.';
COMMENT ON COLUMN powers_of_attorney.principal_bin IS 'The organisation that gave it, if one did.';
COMMENT ON COLUMN powers_of_attorney.delegate_iin IS 'Individual identification number of the person who acts by it.';
COMMENT ON COLUMN powers_of_attorney.notary IS 'The notary who certified it.';
COMMENT ON COLUMN powers_of_attorney.scope IS 'What it allows.';
COMMENT ON COLUMN powers_of_attorney.valid_from IS 'First day on which it holds.';
COMMENT ON COLUMN powers_of_attorney.valid_until IS 'Last day on which it holds.';
COMMENT ON COLUMN powers_of_attorney.revoked_on IS 'The day from which it no longer holds because it was taken back.';
CREATE INDEX powers_of_attorney_by_delegate ON powers_of_attorney (delegate_iin);
CREATE INDEX powers_of_attorney_by_person ON powers_of_attorney (principal_iin) WHERE principal_iin IS NOT NULL;
CREATE INDEX powers_of_attorney_by_organisation ON powers_of_attorney (principal_bin) WHERE principal_bin IS NOT NULL;

CREATE TABLE leases (
    rka text PRIMARY KEY CONSTRAINT leases_rka_is_sixteen_digits CHECK (rka ~ '^[0-9]{16}$'),
    landlord_bin text NOT NULL CONSTRAINT leases_landlord_bin_is_twelve_digits CHECK (landlord_bin ~ '^[0-9]{12}$'),
    tenant_iin text NOT NULL CONSTRAINT leases_tenant_iin_is_twelve_digits CHECK (tenant_iin ~ '^[0-9]{12}$')
);
COMMENT ON TABLE leases IS 'The embedded register of leases of state housing.';
COMMENT ON COLUMN leases.rka IS 'Registration code of the address of the dwelling.';
COMMENT ON COLUMN leases.landlord_bin IS 'Business identification number of the body that lets it.';
COMMENT ON COLUMN leases.tenant_iin IS 'Individual identification number of the tenant, who consents in the owner''s place.';
CREATE INDEX leases_by_tenant ON leases (tenant_iin);

CREATE TABLE lease_named (
    rka text NOT NULL REFERENCES leases,
    iin text NOT NULL CONSTRAINT lease_named_iin_is_twelve_digits CHECK (iin ~ '^[0-9]{12}$'),
    PRIMARY KEY (rka, iin)
);
COMMENT ON TABLE lease_named IS 'The embedded register of leases of state housing: who may live there.';
COMMENT ON COLUMN lease_named.rka IS 'The dwelling.';
COMMENT ON COLUMN lease_named.iin IS 'Individual identification number of a person whom the lease names.';
