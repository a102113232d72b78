// What one signs is in the language in which one reads.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { Stage } from "../harness/stage";
import type { Visitor } from "../harness/visitor";
import { LANGUAGES } from "../harness/words";

/** How people say, in each language, that they ask to be registered, and that they agree. */
const SAYS = {
  kk: { asks: /тіркеуді сұраймын/, agrees: /келіс/ },
  ru: { asks: /прошу временно зарегистрировать/, agrees: /соглас/ },
  en: { asks: /ask for my temporary registration/, agrees: /consent/ },
} as const;

describe("a statement", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  LANGUAGES.forEach((language, index) => {
    it(`is in the language of its reader (${language})`, async () => {
      const slugs = ["resident-1", "resident-2", "tenant"];
      const resident = await stage.member(slugs[index] ?? "", language);
      const application = await resident.apply();
      await resident.button("action-sign").click();
      assert.match(await statement(resident, language), SAYS[language].asks);
      await resident.sign();
      const owner = await stage.member("owner-1", language);
      await owner.readRequest();
      await owner.button("action-consent").click();
      assert.match(await statement(owner, language), SAYS[language].agrees);
      await owner.sign();
      await resident.text("meaning-registered").waitFor();
      assert.equal(resident.place(), application);
    });
  });

  it("that was written in another language is marked as being in that", async () => {
    const resident = await stage.member("guardian", "kk");
    const application = await resident.apply({ rka: "0201999000000073" });
    resident.language = "en";
    await resident.open(`${application}/sign`);
    await resident.text("other-language").waitFor();
    assert.match(await statement(resident, "kk"), SAYS.kk.asks);
  });
});

/** What is signed, which must be the statement in the very octets, in this language. */
async function statement({ page }: Visitor, language: string): Promise<string> {
  const shown = page.locator(".statement blockquote");
  assert.equal(await shown.getAttribute("lang"), language);
  const octets = (await page.locator("form[data-sign]").getAttribute("data-content")) ?? "";
  const signed = JSON.parse(Buffer.from(octets, "base64").toString()) as Record<string, unknown>;
  assert.equal(signed["language"], language);
  assert.equal(await shown.textContent(), signed["statement"]);
  return String(signed["statement"]);
}
