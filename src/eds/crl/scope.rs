//! What a list covers: distribution points and reasons
//! (RFC 5280 sections 4.2.1.13 and 5.2.5).

use super::super::{
    certificate::{Span, span},
    der::{Element, Malformed, Reader, tag},
    name::Name,
};

/// A set of revocation reasons as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Reasons(u16);

impl Reasons {
    /// Every reason but "unspecified", which no list leaves out.
    pub(in super::super) const ALL: Self = Self(0x7f80);
    pub(in super::super) const NONE: Self = Self(0);

    fn read(bits: &[u8]) -> Result<Self, Malformed> {
        match *bits {
            [_, only] => Ok(Self(u16::from_be_bytes([only, 0]) & Self::ALL.0)),
            [_, first, second] => Ok(Self(u16::from_be_bytes([first, second]) & Self::ALL.0)),
            _ => Err(Malformed("reasons")),
        }
    }

    pub(in super::super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(in super::super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(in super::super) fn adds_to(self, known: Self) -> bool {
        self.0 & !known.0 != 0
    }
}

/// The issuing distribution point of a list; without one it covers all.
#[derive(Debug, Clone)]
pub(in super::super) struct Scope {
    pub(in super::super) point: Option<Span>,
    pub(in super::super) only_users: bool,
    pub(in super::super) only_authorities: bool,
    pub(in super::super) only_attributes: bool,
    pub(in super::super) indirect: bool,
    pub(in super::super) reasons: Reasons,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            point: None,
            only_users: false,
            only_authorities: false,
            only_attributes: false,
            indirect: false,
            reasons: Reasons::ALL,
        }
    }
}

impl Scope {
    pub(super) fn read(value: &[u8], whole: &[u8]) -> Result<Self, Malformed> {
        const WHAT: &str = "issuing distribution point";
        let mut fields = Reader::only(value, tag::SEQUENCE, WHAT)?;
        let point = fields
            .optional(tag::explicit(0))?
            .map(|element| span(whole, element.content));
        let only_users = flag(&mut fields, 1)?;
        let only_authorities = flag(&mut fields, 2)?;
        let reasons = match fields.optional(tag::context(3))? {
            Some(bits) => Reasons::read(bits.content)?,
            None => Reasons::ALL,
        };
        let indirect = flag(&mut fields, 4)?;
        let only_attributes = flag(&mut fields, 5)?;
        fields.finish(WHAT)?;
        Ok(Self {
            point,
            only_users,
            only_authorities,
            only_attributes,
            indirect,
            reasons,
        })
    }
}

fn flag(fields: &mut Reader<'_>, number: u8) -> Result<bool, Malformed> {
    match fields
        .optional(tag::context(number))?
        .map(|element| element.content)
    {
        None => Ok(false),
        Some([0xff]) => Ok(true),
        Some(_) => Err(Malformed("issuing distribution point")),
    }
}

/// One place where a certificate says its status is told.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct DistributionPoint<'a> {
    pub(in super::super) name: Option<PointName<'a>>,
    pub(in super::super) reasons: Reasons,
    /// The content of the GeneralNames of the list's issuer, if it is another.
    pub(in super::super) issuer: Option<&'a [u8]>,
}

/// The name of a distribution point.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum PointName<'a> {
    /// The content of GeneralNames.
    Full(&'a [u8]),
    /// The content of a relative name, below the list's issuer.
    Relative(&'a [u8]),
}

impl<'a> DistributionPoint<'a> {
    /// Reads the extension's value.
    pub(in super::super) fn list(value: &'a [u8]) -> Result<Vec<Self>, Malformed> {
        let mut list = Reader::only(value, tag::SEQUENCE, "distribution points")?;
        let mut points = Vec::with_capacity(1);
        while !list.is_empty() && points.len() < 32 {
            points.push(Self::read(
                list.enter(tag::SEQUENCE, "distribution points")?,
            )?);
        }
        Ok(points)
    }

    fn read(mut fields: Reader<'a>) -> Result<Self, Malformed> {
        let name = match fields.optional(tag::explicit(0))? {
            Some(element) => Some(PointName::read(element.content)?),
            None => None,
        };
        let reasons = match fields.optional(tag::context(1))? {
            Some(bits) => Reasons::read(bits.content)?,
            None => Reasons::ALL,
        };
        let issuer = fields
            .optional(tag::explicit(2))?
            .map(|element| element.content);
        fields.finish("distribution points")?;
        Ok(Self {
            name,
            reasons,
            issuer,
        })
    }

    /// The issuer's name, when it is another than the certificate's.
    pub(in super::super) fn issuer_names(&self) -> impl Iterator<Item = Name<'a>> {
        self.issuer.into_iter().flat_map(directory_names)
    }
}

impl<'a> PointName<'a> {
    pub(in super::super) fn read(value: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(value);
        let element = reader.next()?;
        reader.finish("distribution point name")?;
        const FULL: u8 = tag::explicit(0);
        const RELATIVE: u8 = tag::explicit(1);
        match element.tag {
            FULL => Ok(Self::Full(element.content)),
            RELATIVE => Ok(Self::Relative(element.content)),
            _ => Err(Malformed("distribution point name")),
        }
    }

    /// Whether both have a name in common, relative ones being below `issuer`
    /// (their own and the other's list issuer).
    pub(in super::super) fn meets(
        self,
        own_issuer: Name<'_>,
        other: PointName<'_>,
        other_issuer: Name<'_>,
    ) -> bool {
        match (self, other) {
            (Self::Full(own), PointName::Full(theirs)) => {
                names(own).any(|own| names(theirs).any(|other| same(&own, &other)))
            }
            (Self::Relative(own), PointName::Relative(theirs)) => {
                own_issuer.matches(other_issuer) && Name::relative_matches(own, theirs)
            }
            (Self::Full(full), PointName::Relative(last)) => {
                directory_names(full).any(|name| name.is_below(other_issuer, last))
            }
            (Self::Relative(last), PointName::Full(full)) => {
                directory_names(full).any(|name| name.is_below(own_issuer, last))
            }
        }
    }

    /// Whether the name is one of `issuers`.
    pub(in super::super) fn is_one_of(self, mut issuers: impl Iterator<Item = Name<'a>>) -> bool {
        match self {
            Self::Full(names) => {
                issuers.any(|issuer| directory_names(names).any(|name| name.matches(issuer)))
            }
            Self::Relative(_) => false,
        }
    }
}

fn names(general_names: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut reader = Reader::new(general_names);
    std::iter::from_fn(move || reader.next().ok())
}

fn same(one: &Element<'_>, other: &Element<'_>) -> bool {
    one.raw == other.raw
        || match (directory(one), directory(other)) {
            (Some(one), Some(other)) => one.matches(other),
            (_, _) => false,
        }
}

fn directory<'a>(general_name: &Element<'a>) -> Option<Name<'a>> {
    if general_name.tag == tag::explicit(4) {
        Name::read(general_name.content).ok()
    } else {
        None
    }
}

fn directory_names(general_names: &[u8]) -> impl Iterator<Item = Name<'_>> {
    names(general_names).filter_map(|name| directory(&name))
}

/// The one directory name in the value of a certificateIssuer extension.
pub(super) fn directory_name(value: &[u8]) -> Result<&[u8], Malformed> {
    let mut list = Reader::only(value, tag::SEQUENCE, "certificate issuer")?;
    let name = list
        .element(tag::explicit(4), "certificate issuer")?
        .content;
    Name::read(name).map(|_| name)
}
