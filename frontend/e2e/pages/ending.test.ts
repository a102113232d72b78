// How a registration goes on, and how it ends.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { Stage } from "../harness/stage";
import { TWO_OWNERS, type Visitor } from "../harness/visitor";

describe("a registration", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  it("is extended by a new application with a new consent, without a gap", async () => {
    const resident = await stage.member("resident-1", "ru");
    const owner = await stage.member("owner-1", "ru");
    await resident.applyAndSign({ months: 1, arrived: 5 });
    await owner.consent();
    await resident.text("meaning-registered").waitFor();
    await readRegistration(resident);
    const [, last] = await period(resident);
    await resident.button("action-extend").click();
    await resident.fillIn({ months: 4, arrived: 5 });
    await resident.button("action-sign").click();
    await resident.sign();
    await owner.consent();
    await owner.text("meaning-registered").waitFor();
    await resident.open("/registrations");
    assert.equal(await resident.page.locator(".card").count(), 2);
    await readRegistration(resident);
    const [first] = await period(resident);
    assert.equal(first, dayAfter(last));
  });

  it("is extended only near its end, and the page says from when on", async () => {
    const resident = await stage.member("resident-ecdsa", "en");
    const owner = await stage.member("owner-1", "en");
    await resident.applyAndSign({ months: 2 });
    await owner.consent();
    await resident.text("meaning-registered").waitFor();
    await readRegistration(resident);
    await resident.page.getByText(/It can be extended from \d/).waitFor();
    assert.equal(await resident.button("action-extend").count(), 0);
  });

  it("ends when the resident leaves, and the owner sees it", async () => {
    const resident = await stage.member("resident-2", "kk");
    const owner = await stage.member("owner-1", "kk");
    await resident.applyAndSign();
    await owner.consent();
    await resident.text("meaning-registered").waitFor();
    await readRegistration(resident);
    await resident.button("action-leave").click();
    await resident.sign();
    await resident.text("standing-left").waitFor();
    await owner.page.reload();
    await owner.text("meaning-ended").waitFor();
  });

  it("ends by an owner when the other owner has confirmed it", async () => {
    const resident = await stage.member("resident-2", "en");
    const [first, second] = [await stage.member("owner-2", "ru"), await stage.member("owner-3", "kk")];
    await resident.applyAndSign({ rka: TWO_OWNERS });
    await first.consent();
    await second.consent();
    await first.open(`/dwellings/${TWO_OWNERS}`);
    await first.page.locator(".card a").first().click();
    await first.button("action-remove").click();
    await first.sign();
    await first.text("standing-active").waitFor();
    // Whoever thinks better of it may demand it again.
    await first.button("action-withdraw-removal").click();
    await first.button("withdraw-removal-button").click();
    await first.text("done-removal-withdrawn").waitFor();
    await first.button("action-remove").click();
    await first.sign();
    await first.text("standing-active").waitFor();

    await second.open("/office");
    await second.text("home-requests").waitFor();
    await second.page.locator(".card a").first().click();
    await second.button("action-consent").click();
    await second.sign();
    await second.text("meaning-ended").waitFor();
    await readRegistration(resident);
    await resident.text("standing-removed").waitFor();
  });
});

/** The newest one. */
async function readRegistration(visitor: Visitor): Promise<void> {
  await visitor.open("/registrations");
  await visitor.page.locator(".card a").first().click();
  await visitor.text("paper-certificate").waitFor();
}

/** The first day and the last. */
async function period(visitor: Visitor): Promise<[string, string]> {
  const name = visitor.page.getByText(visitor.say("fact-period"), { exact: true });
  const days = await name.locator("xpath=following-sibling::dd[1]").innerText();
  const [first, last] = days.match(/\d\d\.\d\d\.\d{4}/g) ?? [];
  return [first ?? "", last ?? ""];
}

function dayAfter(day: string): string {
  const iso = day.split(".").reverse().join("-");
  const next = new Date(Date.parse(iso) + 86_400_000);
  return next.toISOString().slice(0, 10).split("-").reverse().join(".");
}
