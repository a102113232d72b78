// A key in a file, opened in the page itself. The key and its password never
// leave the page: only the signature does.

import { Refused } from "../words";
import type { Channel } from "./channel";

/** What the module is by its content; the build knows. */
declare const KEYFILE_VERSION: string;

/** The module that opens keys is large, and is loaded when somebody wants it. */
type Module = typeof import("../keyfile");
const MODULE = `./keyfile.js?v=${KEYFILE_VERSION}`;

/** Signs with the file and the password that stand in the form's panel. */
export function keyfile(panel: Element | null): Channel {
  return async ({ content, tell }) => {
    const file = panel?.querySelector<HTMLInputElement>("[data-keyfile]")?.files?.item(0);
    const field = panel?.querySelector<HTMLInputElement>("[data-password]");
    if (!file || !field) throw new Refused("no-key");
    tell("opening-key");
    const password = field.value;
    field.value = "";
    const { signWithKeyFile } = (await import(MODULE)) as Module;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const outcome = await signWithKeyFile({ file: bytes, password, content });
    if ("refused" in outcome) throw new Refused(outcome.refused);
    return outcome.signature;
  };
}
