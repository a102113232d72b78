// Signs with a key from a PKCS#12 file. A module of its own, loaded when it is wanted.

import { cades } from "./keyfile/cades";
import { open } from "./keyfile/open";
import { Refused, type Word } from "./words";

/** The file, its password, and what to sign in base64. */
export interface KeyFile {
  file: Uint8Array<ArrayBuffer>;
  password: string;
  content: string;
}

/** A signature in base64, or why there is none. */
export type Outcome = { signature: string } | { refused: Word };

/** Makes a detached CAdES-BES signature (RFC 5126 section 4.3.1). */
export async function signWithKeyFile({ file, password, content }: KeyFile): Promise<Outcome> {
  try {
    const pair = await open(file, password);
    const signed = await cades(pair, decode(content), new Date());
    return { signature: encode(signed) };
  } catch (error) {
    return { refused: reason(error) };
  }
}

/** WebCrypto refuses keys that it does not have; all else is a file that is not what it should be. */
function reason(error: unknown): Word {
  if (error instanceof Refused) return error.word;
  return error instanceof DOMException ? "unsupported-key" : "no-key";
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function encode(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
