// People of the development PKI, who sign with openssl: an implementation that
// shares nothing with ours.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { pki, program } from "./setting";

const run = promisify(execFile);

/** Whether a signature carries its content. */
export type Packaging = "detached" | "attached";

/** What `people.json` says of somebody. */
interface Listed {
  slug: string;
  iin: string;
  surname: string;
  given_name: string;
  patronymic: string | null;
}

/** Somebody with a key. */
export class Person {
  constructor(readonly slug: string) {}

  /** The individual identification number. */
  get iin(): string {
    return this.#listed.iin;
  }

  /** As the register names people. */
  get name(): string {
    const { surname, given_name, patronymic } = this.#listed;
    return [surname, given_name, patronymic].filter(Boolean).join(" ");
  }

  get #listed(): Listed {
    const all = JSON.parse(readFileSync(join(pki(), "people.json"), "utf8")) as Listed[];
    const found = all.find(({ slug }) => slug === this.slug);
    if (!found) throw new Error(`nobody is called ${this.slug}`);
    return found;
  }

  /** The file that a person would choose in the page. */
  get keyFile(): string {
    return join(pki(), "people", `${this.slug}.p12`);
  }

  get certificateFile(): string {
    return join(pki(), "people", `${this.slug}.pem`);
  }

  get privateKeyFile(): string {
    return join(pki(), "people", `${this.slug}.key.pem`);
  }

  /** A CAdES-BES signature in DER. */
  async sign(content: Buffer, packaging: Packaging = "detached"): Promise<Buffer> {
    return inFolder(async (folder) => {
      const [input, output] = [join(folder, "content"), join(folder, "signature")];
      await writeFile(input, content);
      const signer = ["-signer", this.certificateFile, "-inkey", this.privateKeyFile];
      const form = ["-binary", "-cades", "-nosmimecap", "-md", "sha256", "-outform", "DER"];
      const kept = packaging === "attached" ? ["-nodetach"] : [];
      const files = ["-in", input, "-out", output];
      await run("openssl", ["cms", "-sign", ...form, ...kept, ...signer, ...files]);
      return readFile(output);
    });
  }
}

/** What the service's own verifier says of a signature: its report as JSON. */
export async function verdict(signature: string | Buffer, content: Buffer): Promise<unknown> {
  return inFolder(async (folder) => {
    const [signed, file] = [join(folder, "content"), join(folder, "signature")];
    await writeFile(signed, content);
    await writeFile(file, signature);
    const trust = ["--trust", join(pki(), "trust")];
    const judged = run(program(), ["verify", file, "--content", signed, ...trust, "--json"]);
    const { stdout } = await judged.catch((error: { stdout: string }) => error);
    return JSON.parse(stdout);
  });
}

/** Whether openssl, too, takes the signature for a good one. */
export async function opensslAgrees(signature: Buffer, content: Buffer): Promise<boolean> {
  return inFolder(async (folder) => {
    const [signed, file, all] = ["content", "signature", "trust"].map((name) => join(folder, name));
    await writeFile(signed!, content);
    await writeFile(file!, signature);
    const names = ["root", "root-ecdsa"].map((name) => join("anchors", `${name}.pem`));
    names.push(...["issuing", "issuing-ecdsa"].map((name) => join("issuers", `${name}.pem`)));
    const trusted = await Promise.all(names.map((name) => readFile(join(pki(), "trust", name))));
    await writeFile(all!, Buffer.concat(trusted));
    const what = ["-verify", "-binary", "-cades", "-purpose", "any", "-inform", "DER"];
    const files = ["-in", file!, "-content", signed!, "-CAfile", all!, "-out", "/dev/null"];
    return run("openssl", ["cms", ...what, ...files]).then(
      () => true,
      () => false,
    );
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "kelisim-e2e-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
