// Which keys can sign here, and how: those that both the service takes and
// WebCrypto has. GOST keys are not among them.

import { identifier, integer, nothing, sequence, type Der } from "./der";

/** How keys of one kind sign. */
export interface Algorithm {
  /** As WebCrypto imports such a key. */
  key: RsaHashedImportParams | EcKeyImportParams;
  /** As WebCrypto signs with it. */
  sign: AlgorithmIdentifier | EcdsaParams;
  /** The digest, of the content and inside the signature. */
  digest: "SHA-256" | "SHA-384";
  /** The digest's identifier in a message. */
  digestIdentifier: Der;
  /** The signature's identifier in a message. */
  signatureIdentifier: Der;
  /** WebCrypto's signature as a message has it. */
  encode: (signature: Uint8Array) => Der;
}

const SHA_256 = sequence(identifier("2.16.840.1.101.3.4.2.1"));
const SHA_384 = sequence(identifier("2.16.840.1.101.3.4.2.2"));

const RSA: Algorithm = {
  key: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  sign: { name: "RSASSA-PKCS1-v1_5" },
  digest: "SHA-256",
  digestIdentifier: SHA_256,
  signatureIdentifier: sequence(identifier("1.2.840.113549.1.1.11"), nothing()),
  encode: (signature) => new Uint8Array(signature),
};

const P_256: Algorithm = {
  key: { name: "ECDSA", namedCurve: "P-256" },
  sign: { name: "ECDSA", hash: "SHA-256" },
  digest: "SHA-256",
  digestIdentifier: SHA_256,
  signatureIdentifier: sequence(identifier("1.2.840.10045.4.3.2")),
  encode: pair,
};

const P_384: Algorithm = {
  key: { name: "ECDSA", namedCurve: "P-384" },
  sign: { name: "ECDSA", hash: "SHA-384" },
  digest: "SHA-384",
  digestIdentifier: SHA_384,
  signatureIdentifier: sequence(identifier("1.2.840.10045.4.3.3")),
  encode: pair,
};

/** The algorithm of a key by its identifier and, on curves, that of the curve. */
export function algorithm(key: string, curve: string | undefined): Algorithm | undefined {
  if (key === "1.2.840.113549.1.1.1") return RSA;
  if (key !== "1.2.840.10045.2.1") return undefined;
  if (curve === "1.2.840.10045.3.1.7") return P_256;
  return curve === "1.3.132.0.34" ? P_384 : undefined;
}

/** WebCrypto writes r and s one after the other, a message as a SEQUENCE (RFC 5480 annex A). */
function pair(signature: Uint8Array): Der {
  const half = signature.length / 2;
  return sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)));
}
