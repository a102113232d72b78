// Bundles the tests and runs them with node's own runner: `node e2e/run.mjs [NAME]`
// runs those whose path contains NAME. `cargo xtask e2e` sets up what they need.

import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../.e2e");
const wanted = process.argv.slice(2);

function tests(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return tests(path);
    const chosen = wanted.length === 0 || wanted.some((name) => relative(here, path).includes(name));
    return path.endsWith(".test.ts") && chosen ? [path] : [];
  });
}

const entryPoints = tests(here).sort();
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

const bundled = entryPoints.map((path) => join(out, relative(here, path).replace(/\.ts$/, ".mjs")));
const options = ["--enable-source-maps", "--test", "--test-reporter=spec"];
const child = spawn(process.execPath, [...options, ...bundled], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
