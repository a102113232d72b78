// Makes what Node can run of what is written in TypeScript.

import { rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

/** The folder of the tests. */
export const here = dirname(fileURLToPath(import.meta.url));

const out = join(here, "../.e2e");

/** Bundles each of these files, and gives the paths of what it makes. */
export async function bundle(entryPoints) {
  await rm(out, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: join(here, ".."),
    bundle: true,
    entryPoints,
    format: "esm",
    logLevel: "warning",
    outExtension: { ".js": ".mjs" },
    outbase: here,
    outdir: out,
    packages: "external",
    platform: "node",
    sourcemap: "inline",
    target: "node18",
  });
  return entryPoints.map((path) => join(out, relative(here, path).replace(/\.ts$/, ".mjs")));
}
