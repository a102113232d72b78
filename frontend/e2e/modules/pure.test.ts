// What needs no browser: what the answers of the tools mean, and DER octet by octet.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { refusal } from "../../src/channels/ncalayer";
import { identifier, integer, octets, setOf, small, time } from "../../src/keyfile/der";

describe("an answer of a signing tool", () => {
  const cases: [string, string][] = [
    ['{"success":false,"errorCode":"MODULE_NOT_FOUND"}', "module-missing"],
    ['{"status":true,"body":{}}', "cancelled"],
    ['{"status":true}', "cancelled"],
    ['{"code":"500","message":"action.canceled"}', "cancelled"],
    ['{"status":false,"code":"USER_CANCELED","message":"x"}', "cancelled"],
    ['{"status":false,"code":"SIGNING_FAILURE","details":"CKR_PIN_INCORRECT"}', "wrong-pin"],
    ['{"code":"500","message":"keystore password was incorrect"}', "wrong-pin"],
    ['{"code":"500","message":"PKCS12 key store mac invalid - wrong password or corrupted file."}', "wrong-pin"],
    ['{"code":"INVOCATION_ERROR","message":"An invoked method threw an exception.","status":false}', "tool-failed"],
    ['{"status":true,"body":{"result":""}}', "tool-failed"],
    ["--heartbeat--", "tool-failed"],
    ["", "tool-failed"],
    ["null", "tool-failed"],
  ];
  for (const [answer, word] of cases) {
    it(`${answer || "nothing"} means ${word}`, () => assert.equal(refusal(answer), word));
  }
});

describe("DER", () => {
  function check(made: Uint8Array, expected: string): void {
    assert.equal(Buffer.from(made).toString("hex"), expected);
  }

  it("positive numbers have a leading zero where the first bit is set, and no other", () => {
    check(integer(Buffer.from("80", "hex")), "02020080");
    check(integer(Buffer.from("00007f", "hex")), "02017f");
    check(integer(Buffer.from("0000", "hex")), "020100");
    check(small(1), "020101");
  });

  it("lengths take as few octets as they can", () => {
    check(octets(new Uint8Array(127)).subarray(0, 3), "047f00");
    check(octets(new Uint8Array(128)).subarray(0, 4), "04818000");
    check(octets(new Uint8Array(256)).subarray(0, 5), "0482010000");
  });

  it("identifiers are in base 128", () => {
    check(identifier("1.2.840.113549.1.9.16.2.47"), "060b2a864886f70d010910022f");
    check(identifier("2.16.840.1.101.3.4.2.1"), "0609608648016503040201");
  });

  it("members of a set stand in the order of their octets", () => {
    check(setOf(small(3), small(1), small(2)), "3109020101020102020103");
    check(setOf(octets(new Uint8Array([1])), small(9)), "3106020109040101");
  });

  it("times are in UTC to the second, of two kinds", () => {
    check(time(new Date("2026-11-29T05:49:03.999Z")), "170d" + hex("261129054903Z"));
    check(time(new Date("2050-01-01T00:00:00Z")), "180f" + hex("20500101000000Z"));
  });

  const hex = (text: string) => Buffer.from(text).toString("hex");
});
