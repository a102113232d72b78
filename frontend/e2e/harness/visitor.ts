// Somebody who uses the pages: reads words, presses buttons, signs.

import { readFile } from "node:fs/promises";

import type { Locator, Page } from "playwright-core";

import type { NcaLayer } from "../emulator/ncalayer";
import type { Window } from "./browser";
import type { Person } from "./person";
import { PASSWORD } from "./setting";
import { say, type Language } from "./words";

/** A dwelling with one owner, owner-1. */
export const ONE_OWNER = "0201999000000011";

/** A dwelling with two owners, owner-2 and owner-3. */
export const TWO_OWNERS = "0201999000000028";

/** What is applied for, where it is not the usual. */
export interface Wish {
  rka?: string;
  months?: number;
  /** So many days ago somebody arrived, and the registration is to begin. */
  arrived?: number;
}

interface UploadedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Somebody at their browser. */
export class Visitor {
  constructor(
    readonly person: Person,
    readonly window: Window,
    public language: Language,
    readonly tool: NcaLayer,
  ) {}

  get page(): Page {
    return this.window.page;
  }

  /** A message in the person's language. */
  say(name: string): string {
    return say(this.language, name);
  }

  /** A page of theirs, by its address below the language. */
  async open(path: string): Promise<void> {
    await this.page.goto(`/${this.language}${path}`);
  }

  /** The link with this message. */
  link(message: string): Locator {
    return this.page.getByRole("link", { name: this.say(message), exact: true }).first();
  }

  /** The button with this message, or the link that looks like one. */
  button(message: string): Locator {
    return this.page.getByRole("button", { name: this.say(message), exact: true }).first();
  }

  /** The message as it stands somewhere on the page; what a closed list offers does not. */
  text(message: string): Locator {
    return this.page.getByText(this.say(message)).and(this.page.locator(":not(option)")).first();
  }

  /** Waits until the page says that this was done. */
  async told(done: string): Promise<void> {
    const said = this.page.getByRole("status").getByText(this.say(`done-${done}`));
    await said.waitFor().catch(async (fault: Error) => {
      throw new Error(`${fault.message}\n${await this.page.locator("main").innerText()}`);
    });
  }

  /** Signs in with NCALayer. */
  async signIn(): Promise<void> {
    await this.open("");
    await this.pressNcalayer();
    await this.page.waitForURL(`**/${this.language}/office`);
  }

  /** Presses the button for NCALayer, which has this person's key. */
  async pressNcalayer(): Promise<void> {
    this.tool.person = this.person;
    await this.button("channel-ncalayer").click();
  }

  /** Signs what the page shows, with NCALayer. */
  async sign(): Promise<void> {
    await this.pressNcalayer();
    await this.told("signed");
  }

  /** Signs what the page shows, with a key file. */
  async signWithKeyFile(password = PASSWORD): Promise<void> {
    await this.button("channel-keyfile").click();
    await this.page.locator("[data-keyfile]").setInputFiles(this.person.keyFile);
    await this.page.locator("[data-password]").fill(password);
    await this.button("keyfile-use").click();
  }

  /** Writes an application for oneself; gives its address below the language. */
  async apply({ rka = ONE_OWNER, ...wish }: Wish = {}): Promise<string> {
    await this.open(`/applications/new?rka=${rka}`);
    await this.fillIn(wish);
    return this.place();
  }

  /** Fills in the form of an application and sends it. */
  async fillIn({ months = 3, arrived = 0 }: Omit<Wish, "rka"> = {}): Promise<void> {
    const today = (await this.page.locator("#arrived").getAttribute("max")) ?? "";
    const day = daysBefore(today, arrived);
    await this.page.locator("#arrived").fill(day);
    // An extension begins when it must.
    const starts = this.page.locator("#starts");
    if (await starts.count()) await starts.fill(day);
    await this.page.locator("#months").selectOption(String(months));
    await this.button("onward").click();
    await this.told("drafted");
  }

  /** Applies and signs. */
  async applyAndSign(wish: Wish = {}): Promise<string> {
    const application = await this.apply(wish);
    await this.button("action-sign").click();
    await this.sign();
    return application;
  }

  /** Reads the request that waits in the office. */
  async readRequest(): Promise<void> {
    await this.open("/office");
    const waiting = this.page.getByRole("region", { name: this.say("home-requests") });
    await waiting.getByRole("link").first().click();
    await this.button("action-consent").waitFor();
  }

  /** Consents to the request that waits in the office. */
  async consent(): Promise<void> {
    await this.readRequest();
    await this.button("action-consent").click();
    await this.sign();
  }

  /** Attaches a scanned paper, at the desk. */
  async attach(scan: UploadedFile): Promise<void> {
    await this.page.locator("#file").setInputFiles(scan);
    await this.button("attach-paper").click();
    await this.told("attached");
  }

  /** What the link with this message leads to. */
  async download(message: string): Promise<Buffer> {
    const download = this.page.waitForEvent("download");
    await this.link(message).click();
    return readFile(await (await download).path());
  }

  /** Has a file checked on the page for that, where the visitor is. */
  async judge(buffer: Buffer): Promise<void> {
    const file = { name: "registration.asice", mimeType: "application/octet-stream", buffer };
    await this.page.locator("#file").setInputFiles(file);
    await this.button("validate-button").click();
    await this.text("verdict").waitFor();
  }

  /** The address of the page below the language. */
  place(): string {
    return new URL(this.page.url()).pathname.replace(/^\/(kk|ru|en)/, "");
  }
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
