// Opens a PKCS#12 file (RFC 7292) and finds a key in it that can sign here,
// with its certificate.

import * as asn1js from "asn1js";
import {
  AuthenticatedSafe,
  CertBag,
  ContentInfo,
  EncryptedContentInfo,
  EncryptedData,
  PFX,
  PKCS8ShroudedKeyBag,
  SafeContents,
  getCrypto,
  id_CertBag_X509Certificate,
  type AlgorithmIdentifier,
  type SafeBag,
} from "pkijs";

import { Refused } from "../words";
import { algorithm, type Algorithm } from "./algorithm";

/** A key with its certificate. */
export interface Pair {
  key: CryptoKey;
  algorithm: Algorithm;
  /** In DER, octet by octet as the file has it. */
  certificate: Uint8Array<ArrayBuffer>;
}

/** The one scheme of encryption that WebCrypto can undo: PBES2 (RFC 8018 section 6.2). */
const PBES2 = "1.2.840.113549.1.5.13";

const KEY_BAG = "1.2.840.113549.1.12.10.1.1";

/**
 * The first key of the file that belongs to one of its certificates.
 * Refused as `no-key` when this is no such file or holds none, as `wrong-password`,
 * and as `unsupported-key` when the browser has no such algorithm.
 */
export async function open(file: Uint8Array<ArrayBuffer>, password: string): Promise<Pair> {
  const secret = new TextEncoder().encode(password).buffer;
  const bags = await unpack(readable(file), secret);
  const certificates = bags.flatMap(certificateOf);
  const keys = await Promise.all(bags.map((bag) => keyOf(bag, secret)));
  let refused = new Refused("no-key");
  for (const bytes of keys) {
    if (!bytes) continue;
    const kind = kindOf(bytes);
    if (!kind) {
      refused = new Refused("unsupported-key");
      continue;
    }
    const pair = await match(bytes, kind, certificates);
    if (pair) return pair;
  }
  throw refused;
}

function readable(file: Uint8Array<ArrayBuffer>): PFX {
  try {
    return PFX.fromBER(file.buffer);
  } catch {
    throw new Refused("no-key");
  }
}

/** The bags of the file, once its seal shows that the password is right. */
async function unpack(pfx: PFX, secret: ArrayBuffer): Promise<SafeBag[]> {
  const content = pfx.authSafe.content;
  if (pfx.authSafe.contentType !== ContentInfo.DATA || !(content instanceof asn1js.OctetString)) {
    throw new Refused("unsupported-key");
  }
  const safe = content.getValue();
  if (pfx.macData) await checkSeal(pfx.macData, safe, secret);
  const bags = [];
  for (const part of AuthenticatedSafe.fromBER(safe).safeContents) {
    const bytes = await contentsOf(part, secret);
    if (bytes) bags.push(...SafeContents.fromBER(bytes).safeBags);
  }
  return bags;
}

async function checkSeal(seal: NonNullable<PFX["macData"]>, safe: ArrayBuffer, secret: ArrayBuffer) {
  const crypto = getCrypto(true);
  const { algorithmId } = seal.mac.digestAlgorithm;
  const digest: { name?: string } = crypto.getAlgorithmByOID(algorithmId);
  if (!digest.name?.startsWith("SHA-")) throw new Refused("unsupported-key");
  const intact = await crypto.verifyDataStampedWithPassword({
    password: secret,
    hashAlgorithm: digest.name,
    salt: copy(seal.macSalt.valueBlock.valueHexView).buffer,
    iterationCount: seal.iterations ?? 1,
    contentToVerify: safe,
    signatureToVerify: copy(seal.mac.digest.valueBlock.valueHexView).buffer,
  });
  if (!intact) throw new Refused("wrong-password");
}

async function contentsOf(part: ContentInfo, secret: ArrayBuffer): Promise<ArrayBuffer | null> {
  if (part.contentType === ContentInfo.DATA) {
    return part.content instanceof asn1js.OctetString ? part.content.getValue() : null;
  }
  if (part.contentType !== ContentInfo.ENCRYPTED_DATA) return null;
  return decrypt(new EncryptedData({ schema: part.content }), secret);
}

async function decrypt(data: EncryptedData, password: ArrayBuffer): Promise<ArrayBuffer> {
  const scheme: AlgorithmIdentifier = data.encryptedContentInfo.contentEncryptionAlgorithm;
  if (scheme.algorithmId !== PBES2) throw new Refused("unsupported-key");
  try {
    return await data.decrypt({ password });
  } catch (error) {
    // WebCrypto's word for what does not decrypt; all else is a scheme within PBES2
    // that it does not have.
    const undone = error instanceof DOMException && error.name === "OperationError";
    throw new Refused(undone ? "wrong-password" : "unsupported-key");
  }
}

function certificateOf({ bagValue }: SafeBag): Uint8Array<ArrayBuffer>[] {
  if (!(bagValue instanceof CertBag) || bagValue.certId !== id_CertBag_X509Certificate) return [];
  const { certValue } = bagValue;
  return certValue instanceof asn1js.OctetString ? [new Uint8Array(certValue.getValue())] : [];
}

/** The PKCS#8 octets of a bag with a key, encrypted or not. */
async function keyOf({ bagId, bagValue }: SafeBag, secret: ArrayBuffer): Promise<ArrayBuffer | null> {
  if (bagId === KEY_BAG) return bagValue.toSchema().toBER();
  if (!(bagValue instanceof PKCS8ShroudedKeyBag)) return null;
  const encryptedContentInfo = new EncryptedContentInfo({
    contentEncryptionAlgorithm: bagValue.encryptionAlgorithm,
    encryptedContent: bagValue.encryptedData,
  });
  return decrypt(new EncryptedData({ encryptedContentInfo }), secret);
}

/** What kind of key it is: the second member of PrivateKeyInfo (RFC 5208 section 5). */
function kindOf(key: ArrayBuffer): Algorithm | undefined {
  const [kind, curve] = children(children(asn1js.fromBER(key).result)[1]);
  if (!(kind instanceof asn1js.ObjectIdentifier)) return undefined;
  const named = curve instanceof asn1js.ObjectIdentifier ? curve.getValue() : undefined;
  return algorithm(kind.getValue(), named);
}

/** A key belongs to the certificate whose public key verifies what it signs. */
async function match(
  bytes: ArrayBuffer,
  kind: Algorithm,
  certificates: Uint8Array<ArrayBuffer>[],
): Promise<Pair | undefined> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey("pkcs8", bytes, kind.key, false, ["sign"]);
  const probe = new TextEncoder().encode("whose key is this");
  const signature = await subtle.sign(kind.sign, key, probe);
  for (const certificate of certificates) {
    const spki = publicKeyOf(certificate);
    const other = spki && (await imported(spki, kind));
    if (other && (await subtle.verify(kind.sign, other, signature, probe))) {
      return { key, algorithm: kind, certificate };
    }
  }
  return undefined;
}

/** A certificate with a key of another kind is not the one. */
async function imported(spki: Uint8Array<ArrayBuffer>, kind: Algorithm): Promise<CryptoKey | null> {
  try {
    return await globalThis.crypto.subtle.importKey("spki", spki, kind.key, false, ["verify"]);
  } catch {
    return null;
  }
}

/** SubjectPublicKeyInfo: the seventh member of a certificate's body that has a version. */
function publicKeyOf(certificate: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const [body] = children(asn1js.fromBER(certificate.buffer).result);
  const spki = children(body)[6];
  return spki && copy(spki.valueBeforeDecodeView);
}

/** The members of a SEQUENCE; none when it is something else. */
export function children(block: asn1js.BaseBlock | undefined): asn1js.BaseBlock[] {
  return block instanceof asn1js.Sequence ? block.valueBlock.value : [];
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
