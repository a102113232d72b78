// Writes DER (X.690): what little of it a signature needs.

/** Encoded bytes. */
export type Der = Uint8Array<ArrayBuffer>;

/** Tags with their class and form. */
const TAG = {
  integer: 0x02,
  octets: 0x04,
  nothing: 0x05,
  identifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Several encodings one after the other. */
export function concat(...parts: Uint8Array[]): Der {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Tag, length, value. */
export function tagged(tag: number, ...parts: Uint8Array[]): Der {
  const value = concat(...parts);
  return concat(new Uint8Array([tag, ...length(value.length)]), value);
}

function length(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** SEQUENCE. */
export const sequence = (...parts: Uint8Array[]): Der => tagged(TAG.sequence, ...parts);

/** SET OF, whose members stand in the order of their encodings (X.690 section 11.6). */
export const setOf = (...parts: Uint8Array[]): Der => tagged(TAG.set, ...[...parts].sort(compare));

/** A member of the enclosing structure by its number: `[0]`, constructed. */
export const context = (number: number, ...parts: Uint8Array[]): Der =>
  tagged(0xa0 | number, ...parts);

/** OCTET STRING. */
export const octets = (value: Uint8Array): Der => tagged(TAG.octets, value);

/** NULL. */
export const nothing = (): Der => tagged(TAG.nothing);

/** INTEGER of a small number, as versions are. */
export const small = (value: number): Der => tagged(TAG.integer, new Uint8Array([value]));

/** INTEGER of a positive number in big-endian octets. */
export function integer(value: Uint8Array): Der {
  let from = 0;
  while (from < value.length - 1 && value[from] === 0) from += 1;
  const digits = value.subarray(from);
  const sign = (digits[0] ?? 0) & 0x80 ? [0] : [];
  return tagged(TAG.integer, new Uint8Array(sign), digits);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function identifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(TAG.identifier, new Uint8Array([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const digits = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift(0x80 | (rest % 128));
  }
  return digits;
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5652 section 11.3). */
export function time(moment: Date): Der {
  const digits = moment.toISOString().replace(/\.\d+|[-:T]/g, "");
  const short = moment.getUTCFullYear() < 2050;
  const text = new TextEncoder().encode(short ? digits.slice(2) : digits);
  return tagged(short ? TAG.utcTime : TAG.generalizedTime, text);
}

/** A signed attribute with one value (RFC 5652 section 5.3). */
export const attribute = (type: string, value: Uint8Array): Der =>
  sequence(identifier(type), tagged(TAG.set, value));

function compare(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
