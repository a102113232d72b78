// A site with one page, for tests of the script alone: the contract of
// frontend/README.md under the policy that the service sends.

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { WORDS } from "../../src/words";
import { MobileDesk } from "./mobiledesk";
import { assets } from "./setting";

/** What the person is to sign. */
export const CONTENT = Buffer.from('{"statement":"Мен, Үйбаев Ерлан, тіркеуге келісемін"}');

const TYPES: Record<string, string> = { css: "text/css", js: "text/javascript" };

/** A form as it arrived. */
export interface Sent {
  signature: string;
  /** Names of all its fields. */
  fields: string[];
}

/** The running site. */
export class Site {
  readonly sent: Sent[] = [];
  readonly desk = new MobileDesk(CONTENT);
  /** How often the key module was fetched. */
  keyModules = 0;
  version = 1;
  readonly #streams = new Set<ServerResponse>();
  #server: Server | null = null;

  static async open(): Promise<Site> {
    const site = new Site();
    const server = createServer((request, response) => {
      site.#answer(request, response).catch((fault: unknown) => {
        response.writeHead(500).end(String(fault));
      });
    });
    await new Promise<void>((listening) => {
      server.listen(0, "127.0.0.1", listening);
    });
    site.#server = server;
    site.desk.origin = site.origin;
    return site;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server?.address() as AddressInfo).port}`;
  }

  /** From now on the page shows something else, and says so. */
  change(): void {
    this.version += 1;
    for (const stream of this.#streams) stream.end("event: changed\ndata:\n\n");
  }

  /** Waits until so many pages listen for news. */
  async listeners(count: number): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (this.#streams.size !== count) {
      if (Date.now() > deadline) throw new Error(`${this.#streams.size} pages listen`);
      await new Promise((passed) => setTimeout(passed, 20));
    }
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((closed) => this.#server?.close(() => closed()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.origin);
    if (await this.desk.answer(request, response, pathname)) return;
    if (pathname.startsWith("/assets/")) return this.#asset(pathname.slice(8), response);
    if (pathname === "/live") return this.#stream(Number(searchParams.get("version")), response);
    if (request.method === "POST") return this.#take(request, response);
    if (pathname !== "/sign") return void response.writeHead(404).end();
    const nonce = randomUUID();
    response.setHeader("Content-Security-Policy", policy(nonce));
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(page(nonce, this.version));
  }

  async #asset(name: string, response: ServerResponse): Promise<void> {
    if (name === "keyfile.js") this.keyModules += 1;
    response.setHeader("Content-Type", TYPES[name.split(".").pop() ?? ""] ?? "text/plain");
    response.end(await readFile(join(assets(), name)));
  }

  #stream(known: number, response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    if (known !== this.version) return void response.end("event: changed\ndata:\n\n");
    response.write(":\n\n");
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const headers = { "Content-Type": request.headers["content-type"] ?? "" };
    const form = await new Response(Buffer.concat(parts), { headers }).formData();
    this.sent.push({ signature: String(form.get("signature")), fields: [...form.keys()] });
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end("<!doctype html><html lang=ru><link rel=icon href='data:,'><title>Принято</title><h1>Принято</h1>");
  }
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self' wss://127.0.0.1:13579 https://127.0.0.1:24680",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function page(nonce: string, version: number): string {
  const words = WORDS.map((word) => `<li data-word="${word}">said: ${word}</li>`).join("");
  return `<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Подпись ${version}</title>
<link rel="stylesheet" href="/assets/kelisim.css">
<link rel="icon" href="data:,">
<script type="module" nonce="${nonce}" src="/assets/kelisim.js?v=1"></script>
</head>
<body>
<header><a href="/sign">Келісім</a></header>
<main id="main" class="container" tabindex="-1">
<h1>Подпись</h1>
<p class="badge">Состояние ${version}</p>
<p><a id="around" href="#main">Куда-нибудь</a> <button data-print>Печать</button></p>
<p data-script hidden id="shown">Скрипт работает</p>
<form method="post" action="/sign" enctype="multipart/form-data" data-sign
 data-content="${CONTENT.toString("base64")}" data-document="${DOCUMENT}" data-language="ru">
<input type="hidden" name="csrf" value="c"><input type="hidden" name="key" value="k">
<div data-script hidden><div class="channels">
<button type="button" data-channel="ncalayer">NCALayer</button>
<button type="button" data-channel="mobile">eGov mobile</button>
<button type="button" data-channel="keyfile">Файл ключа</button>
</div></div>
<div class="panel" data-panel="mobile" hidden>
<div class="qr" data-qr role="img" aria-label="Код"></div>
<p><a data-mobile-link>На этом телефоне</a></p>
</div>
<div class="panel" data-panel="keyfile" hidden>
<label>Файл <input type="file" data-keyfile accept=".p12,.pfx"></label>
<label>Пароль <input type="password" data-password autocomplete="off"></label>
<button type="button" data-use-keyfile>Подписать</button>
</div>
<p class="notice" role="status" data-status hidden></p>
<ul data-words hidden>${words}</ul>
<details><summary>Подпись сделана иначе</summary>
<label>Подпись <textarea name="signature"></textarea></label>
<label>Файл <input type="file" name="file"></label>
<button>Отправить</button>
</details>
</form>
<p data-live="/live?version=${version}"></p>
<p hidden data-live-notice><a href="">Страница изменилась</a></p>
</main>
</body>
</html>`;
}

/** The document that the page is about. */
export const DOCUMENT = "0198f0a2-7c1e-7000-8000-000000000001";
