// Pictures of every page: in each language, wide and narrow, and in the dark.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { Stage } from "./harness/stage";
import { tour } from "./harness/tour";
import { LANGUAGES, type Language } from "./harness/words";

const [folder = "screenshots", ...wanted] = process.argv.slice(2);

const HEIGHTS = { 1280: 800, 360: 740 };

/** How each page is looked at: the folder, the scheme of colours, the languages. */
const LOOKS: [string, "light" | "dark", readonly Language[]][] = [
  [".", "light", LANGUAGES],
  ["dark", "dark", ["ru"]],
];

const stage = await Stage.set();
try {
  const all = await tour(stage);
  const stops = all.filter(({ name }) => !wanted.length || wanted.some((one) => name.includes(one)));
  for (const [place, colorScheme, languages] of LOOKS) {
    await mkdir(join(folder, place), { recursive: true });
    for (const { name, who, path, then } of stops) {
      await who.page.emulateMedia({ colorScheme });
      for (const language of languages) {
        for (const [width, height] of Object.entries(HEIGHTS)) {
          await who.page.setViewportSize({ width: Number(width), height });
          who.language = language;
          await who.open(path);
          await then?.(who);
          const picture = join(folder, place, `${name}-${language}-${width}.png`);
          await who.page.screenshot({ path: picture, fullPage: true });
        }
      }
    }
  }
  console.log(`${stops.length} pages, in ${folder}`);
} finally {
  await stage.strike();
}
