// Two people, two browsers, one registration, and what it leaves in their hands.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { Phone } from "../emulator/phone";
import { codeOn } from "../harness/paper";
import { Stage } from "../harness/stage";
import type { Visitor } from "../harness/visitor";

describe("a registration by two people", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  it("the resident finds the address, applies and signs; the owner reads and signs; both see it at once", async () => {
    const resident = await stage.member("resident-1", "kk");
    await resident.button("apply").click();
    await resident.page.locator("#q").fill("Үлгі 1");
    await resident.button("search").click();
    await resident.page.getByRole("link", { name: "0201999000000011" }).click();
    await resident.fillIn({ months: 6 });
    const application = resident.place();
    await resident.button("action-sign").click();
    await resident.sign();
    await resident.text("state-awaiting-consent").waitFor();
    await markPage(resident);

    const owner = await stage.member("owner-1", "ru");
    await owner.readRequest();
    await owner.button("action-consent").click();
    const statement = await owner.page.locator(".statement blockquote").innerText();
    assert.match(statement, /Үлгі, дом 1, квартира 11/);
    assert.match(statement, /ҚОНАҚБАЕВА/);
    await owner.button("channel-mobile").click();
    const phone = new Phone(owner.person);
    await phone.sign(await phone.read(owner.page));
    await owner.told("signed");
    await owner.text("meaning-registered").waitFor();

    // The resident's page has been open all the time.
    await resident.text("meaning-registered").waitFor();
    assert.equal(await isMarked(resident), true, "shown without reloading");
    await resident.page.locator(".unseen[role=status]").getByText(resident.say("state-registered"))
      .waitFor({ state: "attached" });
    assert.equal(resident.place(), application);
  });

  it("leaves a certificate and an evidence package, which proves it to anybody and no longer does when it is damaged", async () => {
    const resident = await stage.member("resident-1", "en");
    await resident.open("/registrations");
    await resident.page.locator(".card a").first().click();
    const file = await resident.download("paper-evidence");
    assert.equal(file.subarray(0, 4).toString("latin1"), "PK\x03\x04");

    const anybody = await stage.visitor("owner-2", "en");
    await judge(anybody, file);
    await anybody.page.getByText("TOTAL-PASSED").first().waitFor();
    await anybody.text("indication-total-passed").waitFor();
    const damaged = Buffer.from(file);
    const place = damaged.indexOf("ҚОНАҚБАЕВА");
    assert.notEqual(place, -1, "documents stand in the package as they are");
    damaged[place + 1]! ^= 1;
    await judge(anybody, damaged);
    await anybody.page.locator(".notice.bad, .notice.open").first().waitFor();
    assert.equal(await anybody.text("indication-total-passed").count(), 0);
  });

  it("leaves a certificate whose code leads anybody to a page that says it stands", async () => {
    const resident = await stage.member("resident-1", "en");
    await resident.open("/registrations");
    await resident.page.locator(".card a").first().click();
    const certificate = await resident.download("paper-certificate");
    assert.equal(certificate.subarray(0, 5).toString("latin1"), "%PDF-");
    const address = codeOn(certificate);
    const code = /\/verify\/([0-9A-Z-]+)$/.exec(address)?.[1] ?? "";

    const anybody = await stage.visitor("owner-2", "ru");
    await anybody.page.goto(address);
    await anybody.page.locator(".notice.good").waitFor();
    assert.equal((await anybody.page.content()).includes(resident.person.iin), false);
    await anybody.open("/verify");
    await anybody.page.locator("#code").fill(code.toLowerCase());
    await anybody.button("validate-button").click();
    await anybody.page.locator(".notice.good").waitFor();
    await anybody.open("/verify");
    await anybody.page.locator("#code").fill(code.replace(/.$/, (last) => (last === "0" ? "1" : "0")));
    await anybody.button("validate-button").click();
    await anybody.text("verify-unknown").waitFor();
    anybody.window.forgive(/status of 404/);

    await resident.button("action-leave").click();
    await resident.sign();
    await anybody.page.goto(address);
    await anybody.page.locator(".notice.bad, .notice.wait, .notice.open").waitFor();
  });

  it("is read in words by those whom it concerns, and by nobody else", async () => {
    const resident = await stage.member("resident-1", "ru");
    await resident.open("/applications");
    await resident.page.locator(".card a").first().click();
    const application = resident.place();
    await resident.link("own-signatures").click();
    await resident.text("verdict-counts").waitFor();
    const stranger = await stage.member("resident-2", "ru");
    const answer = await stranger.page.goto(`/ru${application}`);
    assert.equal(answer?.status(), 404);
    await stranger.page.getByRole("heading", { name: stranger.say("problem-not-found") }).waitFor();
    stranger.window.forgive(/404/);
  });
});

const markPage = ({ page }: Visitor) =>
  page.evaluate(() => Object.assign(globalThis, { mark: "same page" }));

const isMarked = ({ page }: Visitor) =>
  page.evaluate(() => (globalThis as { mark?: string }).mark === "same page");

async function judge(visitor: Visitor, file: Buffer): Promise<void> {
  await visitor.open("/validate");
  await visitor.judge(file);
}
