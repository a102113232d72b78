//! What an operator of a service centre scanned, and what the operator attests.

use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::applications::Nothing;
use super::views::{ApplicationView, AttachmentView};
use crate::domain::attachment::{AttachmentId, PaperKind};
use crate::domain::law::Relationship;
use crate::domain::register::PowerNumber;
use crate::domain::{ApplicationId, Holder, IdentityKind, IdentityPaper};
use crate::eds::{Bin, Digest, Iin};
use crate::flow::attaching::Scan;
use crate::flow::attesting::{Claim, Presented, Testimony};
use crate::flow::{House, Once};
use crate::web::auth::Person;
use crate::web::command::{Command, Key};
use crate::web::form::Form;
use crate::web::problem::Problem;

/// A scanned paper.
#[derive(MultipartForm, ToSchema)]
#[multipart(deny_unknown_fields, duplicate_field = "deny")]
pub struct AttachmentForm {
    /// `paper_consent`, `power_of_attorney`, `identity_document`, `lease` or `other`.
    #[schema(value_type = String, example = "paper_consent")]
    pub(in crate::web) kind: Text<String>,
    /// The name under which it is shown: plain text of at most 100 characters.
    #[schema(value_type = String, example = "Келісім.pdf")]
    pub(in crate::web) name: Text<String>,
    /// The file, 10 MiB at most: `application/pdf`, `image/jpeg` or `image/png`.
    #[schema(value_type = String, format = Binary)]
    pub(in crate::web) file: Bytes,
}

/// What is attached.
#[derive(Serialize, ToSchema)]
pub struct AttachmentList {
    /// Oldest first.
    items: Vec<AttachmentView>,
}

/// What the operator saw and checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "residents": [{"iin": "900101300007", "document": {
        "kind": "identity_card", "last_four": "1234", "issuer": "МВД РК"}}],
    "owners": [
        {"iin": "851230400006", "how": "present", "document": {
            "kind": "identity_card", "last_four": "5678", "issuer": "МВД РК"}},
        {"bin": "200140000004", "how": "paper_consent", "attachment": "01938f6e-0000-7000-8000-000000000001"}]}))]
pub struct AttestationRequest {
    /// Each resident once.
    pub(in crate::web) residents: Vec<IdentityRequest>,
    /// Each owner once, or the tenant of state housing.
    pub(in crate::web) owners: Vec<ConsentRequest>,
}

/// Whose identity document was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityRequest {
    /// Individual identification number.
    pub(in crate::web) iin: String,
    /// What was shown.
    pub(in crate::web) document: IdentityPaperRequest,
    /// Who speaks for one who is under 16 or without full capacity: a legal
    /// representative whom the register names.
    #[serde(default)]
    pub(in crate::web) representative: Option<RepresentativeRequest>,
    /// Why a city's limit on the people of a dwelling does not count this one.
    #[serde(default)]
    pub(in crate::web) exempt: Option<ExemptionRequest>,
}

/// A legal representative who was present.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepresentativeRequest {
    /// Individual identification number.
    pub(in crate::web) iin: String,
    /// What was shown.
    pub(in crate::web) document: IdentityPaperRequest,
}

/// How a resident belongs to the owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExemptionRequest {
    /// `spouse`, `child`, `relative`, `spouse-of-relative`, `child-of-relative`,
    /// `ward` or `full-time-student`.
    #[schema(value_type = String, example = "child")]
    pub(in crate::web) relationship: Relationship,
    /// The attachment that shows it.
    pub(in crate::web) attachment: Uuid,
}

/// An identity document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityPaperRequest {
    /// `identity_card`, `passport`, `birth_certificate`, `residence_permit` or `other`.
    #[schema(value_type = String, example = "identity_card")]
    pub(in crate::web) kind: IdentityKind,
    /// The last four characters of its number.
    #[schema(example = "1234")]
    pub(in crate::web) last_four: String,
    /// Who issued it.
    #[schema(example = "МВД РК")]
    pub(in crate::web) issuer: String,
}

/// How somebody with a right to the dwelling agreed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentRequest {
    /// Individual identification number of a person.
    #[serde(default)]
    pub(in crate::web) iin: Option<String>,
    /// Business identification number of an organisation.
    #[serde(default)]
    pub(in crate::web) bin: Option<String>,
    /// `present`, `paper_consent`, `delegate` or `legal_representative`.
    #[schema(example = "present")]
    pub(in crate::web) how: String,
    /// The identity document of the person or the delegate who was present.
    #[serde(default)]
    pub(in crate::web) document: Option<IdentityPaperRequest>,
    /// Who consents for a person under 18 or without full capacity: a legal
    /// representative whom the register names.
    #[serde(default)]
    pub(in crate::web) representative: Option<RepresentativeRequest>,
    /// The attachment: the consent on paper, or the power of attorney.
    #[serde(default)]
    pub(in crate::web) attachment: Option<Uuid>,
    /// Number of the notarised power of attorney, of a delegate.
    #[serde(default)]
    pub(in crate::web) power_of_attorney: Option<String>,
}

/// Attaches a scanned paper to a draft of a service centre. The content is
/// checked: of the type that is said, whole, without anything active in it.
#[utoipa::path(tag = "service centre", context_path = "/api/v1/applications/{id}/attachments",
    request_body(content = AttachmentForm, content_type = "multipart/form-data"),
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
#[post("")]
pub async fn attach(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    key: Key,
    form: Form<AttachmentForm>,
) -> Result<HttpResponse, Problem> {
    let scan = form.0.read()?;
    let once = Once {
        key: &key.0,
        request: digest(*id, &scan),
        wording: &AttachmentView::reply,
    };
    let reply = house.attach(&person.0, &once, ApplicationId::new(*id), scan);
    Ok(answer(reply.await?))
}

/// What is attached: to the service centre and, once the operator has signed, to
/// the residents.
#[utoipa::path(tag = "service centre", context_path = "/api/v1/applications/{id}/attachments",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = AttachmentList), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("")]
pub async fn list(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let attached = house
        .attachments(&person.0, ApplicationId::new(*id))
        .await?;
    let items = attached.iter().map(AttachmentView::from).collect();
    Ok(HttpResponse::Ok().json(AttachmentList { items }))
}

/// One file as it came, to be kept and not shown by the browser.
#[utoipa::path(tag = "service centre", context_path = "/api/v1/applications/{id}/attachments",
    params(("id" = Uuid, Path), ("attachment" = Uuid, Path)),
    responses((status = 200, description = "the octets", content_type = "application/octet-stream"),
        (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/{attachment}")]
pub async fn see(
    house: Data<House>,
    person: Person,
    ids: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (attachment, octets) = house.attached(&person.0, named(&ids)).await?;
    let media_type: &'static str = attachment.what.media_type.into();
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(format!(
            "{}.{}",
            attachment.id,
            attachment.what.media_type.ending()
        ))],
    };
    Ok(HttpResponse::Ok()
        .insert_header(disposition)
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(octets))
}

/// Takes an attachment away, before it is attested what is attached.
#[utoipa::path(tag = "service centre", context_path = "/api/v1/applications/{id}/attachments",
    request_body = Nothing,
    params(("id" = Uuid, Path), ("attachment" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[delete("/{attachment}")]
pub async fn detach(
    house: Data<House>,
    person: Person,
    ids: Path<(Uuid, Uuid)>,
    command: Command<Nothing>,
) -> Result<HttpResponse, Problem> {
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 200);
    let once = command.once(&wording);
    Ok(answer(house.detach(&person.0, &once, named(&ids)).await?))
}

/// Says what was seen and checked; the answer holds the document to sign. To
/// change it afterwards, or what is attached, write the application anew.
#[utoipa::path(tag = "service centre", context_path = "/api/v1", request_body = AttestationRequest,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
#[post("/applications/{id}/attestation")]
pub async fn attest(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<AttestationRequest>,
) -> Result<HttpResponse, Problem> {
    let testimony = Testimony::try_from(&command.input)?;
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 200);
    let once = command.once(&wording);
    let reply = house.attest(&person.0, &once, ApplicationId::new(*id), testimony);
    Ok(answer(reply.await?))
}

fn named(ids: &(Uuid, Uuid)) -> (ApplicationId, AttachmentId) {
    (ApplicationId::new(ids.0), AttachmentId::new(ids.1))
}

/// What was sent, however the form was written: each attempt has a boundary of
/// its own.
pub(in crate::web) fn digest(id: Uuid, scan: &Scan) -> Digest {
    let (kind, media_type): (&str, &str) = (scan.kind.into(), scan.media_type.into());
    let file = Digest::of(&scan.octets);
    let fields = [
        &*id.to_string(),
        kind,
        media_type,
        &scan.name,
        &file.to_string(),
    ];
    Digest::of(fields.join("\n").as_bytes())
}

impl AttachmentForm {
    /// The file as it came.
    ///
    /// # Errors
    /// A problem when it is said to be what cannot be attached.
    pub(in crate::web) fn read(self) -> Result<Scan, Problem> {
        let kind = self.kind.parse::<PaperKind>();
        let media_type = self.file.content_type.as_ref();
        let media_type = media_type.and_then(|said| said.essence_str().parse().ok());
        Ok(Scan {
            kind: kind.map_err(|_| Problem::malformed("there is no such kind of paper"))?,
            media_type: media_type
                .ok_or_else(|| Problem::malformed("the file is said to be no PDF, JPEG or PNG"))?,
            name: self.name.into_inner(),
            octets: self.file.data.to_vec(),
        })
    }
}

impl TryFrom<&AttestationRequest> for Testimony {
    type Error = Problem;

    fn try_from(request: &AttestationRequest) -> Result<Self, Problem> {
        let residents = request.residents.iter().map(IdentityRequest::read);
        let holders = request.owners.iter().map(ConsentRequest::read);
        Ok(Self {
            residents: residents.collect::<Result<_, _>>()?,
            holders: holders.collect::<Result<_, _>>()?,
        })
    }
}

impl IdentityRequest {
    fn read(&self) -> Result<Presented, Problem> {
        let iin = Iin::parse(&self.iin);
        let representative = self.representative.as_ref();
        let exempt = self.exempt.as_ref();
        Ok(Presented {
            iin: iin.map_err(|_| Problem::malformed("residents holds a number that is no IIN"))?,
            paper: self.document.paper(),
            representative: representative
                .map(RepresentativeRequest::read)
                .transpose()?,
            exempt: exempt.map(|it| (it.relationship, AttachmentId::new(it.attachment))),
        })
    }
}

impl RepresentativeRequest {
    fn read(&self) -> Result<(Iin, IdentityPaper), Problem> {
        let iin = Iin::parse(&self.iin);
        let iin = iin.map_err(|_| Problem::malformed("representative has a number that is no IIN"));
        Ok((iin?, self.document.paper()))
    }
}

impl IdentityPaperRequest {
    fn paper(&self) -> IdentityPaper {
        IdentityPaper {
            kind: self.kind,
            last_four: self.last_four.clone(),
            issuer: self.issuer.clone(),
        }
    }
}

impl ConsentRequest {
    fn read(&self) -> Result<(Holder, Claim), Problem> {
        let attachment = self.attachment.map(AttachmentId::new);
        let power = self.power_of_attorney.as_deref().map(PowerNumber::parse);
        let power = power
            .transpose()
            .map_err(|error| Problem::malformed(error.to_string()))?;
        let shown = self.document.as_ref().map(IdentityPaperRequest::paper);
        let representative = self.representative.as_ref();
        let representative = representative
            .map(RepresentativeRequest::read)
            .transpose()?;
        let claim = match (
            self.how.as_str(),
            shown,
            (attachment, power),
            representative,
        ) {
            ("present", Some(shown), (None, None), None) => Claim::Present(shown),
            ("paper_consent", None, (Some(attachment), None), None) => Claim::OnPaper(attachment),
            ("delegate", Some(shown), (Some(attachment), Some(power)), None) => {
                Claim::Represented(power, shown, attachment)
            }
            ("legal_representative", None, (None, None), Some((iin, shown))) => {
                Claim::ThroughRepresentative(iin, shown)
            }
            (_, _, _, _) => return Err(Problem::malformed(HOW)),
        };
        Ok((self.holder()?, claim))
    }

    fn holder(&self) -> Result<Holder, Problem> {
        let holder = match (&self.iin, &self.bin) {
            (Some(iin), None) => Iin::parse(iin).ok().map(Holder::Person),
            (None, Some(bin)) => Bin::parse(bin).ok().map(Holder::Organisation),
            (None, None) | (Some(_), Some(_)) => None,
        };
        holder.ok_or_else(|| Problem::malformed("each of owners has one number, iin or bin"))
    }
}

/// What goes together in what is said about an owner.
const HOW: &str = "owners are present with a document, on a paper_consent with its attachment, behind \
                   a delegate with a document, power_of_attorney and its attachment, or behind a \
                   legal_representative with representative";
