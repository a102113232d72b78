//! What a signature must satisfy, as data.
//!
//! A policy is a set of [`Rules`] with a name. It can be read from TOML, so
//! that a change of rules needs no change of code; its [`id`](Policy::id) and
//! [`hash`](Policy::hash) stand in each report, so that a verdict can be
//! repeated years later under the rules it was made by.

mod algorithms;
mod rules;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Digest, Oid, Role, path::Inputs};

pub use algorithms::{Limit, SignatureName};
pub use rules::{
    AfterExpiry, Attributes, CheckDigit, DigestName, Enclosed, Freshness, Nocheck, Padding,
    PathRules, Purpose, References, Revocation, Rules, SigningTime, StatusEvidence, Subject,
    TimeStampRules, TimeStamps,
};

/// What a signature must satisfy to pass. The same policy always gives the
/// same verdict on the same input at the same moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Policy {
    rules: Rules,
    #[serde(skip)]
    hash: Digest,
}

/// The text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no policy: {0}")]
pub struct NotAPolicy(#[from] toml::de::Error);

impl Policy {
    /// A policy of these rules.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        // A structure of numbers, texts and lists always has a JSON form.
        let canonical = serde_json::to_vec(&rules).unwrap_or_default();
        Self {
            rules,
            hash: Digest::of(&canonical),
        }
    }

    /// Reads a policy from TOML; what is left out is as in [`Policy::national`].
    ///
    /// ```
    /// use kelisim::eds::Policy;
    /// let policy = Policy::from_toml(r#"
    ///     id = "mine"
    ///     rsa-bits = 3072
    /// "#)?;
    /// assert_eq!(policy.id(), "mine");
    /// assert_ne!(policy.hash(), Policy::national().hash());
    /// # Ok::<(), kelisim::eds::NotAPolicy>(())
    /// ```
    ///
    /// # Errors
    /// [`NotAPolicy`] for what is no TOML, an unknown rule, or a wrong value.
    pub fn from_toml(text: &str) -> Result<Self, NotAPolicy> {
        Ok(Self::new(toml::from_str(text)?))
    }

    /// The policy as TOML, with every rule in it.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // A structure of numbers, texts and lists always has a TOML form.
        toml::to_string(&self.rules).unwrap_or_default()
    }

    /// The profile of this name, if it is one of ours.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        [
            Self::national(),
            Self::fresh(),
            Self::lasting(),
            Self::organisation_lasting(),
            Self::operator_lasting(),
            Self::login(),
            Self::national_test(),
            Self::generic(),
        ]
        .into_iter()
        .find(|policy| policy.id() == id)
    }

    /// Documents signed by natural persons with certificates of the national authority.
    #[must_use]
    pub fn national() -> Self {
        Self::new(Rules::default())
    }

    /// The national rules for a signature that is judged as it arrives: the
    /// sender's own revocation data is passed over, so that an old list of his
    /// choice hides nothing while we have none of our own.
    #[must_use]
    pub fn fresh() -> Self {
        Self::national().with(|rules| {
            rules.id.push_str("-fresh");
            rules.enclosed = Enclosed::Ignored;
        })
    }

    /// The national rules for what must be provable for years: a time-stamp says
    /// since when the signature exists, and what clears its certificate was said
    /// after that (ETSI EN 319 102-1 section 5.2.5, freshness of zero). What the
    /// signature carries is heeded: of last month's list a signer gains nothing.
    #[must_use]
    pub fn lasting() -> Self {
        Self::national().with(|rules| {
            rules.id.push_str("-lasting");
            rules.freshness = Freshness::AfterSigning;
            rules.time_stamps.demand = TimeStamps::Required;
        })
    }

    /// As [`Policy::lasting`], for what binds an organisation: the signer is its
    /// head or has the right to sign for it, and the certificate says so.
    #[must_use]
    pub fn organisation_lasting() -> Self {
        Self::lasting().with(|rules| {
            rules.id = "national-organisation-lasting".to_owned();
            rules.subject = Subject::Organisation;
            rules.roles = vec![Role::Head, Role::Signatory];
        })
    }

    /// As [`Policy::lasting`], for what somebody attests in the service of an
    /// organisation: any person whom it employs, but no information system.
    #[must_use]
    pub fn operator_lasting() -> Self {
        Self::lasting().with(|rules| {
            rules.id = "national-operator-lasting".to_owned();
            rules.subject = Subject::Organisation;
            rules.roles = vec![
                Role::Head,
                Role::Signatory,
                Role::FinancialSignatory,
                Role::HumanResources,
                Role::Employee,
            ];
        })
    }

    /// Logins by people with certificates of the national authority, on their own
    /// behalf or for an organisation; what they may do is settled afterwards.
    #[must_use]
    pub fn login() -> Self {
        const AUTHENTICATION: Oid = Oid::new("1.3.6.1.5.5.7.3.2");
        const POLICIES: [Oid; 2] = [Oid::new("1.2.398.3.3.2.2"), Oid::new("1.2.398.3.3.2.4")];
        let mut rules = Rules {
            id: "national-login".to_owned(),
            purpose: Purpose::Login,
            subject: Subject::AnyPerson,
            enclosed: Enclosed::Ignored,
            ..Rules::default()
        };
        rules.extended_key_usage.push(AUTHENTICATION);
        rules.certificate_policies.extend(POLICIES);
        Self::new(rules)
    }

    /// The national rules for the test certificates of the national authority's
    /// SDK, whose person has a wrong check digit and whose revocation lists are old.
    #[must_use]
    pub fn national_test() -> Self {
        Self::new(Rules {
            id: "national-test".to_owned(),
            revocation: Revocation::IfPresent,
            check_digit: CheckDigit::Waived,
            ..Rules::default()
        })
    }

    /// Any signature whose path leads to a trust anchor, whoever signed.
    #[must_use]
    pub fn generic() -> Self {
        Self::new(Rules {
            id: "generic".to_owned(),
            purpose: Purpose::Signature,
            subject: Subject::Any,
            revocation: Revocation::IfPresent,
            extended_key_usage: Vec::new(),
            certificate_policies: Vec::new(),
            attributes: Attributes::Cms,
            signing_time: SigningTime::Ignored,
            padding: Padding::Zeros,
            oldest_response_seconds: 12 * 60 * 60,
            nocheck: Nocheck::Null,
            rsa_exponent: 3,
            time_stamps: TimeStampRules {
                policies: Vec::new(),
                ..TimeStampRules::default()
            },
            ..Rules::default()
        })
    }

    /// The stable name that stands in reports.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.rules.id
    }

    /// The SHA-256 of all its rules.
    #[must_use]
    pub fn hash(&self) -> &Digest {
        &self.hash
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The policy after a change of its rules.
    ///
    /// ```
    /// use kelisim::eds::{Policy, Revocation};
    /// let lenient = Policy::national().with(|rules| rules.revocation = Revocation::IfPresent);
    /// assert_eq!(lenient.rules().revocation, Revocation::IfPresent);
    /// ```
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(&mut self.rules);
        Self::new(self.rules)
    }

    /// The same rules without those that ask for evidence from elsewhere: what
    /// can be told of a signature at the moment of its receipt.
    #[must_use]
    pub fn on_receipt(&self) -> Self {
        self.clone().with(|rules| {
            rules.id.push_str("-on-receipt");
            rules.freshness = Freshness::ByAge;
            rules.evidence = StatusEvidence::Lists;
            rules.enclosed = Enclosed::Ignored;
            if rules.revocation != Revocation::Ignored {
                rules.revocation = Revocation::IfPresent;
            }
            if rules.time_stamps.demand == TimeStamps::Required {
                rules.time_stamps.demand = TimeStamps::IfPresent;
            }
        })
    }

    /// What a path validation under this policy starts from.
    pub(super) fn inputs(&self, at: DateTime<Utc>) -> Inputs<'_> {
        Inputs {
            at,
            rules: &self.rules.path,
        }
    }
}

/// Names with the instants until which they are accepted.
type Allowed<Name> = BTreeMap<Name, Limit>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_survives_toml() {
        for policy in [
            Policy::national(),
            Policy::fresh(),
            Policy::lasting(),
            Policy::organisation_lasting(),
            Policy::operator_lasting(),
            Policy::login(),
            Policy::national_test(),
            Policy::generic(),
        ] {
            let text = toml::to_string(&policy).expect("toml");
            assert_eq!(Policy::from_toml(&text), Ok(policy.clone()), "{text}");
            assert_eq!(Policy::named(policy.id()), Some(policy));
        }
    }

    #[test]
    fn an_empty_file_is_the_national_policy() {
        assert_eq!(Policy::from_toml(""), Ok(Policy::national()));
    }

    #[test]
    fn a_misspelt_rule_is_refused() {
        assert!(Policy::from_toml("rsa_bits = 1024").is_err());
        assert!(Policy::from_toml("revocation = \"sometimes\"").is_err());
        assert!(Policy::from_toml("[digests]\nsha-512 = \"tomorrow\"").is_err());
        assert!(Policy::from_toml("extended-key-usage = [\"1\"]").is_err());
        assert!(Policy::from_toml("roles = [\"chief\"]").is_err());
    }

    #[test]
    fn whoever_signs_for_an_organisation_has_one_of_these_roles() {
        let told = |policy: Policy| {
            let rules = policy.rules();
            let roles = serde_json::to_string(&rules.roles).expect("json");
            format!(
                "{:?}, {:?}: {roles}",
                rules.subject, rules.time_stamps.demand
            )
        };
        insta::assert_snapshot!(told(Policy::organisation_lasting()),
            @r#"Organisation, Required: ["head","signatory"]"#);
        insta::assert_snapshot!(told(Policy::operator_lasting()),
            @r#"Organisation, Required: ["head","signatory","financial-signatory","human-resources","employee"]"#);
    }

    #[test]
    fn a_policy_without_roles_does_not_speak_of_them() {
        assert!(!Policy::lasting().to_toml().contains("roles"));
        let text = "roles = [\"head\", \"signatory\"]";
        let roles = Policy::from_toml(text).map(|policy| policy.rules().roles.clone());
        assert_eq!(roles, Ok(vec![Role::Head, Role::Signatory]));
    }

    #[test]
    fn any_change_of_a_rule_changes_the_hash() {
        let national = Policy::national();
        assert_eq!(national.hash(), Policy::national().hash());
        assert_ne!(
            national.hash(),
            Policy::national()
                .with(|rules| rules.rsa_bits = 2049)
                .hash()
        );
        assert_ne!(
            national.hash(),
            Policy::national()
                .with(|rules| rules.path.longest = 5)
                .hash()
        );
    }

    #[test]
    fn the_national_policy_is_this() {
        insta::assert_snapshot!(toml::to_string(&Policy::national()).expect("toml"), @r#"
        id = "national"
        purpose = "document"
        subject = "natural-person"
        check-digit = "demanded"
        extended-key-usage = ["1.3.6.1.5.5.7.3.4"]
        certificate-policies = ["1.2.398.3.3.2", "1.2.398.3.3.2.1", "1.2.398.3.3.2.3"]
        attributes = "cades"
        signing-time = "near-receipt"
        clock-tolerance-seconds = 600
        padding = "refused"
        revocation = "required"
        evidence = "responder-first"
        freshness = "by-age"
        enclosed = "heeded"
        oldest-list-seconds = 16416000
        oldest-response-seconds = 300
        clock-skew-seconds = 300
        nocheck = "null-or-empty"
        rsa-bits = 2048
        rsa-exponent = 65537

        [signatures]
        rsa-pkcs1 = "unlimited"
        rsa-pss = "unlimited"
        ecdsa = "unlimited"
        ed25519 = "unlimited"
        gost-2015-512 = "unlimited"
        gost-2015-256 = "unlimited"
        gost-2004 = "unlimited"

        [digests]
        sha-256 = "unlimited"
        sha-384 = "unlimited"
        sha-512 = "unlimited"
        streebog-256 = "unlimited"
        streebog-512 = "unlimited"
        gost-94 = "unlimited"

        [path]
        longest = 6
        policies = []
        require-explicit-policy = false
        inhibit-policy-mapping = false
        inhibit-any-policy = false

        [time-stamps]
        demand = "if-present"
        policies = ["1.2.398.3.3.2.6.1", "1.2.398.3.3.2.6.2", "1.2.398.3.3.2.6.4"]
        references = "either-version"
        after-expiry = "counts"
        "#);
    }
}
