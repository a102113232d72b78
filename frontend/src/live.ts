// Keeps a page true while it is open: when the server says that something has
// changed, what stands in <main> is replaced by what the server shows now.

/** Where the server tells of changes. */
const SOURCE = "[data-live]";

/** Follows the changes that `[data-live]` names; `enhance` is for content that arrives. */
export function follow(enhance: (root: ParentNode) => void): void {
  if (document.querySelector(SOURCE)) new Page(enhance).follow();
}

class Page {
  readonly #enhance: (root: ParentNode) => void;
  #source: EventSource | null = null;
  readonly #status = document.createElement("p");
  #touched = false;
  #told = false;

  constructor(enhance: (root: ParentNode) => void) {
    this.#enhance = enhance;
  }

  follow(): void {
    for (const kind of ["input", "change", "submit"]) {
      document.addEventListener(kind, ({ target }) => {
        if (target instanceof Element && target.closest("main")) this.#touched = true;
      });
    }
    // It must be there before it speaks, and outside of what is replaced.
    this.#status.setAttribute("role", "status");
    this.#status.className = "unseen";
    document.body.append(this.#status);
    // A page that nobody sees needs no connection, of which browsers allow a server few.
    document.addEventListener("visibilitychange", () => this.#listen());
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("pageshow", () => this.#listen());
    this.#listen();
  }

  /** The address says what the page shows, so that the server tells at once what we missed. */
  #listen(): void {
    this.#leave();
    const address = document.querySelector<HTMLElement>(SOURCE)?.dataset["live"];
    if (!address || this.#told || document.visibilityState === "hidden") return;
    this.#source = new EventSource(address);
    this.#source.addEventListener("changed", () => void this.#refresh());
  }

  #leave(): void {
    this.#source?.close();
    this.#source = null;
  }

  async #refresh(): Promise<void> {
    this.#leave();
    const page = this.#busy() ? null : await present();
    const main = document.querySelector("main");
    const fresh = page?.querySelector<HTMLElement>("main");
    // The person may have begun to write while the page was on its way.
    if (page && main && fresh && !this.#busy()) this.#replace(main, fresh, page);
    else this.#notify();
    this.#listen();
  }

  /** What somebody has begun in a form is not taken from under their hands. */
  #busy(): boolean {
    return this.#touched || document.querySelector("main form[aria-busy=true]") !== null;
  }

  /** Says that there is news, once, and leaves it to the person to look. */
  #notify(): void {
    this.#told = true;
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
    if (now !== before) this.#status.textContent = now;
  }
}

/** The page as the server shows it now; nothing when it no longer shows this one. */
async function present(): Promise<Document | null> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** What is said aloud when it changes: as the server words it, or else the state itself. */
function words(page: Document): string {
  const worded = page.querySelector<HTMLElement>(SOURCE)?.dataset["liveWords"];
  return worded ?? page.querySelector("main .badge")?.textContent ?? "";
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
