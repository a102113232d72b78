//! Revocation data that came with a signature: in `SignedData.crls` (RFC 5652
//! section 10.2.1, RFC 5940), or in the attribute revocation-values
//! (ETSI EN 319 122-1 annex A.1.2.2) that older signers use.

use super::{
    super::{
        Fault, Oid,
        der::{Element, Malformed, tag},
    },
    ber,
};

/// id-ri-ocsp-response (RFC 5940 section 2.1): a whole OCSPResponse.
pub(in super::super) const WHOLE_RESPONSE: Oid = Oid::new("1.3.6.1.5.5.7.16.2");
/// id-pkix-ocsp-basic, under which some signers put the BasicOCSPResponse alone.
const BASIC_RESPONSE: Oid = Oid::new("1.3.6.1.5.5.7.48.1.1");

/// More lists and answers than this in one container are refused: a path of
/// three and a time-stamp's path of three need six.
const MOST: usize = 32;

/// Lists and answers as received: nobody's word until their own signatures hold.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Enclosed<'a> {
    pub(in super::super) lists: Vec<&'a [u8]>,
    pub(in super::super) responses: Vec<Answer<'a>>,
}

/// A responder's answer in one of its two wrappings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Answer<'a> {
    /// An OCSPResponse.
    Whole(&'a [u8]),
    /// A BasicOCSPResponse.
    Basic(&'a [u8]),
}

impl<'a> Enclosed<'a> {
    /// Takes in a RevocationInfoChoices: lists are SEQUENCEs, all else says
    /// what it is and is passed over when it is not understood.
    pub(super) fn choices(&mut self, set: &Element<'a>) -> Result<(), Fault> {
        let mut choices = ber::Reader::new(set.content);
        while !choices.is_empty() {
            let choice = choices.next()?;
            match choice.tag {
                tag::SEQUENCE => self.list(choice.raw)?,
                other if other == tag::explicit(1) => self.other(&choice)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// OtherRevocationInfoFormat.
    fn other(&mut self, choice: &Element<'a>) -> Result<(), Fault> {
        let mut fields = ber::Reader::new(choice.content);
        let format = super::oid(&mut fields, "revocation data")?;
        let data = fields.next()?.raw;
        fields.finish("revocation data")?;
        if format == WHOLE_RESPONSE {
            return self.response(Answer::Whole(data));
        }
        if format == BASIC_RESPONSE {
            return self.response(Answer::Basic(data));
        }
        Ok(())
    }

    /// Takes in a RevocationValues.
    pub(super) fn values(&mut self, mut fields: ber::Reader<'a>) -> Result<(), Fault> {
        if let Some(mut lists) = sequence(&mut fields, tag::explicit(0))? {
            while !lists.is_empty() {
                self.list(lists.next()?.raw)?;
            }
        }
        if let Some(mut answers) = sequence(&mut fields, tag::explicit(1))? {
            while !answers.is_empty() {
                self.response(Answer::Basic(answers.next()?.raw))?;
            }
        }
        Ok(())
    }

    fn list(&mut self, list: &'a [u8]) -> Result<(), Fault> {
        self.room()?;
        self.lists.push(list);
        Ok(())
    }

    fn response(&mut self, response: Answer<'a>) -> Result<(), Fault> {
        self.room()?;
        self.responses.push(response);
        Ok(())
    }

    fn room(&self) -> Result<(), Fault> {
        if self.lists.len() + self.responses.len() < MOST {
            Ok(())
        } else {
            Err(Fault::TooLarge("revocation data"))
        }
    }
}

fn sequence<'a>(
    fields: &mut ber::Reader<'a>,
    explicit: u8,
) -> Result<Option<ber::Reader<'a>>, Malformed> {
    let Some(explicit) = fields.optional(explicit)? else {
        return Ok(None);
    };
    let mut inside = ber::Reader::new(explicit.content);
    inside.enter(tag::SEQUENCE, "revocation values").map(Some)
}
