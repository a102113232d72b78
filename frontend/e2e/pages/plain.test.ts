// Without script: the document is downloaded, signed elsewhere, and the signature
// handed in as a file.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "node:test";

import { Stage } from "../harness/stage";
import type { Visitor } from "../harness/visitor";
import type { Language } from "../harness/words";

describe("a browser without script", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  it("is enough for two people to register", async () => {
    const resident = await signedIn("resident-2", "kk");
    await resident.apply();
    await resident.button("action-sign").click();
    await handIn(resident);
    await resident.told("signed");
    const owner = await signedIn("owner-1", "ru");
    await owner.readRequest();
    await owner.button("action-consent").click();
    await handIn(owner);
    await owner.told("signed");
    await owner.text("meaning-registered").waitFor();
    await resident.page.reload();
    await resident.text("meaning-registered").waitFor();
  });

  async function signedIn(slug: string, language: Language): Promise<Visitor> {
    const visitor = await stage.visitor(slug, language, { javaScriptEnabled: false });
    await visitor.open("");
    assert.equal(await visitor.button("channel-ncalayer").count(), 0, "nothing that needs script");
    await handIn(visitor);
    await visitor.page.waitForURL("**/office");
    return visitor;
  }

  async function handIn(visitor: Visitor): Promise<void> {
    const { page, person } = visitor;
    await visitor.text("elsewhere").click();
    const download = page.waitForEvent("download");
    await visitor.link("elsewhere-download").click();
    const document = await readFile(await (await download).path());
    const buffer = await person.sign(document);
    const file = { name: "signature.sig", mimeType: "application/pkcs7-signature", buffer };
    await page.locator("input[name=file]").setInputFiles(file);
    await visitor.button("elsewhere-send").click();
  }
});
