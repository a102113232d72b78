// Signing on one's phone.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";

import type { Browser } from "playwright-core";

import { NcaLayer } from "../emulator/ncalayer";
import { Phone } from "../emulator/phone";
import { Window, launch } from "../harness/browser";
import { Person, opensslAgrees } from "../harness/person";
import { CONTENT, DOCUMENT, Site } from "../harness/site";

describe("signing on the phone", () => {
  let site: Site;
  let tool: NcaLayer;
  let browser: Browser;
  let window: Window;
  const phone = new Phone(new Person("owner-1"));

  before(async () => {
    site = await Site.open();
    tool = await NcaLayer.start(new Person("owner-2"));
    browser = await launch({ ncalayer: tool.port });
  });

  beforeEach(async () => {
    await window?.context.close();
    window = await Window.open(browser, site.origin);
    await window.page.goto("/sign");
    site.sent.length = 0;
    site.desk.opened.length = 0;
    site.desk.fate = "usual";
  });

  after(async () => {
    await browser?.close();
    await Promise.allSettled([site.close(), tool.stop()]);
  });

  const button = () => window.page.getByRole("button", { name: "eGov mobile" });
  const said = (word: string) => window.page.locator(`[data-status][data-said=${word}]`);
  const accepted = () => window.page.getByRole("heading", { name: "Принято" }).waitFor();

  it("the phone reads the code, signs, and the page hands the signature in", async () => {
    await button().click();
    await said("waiting-for-phone").waitFor();
    const text = await phone.read(window.page);
    assert.match(text, /^mobileSign:http:\/\/127\.0\.0\.1:\d+\/api\/v1\/mobile\/[0-9a-f]{32}$/);
    await phone.sign(text);
    await accepted();
    const signature = Buffer.from(site.sent[0]?.signature ?? "", "base64");
    assert.equal(await opensslAgrees(signature, CONTENT), true);
    assert.deepEqual(site.desk.opened[0]?.body, { document: DOCUMENT, language: "ru" });
    assert.deepEqual(window.faults, []);
  });

  it("on the phone itself a link opens eGov mobile", async () => {
    await button().click();
    const link = window.page.getByRole("link", { name: "На этом телефоне" });
    await link.waitFor();
    assert.match(
      (await link.getAttribute("href")) ?? "",
      /^https:\/\/mgovsign\.page\.link\/\?link=http%3A%2F%2F127\.0\.0\.1/,
    );
  });

  it("when the time is over the page says so, and one can begin again", async () => {
    site.desk.fate = "expired";
    await button().click();
    await said("expired").waitFor();
    assert.equal(await window.page.locator("[data-qr] img").count(), 0);
    site.desk.fate = "usual";
    await button().click();
    await phone.sign(await phone.read(window.page));
    await accepted();
  });

  it("what else comes to nothing is said to be refused", async () => {
    site.desk.fate = "refused";
    await button().click();
    await said("phone-refused").waitFor();
    assert.equal(await button().isEnabled(), true);
  });

  it("a service that cannot begin is said to have failed", async () => {
    site.desk.fate = "closed";
    await button().click();
    await said("tool-failed").waitFor();
  });

  it("who has no phone at hand may take another way meanwhile", async () => {
    await button().click();
    await said("waiting-for-phone").waitFor();
    const text = await phone.read(window.page);
    await window.page.getByRole("button", { name: "NCALayer" }).click();
    await accepted();
    assert.match(site.sent[0]?.signature ?? "", /^-----BEGIN CMS-----/);
    await phone.sign(text);
    assert.equal(site.sent.length, 1);
    assert.deepEqual(window.faults, []);
  });
});
