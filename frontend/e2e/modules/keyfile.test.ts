// Signing with a key from a file, in the page itself.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";

import type { Browser } from "playwright-core";

import { Window, launch } from "../harness/browser";
import { Person, opensslAgrees, verdict } from "../harness/person";
import { PASSWORD, pki } from "../harness/setting";
import { CONTENT, Site } from "../harness/site";

describe("signing with a key file", () => {
  let site: Site;
  let browser: Browser;
  let window: Window;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kelisim-keys-"));
    site = await Site.open();
    browser = await launch();
  });

  beforeEach(async () => {
    await window?.context.close();
    window = await Window.open(browser, site.origin);
    await window.page.goto("/sign");
    site.sent.length = 0;
  });

  after(async () => {
    await browser?.close();
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  async function use(file: string, password: string): Promise<void> {
    await window.page.getByRole("button", { name: "Файл ключа" }).click();
    await window.page.locator("[data-keyfile]").setInputFiles(file);
    await window.page.locator("[data-password]").fill(password);
    await window.page.getByRole("button", { name: "Подписать" }).click();
  }

  async function signed(file: string, password: string): Promise<Buffer> {
    await use(file, password);
    await window.page.getByRole("heading", { name: "Принято" }).waitFor();
    assert.deepEqual(window.faults, []);
    return Buffer.from(site.sent[0]?.signature ?? "", "base64");
  }

  async function refused(file: string, password: string, word: string): Promise<void> {
    await use(file, password);
    await window.page.locator(`[data-status][data-said=${word}]`).waitFor();
    assert.equal(site.sent.length, 0);
    assert.deepEqual(window.faults, []);
  }

  /** A key file by openssl, from a key and a certificate of its own unless they are given. */
  function made(name: string, password: string, kind: string[], options: string[] = []): string {
    const [key, cert, file] = ["key", "pem", "p12"].map((end) => join(folder, `${name}.${end}`));
    const subject = ["-subj", "/CN=ҮЛГІ", "-utf8", "-days", "2", "-nodes"];
    const files = ["-keyout", key!, "-out", cert!];
    const quiet = { stdio: "ignore" } as const;
    execFileSync("openssl", ["req", "-x509", ...kind, ...subject, ...files], quiet);
    const from = ["-inkey", key!, "-in", cert!, "-out", file!, "-passout", `pass:${password}`];
    execFileSync("openssl", ["pkcs12", "-export", ...from, ...options], quiet);
    return file!;
  }

  for (const slug of ["resident-1", "owner-1", "owner-ecdsa"]) {
    it(`the service and openssl take the signature of ${slug}`, async () => {
      const signature = await signed(new Person(slug).keyFile, PASSWORD);
      assert.match(JSON.stringify(await verdict(signature, CONTENT)), /TOTAL.PASSED/i);
      assert.equal(await opensslAgrees(signature, CONTENT), true);
    });
  }

  it("the signature is CAdES-BES: four signed attributes, and the certificate", async () => {
    const signature = await signed(new Person("owner-1").keyFile, PASSWORD);
    const file = join(folder, "signature");
    writeFileSync(file, signature);
    const printed = execFileSync("openssl", ["cms", "-cmsout", "-print", "-inform", "DER", "-in", file]);
    const attributes = printed.toString().match(/object: .*\((1\.2\.840\.113549\.1\.9[.\d]+)\)/g);
    assert.deepEqual(
      attributes?.map((line) => /\(([\d.]+)\)/.exec(line)?.[1]).sort(),
      ["1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"],
    );
    assert.match(printed.toString(), /eContent: <ABSENT>/);
  });

  it("a key on P-384 signs with SHA-384", async () => {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"];
    const file = made("p384", "пароль-құпия", curve);
    const signature = await signed(file, "пароль-құпия");
    const signed_ = join(folder, "p384.sig");
    const content = join(folder, "content");
    writeFileSync(signed_, signature);
    writeFileSync(content, CONTENT);
    const ca = ["-CAfile", join(folder, "p384.pem"), "-purpose", "any"];
    const what = ["-verify", "-binary", "-cades", "-inform", "DER", "-in", signed_];
    execFileSync("openssl", ["cms", ...what, "-content", content, ...ca], { stdio: "pipe" });
    assert.match(signature.toString("latin1"), /\x60\x86\x48\x01\x65\x03\x04\x02\x02/);
  });

  it("a wrong password is said to be that, and the right one may follow", async () => {
    const { keyFile } = new Person("owner-1");
    await refused(keyFile, "kelisim", "wrong-password");
    await signed(keyFile, PASSWORD);
  });

  it("a file of another kind is said to hold no key", async () => {
    await refused(join(pki(), "people.json"), PASSWORD, "no-key");
    await refused(new Person("owner-1").certificateFile, PASSWORD, "no-key");
  });

  it("nothing chosen is said to be no key", async () => {
    await window.page.getByRole("button", { name: "Файл ключа" }).click();
    await window.page.getByRole("button", { name: "Подписать" }).click();
    await window.page.locator("[data-status][data-said=no-key]").waitFor();
  });

  it("a file with the old encryption of key stores needs another way to sign", async () => {
    const rsa = ["-newkey", "rsa:2048"];
    const old = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"];
    await refused(made("old", "1", rsa, old), "1", "unsupported-key");
  });

  it("a kind of key that browsers do not have needs another way to sign", async () => {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"];
    await refused(made("k1", "1", curve), "1", "unsupported-key");
  });

  it("a key whose certificate is not in the file is of no use", async () => {
    const kind = ["-newkey", "rsa:2048"];
    made("other", "1", kind);
    const key = readFileSync(join(folder, "other.key"));
    made("mine", "1", kind);
    writeFileSync(join(folder, "mine.key"), key);
    const file = join(folder, "bare.p12");
    const from = ["-inkey", join(folder, "mine.key"), "-nocerts", "-out", file, "-passout", "pass:1"];
    execFileSync("openssl", ["pkcs12", "-export", ...from], { stdio: "ignore" });
    await refused(file, "1", "no-key");
  });

  it("neither key nor password leaves the page", async () => {
    const bodies: Buffer[] = [];
    window.page.on("request", (request) => {
      const body = request.postDataBuffer();
      if (body) bodies.push(body);
    });
    await use(new Person("resident-1").keyFile, PASSWORD);
    await window.page.getByRole("heading", { name: "Принято" }).waitFor();
    assert.deepEqual(site.sent[0]?.fields, ["csrf", "key", "signature", "file"]);
    const file = readFileSync(new Person("resident-1").keyFile);
    for (const body of bodies) {
      assert.equal(body.includes(PASSWORD), false);
      assert.equal(body.includes(file.subarray(200, 400)), false);
    }
  });

  it("Enter in the field of the password signs, and does not send an empty form", async () => {
    await window.page.getByRole("button", { name: "Файл ключа" }).click();
    await window.page.locator("[data-keyfile]").setInputFiles(new Person("owner-1").keyFile);
    await window.page.locator("[data-password]").fill(PASSWORD);
    await window.page.keyboard.press("Enter");
    await window.page.getByRole("heading", { name: "Принято" }).waitFor();
    assert.equal(site.sent.length, 1);
    assert.notEqual(site.sent[0]?.signature, "");
  });

  it("the module that opens keys is fetched only when one is opened", async () => {
    const before = site.keyModules;
    await window.page.reload();
    await window.page.getByRole("button", { name: "Файл ключа" }).click();
    assert.equal(site.keyModules, before);
    await signed(new Person("owner-1").keyFile, PASSWORD);
    assert.equal(site.keyModules, before + 1);
  });
});
