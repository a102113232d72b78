// Builds what the browser gets: `node build.mjs [FOLDER]`, by default ../assets.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../assets"));

// What every browser of the last three years speaks.
const target = ["es2022", "chrome111", "firefox115", "safari16.4"];

const common = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  minify: true,
  target,
  write: false,
};

/** Pico is written in Sass; our own styles are plain CSS that esbuild alone understands. */
const pico = {
  name: "pico",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => {
      const options = { loadPaths: [join(here, "node_modules")], quietDeps: true };
      const { css, loadedUrls } = sass.compile(path, { ...options, logger: sass.Logger.silent });
      return { contents: css, loader: "css", watchFiles: loadedUrls.map(fileURLToPath) };
    });
  },
};

async function script(entry, define = {}) {
  const options = { ...common, entryPoints: [`src/${entry}.ts`], format: "esm", define };
  return only(await esbuild.build({ ...options, external: ["./keyfile.js*"] }));
}

async function styles() {
  const options = { ...common, entryPoints: ["styles/kelisim.css"], plugins: [pico] };
  return only(await esbuild.build(options));
}

function only({ outputFiles, metafile }) {
  return { content: outputFiles[0].contents, inputs: Object.keys(metafile.inputs) };
}

/** The licences of what is inside the bundles, which both MIT and BSD want to travel along. */
async function licences(inputs) {
  const folders = new Set(["node_modules/@picocss/pico"]);
  for (const input of inputs) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input);
    if (found) folders.add(found[0]);
  }
  const texts = [...folders].sort().map(async (folder) => {
    const { name, version } = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"));
    const file = (await readdir(join(here, folder))).find((file) => /^licen[cs]e/i.test(file));
    if (!file) throw new Error(`${name} comes without a licence`);
    const text = (await readFile(join(here, folder, file), "utf8")).replace(/\r\n/g, "\n").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}

// The page asks for the module by what is in it, so that no cache can pair a new
// script with an old module.
const keyfile = await script("keyfile");
const version = createHash("sha256").update(keyfile.content).digest("hex").slice(0, 16);
const page = await script("kelisim", { KEYFILE_VERSION: JSON.stringify(version) });
const css = await styles();

const files = {
  "keyfile.js": keyfile.content,
  "licences.txt": await licences([...keyfile.inputs, ...page.inputs, ...css.inputs]),
  "kelisim.css": css.content,
  "kelisim.js": page.content,
};
await mkdir(out, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  await writeFile(join(out, name), content);
  const size = Buffer.byteLength(content);
  console.log(`${relative(process.cwd(), join(out, name))}  ${(size / 1024).toFixed(1)} KiB`);
}
