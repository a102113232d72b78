// Where things are: `cargo xtask e2e` says so in the environment.

import { join } from "node:path";

/** What a variable of the environment says. */
function told(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask e2e\``);
  return value;
}

/** The development PKI, as `kelisim pki init` makes it. */
export const pki = (): string => told("KELISIM_PKI");

/** The program of the service. */
export const program = (): string => told("KELISIM_PROGRAM");

/** Where the service is reached, without a slash at the end. */
export const service = (): string => told("KELISIM_URL");

/** The browser. */
export const chromium = (): string => process.env["KELISIM_CHROMIUM"] ?? "/usr/bin/chromium";

/** What the browser gets, as it is committed or as it was just built. */
export const assets = (): string => process.env["KELISIM_ASSETS"] ?? join(process.cwd(), "../assets");

/** The password of the key files. */
export const PASSWORD = "kelisim-dev";
