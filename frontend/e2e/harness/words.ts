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

/** Whether a text is a message of another language and none of this one. */
export function isForeign(language: Language, text: string): boolean {
  const others = LANGUAGES.filter((other) => other !== language);
  const isSaid = (in_: Language) => patterns(in_).some((pattern) => pattern.test(text));
  return others.some(isSaid) && !isSaid(language);
}

const compiled = new Map<Language, RegExp[]>();

/** What messages look like when they are said, whatever their arguments are. */
function patterns(language: Language): RegExp[] {
  const known = compiled.get(language);
  if (known) return known;
  const forms = [...messages(language).values()].flatMap(variants);
  const made = forms.map((form) => {
    const literal = form.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()[\]\\|]/g, "\\$&"));
    return new RegExp(`^${literal.join(".+")}$`, "s");
  });
  compiled.set(language, made);
  return made;
}

/** The forms of a message that depends on a number. Without letters it is of no language. */
function variants(text: string): string[] {
  const found = [...text.matchAll(/^\s*\*?\[\w+\] (.*)$/gm)].map(([, form]) => form ?? "");
  const forms = found.length > 0 ? found : [text];
  return forms.filter((form) => /\p{L}/u.test(form.replace(/\{[^}]*\}/g, "")));
}
