// Signing with the tools on one's own computer.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";

import type { Browser } from "playwright-core";

import { Kaztoken } from "../emulator/kaztoken";
import { NcaLayer, type Behaviour } from "../emulator/ncalayer";
import { Window, launch } from "../harness/browser";
import { Person, opensslAgrees, verdict } from "../harness/person";
import { CONTENT, Site } from "../harness/site";

/** A port that nothing listens on is told in the console by the browser itself. */
const REFUSED = /ERR_CONNECTION_REFUSED|request: https:\/\/127\.0\.0\.1:24680/;

describe("signing with NCALayer", () => {
  let site: Site;
  let tool: NcaLayer;
  let kaztoken: Kaztoken;
  let browser: Browser;
  let window: Window;

  before(async () => {
    [site, tool, kaztoken] = await Promise.all([
      Site.open(),
      NcaLayer.start(new Person("owner-1")),
      Kaztoken.start(new Person("owner-1")),
    ]);
    await kaztoken.stop();
    browser = await launch({ ncalayer: tool.port, kaztoken: kaztoken.port });
  });

  beforeEach(async () => {
    await window?.context.close();
    window = await Window.open(browser, site.origin);
    await window.page.goto("/sign");
    site.sent.length = 0;
    tool.behave({});
  });

  after(async () => {
    await browser?.close();
    await Promise.allSettled([site.close(), tool.stop(), kaztoken.stop()]);
  });

  async function signed(behaviour: Partial<Behaviour>): Promise<string> {
    tool.behave(behaviour);
    await window.page.getByRole("button", { name: "NCALayer" }).click();
    await window.page.getByRole("heading", { name: "Принято" }).waitFor();
    assert.deepEqual(window.faults, []);
    return site.sent[0]?.signature ?? "";
  }

  async function refused(word: string): Promise<void> {
    const button = window.page.getByRole("button", { name: "NCALayer" });
    await button.click();
    await window.page.getByText(`said: ${word}`, { exact: true }).and(status()).waitFor();
    assert.equal(site.sent.length, 0);
    assert.equal(await button.isEnabled(), true, "one can try again");
    assert.equal(await button.evaluate((it) => it === document.activeElement), true, "focus");
  }

  const status = () => window.page.locator("[data-status]");

  it("a signature of the newer module is passed on in PEM as it came", async () => {
    const signature = await signed({ form: "pem" });
    assert.match(signature, /^-----BEGIN CMS-----\s/);
    assert.match(JSON.stringify(await verdict(signature, CONTENT)), /TOTAL.PASSED/i);
  });

  it("so is one in base64", async () => {
    const signature = await signed({ form: "base64" });
    assert.equal(await opensslAgrees(Buffer.from(signature, "base64"), CONTENT), true);
  });

  it("no time-stamp is asked for: the service brings its own", async () => {
    await signed({});
    const args = tool.requests.find(({ method }) => method === "sign")?.args as {
      signingParams: object;
      locale: string;
    };
    assert.deepEqual(args.signingParams, { decode: true, encapsulate: false, digested: false });
    assert.equal(args.locale, "ru");
  });

  it("an old version signs with the module it has", async () => {
    const signature = await signed({ module: "commonUtils" });
    assert.equal(await opensslAgrees(Buffer.from(signature, "base64"), CONTENT), true);
    assert.deepEqual(storage(), "PKCS12");
  });

  it("an old version is pointed to the one token that is plugged in", async () => {
    await signed({ module: "commonUtils", tokens: ["PKCS12", "AKKaztokenStore"] });
    assert.deepEqual(storage(), "AKKaztokenStore");
  });

  const storage = () =>
    (tool.requests.find(({ method }) => method === "createCAdESFromBase64")?.args as string[])[0];

  for (const module of ["basics", "commonUtils"] as const) {
    it(`cancelling in the window of the program is said to be that (${module})`, async () => {
      tool.behave({ module, person: "cancels" });
      await refused("cancelled");
      assert.deepEqual(window.faults, []);
    });

    it(`a wrong password is said to be that (${module})`, async () => {
      tool.behave({ module, person: "mistypes" });
      await refused("wrong-pin");
      assert.deepEqual(window.faults, []);
    });
  }

  it("a program that knows neither module is said to be too old", async () => {
    tool.behave({ module: "none" });
    await refused("module-missing");
    assert.deepEqual(window.faults, []);
  });

  it("a program that does not run is said not to, and can be started meanwhile", async () => {
    await tool.stop();
    try {
      await refused("not-running");
    } finally {
      await tool.run();
    }
    assert.deepEqual(window.otherFaults(REFUSED), []);
    window.faults.length = 0;
    await signed({});
  });

  it("without NCALayer, KAZTOKEN signs at its own port", async () => {
    await Promise.all([tool.stop(), kaztoken.run()]);
    try {
      await window.page.getByRole("button", { name: "NCALayer" }).click();
      await window.page.getByRole("heading", { name: "Принято" }).waitFor();
      const signature = Buffer.from(site.sent[0]?.signature ?? "", "base64");
      assert.equal(await opensslAgrees(signature, CONTENT), true);
      kaztoken.cancels = true;
      await window.page.goto("/sign");
      site.sent.length = 0;
      await refused("cancelled");
    } finally {
      await Promise.all([tool.run(), kaztoken.stop()]);
    }
  });
});
