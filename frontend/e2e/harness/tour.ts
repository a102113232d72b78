// Every page, with something on it: the flows are played once, and then each page
// has an address.

import { codeOn } from "./paper";
import type { Stage } from "./stage";
import { ONE_OWNER, TWO_OWNERS, type Visitor } from "./visitor";

/** A dwelling whose owner, owner-ecdsa, answers nobody. */
const SILENT_OWNER = "0201999000000073";

/** A page, and who looks at it. */
export interface Stop {
  name: string;
  who: Visitor;
  /** The address below the language. */
  path: string;
  /** What is done there before one looks. */
  then?: (visitor: Visitor) => Promise<void>;
}

/** The addresses of what was played. */
interface Played {
  registered: string;
  registration: string;
  ending: string;
  withdrawn: string;
  draft: string;
  given: string;
  asked: string;
  toAttest: string;
  evidence: Buffer;
  code: string;
}

/** Who takes part. */
interface Cast {
  anybody: Visitor;
  newcomer: Visitor;
  resident: Visitor;
  guest: Visitor;
  tenant: Visitor;
  owner: Visitor;
  coOwner: Visitor;
  operator: Visitor;
  administrator: Visitor;
}

/** Plays the flows, and gives the pages in the order in which people come upon them. */
export async function tour(stage: Stage): Promise<Stop[]> {
  const cast = {
    anybody: await stage.visitor("resident-ecdsa"),
    newcomer: await stage.member("delegate"),
    resident: await stage.member("resident-1"),
    guest: await stage.member("resident-2"),
    tenant: await stage.member("tenant"),
    owner: await stage.member("owner-1"),
    coOwner: await stage.member("owner-2"),
    operator: await stage.member("operator"),
    administrator: await stage.member("guardian"),
  };
  const played = await play(cast, stage);
  return [
    ...beginning(cast),
    ...ofApplications(cast, played),
    ...ofRegistrations(cast, played),
    ...ofOffices(cast, played),
  ];
}

async function play(cast: Cast, stage: Stage): Promise<Played> {
  const { resident, guest, tenant, owner, coOwner, operator, anybody } = cast;
  const registered = await resident.applyAndSign({ months: 3, arrived: 3 });
  await owner.consent();
  const registration = await newest(resident);
  const withdrawn = await guest.applyAndSign({ rka: SILENT_OWNER });
  await guest.button("action-withdraw").click();
  await guest.button("withdraw-button").click();
  await guest.told("withdrawn");
  const ending = await endingByHalf(guest, coOwner, await stage.member("owner-3"));
  const given = await tenant.applyAndSign({ rka: TWO_OWNERS, months: 6, arrived: 20 });
  await coOwner.consent();
  const draft = await tenant.apply({ rka: SILENT_OWNER });
  await owner.open(`/invitations/new?rka=${ONE_OWNER}`);
  await writeInvitation(owner, guest.person.iin);
  const asked = await tenant.applyAndSign({ months: 12 });
  return {
    ...{ registered, registration, ending, withdrawn, draft, given, asked },
    toAttest: await lodged(operator, anybody.person.iin),
    evidence: await paper(resident, registration, "evidence"),
    code: codeOn(await paper(resident, registration, "certificate")).split("/").pop() ?? "",
  };
}

function beginning({ anybody, newcomer, tenant }: Cast): Stop[] {
  const form = `/applications/new?rka=${ONE_OWNER}`;
  return [
    { name: "start", who: anybody, path: "" },
    { name: "start-keyfile", who: anybody, path: "", then: (it) => it.button("channel-keyfile").click() },
    { name: "office-empty", who: newcomer, path: "/office" },
    { name: "applications-empty", who: newcomer, path: "/applications" },
    { name: "address", who: newcomer, path: "/applications/new" },
    { name: "address-found", who: newcomer, path: `/applications/new?q=${encodeURIComponent("Үлгі")}` },
    { name: "applying", who: tenant, path: form },
    { name: "applying-wrongly", who: tenant, path: form, then: applyWrongly },
  ];
}

function ofApplications({ resident, guest, tenant, owner, coOwner }: Cast, played: Played): Stop[] {
  const { draft, given, asked, registered, withdrawn } = played;
  const toAnswer = (how: string) => async (it: Visitor) => {
    await it.button(`action-${how}`).click();
    await it.page.waitForURL("**/consents/*/*");
  };
  return [
    { name: "application-draft", who: tenant, path: draft },
    { name: "application-editing", who: tenant, path: `${draft}/edit` },
    { name: "application-signing", who: tenant, path: `${draft}/sign` },
    { name: "application-phone", who: tenant, path: `${draft}/sign`, then: showCode },
    { name: "application-awaiting", who: tenant, path: given },
    { name: "application-withdrawing", who: tenant, path: `${given}/withdraw` },
    { name: "application-asked", who: owner, path: asked },
    { name: "consent-signing", who: owner, path: asked, then: toAnswer("consent") },
    { name: "consent-declining", who: owner, path: asked, then: toAnswer("decline") },
    { name: "consent-taking-back", who: coOwner, path: given, then: toAnswer("take-back") },
    { name: "application-registered", who: resident, path: registered },
    { name: "application-signatures", who: resident, path: `${registered}/signatures` },
    { name: "application-withdrawn", who: guest, path: withdrawn },
    { name: "applications", who: tenant, path: "/applications" },
    { name: "applications-owner", who: owner, path: "/applications?role=owner" },
  ];
}

function ofRegistrations({ resident, owner, coOwner }: Cast, played: Played): Stop[] {
  const { registration, ending } = played;
  return [
    { name: "registrations", who: resident, path: "/registrations" },
    { name: "registration", who: resident, path: registration },
    { name: "registration-leaving", who: resident, path: `${registration}/leave` },
    { name: "registration-removing", who: owner, path: `${registration}/remove` },
    { name: "registration-ending", who: coOwner, path: ending },
    { name: "registration-ending-withdrawn", who: coOwner, path: `${ending}/removal/withdraw` },
    { name: "dwellings", who: owner, path: "/dwellings" },
    { name: "dwelling", who: owner, path: `/dwellings/${ONE_OWNER}` },
  ];
}

function ofOffices(cast: Cast, { toAttest, evidence, code }: Played): Stop[] {
  const { anybody, newcomer, resident, guest, owner, operator, administrator } = cast;
  const invite = (it: Visitor) => writeInvitation(it, guest.person.iin);
  return [
    { name: "office-resident", who: resident, path: "/office" },
    { name: "office-owner", who: owner, path: "/office" },
    { name: "notices", who: owner, path: "/notices" },
    { name: "inviting", who: owner, path: `/invitations/new?rka=${ONE_OWNER}` },
    { name: "invitations", who: owner, path: "/invitations" },
    { name: "invited", who: owner, path: `/invitations/new?rka=${ONE_OWNER}`, then: invite },
    { name: "sessions", who: resident, path: "/sessions" },
    { name: "desk", who: operator, path: "/desk" },
    { name: "desk-reports", who: operator, path: "/desk/reports" },
    { name: "desk-papers", who: operator, path: toAttest },
    { name: "administration", who: administrator, path: "/administration" },
    { name: "administration-waiting", who: administrator, path: "/administration?state=waiting" },
    { name: "validating", who: anybody, path: "/validate" },
    { name: "validated", who: anybody, path: "/validate", then: (it) => it.judge(evidence) },
    { name: "verifying", who: anybody, path: "/verify" },
    { name: "verified", who: anybody, path: `/verify/${code}` },
    { name: "verified-nothing", who: anybody, path: `/verify?code=${code.replace(/.$/, "")}` },
    { name: "nothing-here", who: newcomer, path: "/nothing-here" },
  ];
}

/** The registration that is newest among a person's own. */
async function newest(visitor: Visitor): Promise<string> {
  await visitor.open("/registrations");
  await visitor.page.locator(".card a").first().click();
  await visitor.text("paper-certificate").waitFor();
  return visitor.place();
}

/** A registration whose end one owner has demanded, and the other not confirmed. */
async function endingByHalf(guest: Visitor, owner: Visitor, other: Visitor): Promise<string> {
  await guest.applyAndSign({ rka: TWO_OWNERS, arrived: 2 });
  await owner.consent();
  await other.consent();
  const registration = await newest(guest);
  await owner.open(`${registration}/remove`);
  await owner.sign();
  return registration;
}

async function lodged(operator: Visitor, resident: string): Promise<string> {
  await operator.open(`/applications/new?rka=${ONE_OWNER}&standpoint=operator`);
  await operator.page.locator("#residents").fill(resident);
  await operator.fillIn({ months: 2 });
  await operator.button("action-attest").click();
  const picture = await operator.page.screenshot();
  await operator.attach({ name: "келісім.png", mimeType: "image/png", buffer: picture });
  return operator.place();
}

async function paper(resident: Visitor, registration: string, kind: string): Promise<Buffer> {
  await resident.open(registration);
  return resident.download(`paper-${kind}`);
}

async function writeInvitation(owner: Visitor, iin: string): Promise<void> {
  await owner.page.locator("#resident").fill(iin);
  await owner.button("action-invite").click();
  await owner.text("invited-title").waitFor();
}

async function applyWrongly(visitor: Visitor): Promise<void> {
  await visitor.page.locator("#arrived").fill("2020-01-01");
  await visitor.button("onward").click();
  await visitor.page.getByRole("alert").waitFor();
}

async function showCode(visitor: Visitor): Promise<void> {
  await visitor.button("channel-mobile").click();
  await visitor.page.locator("[data-qr] img").waitFor();
}
