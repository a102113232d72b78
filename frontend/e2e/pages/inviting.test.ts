// An owner invites somebody, who follows the link.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { Stage } from "../harness/stage";
import { ONE_OWNER, type Visitor } from "../harness/visitor";

describe("an invitation", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  it("leads whom it names to a form that is filled in, and nobody else", async () => {
    const owner = await stage.member("owner-1", "ru");
    const resident = await stage.visitor("resident-2", "ru");
    const link = await invite(owner, resident);
    const other = await stage.member("resident-1", "ru");
    const refused = await other.page.goto(link);
    assert.ok((refused?.status() ?? 0) >= 400);
    other.window.forgive(/status of 4\d\d/);

    await resident.page.goto(link);
    await resident.pressNcalayer();
    await resident.page.waitForURL("**/applications/new?code=*");
    await resident.page.getByText(ONE_OWNER).waitFor();
    const arrived = resident.page.locator("#arrived");
    await arrived.fill((await arrived.getAttribute("max")) ?? "");
    await resident.button("onward").click();
    await resident.told("drafted");
    await resident.button("action-sign").click();
    await resident.sign();
    await owner.consent();
    await resident.text("meaning-registered").waitFor();
    await owner.open("/invitations");
    await owner.text("stage-used").waitFor();
  });

  it("that was taken back leads nowhere", async () => {
    const owner = await stage.member("owner-1", "kk");
    const resident = await stage.member("resident-1", "ru");
    const link = await invite(owner, resident);
    await owner.open("/invitations");
    await owner.button("action-cancel-invitation").click();
    await owner.told("cancelled");
    await owner.text("stage-cancelled").waitFor();
    await resident.page.goto(link);
    await resident.text("problem-invitation").waitFor();
    resident.window.forgive(/status of 4\d\d/);
  });
});

/** Writes an invitation from the page of the dwelling; gives the link. */
async function invite(owner: Visitor, resident: Visitor): Promise<string> {
  await owner.open(`/dwellings/${ONE_OWNER}`);
  await owner.button("action-invite").click();
  await owner.page.locator("#resident").fill(resident.person.iin);
  await owner.page.locator("#months").selectOption("6");
  await owner.button("action-invite").click();
  return owner.page.locator(".notice code").innerText();
}
