// The words of pages, read from where the service has them.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { wordsIn } from "./setting";

export const LANGUAGES = ["kk", "ru", "en"] as const;

/** A language of the service. */
export type Language = (typeof LANGUAGES)[number];

const read = new Map<Language, Map<string, string>>();

/** A message without arguments. */
export function say(language: Language, name: string): string {
  const text = messages(language).get(name);
  if (text === undefined) throw new Error(`no message ${name} in ${language}`);
  if (/[{}]/.test(text)) throw new Error(`the message ${name} wants arguments`);
  return text;
}

/** All messages of a language, patterns in Fluent's notation. */
export function messages(language: Language): Map<string, string> {
  const known = read.get(language);
  if (known) return known;
  const folder = wordsIn(language);
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const found = new Map<string, string>();
  for (const [, name, text] of files.join("\n").matchAll(/^([a-z][\w-]*) = (.*(?:\n[ }].*)*)/gm)) {
    found.set(name!, text!.trim());
  }
  read.set(language, found);
  return found;
}

/**
 * Messages of other languages that this one does not have too. Short ones, and those
 * that hold an argument, may stand in a page by chance or in a name.
 */
export function foreign(language: Language): Set<string> {
  const own = new Set(messages(language).values());
  const others = LANGUAGES.filter((other) => other !== language);
  const texts = others.flatMap((other) => [...messages(other).values()]);
  return new Set(texts.filter((text) => !/[{}]/.test(text) && !own.has(text)));
}
