// What the code on a printed certificate says to a camera, read out of the drawing.

import { inflateSync } from "node:zlib";

import decode from "qr/decode.js";

interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Points for each module of the code, and modules of margin around it. */
const [SCALE, MARGIN] = [4, 4];

/** The text of the code on a page of a PDF file. */
export function codeOn(pdf: Buffer): string {
  const modules = drawings(pdf).flatMap(paths).find((path) => path.length > 100) ?? [];
  const unit = Math.min(...modules.map(({ height }) => height));
  const left = Math.min(...modules.map((one) => one.left));
  const top = Math.min(...modules.map((one) => one.top));
  const right = Math.max(...modules.map((one) => one.left + one.width));
  const side = SCALE * (Math.round((right - left) / unit) + 2 * MARGIN);
  const points = Buffer.alloc(side * side * 3, 255);
  for (const one of modules) {
    const [column, row] = [(one.left - left) / unit, (one.top - top) / unit].map(Math.round);
    for (let y = SCALE * (row! + MARGIN); y < SCALE * (row! + MARGIN + 1); y += 1) {
      const begin = y * side + SCALE * (column! + MARGIN);
      points.fill(0, 3 * begin, 3 * (begin + SCALE * Math.round(one.width / unit)));
    }
  }
  return decode({ width: side, height: side, data: points });
}

/** Everything in the file that is compressed, as text. */
function drawings(pdf: Buffer): string[] {
  const found: string[] = [];
  for (let at = pdf.indexOf("stream\n"); at !== -1; at = pdf.indexOf("stream\n", at + 1)) {
    try {
      found.push(inflateSync(pdf.subarray(at + 7)).toString("latin1"));
    } catch {
      // The end of a stream, or one that is not compressed.
    }
  }
  return found;
}

/** The rectangles of each path that is filled (ISO 32000-1, section 8.5.2). */
function paths(drawing: string): Rectangle[][] {
  const found: Rectangle[][] = [];
  let [path, corners]: [Rectangle[], number[][]] = [[], []];
  for (const [, numbers, operator] of drawing.matchAll(/((?:-?[\d.]+\s+)*)([a-zA-Z*]+)\s/g)) {
    if (operator === "m" || operator === "l") corners.push(numbers!.trim().split(/\s+/).map(Number));
    else if (operator === "h" && corners.length > 2) path.push(rectangle(corners.splice(0)));
    else if (operator === "f") found.push(path.splice(0));
  }
  return found;
}

function rectangle(corners: number[][]): Rectangle {
  const [[left = 0, top = 0] = [], , [x = 0, y = 0] = []] = corners;
  return { left, top, width: x - left, height: y - top };
}
