// What holds for every page there is: in three languages, on a narrow screen, in the
// light and in the dark.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { violations } from "../harness/axe";
import { office } from "../harness/setting";
import { Stage } from "../harness/stage";
import { tour, type Stop } from "../harness/tour";
import { LANGUAGES, isForeign, type Language } from "../harness/words";

const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 800 };

describe("every page", () => {
  let stage: Stage;
  let stops: Stop[];

  before(async () => {
    stage = await Stage.set();
    stops = await tour(stage);
  });
  after(async () => {
    await stage?.clear();
    await stage?.strike();
  });

  const visited = new Set<string>();

  async function visit({ who, path, then }: Stop, language: Language): Promise<void> {
    who.language = language;
    await who.open(path);
    await then?.(who);
    visited.add(who.place());
    who.window.forgive(/status of 4(04|22)/);
  }

  it("is in its language, whole, and no wider than a phone", async () => {
    const faults: string[] = [];
    for (const language of LANGUAGES) {
      for (const stop of stops) {
        const { page } = stop.who;
        await page.setViewportSize(NARROW);
        await visit(stop, language);
        const found = await page.evaluate(read);
        const say = (fault: string) => faults.push(`${stop.name} (${language}): ${fault}`);
        if (found.language !== language) say(`is in ${found.language}`);
        if (found.width > NARROW.width) say(`is ${found.width} points wide`);
        if (found.headings !== 1) say(`has ${found.headings} headings`);
        if (found.title.startsWith(" ")) say("has no title");
        for (const text of found.texts) if (isForeign(language, text)) say(`says ${text}`);
      }
    }
    assert.deepEqual(faults, []);
  });

  it("is among those that are looked at here", () => {
    const missing = routes().filter((route) => ![...visited].some((place) => route.test(place)));
    assert.deepEqual(missing, []);
  });

  for (const [colorScheme, viewport, language] of [
    ["light", WIDE, "kk"],
    ["dark", NARROW, "ru"],
  ] as const) {
    it(`has no barrier that axe knows (${colorScheme}, ${viewport.width} points wide)`, async () => {
      const faults: string[] = [];
      for (const stop of stops) {
        const { page } = stop.who;
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        await visit(stop, language);
        const found = await violations(page);
        faults.push(...found.map((fault) => `${stop.name}: ${fault}`));
      }
      assert.deepEqual(faults, []);
    });
  }
});

/** The addresses of all pages, as the service has them. News and files are none. */
function routes(): RegExp[] {
  const files = readdirSync(office()).filter((name) => name.endsWith(".rs"));
  const sources = files.map((name) => readFileSync(join(office(), name), "utf8")).join("\n");
  const found = [...sources.matchAll(/#\[get\("(\/[^"]*)"/g)].map(([, path]) => path ?? "");
  const pages = found.filter((path) => !/^\/(live|assets)\//.test(path));
  assert.ok(pages.length > 20, `${pages.length} pages`);
  return pages.map((path) => new RegExp(`^${path.replace(/\{[^}]*\}/g, "[^/]+")}$`));
}

/** What a page is, as the browser sees it. */
function read(): {
  language: string;
  width: number;
  headings: number;
  title: string;
  texts: string[];
} {
  const { lang, scrollWidth } = document.documentElement;
  const texts: string[] = [document.title.split(" · ")[0] ?? ""];
  for (const element of document.querySelectorAll("body *")) {
    const spoken = element.closest("[lang]")?.getAttribute("lang");
    if (spoken !== lang) continue;
    for (const name of ["aria-label", "alt", "placeholder", "title"]) {
      texts.push(element.getAttribute(name) ?? "");
    }
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent?.trim() ?? "");
    }
  }
  const headings = document.querySelectorAll("h1").length;
  const kept = texts.filter((text) => text !== "");
  return { language: lang, width: scrollWidth, headings, title: document.title, texts: kept };
}
