// The person's phone: eGov mobile reads a code from the screen, takes the
// document from our server and brings the signature there.

import { Refused } from "../words";
import type { Channel, Task } from "./channel";

/** How often we ask whether the signature is there. */
const PAUSE_MS = 2_000;

/** A signing that has been opened, as the service describes it. */
interface Opened {
  qr: string;
  link: string;
  business_link?: string;
  collect: string;
  expires_at: string;
}

/** Shows the code in the form's panel and waits for the phone. */
export function mobile(panel: Element | null): Channel {
  return async (task) => {
    task.tell("connecting");
    const opened = await open(task);
    try {
      if (panel) show(panel, opened);
      task.tell("waiting-for-phone");
      return await collect(opened, task.signal);
    } finally {
      if (panel) clear(panel);
    }
  };
}

async function open({ document, language, signal }: Task): Promise<Opened> {
  const answer = await fetch("/api/v1/mobile-signings", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify({ document, language }),
    signal,
  }).catch(() => null);
  if (answer?.status !== 201) throw new Refused("tool-failed");
  return (await answer.json()) as Opened;
}

async function collect(opened: Opened, signal: AbortSignal): Promise<string> {
  const end = Date.parse(opened.expires_at);
  for (;;) {
    const answer = await fetch(opened.collect, { cache: "no-store", signal }).catch(() => null);
    signal.throwIfAborted();
    if (answer?.status === 200) return ((await answer.json()) as { signature: string }).signature;
    if (answer?.status === 410) throw new Refused("expired");
    if (answer && !waits(answer.status)) throw new Refused("phone-refused");
    // The clock of this computer may be wrong, so it counts only when the server is out of reach.
    if (!answer && Date.now() > end) throw new Refused("expired");
    await pause(signal);
  }
}

/** Not there yet; or the server is too busy to tell. */
function waits(status: number): boolean {
  return status === 202 || status === 429 || status >= 500;
}

/** A phone that shows our page itself sleeps while the person signs: it looks at once on return. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const look = () => document.visibilityState === "visible" && done();
    const timer = setTimeout(done, PAUSE_MS);
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", done);
  });
}

function show(panel: Element, { qr, link, business_link }: Opened): void {
  // As a picture, the drawing can neither run anything nor reach into the page.
  const picture = document.createElement("img");
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(qr)}`;
  const holder = panel.querySelector<HTMLElement>("[data-qr]");
  picture.alt = holder?.dataset["alt"] ?? "";
  holder?.replaceChildren(picture);
  point(panel.querySelector("[data-mobile-link]"), link);
  point(panel.querySelector("[data-business-link]"), business_link);
}

function point(anchor: Element | null, address: string | undefined): void {
  if (address) anchor?.setAttribute("href", address);
  else anchor?.removeAttribute("href");
}

function clear(panel: Element): void {
  panel.querySelector("[data-qr]")?.replaceChildren();
  for (const anchor of panel.querySelectorAll("a[data-mobile-link], a[data-business-link]")) {
    anchor.removeAttribute("href");
  }
}
