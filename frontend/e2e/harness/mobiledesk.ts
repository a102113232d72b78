// The service's side of signing on a phone, for tests of the script alone: the
// page's two calls, and the three of eGov mobile.

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import draw from "qr";

interface Signing {
  token: string;
  body: Partial<Body>;
  signature: string | null;
}

/** Where pages and phones meet. */
export class MobileDesk {
  origin = "";
  /** What becomes of signings: nothing unusual, their time is over, or there are none. */
  fate: "usual" | "expired" | "refused" | "closed" = "usual";
  readonly opened: Signing[] = [];
  readonly #content: Buffer;

  constructor(content: Buffer) {
    this.#content = content;
  }

  /** Whether it was for us. */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    if (!path.startsWith("/api/v1/mobile")) return false;
    const [, , , kind, token, what] = path.split("/");
    const signing = this.opened.find((one) => one.token === token);
    if (path === "/api/v1/mobile-signings") await this.#open(request, response);
    else if (!signing) response.writeHead(404).end();
    else if (kind === "mobile-signings") this.#collect(signing, response);
    else if (!what) this.#introduce(signing, response);
    else if (request.method === "GET") this.#show(response);
    else await this.#take(signing, request, response);
    return true;
  }

  async #open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.fate === "closed") return void response.writeHead(503).end();
    const signing: Signing = {
      token: randomBytes(16).toString("hex"),
      body: await json(request),
      signature: null,
    };
    this.opened.push(signing);
    const address = `${this.origin}/api/v1/mobile/${signing.token}`;
    reply(response, 201, {
      qr: draw(`mobileSign:${address}`, "svg"),
      link: `https://mgovsign.page.link/?link=${encodeURIComponent(address)}`,
      business_link: `https://egovbusiness.page.link/?link=${encodeURIComponent(address)}`,
      collect: `/api/v1/mobile-signings/${signing.token}/signature`,
      expires_at: new Date(Date.now() + 300_000).toISOString(),
    });
  }

  #collect({ signature }: Signing, response: ServerResponse): void {
    if (this.fate === "expired") reply(response, 410, {});
    else if (this.fate === "refused") reply(response, 404, {});
    else if (signature === null) reply(response, 202, {});
    else reply(response, 200, { signature });
  }

  #introduce({ token }: Signing, response: ServerResponse): void {
    const uri = `${this.origin}/api/v1/mobile/${token}/documents`;
    const organisation = { nameRu: "Келисим", nameKz: "Келісім", nameEn: "Kelisim" };
    const document = { uri, auth_type: "None", auth_token: "" };
    reply(response, 200, { description: "Согласие", organisation, document });
  }

  #show(response: ServerResponse): void {
    const file = { mime: "text/plain", data: this.#content.toString("base64") };
    const paper = { id: 1, nameRu: "Согласие", meta: [], document: { file } };
    reply(response, 200, { signMethod: "CMS_SIGN_ONLY", version: 1, documentsToSign: [paper] });
  }

  async #take(signing: Signing, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { documentsToSign } = await json(request);
    signing.signature = documentsToSign?.[0]?.document.file.data ?? null;
    reply(response, 200, {});
  }
}

interface Body {
  document: string;
  language: string;
  documentsToSign: { document: { file: { data: string } } }[];
}

async function json(request: IncomingMessage): Promise<Partial<Body>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString());
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
