// Plays eGov mobile on somebody's phone: reads the code on the screen, takes the
// document from the address in it, signs, and brings the signature there.

import type { Page } from "playwright-core";
import decode from "qr/decode.js";

import type { Person } from "../harness/person";

interface Introduction {
  document: { uri: string; auth_type: string; auth_token?: string };
}

interface Papers {
  signMethod: string;
  documentsToSign: { document: { file: { mime: string; data: string } } }[];
}

/** Somebody's phone. */
export class Phone {
  constructor(readonly person: Person) {}

  /** What the code on the page says, as a camera would read it. */
  async read(page: Page, code = "[data-qr] img"): Promise<string> {
    await page.waitForSelector(code);
    const { side, points } = await page.locator(code).evaluate(picture);
    return decode({ width: side, height: side, data: Buffer.from(points, "base64") });
  }

  /** Signs what the code calls for. */
  async sign(text: string): Promise<void> {
    const address = /^mobileSign:(https?:\/\/.+)$/.exec(text)?.[1];
    if (!address) throw new Error(`eGov mobile knows no code like ${text}`);
    const { document } = (await ask(address)) as Introduction;
    const headers: Record<string, string> = {};
    if (document.auth_type !== "None") headers["Authorization"] = `Bearer ${document.auth_token}`;
    const papers = (await ask(document.uri, { headers })) as Papers;
    for (const paper of papers.documentsToSign) {
      const content = Buffer.from(paper.document.file.data, "base64");
      const signature = await this.#signature(papers.signMethod, content);
      paper.document.file.data = signature.toString("base64");
    }
    const method = "PUT";
    const type = { "Content-Type": "application/json" };
    const body = JSON.stringify(papers);
    await ask(document.uri, { method, body, headers: { ...headers, ...type } });
  }

  async #signature(method: string, content: Buffer): Promise<Buffer> {
    if (method === "CMS_SIGN_ONLY") return this.person.sign(content);
    if (method === "CMS_WITH_DATA") return this.person.sign(content, "attached");
    throw new Error(`the emulator does not sign by ${method}`);
  }
}

async function ask(address: string, options?: RequestInit): Promise<unknown> {
  const answer = await fetch(address, options);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${text}`);
  return text === "" ? {} : JSON.parse(text);
}

/** The points of the picture, three octets each in base64, with a margin as on paper. */
async function picture(element: Element): Promise<{ side: number; points: string }> {
  const image = element as HTMLImageElement;
  await image.decode();
  const canvas = document.createElement("canvas");
  const [side, margin] = [360, 24];
  canvas.width = canvas.height = side;
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error("the browser has no canvas");
  brush.fillStyle = "white";
  brush.fillRect(0, 0, side, side);
  brush.drawImage(image, margin, margin, side - 2 * margin, side - 2 * margin);
  const { data } = brush.getImageData(0, 0, side, side);
  const letters = [];
  for (let index = 0; index < data.length; index += 4) {
    letters.push(String.fromCharCode(data[index]!, data[index + 1]!, data[index + 2]!));
  }
  return { side, points: btoa(letters.join("")) };
}
