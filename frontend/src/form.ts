// The signing form: whichever way the person chooses, the signature ends up in
// the form's field and the form goes to the server, as it would without script.

import type { Channel } from "./channels/channel";
import { keyfile } from "./channels/keyfile";
import { mobile } from "./channels/mobile";
import { ncalayer } from "./channels/ncalayer";
import { Refused, wordsOf, type Word } from "./words";

type Way = "ncalayer" | "mobile" | "keyfile";

/** Makes every signing form in `root` work. */
export function enhanceForms(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-sign]")) {
    new SigningForm(form).listen();
  }
}

/** One form, and the one signature that is on its way in it, if any. */
class SigningForm {
  readonly #form: HTMLFormElement;
  readonly #words: (word: Word) => string;
  #attempt: AbortController | null = null;

  constructor(form: HTMLFormElement) {
    this.#form = form;
    this.#words = wordsOf(form);
  }

  listen(): void {
    for (const button of this.#buttons()) {
      button.addEventListener("click", () => this.#choose(button));
    }
    const use = this.#form.querySelector<HTMLButtonElement>("[data-use-keyfile]");
    use?.addEventListener("click", () => this.#start("keyfile", use));
    // Enter would send the form without a signature.
    for (const field of this.#form.querySelectorAll<HTMLElement>("[data-keyfile], [data-password]")) {
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        const meant = field.matches("[data-password]") ? use : field;
        meant?.click();
      });
    }
    // Who comes back to the page by the browser's button may sign once more.
    window.addEventListener("pageshow", (event) => event.persisted && this.#rest(null));
  }

  #choose(button: HTMLButtonElement): void {
    const way = button.dataset["channel"] as Way;
    for (const panel of this.#form.querySelectorAll<HTMLElement>("[data-panel]")) {
      panel.hidden = panel.dataset["panel"] !== way;
    }
    if (way === "keyfile") {
      this.#attempt?.abort();
      this.#rest(null);
      this.#form.querySelector<HTMLElement>("[data-keyfile]")?.focus();
      return;
    }
    void this.#start(way, button);
  }

  async #start(way: Way, button: HTMLButtonElement): Promise<void> {
    this.#attempt?.abort();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#work(way);
    try {
      const signature = await this.#channel(way)({
        content: this.#form.dataset["content"] ?? "",
        document: this.#form.dataset["document"] ?? "",
        language: this.#form.dataset["language"] ?? "",
        tell: (word) => this.#attempt === attempt && this.#say(word),
        signal: attempt.signal,
      });
      if (this.#attempt === attempt) this.#send(signature);
    } catch (error) {
      if (this.#attempt !== attempt) return;
      this.#say(error instanceof Refused ? error.word : "tool-failed");
      this.#rest(button);
    }
  }

  #channel(way: Way): Channel {
    const panel = this.#form.querySelector(`[data-panel="${way}"]`);
    const channels = { ncalayer, mobile: mobile(panel), keyfile: keyfile(panel) };
    return channels[way];
  }

  /** While the phone is awaited, which may be long, another way may be chosen. */
  #work(way: Way): void {
    this.#form.setAttribute("aria-busy", "true");
    for (const button of this.#allButtons()) {
      button.disabled = way !== "mobile" || button.dataset["channel"] === "mobile";
    }
  }

  /** Nothing is on its way; whoever started it gets the focus back that its button lost. */
  #rest(button: HTMLButtonElement | null): void {
    this.#attempt = null;
    this.#form.removeAttribute("aria-busy");
    for (const each of this.#allButtons()) each.disabled = false;
    const adrift = document.activeElement === null || document.activeElement === document.body;
    if (adrift) button?.focus();
  }

  #send(signature: string): void {
    const field = this.#form.querySelector<HTMLTextAreaElement>("textarea[name=signature]");
    if (!field) return;
    field.value = signature;
    this.#say("sending");
    for (const button of this.#allButtons()) button.disabled = true;
    this.#form.requestSubmit();
  }

  #say(word: Word): void {
    const status = this.#form.querySelector<HTMLElement>("[data-status]");
    if (!status) return;
    status.dataset["said"] = word;
    status.hidden = false;
    status.textContent = this.#words(word);
  }

  #buttons(): NodeListOf<HTMLButtonElement> {
    return this.#form.querySelectorAll("button[data-channel]");
  }

  #allButtons(): NodeListOf<HTMLButtonElement> {
    return this.#form.querySelectorAll("button[data-channel], button[data-use-keyfile]");
  }
}
