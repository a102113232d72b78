// Asks axe whether a page has barriers. It runs in a world of its own, which the
// policy of the page does not reach.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Page } from "playwright-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 at levels A and AA, and what its makers count as good practice. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Found {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

/** What it finds: the rule and the places, one line each. */
export async function violations(page: Page): Promise<string[]> {
  const run = `(() => { ${SOURCE}; return axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }); })()`;
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send("Page.getFrameTree");
    const world = { frameId: frameTree.frame.id, worldName: "axe" };
    const { executionContextId } = await session.send("Page.createIsolatedWorld", world);
    const how = { contextId: executionContextId, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression: run,
      ...how,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "axe failed");
    const found = result.value as Found;
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(" ")} ${failureSummary}`),
    );
  } finally {
    await session.detach();
  }
}
