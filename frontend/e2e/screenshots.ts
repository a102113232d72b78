// Pictures of every page, in each language, wide and narrow, in the dark and on
// paper; and small ones of how two people come to a registration.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";

import { codeOn } from "./harness/paper";
import { reduced } from "./harness/palette";
import { Stage } from "./harness/stage";
import { tour } from "./harness/tour";
import type { Visitor } from "./harness/visitor";
import { LANGUAGES, type Language } from "./harness/words";

const [folder = "screenshots", ...wanted] = process.argv.slice(2);

const HEIGHTS = { 1280: 800, 360: 740 };

type Look = NonNullable<Parameters<Page["emulateMedia"]>[0]>;

/** How each page is looked at: into which folder, and in which languages. */
const LOOKS: [string, Look, readonly Language[]][] = [
  [".", { colorScheme: "light", media: "screen" }, LANGUAGES],
  ["dark", { colorScheme: "dark", media: "screen" }, ["ru"]],
  ["paper", { colorScheme: "light", media: "print" }, ["kk"]],
];

const isWanted = (name: string) => !wanted.length || wanted.some((one) => name.includes(one));

async function everyPage(stage: Stage): Promise<void> {
  const stops = (await tour(stage)).filter(({ name }) => isWanted(name));
  for (const [place, look, languages] of LOOKS) {
    await mkdir(join(folder, place), { recursive: true });
    for (const { name, who, path, then } of stops) {
      for (const language of languages) {
        for (const [width, height] of Object.entries(HEIGHTS)) {
          await who.page.setViewportSize({ width: Number(width), height });
          who.language = language;
          // Nothing can be pressed on paper.
          await who.page.emulateMedia({ ...look, media: "screen" });
          await who.open(path);
          await then?.(who);
          await who.page.emulateMedia(look);
          const picture = join(folder, place, `${name}-${language}-${width}.png`);
          await who.page.screenshot({ path: picture, fullPage: true });
        }
      }
    }
  }
  console.log(`${stops.length} pages, in ${folder}`);
}

/** From the form to the certificate, in five pictures. */
async function theFlow(stage: Stage): Promise<void> {
  await mkdir(join(folder, "flow"), { recursive: true });
  const resident = await stage.member("resident-1", "en");
  const owner = await stage.member("owner-1", "en");
  const scratch = await (await stage.browser.newContext()).newPage();
  const take = async ({ page }: Visitor, name: string, height = 860) => {
    await page.setViewportSize({ width: 1280, height });
    await page.locator("h1").click();
    const picture = await reduced(scratch, await page.screenshot());
    await writeFile(join(folder, "flow", `${name}.png`), picture);
  };
  await resident.open("/applications/new?rka=0201999000000011");
  await resident.page.locator("#arrived").fill(await today(resident));
  await resident.page.locator("#months").selectOption("6");
  await take(resident, "1-apply");
  await resident.fillIn({ months: 6 });
  await resident.button("action-sign").click();
  await resident.text("channels").waitFor();
  await take(resident, "2-sign");
  await resident.sign();
  await owner.readRequest();
  await owner.button("action-consent").click();
  await owner.button("channel-mobile").click();
  await owner.page.locator("[data-qr] img").waitFor();
  await take(owner, "3-consent", 1160);
  await owner.sign();
  await resident.text("meaning-registered").waitFor();
  await take(resident, "4-registered");
  await resident.page.getByRole("region").locator(".card a").click();
  await resident.page.goto(codeOn(await resident.download("paper-certificate")));
  await resident.open(resident.place());
  await take(resident, "5-verified");
}

async function today({ page }: Visitor): Promise<string> {
  return (await page.locator("#arrived").getAttribute("max")) ?? "";
}

for (const draw of isWanted("flow") ? [everyPage, theFlow] : [everyPage]) {
  const stage = await Stage.set();
  try {
    await draw(stage);
  } finally {
    await stage.strike();
  }
}
