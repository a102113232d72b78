//! Which certificates a list speaks about, and which list a delta brings up to
//! date (RFC 5280 sections 5.2.4 and 6.3.3).

use super::{Crl, DistributionPoint, Reasons, scope::PointName};
use crate::eds::{
    Fault,
    certificate::{Certificate, Span},
};

/// The distribution points that the certificate names.
pub(super) fn points(certificate: &Certificate) -> Result<Vec<DistributionPoint<'_>>, Fault> {
    match &certificate.extensions().distribution_points {
        Some(place) => Ok(DistributionPoint::list(certificate.part(place))?),
        None => Ok(Vec::new()),
    }
}

impl Crl {
    /// The reasons for which this list tells the status of `certificate`
    /// (section 6.3.3 (b)): through one of its distribution points, or because
    /// the certificate's own issuer issued it.
    pub(super) fn covers(
        &self,
        certificate: &Certificate,
        points: &[DistributionPoint<'_>],
    ) -> Result<Reasons, Fault> {
        let scope = &self.extensions().scope;
        let authority = certificate.extensions().is_authority();
        if scope.only_attributes
            || (scope.only_users && authority)
            || (scope.only_authorities && !authority)
        {
            return Ok(Reasons::NONE);
        }
        let own = match &scope.point {
            Some(place) => Some(PointName::read(self.part(place))?),
            None => None,
        };
        let mut covered = Reasons::NONE;
        if self.issuer().matches(certificate.issuer())
            && own.is_none_or(|own| own.is_one_of(std::iter::once(certificate.issuer())))
        {
            covered = scope.reasons;
        }
        for point in points
            .iter()
            .filter(|point| self.serves(point, own, certificate))
        {
            covered = covered.or(point.reasons.and(scope.reasons));
        }
        Ok(covered)
    }

    fn serves(
        &self,
        point: &DistributionPoint<'_>,
        own: Option<PointName<'_>>,
        certificate: &Certificate,
    ) -> bool {
        let issued = match point.issuer {
            Some(_) => {
                self.extensions().scope.indirect
                    && point.issuer_names().any(|name| name.matches(self.issuer()))
            }
            None => self.issuer().matches(certificate.issuer()),
        };
        issued
            && match (own, point.name) {
                (None, _) => true,
                (Some(own), Some(name)) => {
                    let base = point.issuer_names().next().unwrap_or(certificate.issuer());
                    own.meets(self.issuer(), name, base)
                }
                (Some(own), None) => own.is_one_of(point.issuer_names()),
            }
    }

    /// Whether this is a delta list for `base` (sections 5.2.4 and 6.3.3 (c)).
    pub(super) fn updates(&self, base: &Crl) -> bool {
        let (own, theirs) = (self.extensions(), base.extensions());
        let numbers = (
            self.number(&own.base_number),
            self.number(&own.number),
            base.number(&theirs.number),
        );
        let fits = match numbers {
            (Some(from), Some(own), Some(base)) => from <= base && base < own,
            (_, _, _) => false,
        };
        fits && self.issuer().matches(base.issuer())
            && self.optional(&own.scope_octets) == base.optional(&theirs.scope_octets)
            && self.optional(&own.authority_key_identifier)
                == base.optional(&theirs.authority_key_identifier)
    }

    fn optional(&self, place: &Option<Span>) -> Option<&[u8]> {
        place.as_ref().map(|place| self.part(place))
    }

    /// A number in an order that compares: the longer is the larger.
    fn number(&self, place: &Option<Span>) -> Option<(usize, &[u8])> {
        self.optional(place).map(|octets| (octets.len(), octets))
    }
}
