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

/** The key that seals the audit logs of services. */
export const auditKey = (): string => told("KELISIM_AUDIT_KEY");

/** The program that makes a database with filled registers, by its name. */
export const newDatabase = (): string => told("KELISIM_NEW_DATABASE");

/** The address of databases, up to their names. */
export const databases = (): string => told("KELISIM_DATABASES");

/** The words of pages in a language, as the service has them. */
export const wordsIn = (language: string): string =>
  join(process.cwd(), "../src/render/words", language);

/** Where the pages of the service are written. */
export const office = (): string => join(process.cwd(), "../src/web/office");

/** The browser. */
export const chromium = (): string => process.env["KELISIM_CHROMIUM"] ?? "/usr/bin/chromium";

/** What the browser gets, as it is committed or as it was just built. */
export const assets = (): string => process.env["KELISIM_ASSETS"] ?? join(process.cwd(), "../assets");

/** The password of the key files. */
export const PASSWORD = "kelisim-dev";
