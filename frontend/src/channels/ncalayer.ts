// The program on the person's own computer that holds or reaches the key:
// NCALayer of the national certification authority, or KAZTOKEN.

import { NCALayerClient } from "ncalayer-js-client";

import { Refused, type Word } from "../words";
import type { Channel, Task } from "./channel";

/** Who does not greet for so long is not what we look for. */
const PATIENCE_MS = 10_000;

/**
 * No address at all. While it connects, the client also looks whether KAZTOKEN
 * takes large files, which ours are not; refused connections would fill the console.
 */
const NOWHERE = "https://";

/** Signs with NCALayer or, when that does not run, with KAZTOKEN at its own port. */
export const ncalayer: Channel = async (task) => {
  task.tell("connecting");
  const tool = new Tool();
  try {
    await tool.connect(task.signal);
  } catch (error) {
    if (task.signal.aborted) throw error;
    return await withKaztoken(task);
  }
  try {
    task.tell("choose-in-tool");
    return await tool.sign(task);
  } finally {
    tool.leave();
  }
};

/** A connection to NCALayer, with its last answer: the client drops half of an error. */
class Tool {
  readonly #client = new NCALayerClient();
  #answer = "";

  constructor() {
    this.#client.onResponseReady = (answer) => {
      this.#answer = answer;
    };
    this.#client.kmdHttpApiUrl = NOWHERE;
  }

  async connect(signal: AbortSignal): Promise<void> {
    try {
      await Promise.race([this.#client.connect(), timeout(signal)]);
    } catch (error) {
      this.leave();
      throw error;
    }
    signal.addEventListener("abort", () => this.leave(), { once: true });
  }

  leave(): void {
    this.#client.wsConnection?.close();
  }

  /** The module of 2022, or the one before it in versions that do not have it. */
  async sign(task: Task): Promise<string> {
    try {
      return await this.#signWithBasics(task);
    } catch {
      if (this.#refusal() !== "module-missing") throw new Refused(this.#refusal());
    }
    try {
      return await this.#signWithCommonUtils(task);
    } catch {
      throw new Refused(this.#refusal());
    }
  }

  async #signWithBasics({ content, language }: Task): Promise<string> {
    this.#answer = "";
    const { basicsStorageAll, basicsCMSParamsDetachedNoTSP, basicsSignerAny } = NCALayerClient;
    const signing = basicsCMSParamsDetachedNoTSP;
    const signed = this.#client.basicsSignCMS(
      basicsStorageAll,
      content,
      signing,
      basicsSignerAny,
      language,
    );
    return text(await signed);
  }

  /** This module wants to be told where the key is: on the token, if there is just one. */
  async #signWithCommonUtils({ content }: Task): Promise<string> {
    const file = NCALayerClient.fileStorageType;
    const tokens = (await this.#client.getActiveTokens()).filter((token) => token !== file);
    const storage = tokens.length === 1 && tokens[0] ? tokens[0] : file;
    this.#answer = "";
    return text(await this.#client.createCAdESFromBase64(storage, content, "SIGNATURE"));
  }

  #refusal(): Word {
    return refusal(this.#answer);
  }
}

/**
 * What an answer without a signature means. A module that is not there, a person
 * who cancels in the new module, in the old one, and in programs that take the
 * place of NCALayer, and what key stores say of a wrong password, in this order.
 */
export function refusal(answer: string): Word {
  const said = parsed(answer);
  if (said["errorCode"] === "MODULE_NOT_FOUND") return "module-missing";
  if (said["status"] === true && !hasResult(said["body"])) return "cancelled";
  const words = [said["code"], said["message"], said["details"]].map(String).join(" ");
  if (/cancel/i.test(words)) return "cancelled";
  const wrong = /wrong.?(password|pin)|(password|pin)\S* (was|is)? ?(incorrect|wrong|invalid)/i;
  if (wrong.test(words) || /CKR_PIN_|mac invalid/i.test(words)) return "wrong-pin";
  return "tool-failed";
}

function hasResult(body: unknown): boolean {
  return typeof body === "object" && body !== null && "result" in body;
}

function parsed(answer: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function text(signature: unknown): string {
  if (typeof signature === "string" && signature !== "") return signature;
  throw new Refused("tool-failed");
}

async function withKaztoken({ content, tell }: Task): Promise<string> {
  const client = new NCALayerClient();
  if (!(await client.kmdMultisignAvailable())) throw new Refused("not-running");
  tell("choose-in-tool");
  try {
    await client.startKmdMultisign(1, true, false);
    return text(await client.kmdMultisignNext(content));
  } catch (error) {
    throw new Refused(cancelled(error) ? "cancelled" : "tool-failed");
  }
}

function cancelled(error: unknown): boolean {
  return error instanceof Error && "canceledByUser" in error && error.canceledByUser === true;
}

function timeout(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(new Refused("not-running"));
    setTimeout(give, PATIENCE_MS);
    signal.addEventListener("abort", give, { once: true });
  });
}
