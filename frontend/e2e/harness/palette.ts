// Makes pictures small: PNG with a palette (ISO/IEC 15948).

import { deflateSync } from "node:zlib";

import type { Page } from "playwright-core";

/** So many colours fit into a palette. */
const COLOURS = 256;

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** The same picture with a palette of the colours that most of its points have. */
export async function reduced(page: Page, png: Buffer): Promise<Buffer> {
  const address = `data:image/png;base64,${png.toString("base64")}`;
  const { width, height, points } = await page.evaluate(read, address);
  const colours = new Uint32Array(Uint8Array.from(Buffer.from(points, "base64")).buffer);
  const palette = mostFrequent(colours);
  const places = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, index) => {
    const place = places.get(colour) ?? nearest(palette, colour);
    places.set(colour, place);
    rows[index + Math.floor(index / width) + 1] = place;
  });
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header(width, height)),
    chunk("PLTE", Buffer.from(palette.flatMap(parts))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The points of a picture, four octets each in base64. */
async function read(address: string): Promise<{ width: number; height: number; points: string }> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { width, height } = image;
  const brush = new OffscreenCanvas(width, height).getContext("2d");
  if (!brush) throw new Error("the browser has no canvas");
  brush.drawImage(image, 0, 0);
  const { data } = brush.getImageData(0, 0, width, height);
  let letters = "";
  for (let begin = 0; begin < data.length; begin += 8192) {
    letters += String.fromCharCode(...data.subarray(begin, begin + 8192));
  }
  return { width, height, points: btoa(letters) };
}

function mostFrequent(colours: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const ranked = [...counts].sort(([, one], [, other]) => other - one);
  return ranked.slice(0, COLOURS).map(([colour]) => colour);
}

function nearest(palette: number[], colour: number): number {
  const wanted = parts(colour);
  const distances = palette.map((known) =>
    parts(known).reduce((sum, part, index) => sum + (part - wanted[index]!) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

/** Red, green and blue, as they lie in memory. */
function parts(colour: number): number[] {
  return [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
}

/** Eight bits for each point, which name a place in the palette. */
function header(width: number, height: number): Buffer {
  const made = Buffer.alloc(13);
  made.writeUInt32BE(width, 0);
  made.writeUInt32BE(height, 4);
  made.set([8, 3], 8);
  return made;
}

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const made = Buffer.alloc(body.length + 8);
  made.writeUInt32BE(content.length, 0);
  body.copy(made, 4);
  made.writeUInt32BE(checksum(body), body.length + 4);
  return made;
}

/** CRC-32 as annex D has it. */
function checksum(octets: Buffer): number {
  let rest = 0xffffffff;
  for (const octet of octets) {
    rest ^= octet;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}
