// A service, a browser, and the tools on people's computers.

import assert from "node:assert/strict";

import type { Browser } from "playwright-core";

import { NcaLayer } from "../emulator/ncalayer";
import { Window, launch } from "./browser";
import { Person } from "./person";
import { Service } from "./service";
import { Visitor } from "./visitor";
import type { Language } from "./words";

/** Everything that a test of whole pages needs. */
export class Stage {
  readonly #visitors: Visitor[] = [];

  private constructor(
    readonly service: Service,
    readonly browser: Browser,
    readonly tool: NcaLayer,
  ) {}

  /** Sets one; `rules` are further arguments of `kelisim serve`. */
  static async set(rules: string[] = []): Promise<Stage> {
    const [service, tool] = await Promise.all([
      Service.start(rules),
      NcaLayer.start(new Person("resident-1")),
    ]);
    return new Stage(service, await launch({ ncalayer: tool.port }), tool);
  }

  get origin(): string {
    return this.service.origin;
  }

  /** Somebody at a browser of their own, who has not signed in. */
  async visitor(
    slug: string,
    language: Language = "ru",
    options: Parameters<typeof Window.open>[2] = {},
  ): Promise<Visitor> {
    const window = await Window.open(this.browser, this.origin, options);
    const visitor = new Visitor(new Person(slug), window, language, this.tool);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** The same, signed in with NCALayer. */
  async member(...who: Parameters<Stage["visitor"]>): Promise<Visitor> {
    const visitor = await this.visitor(...who);
    await visitor.signIn();
    return visitor;
  }

  /** Closes everybody's windows, and demands that nothing went wrong in any. */
  async clear(): Promise<void> {
    const visitors = this.#visitors.splice(0);
    await Promise.all(visitors.map(({ window }) => window.context.close()));
    assert.deepEqual(
      visitors.flatMap(({ window }) => window.faults),
      [],
    );
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await Promise.all([this.service.stop(), this.tool.stop()]);
  }
}
