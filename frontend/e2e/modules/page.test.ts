// What the script does for every page: news without reloading, and printing.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";

import type { Browser } from "playwright-core";

import { Window, launch } from "../harness/browser";
import { Site } from "../harness/site";

describe("a page with script", () => {
  let site: Site;
  let browser: Browser;
  let window: Window;

  before(async () => {
    site = await Site.open();
    browser = await launch();
  });

  beforeEach(async () => {
    await window?.context.close();
    window = await Window.open(browser, site.origin);
    await window.page.goto("/sign");
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  const heading = (version: number) =>
    window.page.getByText(`Состояние ${version}`, { exact: true }).first();
  const notice = () => window.page.locator("[data-live-notice]");

  it("shows what has changed without reloading, and says so politely", async () => {
    await window.page.evaluate(() => Object.assign(globalThis, { mark: "same page" }));
    site.change();
    await heading(site.version).waitFor();
    const mark = await window.page.evaluate(() => (globalThis as { mark?: string }).mark);
    assert.equal(mark, "same page");
    assert.equal(await window.page.title(), `Подпись ${site.version}`);
    const said = window.page.getByRole("status").filter({ hasText: `Состояние ${site.version}` });
    await said.waitFor({ state: "attached" });
    assert.equal(await notice().isVisible(), false);
    assert.deepEqual(window.faults, []);
  });

  it("goes on doing so, and what it has brought works", async () => {
    for (let times = 0; times < 3; times += 1) {
      site.change();
      await heading(site.version).waitFor();
    }
    await window.page.locator("#shown").waitFor();
    await window.page.getByRole("button", { name: "Файл ключа" }).click();
    await window.page.locator("[data-panel=keyfile]").waitFor();
  });

  it("keeps the focus where it was", async () => {
    await window.page.locator("#around").focus();
    site.change();
    await heading(site.version).waitFor();
    assert.equal(await window.page.evaluate(() => document.activeElement?.id), "around");
  });

  it("takes nothing from under the hands of who has begun to write", async () => {
    const version = site.version;
    await window.page.locator("summary").click();
    await window.page.locator("textarea").fill("начало");
    site.change();
    await notice().waitFor();
    assert.equal(await window.page.locator("textarea").inputValue(), "начало");
    assert.equal(await heading(version).isVisible(), true);
    await notice().getByRole("link").click();
    await heading(site.version).waitFor();
  });

  it("holds no connection while nobody looks at it, and then hears of what happened", async () => {
    const version = site.version;
    await site.listeners(1);
    await look("hidden");
    await site.listeners(0);
    site.change();
    assert.equal(await heading(version).isVisible(), true);
    await look("visible");
    await heading(site.version).waitFor();
  });

  /** A browser without a screen shows every page, so the page is told otherwise. */
  const look = (state: "hidden" | "visible") =>
    window.page.evaluate((value) => {
      Object.defineProperty(document, "visibilityState", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);

  it("prints", async () => {
    await window.page.evaluate(() => {
      globalThis.print = () => document.body.setAttribute("data-printed", "");
    });
    await window.page.getByRole("button", { name: "Печать" }).click();
    await window.page.locator("body[data-printed]").waitFor();
  });
});
