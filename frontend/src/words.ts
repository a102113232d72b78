// What a page says about a signature on its way. The words themselves come from
// the server in the page's language: this file only names them.

/** Everything that can be said. */
export const WORDS = [
  "connecting",
  "choose-in-tool",
  "not-running",
  "cancelled",
  "wrong-pin",
  "module-missing",
  "tool-failed",
  "waiting-for-phone",
  "phone-refused",
  "expired",
  "opening-key",
  "wrong-password",
  "no-key",
  "unsupported-key",
  "sending",
] as const;

/** One of them. */
export type Word = (typeof WORDS)[number];

/** Says how far things are. */
export type Tell = (word: Word) => void;

/** No signature came, for a reason that the person is told in these words. */
export class Refused extends Error {
  constructor(readonly word: Word) {
    super(word);
    this.name = "Refused";
  }
}

/** Reads the words of a form: `<li data-word="cancelled">…</li>`. */
export function wordsOf(form: Element): (word: Word) => string {
  const found = new Map<string, string>();
  for (const item of form.querySelectorAll<HTMLElement>("[data-words] [data-word]")) {
    found.set(item.dataset["word"] ?? "", item.textContent?.trim() ?? "");
  }
  return (word) => found.get(word) ?? "";
}
