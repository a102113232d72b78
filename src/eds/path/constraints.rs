//! Name constraints (RFC 5280 section 4.2.1.10).

use super::super::{
    Fault,
    budget::Budget,
    certificate::Certificate,
    der::{Element, Malformed, Reader, tag},
    name::Name,
    oid::attribute,
};

/// More subtrees than this in one path are refused.
const MOST: usize = 1024;

/// The constraints that the certificates above have set.
#[derive(Debug, Default)]
pub(super) struct Constraints<'a> {
    /// Each entry is what one certificate permits: within it a name of a kind
    /// that is mentioned must lie in one of the subtrees of that kind.
    permitted: Vec<Vec<GeneralName<'a>>>,
    excluded: Vec<GeneralName<'a>>,
    count: usize,
}

/// A name or the base of a subtree (section 4.2.1.6).
#[derive(Debug, Clone, Copy)]
enum GeneralName<'a> {
    Email(&'a str),
    Dns(&'a str),
    Directory(Name<'a>),
    Uri(&'a str),
    Ip(&'a [u8]),
    /// A kind that is not compared here: constraining it refuses each name of it.
    Other(u8),
}

impl<'a> Constraints<'a> {
    /// Adds what `issuer` demands of all that follow.
    pub(super) fn add(&mut self, issuer: &'a Certificate) -> Result<(), Fault> {
        let Some(place) = &issuer.extensions().name_constraints else {
            return Ok(());
        };
        let mut fields = Reader::only(issuer.part(place), tag::SEQUENCE, "name constraints")?;
        let permitted = fields.optional(tag::explicit(0))?;
        let excluded = fields.optional(tag::explicit(1))?;
        fields.finish("name constraints")?;
        if permitted.is_none() && excluded.is_none() {
            return Err(Fault::Malformed("name constraints"));
        }
        if let Some(subtrees) = permitted {
            self.permitted.push(bases(&subtrees)?);
        }
        if let Some(subtrees) = excluded {
            self.excluded.append(&mut bases(&subtrees)?);
        }
        self.count = self.excluded.len() + self.permitted.iter().map(Vec::len).sum::<usize>();
        if self.count > MOST {
            Err(Fault::TooLarge("name constraints"))
        } else {
            Ok(())
        }
    }

    /// Section 6.1.3 (b) and (c): all names of `certificate` against all that was added.
    pub(super) fn check(
        &self,
        certificate: &Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        if self.permitted.is_empty() && self.excluded.is_empty() {
            return Ok(());
        }
        let subject = certificate.subject();
        if !subject.is_empty() {
            self.check_name(&GeneralName::Directory(subject), budget)?;
        }
        match &certificate.extensions().alternative_names {
            Some(place) => {
                let mut list =
                    Reader::only(certificate.part(place), tag::SEQUENCE, "alternative names")?;
                while !list.is_empty() {
                    self.check_name(&GeneralName::read(&list.next()?)?, budget)?;
                }
                Ok(())
            }
            // Section 4.2.1.10: without alternative names, an address in the subject counts.
            None => {
                let addresses = subject
                    .attributes()
                    .filter(|attribute| attribute.kind == attribute::EMAIL);
                for address in
                    addresses.filter_map(|attribute| std::str::from_utf8(attribute.content).ok())
                {
                    self.check_name(&GeneralName::Email(address), budget)?;
                }
                Ok(())
            }
        }
    }

    fn check_name(&self, name: &GeneralName<'_>, budget: &mut Budget) -> Result<(), Fault> {
        for base in &self.excluded {
            budget.comparison()?;
            if name.same_kind(base) && name.lies_in(base, Doubt::Inside)? {
                return Err(Fault::PathInvalid("name is excluded"));
            }
        }
        for subtrees in &self.permitted {
            let mut mentioned = false;
            let mut inside = false;
            for base in subtrees.iter().filter(|base| name.same_kind(base)) {
                budget.comparison()?;
                mentioned = true;
                inside = inside || name.lies_in(base, Doubt::Outside)?;
            }
            if mentioned && !inside {
                return Err(Fault::PathInvalid("name is not permitted"));
            }
        }
        Ok(())
    }
}

/// GeneralSubtrees: section 4.2.1.10 allows neither minimum nor maximum.
fn bases<'a>(subtrees: &Element<'a>) -> Result<Vec<GeneralName<'a>>, Fault> {
    let mut list = subtrees.inside();
    let mut bases = Vec::new();
    while !list.is_empty() {
        let mut subtree = list.enter(tag::SEQUENCE, "name constraints")?;
        bases.push(GeneralName::read(&subtree.next()?)?);
        if !subtree.is_empty() {
            return Err(Fault::PathInvalid(
                "name constraint with minimum or maximum",
            ));
        }
    }
    if bases.is_empty() {
        Err(Fault::Malformed("name constraints"))
    } else {
        Ok(bases)
    }
}

/// What to say of a name that cannot be compared: the answer that refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    Inside,
    Outside,
}

impl<'a> GeneralName<'a> {
    fn read(element: &Element<'a>) -> Result<Self, Malformed> {
        const EMAIL: u8 = tag::context(1);
        const DNS: u8 = tag::context(2);
        const DIRECTORY: u8 = tag::explicit(4);
        const URI: u8 = tag::context(6);
        const IP: u8 = tag::context(7);
        Ok(match element.tag {
            EMAIL => Self::Email(ascii(element.content)?),
            DNS => Self::Dns(ascii(element.content)?),
            DIRECTORY => Self::Directory(Name::read(element.content)?),
            URI => Self::Uri(ascii(element.content)?),
            IP => Self::Ip(element.content),
            other => Self::Other(other),
        })
    }

    fn same_kind(&self, other: &GeneralName<'_>) -> bool {
        match (self, other) {
            (Self::Email(_), GeneralName::Email(_))
            | (Self::Dns(_), GeneralName::Dns(_))
            | (Self::Directory(_), GeneralName::Directory(_))
            | (Self::Uri(_), GeneralName::Uri(_))
            | (Self::Ip(_), GeneralName::Ip(_)) => true,
            (Self::Other(own), GeneralName::Other(theirs)) => own == theirs,
            (_, _) => false,
        }
    }

    fn lies_in(&self, base: &GeneralName<'_>, doubt: Doubt) -> Result<bool, Fault> {
        let inside = match (self, base) {
            (Self::Email(address), GeneralName::Email(base)) => email_lies_in(address, base),
            (Self::Dns(host), GeneralName::Dns(base)) => dns_lies_in(host, base, doubt),
            (Self::Directory(name), GeneralName::Directory(base)) => Some(name.starts_with(*base)),
            (Self::Uri(uri), GeneralName::Uri(base)) => {
                host(uri).and_then(|host| host_lies_in(host, base))
            }
            (Self::Ip(address), GeneralName::Ip(base)) => ip_lies_in(address, base),
            (_, _) => None,
        };
        Ok(inside.unwrap_or(doubt == Doubt::Inside))
    }
}

fn ascii(content: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(content)
        .ok()
        .filter(|text| text.is_ascii())
        .ok_or(Malformed("alternative name"))
}

/// A mailbox, a host, or with a leading dot all hosts of a domain. The part
/// before the at sign keeps its case.
fn email_lies_in(address: &str, base: &str) -> Option<bool> {
    let (local, domain) = address
        .rsplit_once('@')
        .filter(|(local, domain)| !local.is_empty() && plain(domain))?;
    match base.rsplit_once('@') {
        Some((base_local, base_domain)) => {
            Some(local == base_local && domain.eq_ignore_ascii_case(base_domain))
        }
        None => host_lies_in(domain, base),
    }
}

/// The domain itself and everything left of it; a wildcard lies inside only
/// when all it stands for does, and is excluded when any of it is. A base with
/// a leading dot is none (section 4.2.1.10 has them for URIs and mailboxes).
fn dns_lies_in(host: &str, base: &str, doubt: Doubt) -> Option<bool> {
    if base.is_empty() {
        return Some(true);
    }
    let (wildcard, rest) = match host.strip_prefix("*.") {
        Some(rest) => (true, rest),
        None => (false, host),
    };
    if !plain(rest) || !plain(base) {
        return None;
    }
    let overlaps = wildcard && doubt == Doubt::Inside && is_subdomain(base, rest);
    Some(overlaps || rest.eq_ignore_ascii_case(base) || is_subdomain(rest, base))
}

/// With a leading dot: hosts below the domain only; without: that host only.
fn host_lies_in(host: &str, base: &str) -> Option<bool> {
    match base.strip_prefix('.') {
        _ if base.is_empty() => Some(true),
        Some(domain) => (plain(host) && plain(domain)).then(|| is_subdomain(host, domain)),
        None => (plain(host) && plain(base)).then(|| host.eq_ignore_ascii_case(base)),
    }
}

fn is_subdomain(host: &str, domain: &str) -> bool {
    let Some(start) = host.len().checked_sub(domain.len()) else {
        return false;
    };
    match (host.get(..start), host.get(start..)) {
        (Some(before), Some(after)) => before.ends_with('.') && after.eq_ignore_ascii_case(domain),
        (_, _) => false,
    }
}

/// Labels of letters, digits, hyphens and underscores, none of them empty: no
/// trailing dot, no wildcard, nothing that two readers could take for two things.
fn plain(host: &str) -> bool {
    host.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet))
    })
}

/// The host of a URI with an authority; an address in its place has no host.
fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let numeric = host
        .bytes()
        .all(|octet| octet.is_ascii_digit() || octet == b'.');
    (!host.is_empty() && !numeric).then_some(host)
}

/// An address within address and mask, both of its own length.
fn ip_lies_in(address: &[u8], base: &[u8]) -> Option<bool> {
    if !matches!(address.len(), 4 | 16) || base.len() != address.len() * 2 {
        return if matches!(base.len(), 8 | 32) && matches!(address.len(), 4 | 16) {
            Some(false)
        } else {
            None
        };
    }
    let (network, mask) = base.split_at(address.len());
    let contiguous = mask
        .iter()
        .map(|octet| octet.leading_ones())
        .skip_while(|&ones| ones == 8)
        .skip(1)
        .all(|ones| ones == 0)
        && mask
            .iter()
            .all(|octet| octet.leading_ones() == octet.count_ones());
    contiguous.then(|| {
        address
            .iter()
            .zip(network)
            .zip(mask)
            .all(|((own, theirs), mask)| own & mask == theirs & mask)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_93_a_host_that_can_be_read_two_ways_is_refused() {
        assert_eq!(
            dns_lies_in("evil.example.", "example", Doubt::Outside),
            None
        );
        assert_eq!(
            dns_lies_in("*.example.kz", "host.example.kz", Doubt::Inside),
            Some(true)
        );
        assert_eq!(
            dns_lies_in("*.example.kz", "host.example.kz", Doubt::Outside),
            Some(false)
        );
        assert_eq!(
            dns_lies_in("a.example.kz", ".example.kz", Doubt::Outside),
            None
        );
        assert_eq!(
            dns_lies_in("notexample.kz", "example.kz", Doubt::Outside),
            Some(false)
        );
        assert_eq!(
            dns_lies_in("a.EXAMPLE.kz", "example.kz", Doubt::Outside),
            Some(true)
        );
    }

    #[test]
    fn row_93_a_uri_is_judged_by_its_host() {
        assert_eq!(host("http://user@Host.kz:80/x?y"), Some("Host.kz"));
        assert_eq!(host("http://10.0.0.1/"), None);
        assert_eq!(host("urn:kz:1"), None);
        assert_eq!(host_lies_in("a.b.kz", ".b.kz"), Some(true));
        assert_eq!(host_lies_in("b.kz", ".b.kz"), Some(false));
        assert_eq!(host_lies_in("a.b.kz", "b.kz"), Some(false));
    }

    #[test]
    fn an_address_of_the_other_length_lies_outside() {
        assert_eq!(
            ip_lies_in(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]),
            Some(true)
        );
        assert_eq!(
            ip_lies_in(&[11, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]),
            Some(false)
        );
        assert_eq!(
            ip_lies_in(&[0; 16], &[10, 0, 0, 0, 255, 0, 0, 0]),
            Some(false)
        );
        assert_eq!(
            ip_lies_in(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 255, 0]),
            None
        );
    }

    #[test]
    fn a_mailbox_keeps_the_case_of_its_name() {
        assert_eq!(email_lies_in("a@B.kz", "a@b.kz"), Some(true));
        assert_eq!(email_lies_in("A@b.kz", "a@b.kz"), Some(false));
        assert_eq!(email_lies_in("a@x.b.kz", ".b.kz"), Some(true));
        assert_eq!(email_lies_in("no-address", "b.kz"), None);
    }
}
