DROP TABLE lease_named;
DROP TABLE leases;
DROP TABLE powers_of_attorney;
DROP TABLE person_representatives;
DROP TABLE people;
