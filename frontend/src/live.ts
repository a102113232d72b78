// Keeps a page true while it is open: when the server says that something has
// changed, what stands in <main> is replaced by what the server shows now.

/** Where the server tells of changes. */
const SOURCE = "[data-live]";

/** Follows the changes that `[data-live]` names; `enhance` is for content that arrives. */
export function follow(enhance: (root: ParentNode) => void): void {
  const address = document.querySelector<HTMLElement>(SOURCE)?.dataset["live"];
  if (address) new Page(address, enhance).follow();
}

class Page {
  readonly #address: string;
  readonly #enhance: (root: ParentNode) => void;
  #source: EventSource | null = null;
  #touched = false;

  constructor(address: string, enhance: (root: ParentNode) => void) {
    this.#address = address;
    this.#enhance = enhance;
  }

  follow(): void {
    for (const kind of ["input", "change", "submit"]) {
      document.addEventListener(kind, ({ target }) => {
        if (target instanceof Element && target.closest("main")) this.#touched = true;
      });
    }
    // A page that nobody sees needs no connection, of which browsers allow a server few.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#leave();
      else this.#come();
    });
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.#come());
    if (document.visibilityState === "visible") this.#listen();
  }

  #listen(): void {
    const source = new EventSource(this.#address);
    let opened = false;
    source.addEventListener("changed", () => void this.#refresh());
    source.addEventListener("open", () => {
      // What happened while the connection was down, nobody told.
      if (opened) void this.#refresh();
      opened = true;
    });
    this.#source = source;
  }

  #come(): void {
    if (this.#source) return;
    this.#listen();
    void this.#refresh();
  }

  #leave(): void {
    this.#source?.close();
    this.#source = null;
  }

  async #refresh(): Promise<void> {
    if (this.#busy()) return this.#notify();
    const page = await present();
    const main = document.querySelector("main");
    const fresh = page?.querySelector<HTMLElement>("main");
    if (!page || !main || !fresh) return this.#notify();
    // The person may have begun to write while the page was on its way.
    if (this.#busy()) return this.#notify();
    this.#replace(main, fresh, page);
  }

  /** What somebody has begun in a form is not taken from under their hands. */
  #busy(): boolean {
    return this.#touched || document.querySelector("main form[aria-busy=true]") !== null;
  }

  #notify(): void {
    const notice = document.querySelector<HTMLElement>("[data-live-notice]");
    if (notice) notice.hidden = false;
  }

  #replace(main: Element, fresh: HTMLElement, page: Document): void {
    const before = words(document);
    const focus = remember(main);
    main.replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    this.#enhance(fresh);
    focus(fresh);
    const now = words(document);
    const status = document.querySelector("[data-live-status]");
    if (status && now !== before) status.textContent = now;
    if (!document.querySelector(SOURCE)) this.#leave();
  }
}

/** The page as the server shows it now; nothing when it no longer shows this one. */
async function present(): Promise<Document | null> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** What is said aloud when it changes: the server words it on the element itself. */
function words(page: Document): string {
  return page.querySelector<HTMLElement>(SOURCE)?.dataset["liveWords"] ?? "";
}

/** Gives the focus back to what has the same name, address or place, and opens what was open. */
function remember(main: Element): (fresh: HTMLElement) => void {
  const active = document.activeElement;
  const focused = active && main.contains(active) ? selector(active) : "";
  const open = [...main.querySelectorAll("details[open][id]")].map(({ id }) => id);
  return (fresh) => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused === "") return;
    const again = focused && fresh.querySelector<HTMLElement>(focused);
    if (!again) fresh.tabIndex = -1;
    (again || fresh).focus({ preventScroll: true });
  };
}

function selector(element: Element): string | null {
  if (element.id) return `#${CSS.escape(element.id)}`;
  for (const name of ["name", "href", "data-channel"]) {
    const value = element.getAttribute(name);
    if (value) return `${element.localName}[${name}="${CSS.escape(value)}"]`;
  }
  return element.localName === "summary" ? "summary" : null;
}
