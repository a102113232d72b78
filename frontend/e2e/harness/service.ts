// A service of one's own: on a database with filled registers, at a port that was free.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { Person } from "./person";
import { auditKey, databases, newDatabase, pki, program } from "./setting";

/** The service centre of the development PKI. */
const SERVICE_CENTRE = "200740099907";

/** Whoever runs the service. */
const ADMINISTRATOR = "guardian";

/** The service ends when our end of the pipe closes, however we end. */
const KEEPER = `
exec 3<&0
"$@" </dev/null &
server=$!
{ cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null &
wait $server
`;

/** How long it may take to come up, in milliseconds. */
const PATIENCE = 30_000;

/** A running service. */
export class Service {
  #log = "";

  private constructor(
    readonly origin: string,
    readonly keeper: ChildProcess,
  ) {
    for (const stream of [keeper.stdout, keeper.stderr]) {
      stream?.on("data", (text) => (this.#log += String(text)));
    }
  }

  /** Starts one; `rules` are further arguments of `kelisim serve`. */
  static async start(rules: string[] = []): Promise<Service> {
    const database = `e2e_${randomBytes(6).toString("hex")}`;
    await promisify(execFile)(newDatabase(), [database]);
    const address = `127.0.0.1:${await freePort()}`;
    const told = ["--database-url", databases() + database, "--listen", address];
    told.push("--trust", join(pki(), "trust"), "--evidence", join(pki(), "evidence.toml"));
    told.push("--audit-key", auditKey(), "--audit-name", "stage.example/audit");
    told.push("--service-centre", SERVICE_CENTRE, "--requests-per-second", "0");
    told.push("--administrator", new Person(ADMINISTRATOR).iin);
    told.push("--key-files-in-browser", "--threads", "1", ...rules);
    const words = ["-c", KEEPER, "sh", program(), "serve", ...told];
    const service = new Service(`http://${address}`, spawn("sh", words, { env: own() }));
    await service.#ready();
    return service;
  }

  /** What it has logged. */
  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    if (this.keeper.exitCode !== null) return;
    const ended = new Promise((resolve) => this.keeper.once("exit", resolve));
    this.keeper.stdin?.end();
    await ended;
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!(await answers(`${this.origin}/health/ready`))) {
      if (this.keeper.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the service does not answer:\n${this.#log}`);
      }
      await new Promise((passed) => setTimeout(passed, 50));
    }
  }
}

/** Our environment without what it says to services: that is not meant for this one. */
function own(): NodeJS.ProcessEnv {
  const all = Object.entries(process.env);
  return Object.fromEntries(all.filter(([name]) => !name.startsWith("KELISIM_")));
}

async function answers(address: string): Promise<boolean> {
  return fetch(address).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
