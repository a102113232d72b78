//! Signing on a phone: a page asks for a code and fetches the signature; between
//! them eGov mobile makes the three calls of its own protocol.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post, put};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::applications::Nothing;
use super::page;
use crate::domain::{Document, DocumentId, Language};
use crate::flow::mobile::{Begun, Introduced};
use crate::flow::{House, Keeper};
use crate::render::mobile::Shown;
use crate::web::auth::Person;
use crate::web::command::Body;
use crate::web::problem::Problem;

/// What is to be signed on a phone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MobileSigningRequest {
    /// A document that was issued to you, or a login challenge.
    #[schema(example = "0198f0a2-7c1e-7000-8000-000000000001")]
    document: Uuid,
    /// In which language the phone says what it is about: `kk`, `ru` or `en`; Kazakh
    /// when absent.
    #[serde(default = "page::state_language")]
    #[schema(value_type = Option<String>, example = "ru")]
    language: Language,
}

/// How the phone is called, and where the signature will be.
#[derive(Serialize, ToSchema)]
pub struct MobileSigningView {
    /// The QR code: an SVG image without styles, to be put into the page.
    #[schema(example = "<svg xmlns=\"http://www.w3.org/2000/svg\" …></svg>")]
    qr: String,
    /// Opens eGov mobile, when the page is on the phone itself.
    #[schema(
        example = "https://mgovsign.page.link/?link=https%3A%2F%2Foffice.example%2F…&isi=1476128386&ibi=kz.egov.mobile&apn=kz.mobile.mgov"
    )]
    link: String,
    /// Opens eGov business likewise, for the keys of organisations.
    #[schema(
        example = "https://egovbusiness.page.link/?link=https%3A%2F%2Foffice.example%2F…&isi=1597880144&ibi=kz.mobile.mgov.business&apn=kz.mobile.mgov.business"
    )]
    business_link: String,
    /// Ask here every two seconds; nobody else can.
    #[schema(
        example = "/api/v1/mobile-signings/3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs/signature"
    )]
    collect: String,
    /// The last moment at which phone and page are served.
    expires_at: DateTime<Utc>,
}

/// What a phone has signed.
#[derive(Serialize, ToSchema)]
pub struct CollectedView {
    /// The CMS in base64; hand it in where any signature over this document goes.
    #[schema(example = "MIIKzgYJKoZIhvcNAQcCoIIKvzCC…")]
    signature: String,
}

/// What eGov mobile is told first.
#[derive(Serialize, ToSchema)]
pub struct IntroductionView {
    /// What it is about.
    #[schema(example = "https://office.example: Согласие на регистрацию")]
    description: String,
    /// The last moment at which the document is there.
    expiry_date: DateTime<Utc>,
    /// Who asks.
    organisation: KeeperView,
    /// Where the document is.
    document: WhereView,
}

/// Who keeps the service.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeeperView {
    /// The name in Russian.
    #[schema(example = "Келисим")]
    name_ru: String,
    /// The name in Kazakh.
    #[schema(example = "Келісім")]
    name_kz: String,
    /// The name in English.
    #[schema(example = "Kelisim")]
    name_en: String,
    /// Business identification number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "200740099907")]
    bin: Option<String>,
}

/// Where the document is, and how a phone shows that it may have it.
#[derive(Serialize, ToSchema)]
pub struct WhereView {
    /// Its address.
    #[schema(
        example = "https://office.example/api/v1/mobile/3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs/documents"
    )]
    uri: String,
    /// `None`: the token in the address is all it needs.
    #[schema(example = "None")]
    auth_type: &'static str,
    /// Empty, as there is none.
    #[schema(example = "")]
    auth_token: &'static str,
}

/// What eGov mobile is to sign.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToSignView {
    /// `CMS_SIGN_ONLY`: the document stays outside the CMS.
    #[schema(example = "CMS_SIGN_ONLY")]
    sign_method: &'static str,
    /// Of the protocol.
    #[schema(example = 1)]
    version: u8,
    /// Exactly one.
    documents_to_sign: Vec<PaperView>,
}

/// A document as eGov mobile shows it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaperView {
    /// Its place.
    #[schema(example = 1)]
    id: u8,
    /// What it is, in Russian.
    #[schema(example = "Согласие на регистрацию")]
    name_ru: &'static str,
    /// In Kazakh.
    #[schema(example = "Тіркеуге келісім")]
    name_kz: &'static str,
    /// In English.
    #[schema(example = "Consent to registration")]
    name_en: &'static str,
    /// The statement, in the language of the document.
    meta: Vec<RemarkView>,
    /// The bytes.
    document: EnclosedView,
}

/// A line that is shown beside a document.
#[derive(Serialize, ToSchema)]
pub struct RemarkView {
    /// What it is.
    #[schema(example = "Что вы подписываете")]
    name: &'static str,
    /// What it says.
    #[schema(example = "Я, собственник жилища, ИИН 680917399936, даю согласие …")]
    value: String,
}

/// A file inside a document.
#[derive(Serialize, ToSchema)]
pub struct EnclosedView {
    /// The file.
    file: FileView,
}

/// A file.
#[derive(Serialize, ToSchema)]
pub struct FileView {
    /// `text/plain`: the bytes are JSON, which eGov mobile has no name for.
    #[schema(example = "text/plain")]
    mime: &'static str,
    /// The bytes in base64.
    #[schema(example = "eyJhZGRyZXNzIjoi…")]
    data: String,
}

/// What eGov mobile sends back: the same with the signature in place of the bytes.
/// Everything else in it is what the service sent, and is not looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedRequest {
    /// Exactly one.
    documents_to_sign: Vec<SignedPaper>,
}

/// A document that was signed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignedPaper {
    /// The signature.
    document: SignedEnclosure,
}

/// Where the signature is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignedEnclosure {
    /// The file.
    file: SignedFile,
}

/// The file that is a signature.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignedFile {
    /// The detached CMS: DER in base64, or PEM.
    #[schema(example = "MIIKzgYJKoZIhvcNAQcCoIIKvzCC…")]
    data: String,
}

/// Asks for a code by which a phone signs a document that was issued to you, or, with
/// nobody signed in, a login challenge. Asking again begins anew and does no harm, so
/// no key is needed.
#[utoipa::path(tag = "mobile", context_path = "/api/v1", security((), ("session" = [])),
    request_body = MobileSigningRequest,
    responses((status = 201, body = MobileSigningView), (status = 400, body = Problem),
        (status = 401, body = Problem, description = "nobody is signed in, and it is no challenge"),
        (status = 404, body = Problem, description = "no such document, or it is not yours to sign"),
        (status = 410, body = Problem, description = "the time of the document is over")))]
#[post("/mobile-signings")]
pub async fn begin(
    house: Data<House>,
    person: Option<Person>,
    Body(request): Body<MobileSigningRequest>,
) -> Result<HttpResponse, Problem> {
    let session = person.as_ref().map(|person| &person.0);
    let document = DocumentId::new(request.document);
    let begun = house.begin_on_phone(session, document, request.language);
    Ok(HttpResponse::Created().json(MobileSigningView::from(&begun.await?)))
}

/// Fetches what the phone has signed; an empty object while it has not.
#[utoipa::path(tag = "mobile", context_path = "/api/v1", security(()), params(("token" = String, Path)),
    responses((status = 200, body = CollectedView),
        (status = 202, body = Nothing, description = "the phone has not signed yet: ask again in two seconds"),
        (status = 404, body = Problem), (status = 410, body = Problem, description = "the time is over")))]
#[get("/mobile-signings/{token}/signature")]
pub async fn collect(house: Data<House>, token: Path<String>) -> Result<HttpResponse, Problem> {
    let Some(signature) = house.fetch_for_page(&token).await? else {
        return Ok(HttpResponse::Accepted().json(serde_json::json!({})));
    };
    let signature = STANDARD.encode(signature);
    Ok(HttpResponse::Ok().json(CollectedView { signature }))
}

/// The first call of eGov mobile: what it is about.
#[utoipa::path(tag = "mobile", context_path = "/api/v1", security(()), params(("token" = String, Path)),
    responses((status = 200, body = IntroductionView), (status = 404, body = Problem),
        (status = 410, body = Problem, description = "it was signed, or the time is over")))]
#[get("/mobile/{token}")]
pub async fn introduce(house: Data<House>, token: Path<String>) -> Result<HttpResponse, Problem> {
    let introduced = house.introduce_to_phone(&token).await?;
    let view = IntroductionView::new(introduced, &house.settings.keeper);
    Ok(HttpResponse::Ok().json(view))
}

/// The second call of eGov mobile: the document.
#[utoipa::path(tag = "mobile", context_path = "/api/v1", security(()), params(("token" = String, Path)),
    responses((status = 200, body = ToSignView), (status = 404, body = Problem),
        (status = 410, body = Problem, description = "it was signed, or the time is over")))]
#[get("/mobile/{token}/documents")]
pub async fn show(house: Data<House>, token: Path<String>) -> Result<HttpResponse, Problem> {
    let (document, shown) = house.show_on_phone(&token).await?;
    Ok(HttpResponse::Ok().json(ToSignView::new(&document, shown)))
}

/// The third call of eGov mobile: the same with the signature. It is only passed on
/// to the page, and counts where the page hands it in.
#[utoipa::path(tag = "mobile", context_path = "/api/v1", security(()), params(("token" = String, Path)),
    request_body = SignedRequest,
    responses((status = 200, body = Nothing), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "another signature is there"),
        (status = 410, body = Problem, description = "the time is over"), (status = 413, body = Problem),
        (status = 422, body = Problem, description = "no CMS with one signature")))]
#[put("/mobile/{token}/documents")]
pub async fn take(
    house: Data<House>,
    token: Path<String>,
    Body(request): Body<SignedRequest>,
) -> Result<HttpResponse, Problem> {
    let [signed] = request.documents_to_sign.as_slice() else {
        return Err(Problem::malformed("documentsToSign must hold one document"));
    };
    let signature = &signed.document.file.data;
    house.take_from_phone(&token, signature).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({})))
}

impl From<&Begun> for MobileSigningView {
    fn from(begun: &Begun) -> Self {
        let token = begun.token.expose_secret();
        Self {
            qr: begun.call.qr.clone(),
            link: begun.call.link.clone(),
            business_link: begun.call.business_link.clone(),
            collect: format!("/api/v1/mobile-signings/{token}/signature"),
            expires_at: begun.expires_at,
        }
    }
}

impl IntroductionView {
    fn new(introduced: Introduced, keeper: &Keeper) -> Self {
        Self {
            description: introduced.description,
            expiry_date: introduced.expires_at,
            organisation: KeeperView {
                name_ru: keeper.ru.clone(),
                name_kz: keeper.kk.clone(),
                name_en: keeper.en.clone(),
                bin: keeper.bin.as_ref().map(|bin| bin.as_str().to_owned()),
            },
            document: WhereView {
                uri: introduced.address,
                auth_type: "None",
                auth_token: "",
            },
        }
    }
}

impl ToSignView {
    fn new(document: &Document, shown: Shown) -> Self {
        let paper = PaperView {
            id: 1,
            name_ru: shown.title.ru,
            name_kz: shown.title.kk,
            name_en: shown.title.en,
            meta: vec![RemarkView {
                name: shown.label,
                value: shown.statement,
            }],
            document: EnclosedView {
                file: FileView {
                    mime: "text/plain",
                    data: STANDARD.encode(&document.bytes),
                },
            },
        };
        Self {
            sign_method: "CMS_SIGN_ONLY",
            version: 1,
            documents_to_sign: vec![paper],
        }
    }
}
