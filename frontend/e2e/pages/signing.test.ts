// What the page says when signing does not go as one would wish, and that it goes
// on from there.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { Stage } from "../harness/stage";
import type { Visitor } from "../harness/visitor";
import { LANGUAGES, type Language } from "../harness/words";

/** A port that nothing listens on is told in the console by the browser itself. */
const REFUSED = /ERR_CONNECTION_REFUSED|request: https:\/\/127\.0\.0\.1:24680/;

describe("signing on the page of an application", () => {
  let stage: Stage;
  let application: string;

  before(async () => {
    stage = await Stage.set();
    const resident = await stage.member("resident-1");
    application = await resident.apply();
    await stage.clear();
  });
  beforeEach(() => stage.tool.behave({}));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  async function reading(language: Language): Promise<Visitor> {
    const resident = await stage.member("resident-1", language);
    await resident.open(`${application}/sign`);
    return resident;
  }

  async function said(resident: Visitor, word: string): Promise<void> {
    const status = resident.page.locator("[data-status]");
    await status.getByText(resident.say(`signing-${word}`), { exact: true }).waitFor();
    assert.equal(await resident.button("channel-ncalayer").isEnabled(), true);
  }

  for (const language of LANGUAGES) {
    it(`cancelling and a wrong password are said to be that, and change nothing (${language})`, async () => {
      const resident = await reading(language);
      stage.tool.behave({ person: "cancels" });
      await resident.pressNcalayer();
      await said(resident, "cancelled");
      stage.tool.behave({ person: "mistypes" });
      await resident.pressNcalayer();
      await said(resident, "wrong-pin");
      await resident.open(application);
      await resident.text("meaning-draft").waitFor();
    });
  }

  it("a program that does not run is said not to, one that is too old too", async () => {
    const resident = await reading("ru");
    stage.tool.behave({ module: "none" });
    await resident.pressNcalayer();
    await said(resident, "module-missing");
    await stage.tool.stop();
    try {
      await resident.pressNcalayer();
      await said(resident, "not-running");
    } finally {
      await stage.tool.run();
    }
    resident.window.forgive(REFUSED);
  });

  it("a wrong password of a key file is said to be that", async () => {
    const resident = await reading("kk");
    await resident.signWithKeyFile("kelisim");
    const status = resident.page.locator("[data-status]");
    await status.getByText(resident.say("signing-wrong-password"), { exact: true }).waitFor();
  });

  it("somebody else's key is refused, with the reason, and the application stays as it is", async () => {
    const resident = await reading("ru");
    stage.tool.behave({});
    await resident.button("channel-ncalayer").isEnabled();
    stage.tool.person = (await stage.visitor("resident-2")).person;
    await resident.button("channel-ncalayer").click();
    await resident.page.getByRole("heading", { name: resident.say("problem-signature-refused") }).waitFor();
    await resident.text("code-consent-session-mismatch").waitFor();
    resident.window.forgive(/status of 4\d\d/);
    await resident.open(application);
    await resident.text("meaning-draft").waitFor();
  });

  it("an old generation of NCALayer signs as well as a new one", async () => {
    const resident = await reading("en");
    stage.tool.behave({ module: "commonUtils" });
    await resident.sign();
    await resident.text("state-awaiting-consent").waitFor();
  });
});
