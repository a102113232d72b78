// A real browser, and an eye on what must never happen in it: errors in the
// console, violations of the policy, requests to other servers.

import { chromium as playwright, type Browser, type BrowserContext, type Page } from "playwright-core";

import { chromium } from "./setting";

/** At which ports of this machine the emulators stand in for the real tools. */
export interface Tools {
  ncalayer?: number;
  kaztoken?: number;
}

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The emulators' certificates are nobody's.
  "--ignore-certificate-errors",
];

/** The ports that pages know. */
const NCALAYER = "127.0.0.1:13579";
const KAZTOKEN = "127.0.0.1:24680";

/** Nobody listens there: a port that only root may open, and no root does. */
const NOBODY = 1;

/** Starts the browser; what pages say to the tools goes to the emulators. */
export async function launch({ ncalayer = NOBODY, kaztoken = NOBODY }: Tools = {}): Promise<Browser> {
  const rules = [`MAP ${NCALAYER} 127.0.0.1:${ncalayer}`, `MAP ${KAZTOKEN} 127.0.0.1:${kaztoken}`];
  const args = [...FLAGS, `--host-resolver-rules=${rules.join(",")}`];
  return playwright.launch({ executablePath: chromium(), args });
}

/** Somebody's browser window, and what went wrong in it. */
export class Window {
  readonly faults: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    origin: string,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.faults.push(`error: ${error.message}`));
    page.on("request", (request) => {
      const url = request.url();
      const local = url.startsWith(`${origin}/`) || /^(data|blob):/.test(url);
      if (!local) this.faults.push(`request: ${url}`);
    });
    page.on("websocket", (socket) => {
      if (!socket.url().startsWith(`wss://${NCALAYER}`)) this.faults.push(`socket: ${socket.url()}`);
    });
  }

  /** Opens one at this origin. */
  static async open(
    browser: Browser,
    origin: string,
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<Window> {
    const context = await browser.newContext({ baseURL: origin, locale: "ru-KZ", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return new Window(context, page, origin);
  }

  /** What went wrong, but for what matches. */
  otherFaults(expected: RegExp): string[] {
    return this.faults.filter((fault) => !expected.test(fault));
  }

  /** Forgets what matches, which the test has brought about itself. */
  forgive(expected: RegExp): void {
    this.faults.splice(0, this.faults.length, ...this.otherFaults(expected));
  }
}
