// Takes pictures of the pages: `node e2e/draw.mjs FOLDER [NAME]`, with NAME only of
// those whose names contain it. `cargo xtask screenshots` sets up what that needs.

import { join } from "node:path";

import { bundle, here } from "./bundle.mjs";

const [script] = await bundle([join(here, "screenshots.ts")]);
await import(script);
