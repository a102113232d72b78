//! A form that a person who has signed in sends: it must carry what only our own
//! pages know, and the key that makes its repetition harmless.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use actix_multipart::form::bytes::Bytes as File;
use actix_multipart::form::text::Text;
use actix_multipart::form::{MultipartCollect, MultipartForm};
use actix_web::dev::Payload;
use actix_web::web::{Bytes, Query};
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::visitor::Member;
use crate::eds::{Digest, Seen, unarmoured};
use crate::flow::{Error, Once, Reply, Session};
use crate::web::api::views::ApplicationView;
use crate::web::command::unread;
use crate::web::form::Form;
use crate::web::problem::Problem;

/// The parsed fields of a form, and who sends it.
pub(super) struct Filled<F> {
    /// Who sends it.
    pub(super) member: Member,
    /// The fields.
    pub(super) fields: F,
    pub(super) key: String,
    pub(super) request: Digest,
}

/// What every form carries.
#[derive(Deserialize)]
struct Carried {
    form: String,
    key: String,
}

/// No fields of its own.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// A form with files.
pub(super) struct Enclosed<F>(pub(super) F);

/// What a form with files says of itself.
pub(super) trait Enclosing: MultipartCollect + 'static {
    /// What only our own pages know.
    fn form(&self) -> &str;

    /// The key that makes its repetition harmless.
    fn key(&self) -> &str;

    /// The octets by which its repetition is known.
    ///
    /// # Errors
    /// A problem when something that is needed is missing.
    fn matter(&self) -> Result<Vec<u8>, Problem>;
}

/// A form with a signature: as text, or as the file that a tool has written.
#[derive(MultipartForm)]
pub(super) struct Signed {
    form: Option<Text<String>>,
    key: Text<String>,
    signature: Option<Text<String>>,
    file: Option<File>,
}

impl<F> Filled<F> {
    /// Has the form take its effect on an application once, however often it is sent.
    ///
    /// # Errors
    /// What `effect` fails with.
    pub(super) async fn take_effect(
        &self,
        status: u16,
        effect: impl AsyncFnOnce(&Session, &Once<'_>) -> Result<Reply, Error>,
    ) -> Result<Reply, Error> {
        let session = &self.member.session;
        let wording = |seen: &_| ApplicationView::reply(seen, &session.actor(), status);
        effect(session, &self.once(&wording)).await
    }

    /// The request as `flow` wants it, with the words for its answer.
    pub(super) fn once<'a, S>(&'a self, wording: &'a dyn Fn(&S) -> Reply) -> Once<'a, S> {
        Once {
            key: &self.key,
            request: self.request,
            wording,
        }
    }
}

impl Signed {
    /// In which form the signature came, when it is one.
    pub(super) fn seen(&self) -> Option<&'static str> {
        seen(self.signature.as_ref(), self.file.as_ref())
    }
}

impl Enclosing for Signed {
    fn form(&self) -> &str {
        self.form.as_deref().map_or("", String::as_str)
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn matter(&self) -> Result<Vec<u8>, Problem> {
        octets(self.signature.as_ref(), self.file.as_ref())
    }
}

/// In which form a signature came, when it is one.
pub(super) fn seen(text: Option<&Text<String>>, file: Option<&File>) -> Option<&'static str> {
    let octets = given(text, file)?;
    Seen::of(octets).map(Into::into)
}

fn given<'a>(text: Option<&'a Text<String>>, file: Option<&'a File>) -> Option<&'a [u8]> {
    let text = text.map(|text| text.trim().as_bytes());
    let given = [text, file.map(|file| file.data.as_ref())];
    let mut given = given.into_iter().flatten();
    given.find(|octets| !octets.is_empty())
}

/// A signature that came as text or as a file, out of the base64 or PEM in which
/// tools wrap it. What is neither stays as it is, so that the verifier says what is
/// wrong with it.
///
/// # Errors
/// A problem when there is none.
pub(super) fn octets(text: Option<&Text<String>>, file: Option<&File>) -> Result<Vec<u8>, Problem> {
    let octets = given(text, file)
        .ok_or_else(|| Problem::malformed("neither the text nor the file holds a signature"))?;
    Ok(unarmoured(octets).map_or_else(|_| octets.to_vec(), Cow::into_owned))
}

impl<F: DeserializeOwned + 'static> FromRequest for Filled<F> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let member = Member::from_request(request, payload);
        let body = Bytes::from_request(request, payload);
        let path = request.path().to_owned();
        Box::pin(async move {
            let member = member.await?;
            let body = body.await.map_err(|error| unread(&error))?;
            let text = std::str::from_utf8(&body).unwrap_or_default();
            let carried: Carried = read(text)?;
            member.confirm(&carried.form)?;
            Ok(Self {
                member,
                fields: read(text)?,
                request: request_of(&path, &body),
                key: carried.key,
            })
        })
    }
}

impl<F: Enclosing> FromRequest for Filled<Enclosed<F>> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let member = Member::from_request(request, payload);
        let form = Form::<F>::from_request(request, payload);
        let path = request.path().to_owned();
        Box::pin(async move {
            let member = member.await?;
            let Form(fields) = form.await?;
            member.confirm(fields.form())?;
            Ok(Self {
                member,
                request: request_of(&path, &fields.matter()?),
                key: fields.key().to_owned(),
                fields: Enclosed(fields),
            })
        })
    }
}

/// The digest of what is asked, by which its repetition is known.
fn request_of(path: &str, body: &[u8]) -> Digest {
    Digest::of(&[b"POST ", path.as_bytes(), b"\n", body].concat())
}

fn read<F: DeserializeOwned>(text: &str) -> Result<F, Problem> {
    let fields = Query::<F>::from_query(text);
    let fields =
        fields.map_err(|_| Problem::malformed("a field of the form is missing or wrong"))?;
    Ok(fields.into_inner())
}
