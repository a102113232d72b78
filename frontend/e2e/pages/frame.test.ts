// What the first page costs, whom browsers speak to, and how one comes in and goes out.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { PASSWORD } from "../harness/setting";
import { Stage } from "../harness/stage";
import type { Visitor } from "../harness/visitor";

/** What all that the first page needs may weigh, as it is transferred. */
const FIRST_PAGE = 60 * 1024;

describe("the frame of all pages", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.set()));
  afterEach(() => stage.clear());
  after(() => stage?.strike());

  it("the first page comes to 60 KiB at most, and all of it from us", async () => {
    const { page } = await stage.visitor("resident-1", "kk");
    const sizes = new Map<string, number>();
    page.on("requestfinished", async (request) => {
      const { responseBodySize, responseHeadersSize } = await request.sizes();
      sizes.set(new URL(request.url()).pathname, responseBodySize + responseHeadersSize);
    });
    await page.goto("/kk", { waitUntil: "networkidle" });
    const names = [...sizes.keys()].sort();
    for (const needed of ["/kk", "/assets/kelisim.css", "/assets/kelisim.js"]) {
      assert.ok(names.includes(needed), `${needed} is among ${names.join(" ")}`);
    }
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    assert.ok(total <= FIRST_PAGE, `${total} octets`);
    assert.equal(names.includes("/assets/keyfile.js"), false, "nobody has chosen a key file yet");
  });

  it("what is planted against the policy of the pages is refused, and seen here", async () => {
    const { page, window } = await stage.visitor("resident-1");
    await page.goto("/ru");
    await page.evaluate(() => {
      const planted = `<p style="color: red" onclick="document.title = 'planted'">Text</p>
        <img src="http://elsewhere.invalid/picture.png" alt="">`;
      document.body.insertAdjacentHTML("beforeend", planted);
      document.body.querySelector<HTMLElement>("p[onclick]")?.click();
      void fetch("http://elsewhere.invalid/").catch(() => null);
    });
    await page.waitForTimeout(200);
    assert.notEqual(await page.title(), "planted");
    for (const directive of ["style-src", "img-src", "connect-src", "script-src"]) {
      const seen = window.faults.some((fault) => fault.includes(directive));
      assert.ok(seen, `${directive} among ${window.faults.join("\n")}`);
    }
    window.faults.length = 0;
  });

  it("one signs in with the keyboard alone", async () => {
    const visitor = await stage.visitor("owner-2", "kk");
    const { page, person } = visitor;
    await visitor.open("");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: visitor.say("skip") });
    assert.equal(await skip.evaluate((it) => it === document.activeElement), true);
    await page.keyboard.press("Enter");
    await tabTo(visitor, "[data-channel=keyfile]");
    await page.keyboard.press("Enter");
    const chooser = page.waitForEvent("filechooser");
    await tabTo(visitor, "[data-keyfile]");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(person.keyFile);
    await tabTo(visitor, "[data-password]");
    await page.keyboard.type(PASSWORD);
    await tabTo(visitor, "[data-use-keyfile]");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/kk/office");
  });

  it("what has the focus is seen to have it", async () => {
    const visitor = await stage.member("owner-1");
    await visitor.open("/office");
    for (let times = 0; times < 12; times += 1) {
      await visitor.page.keyboard.press("Tab");
      const [width, style] = await visitor.page.evaluate(() => {
        const { outlineWidth, outlineStyle } = getComputedStyle(document.activeElement!);
        return [Number.parseFloat(outlineWidth), outlineStyle];
      });
      assert.ok(width >= 2 && style !== "none", `${width} ${style}`);
    }
  });

  it("whoever signs out is out, and the way back leads nowhere", async () => {
    const visitor = await stage.member("owner-1");
    await visitor.button("sign-out").click();
    await visitor.told("signed-out");
    await visitor.page.goBack();
    await visitor.open("/office");
    await visitor.page.waitForURL("**/ru?next=/ru/office");
    assert.deepEqual(await visitor.window.context.cookies(), []);
  });

  it("a person sees where they are signed in, and ends it there", async () => {
    const here = await stage.member("owner-3", "en");
    const elsewhere = await stage.member("owner-3", "en");
    await here.open("/sessions");
    assert.equal(await here.page.locator(".card").count(), 2);
    await here.button("end-others").click();
    await here.told("ended");
    assert.equal(await here.page.locator(".card").count(), 1);
    await elsewhere.open("/office");
    await elsewhere.page.waitForURL("**/en?next=/en/office");
  });

  it("whoever runs the service ends the sessions of a person, and nobody else does", async () => {
    const administrator = await stage.member("guardian", "ru");
    const person = await stage.member("owner-3", "ru");
    await administrator.link("menu-administration").click();
    await administrator.page.locator("#iin").fill(person.person.iin);
    await administrator.button("end-sessions-of").click();
    await administrator.told("ended");
    await person.open("/office");
    await person.page.waitForURL("**/ru?next=/ru/office");
    await person.signIn();
    const answer = await person.page.goto("/ru/administration");
    assert.equal(answer?.status(), 403);
    person.window.forgive(/status of 403/);
  });
});

/** Presses Tab until this has the focus. */
async function tabTo({ page }: Visitor, wanted: string): Promise<void> {
  for (let times = 0; times < 40; times += 1) {
    if (await page.evaluate((it) => document.activeElement?.matches(it), wanted)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${wanted}`);
}
