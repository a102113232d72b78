// Bundles the tests and runs them with node's own runner: `node e2e/run.mjs [NAME]`
// runs those whose path contains NAME. `cargo xtask e2e` sets up what they need.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

import { bundle, here } from "./bundle.mjs";

const wanted = process.argv.slice(2);

function tests(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return tests(path);
    const chosen = wanted.length === 0 || wanted.some((name) => relative(here, path).includes(name));
    return path.endsWith(".test.ts") && chosen ? [path] : [];
  });
}

const bundled = await bundle(tests(here).sort());
const options = ["--enable-source-maps", "--test", "--test-reporter=spec"];
const child = spawn(process.execPath, [...options, ...bundled], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
