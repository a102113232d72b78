// A detached CAdES-BES signature (RFC 5126 section 4.3.1) as a CMS message
// (RFC 5652). The certificate and its issuer's name are taken octet by octet:
// encoded anew, they might not be what was certified.

import * as asn1js from "asn1js";

import {
  attribute,
  concat,
  context,
  identifier,
  octets,
  sequence,
  setOf,
  small,
  time,
  type Der,
} from "./der";
import { children, type Pair } from "./open";

const DATA = "1.2.840.113549.1.7.1";
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

/** Signs `content`, which stays outside of the message. */
export async function cades(
  pair: Pair,
  content: Uint8Array<ArrayBuffer>,
  now: Date,
): Promise<Der> {
  const { subtle } = globalThis.crypto;
  const { algorithm, certificate, key } = pair;
  const attributes = [
    attribute(CONTENT_TYPE, identifier(DATA)),
    attribute(MESSAGE_DIGEST, octets(await digest(algorithm.digest, content))),
    attribute(SIGNING_TIME, time(now)),
    attribute(SIGNING_CERTIFICATE_V2, await signingCertificate(certificate)),
  ];
  // What is signed is the SET OF; the message has it as [0] (RFC 5652 section 5.4).
  const signedAttributes = setOf(...attributes);
  const signature = await subtle.sign(algorithm.sign, key, signedAttributes);
  const signer = sequence(
    small(1),
    issuerAndSerialNumber(certificate),
    algorithm.digestIdentifier,
    concat(new Uint8Array([0xa0]), signedAttributes.subarray(1)),
    algorithm.signatureIdentifier,
    octets(algorithm.encode(new Uint8Array(signature))),
  );
  const signedData = sequence(
    small(1),
    setOf(algorithm.digestIdentifier),
    sequence(identifier(DATA)),
    context(0, certificate),
    setOf(signer),
  );
  return sequence(identifier(SIGNED_DATA), context(0, signedData));
}

/** SigningCertificateV2 with one ESSCertIDv2; SHA-256 is its default (RFC 5035 section 4). */
async function signingCertificate(certificate: Uint8Array<ArrayBuffer>): Promise<Der> {
  return sequence(sequence(sequence(octets(await digest("SHA-256", certificate)))));
}

async function digest(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await globalThis.crypto.subtle.digest(name, bytes));
}

/** The fourth and second member of a certificate's body (RFC 5280 section 4.1). */
function issuerAndSerialNumber(certificate: Uint8Array<ArrayBuffer>): Der {
  const [body] = children(asn1js.fromBER(certificate.buffer).result);
  const [, serial, , issuer] = children(body);
  if (!serial || !issuer) throw new TypeError("the certificate has no issuer");
  return sequence(issuer.valueBeforeDecodeView, serial.valueBeforeDecodeView);
}
