// Whoever is asked answers for themselves, and whoever has asked may stop asking.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { Stage } from "../harness/stage";
import { TWO_OWNERS } from "../harness/visitor";

describe("an answer", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  it("of one owner is not enough where there are two, and tells them nothing about the other", async () => {
    const resident = await stage.member("resident-1", "en");
    await resident.applyAndSign({ rka: TWO_OWNERS });
    const first = await stage.member("owner-2", "en");
    await first.consent();
    await first.page.getByText("1 of 2 consents given").first().waitFor();
    const second = await stage.member("owner-3", "en");
    const answers = await first.page.locator(".answers li").allInnerTexts();
    assert.equal(answers.length, 1, "their own alone");
    assert.match(answers[0] ?? "", /consent given/);
    const seen = await first.page.content();
    assert.equal(seen.includes(second.person.iin), false);
    assert.equal(seen.includes(second.person.name), false);
    await first.text("state-awaiting-consent").waitFor();

    await second.consent();
    await second.text("meaning-registered").waitFor();
    await first.text("meaning-registered").waitFor();
    await resident.text("meaning-registered").waitFor();
  });

  it("that is no ends it, with a reason that the resident reads", async () => {
    const resident = await stage.member("resident-2", "ru");
    await resident.applyAndSign();
    const owner = await stage.member("owner-1", "kk");
    await owner.readRequest();
    await owner.button("action-decline").click();
    await owner.page.getByLabel(owner.say("reason-unknown-person")).check();
    await owner.button("decline-button").click();
    await owner.told("declined");
    await resident.text("meaning-declined").waitFor();
    await resident.page.getByText(resident.say("reason-unknown-person")).waitFor();
  });

  it("may be taken back as long as others are awaited", async () => {
    const resident = await stage.member("resident-2", "kk");
    await resident.applyAndSign({ rka: TWO_OWNERS });
    const owner = await stage.member("owner-3", "ru");
    await owner.consent();
    await owner.button("action-take-back").click();
    await owner.button("take-back-button").click();
    await owner.told("taken-back");
    await owner.text("answer-taken-back").waitFor();
    await resident.text("meaning-declined").waitFor();
  });

  it("is no longer awaited when the resident withdraws", async () => {
    const resident = await stage.member("resident-2", "en");
    await resident.applyAndSign();
    const owner = await stage.member("owner-1", "ru");
    await owner.readRequest();
    await resident.button("action-withdraw").click();
    await resident.link("back").click();
    await resident.button("action-withdraw").click();
    await resident.button("withdraw-button").click();
    await resident.told("withdrawn");
    await owner.text("meaning-withdrawn").waitFor();
    assert.equal(await owner.button("action-consent").count(), 0);
  });

  it("to an application that was written anew is asked for anew", async () => {
    const resident = await stage.member("resident-2", "ru");
    await resident.applyAndSign({ months: 2 });
    const owner = await stage.member("owner-1", "ru");
    await owner.readRequest();
    // While it is a draft there is nothing that a page of the owner could show.
    await owner.open("/office");
    await resident.button("action-edit").click();
    await resident.fillIn({ months: 5 });
    await resident.button("action-sign").click();
    await resident.sign();
    await owner.readRequest();
    await owner.page.getByText("5 месяцев").first().waitFor();
    await owner.button("action-consent").click();
    await owner.sign();
    await resident.text("meaning-registered").waitFor();
  });
});
