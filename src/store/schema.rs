//! The tables as diesel sees them; `migrations/` is what they are.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    dwellings (rka) {
        rka -> Text,
        address -> Jsonb,
        used_as -> Text,
        area_m2 -> Nullable<Int4>,
        words -> Text,
    }
}

table! {
    dwelling_owners (rka, owner_iin, owner_bin) {
        rka -> Text,
        owner_iin -> Nullable<Text>,
        owner_bin -> Nullable<Text>,
    }
}

table! {
    applications (id) {
        id -> Uuid,
        version -> Int8,
        state -> Text,
        edition -> Int4,
        round -> Int4,
        applicant_iin -> Text,
        applicant_name -> Text,
        capacity -> Text,
        applicant_bin -> Nullable<Text>,
        rka -> Text,
        address -> Jsonb,
        words -> Text,
        kind -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        months -> Nullable<Int2>,
        arrived_on -> Date,
        language -> Text,
        extends -> Nullable<Uuid>,
        attestation -> Nullable<Jsonb>,
        owners -> Array<Text>,
        deadline -> Timestamptz,
        asked_at -> Nullable<Timestamptz>,
        reminders -> Int4,
        remind_at -> Nullable<Timestamptz>,
        grounds -> Nullable<Text>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

table! {
    attachments (id) {
        id -> Uuid,
        application_id -> Uuid,
        edition -> Int4,
        kind -> Text,
        media_type -> Text,
        sha256 -> Bytea,
        size -> Int4,
        octets -> Bytea,
        name -> Text,
        added_by -> Text,
        added_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
    }
}

table! {
    state_register_answers (webhook_id) {
        webhook_id -> Text,
        message_sha256 -> Bytea,
        registration_id -> Uuid,
        outcome -> Text,
        reason -> Nullable<Text>,
        annulled -> Bool,
        received_at -> Timestamptz,
    }
}

table! {
    residents (application_id, iin) {
        application_id -> Uuid,
        iin -> Text,
        place -> Int2,
        name -> Text,
        words -> Text,
    }
}

table! {
    consents (id) {
        id -> Uuid,
        application_id -> Uuid,
        round -> Int4,
        removal -> Nullable<Uuid>,
        party -> Text,
        party_iin -> Nullable<Text>,
        party_bin -> Nullable<Text>,
        delegate_iin -> Nullable<Text>,
        delegate_power -> Nullable<Text>,
        answer -> Text,
        decline_reason -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
    }
}

table! {
    documents (id) {
        id -> Uuid,
        application_id -> Uuid,
        edition -> Int4,
        purpose -> Text,
        consent_id -> Nullable<Uuid>,
        registration_id -> Nullable<Uuid>,
        signatory -> Text,
        language -> Text,
        bytes -> Bytea,
        nonce -> Bytea,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

table! {
    signatures (document_id) {
        document_id -> Uuid,
        application_id -> Uuid,
        consent_id -> Nullable<Uuid>,
        edition -> Int4,
        purpose -> Text,
        signer_iin -> Text,
        signer_bin -> Nullable<Text>,
        cms -> Bytea,
        augmented -> Bytea,
        certificate -> Bytea,
        report -> Jsonb,
        received_at -> Timestamptz,
        signed_at -> Timestamptz,
    }
}

table! {
    received_signatures (id) {
        id -> Uuid,
        document_id -> Uuid,
        application_id -> Uuid,
        consent_id -> Nullable<Uuid>,
        signer_iin -> Text,
        cms -> Bytea,
        stamped -> Bytea,
        received_at -> Timestamptz,
        attempts -> Int4,
        next_attempt_at -> Timestamptz,
        give_up_at -> Timestamptz,
        trouble -> Text,
        settled_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
    }
}

table! {
    refusals (id) {
        id -> Uuid,
        application_id -> Uuid,
        consent_id -> Nullable<Uuid>,
        person_iin -> Text,
        code -> Text,
        report -> Nullable<Jsonb>,
        signature_sha256 -> Bytea,
        refused_at -> Timestamptz,
    }
}

table! {
    registrations (id) {
        id -> Uuid,
        application_id -> Uuid,
        resident_iin -> Text,
        rka -> Text,
        address -> Jsonb,
        kind -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        months -> Nullable<Int2>,
        registered_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ending -> Nullable<Text>,
        removal -> Nullable<Uuid>,
        removal_by -> Nullable<Text>,
        removal_deadline -> Nullable<Timestamptz>,
        words -> Text,
    }
}

table! {
    events (application_id, version) {
        application_id -> Uuid,
        version -> Int8,
        kind -> Text,
        state -> Text,
        actor -> Text,
        actor_iin -> Nullable<Text>,
        actor_bin -> Nullable<Text>,
        registration_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

table! {
    notices (id) {
        id -> Uuid,
        addressee -> Text,
        person_iin -> Nullable<Text>,
        organisation_bin -> Nullable<Text>,
        application_id -> Nullable<Uuid>,
        version -> Nullable<Int8>,
        registration_id -> Nullable<Uuid>,
        topic -> Text,
        facts -> Jsonb,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
        invitation_id -> Nullable<Uuid>,
    }
}

table! {
    outbox (application_id, sequence) {
        application_id -> Uuid,
        sequence -> Int8,
        id -> Uuid,
        body -> Text,
        created_at -> Timestamptz,
        attempts -> Int4,
        next_attempt_at -> Timestamptz,
        delivered_at -> Nullable<Timestamptz>,
        parked_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
    }
}

table! {
    challenges (id) {
        id -> Uuid,
        bytes -> Bytea,
        nonce -> Bytea,
        language -> Text,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

table! {
    mobile_signings (id) {
        id -> Uuid,
        challenge_id -> Nullable<Uuid>,
        document_id -> Nullable<Uuid>,
        phone_sha256 -> Bytea,
        page_sha256 -> Bytea,
        language -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        signature -> Nullable<Bytea>,
        signed_at -> Nullable<Timestamptz>,
    }
}

table! {
    sessions (id) {
        id -> Uuid,
        token_sha256 -> Bytea,
        iin -> Text,
        name -> Text,
        bin -> Nullable<Text>,
        office -> Nullable<Text>,
        created_at -> Timestamptz,
        seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

table! {
    idempotency_keys (iin, key) {
        iin -> Text,
        key -> Text,
        request_sha256 -> Bytea,
        status -> Int2,
        body -> Text,
        created_at -> Timestamptz,
    }
}

table! {
    packages (registration_id, phase) {
        registration_id -> Uuid,
        phase -> Text,
        octets -> Bytea,
        stamps -> Int4,
        stamped_at -> Timestamptz,
        look_at -> Timestamptz,
    }
}

table! {
    audit_records (application_id, sequence) {
        application_id -> Uuid,
        sequence -> Int8,
        version -> Nullable<Int8>,
        refusal_id -> Nullable<Uuid>,
        kind -> Text,
        actor -> Text,
        person -> Nullable<Bytea>,
        salt -> Nullable<Bytea>,
        body -> Text,
        at -> Timestamptz,
        previous_hash -> Bytea,
        hash -> Bytea,
    }
}

table! {
    audit_waiting (application_id, sequence) {
        application_id -> Uuid,
        sequence -> Int8,
        since -> Timestamptz,
    }
}

table! {
    audit_leaves (leaf_index) {
        leaf_index -> Int8,
        application_id -> Uuid,
        sequence -> Int8,
        hash -> Bytea,
    }
}

table! {
    audit_nodes (completed_at, level) { completed_at -> Int8, level -> Int2, hash -> Bytea, }
}

table! {
    audit_checkpoints (number) {
        number -> Int8,
        tree_size -> Int8,
        note -> Text,
        time_stamp -> Nullable<Bytea>,
    }
}

table! {
    audit_shipments (destination) {
        destination -> Text,
        number -> Int8,
        claimed_until -> Timestamptz,
        shipped_at -> Nullable<Timestamptz>,
    }
}

table! {
    revocation_lists (authority_sha256, kind) {
        authority_sha256 -> Bytea,
        kind -> Text,
        number -> Bytea,
        this_update -> Timestamptz,
        next_update -> Nullable<Timestamptz>,
        der -> Bytea,
        sha256 -> Bytea,
        url -> Text,
        etag -> Nullable<Text>,
        last_modified -> Nullable<Text>,
        fetched_at -> Timestamptz,
        checked_at -> Timestamptz,
    }
}

table! {
    people (iin) {
        iin -> Text,
        name -> Text,
        born -> Date,
        died -> Nullable<Date>,
        capacity -> Text,
    }
}

table! {
    person_representatives (person_iin, representative_iin) {
        person_iin -> Text,
        representative_iin -> Text,
    }
}

table! {
    powers_of_attorney (number) {
        number -> Text,
        principal_iin -> Nullable<Text>,
        principal_bin -> Nullable<Text>,
        delegate_iin -> Text,
        notary -> Text,
        scope -> Array<Text>,
        valid_from -> Date,
        valid_until -> Date,
        revoked_on -> Nullable<Date>,
    }
}

table! {
    invitations (id) {
        id -> Uuid,
        owner_iin -> Nullable<Text>,
        owner_bin -> Nullable<Text>,
        author_iin -> Text,
        rka -> Text,
        address -> Jsonb,
        resident_iin -> Text,
        kind -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        months -> Nullable<Int2>,
        code_sha256 -> Bytea,
        stage -> Text,
        application_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

table! {
    verification_codes (registration_id) {
        registration_id -> Uuid,
        code -> Text,
        code_sha256 -> Bytea,
        issued_at -> Timestamptz,
    }
}

table! {
    leases (rka) { rka -> Text, landlord_bin -> Text, tenant_iin -> Text, }
}

table! {
    lease_named (rka, iin) { rka -> Text, iin -> Text, }
}

joinable!(dwelling_owners -> dwellings (rka));
joinable!(consents -> applications (application_id));
allow_tables_to_appear_in_same_query!(
    applications,
    residents,
    consents,
    events,
    registrations,
    packages,
    received_signatures,
    dwellings,
    dwelling_owners
);
