// Plays NCALayer: its protocol over TLS and WebSocket, with real signatures.
// The shapes are those that the client library records in its own tests, and the
// answer to a module that is not there is NCALayer's.

import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import { WebSocketServer, type WebSocket } from "ws";

import type { Person } from "../harness/person";
import { selfSigned } from "./certificate";

/** How the program, and the person in front of it, behave. */
export interface Behaviour {
  /** What the person does in the window of the program. */
  person: "signs" | "cancels" | "mistypes";
  /** Which module the version has: that of 2022, the one before, or neither. */
  module: "basics" | "commonUtils" | "none";
  /** How the newer module writes a signature. */
  form: "pem" | "base64";
  /** What is plugged into the computer, as the older module lists it. */
  tokens: string[];
}

/** A request as it came. */
export interface Request {
  module: string;
  method: string;
  args: unknown;
}

type Answer = Record<string, unknown>;

const USUAL: Behaviour = { person: "signs", module: "basics", form: "pem", tokens: [] };
const HEARTBEAT = "--heartbeat--";
const MODULE_NOT_FOUND: Answer = { success: false, errorCode: "MODULE_NOT_FOUND" };

/** A running NCALayer with one person's key. */
export class NcaLayer {
  /** What the pages asked for, heartbeats apart. */
  readonly requests: Request[] = [];
  behaviour: Behaviour = USUAL;
  person: Person;
  #server: Server | null = null;
  #sockets: WebSocketServer | null = null;
  #port = 0;

  private constructor(person: Person) {
    this.person = person;
  }

  /** Starts it on a free port. */
  static async start(person: Person): Promise<NcaLayer> {
    const tool = new NcaLayer(person);
    await tool.run();
    return tool;
  }

  get port(): number {
    return this.#port;
  }

  /** From now on it behaves as usual but for this. */
  behave(otherwise: Partial<Behaviour>): void {
    this.behaviour = { ...USUAL, ...otherwise };
    this.requests.length = 0;
  }

  /** Starts it again, where it was. */
  async run(): Promise<void> {
    const server = createServer(selfSigned());
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => this.#greet(socket));
    await new Promise<void>((listening) => {
      server.listen(this.#port, "127.0.0.1", listening);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#sockets = sockets;
  }

  /** Ends it: its port refuses from now on. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
    await new Promise<void>((closed) => this.#server?.close(() => closed()));
  }

  #greet(socket: WebSocket): void {
    socket.send(JSON.stringify({ result: { version: "1.4" } }));
    socket.on("message", (message) => {
      const text = String(message);
      if (text === HEARTBEAT) return socket.send(HEARTBEAT);
      const request = JSON.parse(text) as Request;
      this.requests.push(request);
      this.#answer(request).then(
        (answer) => socket.send(JSON.stringify(answer)),
        (fault: unknown) => socket.send(JSON.stringify({ code: "500", message: String(fault) })),
      );
    });
  }

  async #answer({ module, method, args }: Request): Promise<Answer> {
    const { module: known } = this.behaviour;
    if (module === "kz.gov.pki.knca.basics" && known === "basics" && method === "sign") {
      return this.#basics(args as BasicsArguments);
    }
    if (module === "kz.gov.pki.knca.commonUtils" && known !== "none") {
      return this.#commonUtils(method, args as unknown[]);
    }
    return MODULE_NOT_FOUND;
  }

  async #basics({ format, data, signingParams }: BasicsArguments): Promise<Answer> {
    const { decode, encapsulate, digested, tsaProfile } = signingParams;
    if (format !== "cms" || !decode || encapsulate || digested || tsaProfile !== undefined) {
      return { status: false, code: "INVALID_SIGNING_PARAMS", message: "not what pages ask for" };
    }
    if (this.behaviour.person === "cancels") return { status: true, body: {} };
    if (this.behaviour.person === "mistypes") {
      const details = "java.io.IOException: keystore password was incorrect";
      return { status: false, code: "SIGNING_FAILURE", message: "Signing failed.", details };
    }
    const base64 = (await this.person.sign(Buffer.from(data, "base64"))).toString("base64");
    const { form } = this.behaviour;
    return { status: true, body: { result: [form === "pem" ? pem(base64) : base64] } };
  }

  async #commonUtils(method: string, args: unknown[]): Promise<Answer> {
    if (method === "getActiveTokens") {
      return { code: "200", message: "", responseObject: this.behaviour.tokens };
    }
    if (method !== "createCAdESFromBase64") return { code: "500", message: `no ${method}` };
    if (this.behaviour.person === "cancels") return { code: "500", message: "action.canceled" };
    if (this.behaviour.person === "mistypes") {
      return { code: "500", message: "PKCS12 key store mac invalid - wrong password" };
    }
    const signature = await this.person.sign(Buffer.from(String(args[2]), "base64"));
    return { code: "200", message: "", responseObject: signature.toString("base64") };
  }
}

interface BasicsArguments {
  format: string;
  data: string;
  signingParams: Record<string, unknown>;
}

function pem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CMS-----", ...lines, "-----END CMS-----", ""].join("\n");
}
