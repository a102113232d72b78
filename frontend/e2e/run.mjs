// Bundles the tests and runs them with node's own runner: `node e2e/run.mjs [NAME]`
// runs those whose path contains NAME. `cargo xtask e2e` sets up what they need.

import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

import { bundle, here } from "./bundle.mjs";

/** Most of the time a file waits: for a page, for news, for a phone that asks again. */
const AT_ONCE = 3;

const wanted = process.argv.slice(2);

function tests(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return tests(path);
    const named = wanted.length === 0 || wanted.some((name) => relative(here, path).includes(name));
    return path.endsWith(".test.ts") && named ? [path] : [];
  });
}

const chosen = tests(here).sort();
if (chosen.length === 0) throw new Error(`no test is called ${wanted.join(" or ")}`);
const files = await bundle(chosen);
process.env.NODE_OPTIONS = "--enable-source-maps";
run({ files, concurrency: AT_ONCE })
  .on("test:fail", () => (process.exitCode = 1))
  .compose(new spec())
  .pipe(process.stdout);
