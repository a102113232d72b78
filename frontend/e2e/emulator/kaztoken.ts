// Plays KAZTOKEN at its own port: documents by HTTP, for pages of any origin.

import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Person } from "../harness/person";
import { selfSigned } from "./certificate";

const OPERATION = "operation-1";

/** A running KAZTOKEN with one person's key. */
export class Kaztoken {
  person: Person;
  cancels = false;
  #server: Server | null = null;
  #port = 0;

  private constructor(person: Person) {
    this.person = person;
  }

  static async start(person: Person): Promise<Kaztoken> {
    const tool = new Kaztoken(person);
    await tool.run();
    return tool;
  }

  get port(): number {
    return this.#port;
  }

  async run(): Promise<void> {
    const server = createServer(selfSigned(), (request, response) => {
      this.#answer(request, response).catch(() => response.writeHead(500).end());
    });
    await new Promise<void>((listening) => {
      server.listen(this.#port, "127.0.0.1", listening);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((closed) => this.#server?.close(() => closed()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    response.setHeader("Access-Control-Allow-Credentials", "true");
    const body = await read(request);
    if (request.method === "GET") return void response.end("KAZTOKEN");
    if (request.url === "/") return this.#open(body, response);
    if (request.url !== `/${OPERATION}`) return void response.writeHead(404).end();
    const signature = await this.person.sign(Buffer.from(body, "base64"));
    response.end(signature.toString("base64"));
  }

  #open(body: string, response: ServerResponse): void {
    const { numberOfDocuments, base64, encapsulateContent } = JSON.parse(body);
    const asked = numberOfDocuments === 1 && base64 === true && encapsulateContent === false;
    if (!asked) response.writeHead(400).end();
    else if (this.cancels) response.writeHead(409).end();
    else response.end(OPERATION);
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
