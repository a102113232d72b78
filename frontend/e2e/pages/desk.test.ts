// At a public service centre, with the people present.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { Stage } from "../harness/stage";
import { ONE_OWNER } from "../harness/visitor";

describe("an operator", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  it("applies for somebody who is present, attaches the owner's paper, attests and signs", async () => {
    const operator = await stage.member("operator", "ru");
    const resident = await stage.visitor("resident-1", "ru");
    await operator.link("menu-desk").click();
    await operator.button("desk-new").click();
    await operator.page.locator("#q").fill(ONE_OWNER);
    await operator.button("search").click();
    await operator.page.getByRole("link", { name: ONE_OWNER }).click();
    await operator.page.locator("#residents").fill(resident.person.iin);
    await operator.fillIn({ months: 2 });
    await operator.button("action-attest").click();

    const scan = { name: "келісім.png", mimeType: "image/png", buffer: await operator.page.screenshot() };
    await operator.attach(scan);
    await operator.page.getByText("келісім.png").first().waitFor();

    const person = operator.page.getByRole("group", { name: resident.person.name });
    await person.getByLabel(operator.say("identity-last-four")).fill("1234");
    await person.getByLabel(operator.say("identity-issuer")).fill("МВД РК");
    const owner = operator.page.getByRole("group", { name: operator.say("party-owner") });
    await owner.getByLabel(operator.say("how-agreed")).selectOption("paper_consent");
    await owner.getByLabel(operator.say("shown-by")).selectOption({ label: "келісім.png" });
    await operator.button("attest-button").click();
    await operator.told("attested");
    await operator.button("action-sign").click();
    await operator.sign();
    await operator.text("meaning-registered").waitFor();

    await resident.signIn();
    await resident.open("/registrations");
    await resident.text("standing-active").waitFor();
  });

  it("has the desk; a person of no service centre has none", async () => {
    const resident = await stage.member("resident-1", "ru");
    assert.equal(await resident.link("menu-desk").count(), 0);
    const operator = await stage.member("operator-2", "ru");
    await operator.link("menu-desk").click();
    await operator.page.locator(".card").first().waitFor();
  });
});
