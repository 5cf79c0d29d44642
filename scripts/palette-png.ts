/**
 * A screenshot with at most 256 colours instead of 16 million: about a third of the bytes, and the eye sees no difference in
 * text and charts. Knows the one kind of PNG that Chromium writes (8 bits, RGB or RGBA, not interlaced).
 */
import { crc32, deflateSync, inflateSync } from "node:zlib";

export const palettePng = (png: Buffer): Buffer => {
  const { width, height, colours } = pixelsOf(png);
  const { palette, indexOf } = paletteOf(colours);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf(colours[y * width + x] ?? 0);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, INDEXED, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", table),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
};

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const INDEXED = 3;
const RGBA = 6;

type Pixels = { readonly width: number; readonly height: number; readonly colours: Uint32Array };

const pixelsOf = (png: Buffer): Pixels => {
  const data: Buffer[] = [];
  let [width, height, bytes] = [0, 0, 3];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString("latin1", at + 4, at + 8);
    if (type === "IDAT") data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    if (type !== "IHDR") continue;
    [width, height] = [png.readUInt32BE(at + 8), png.readUInt32BE(at + 12)];
    bytes = png[at + 17] === RGBA ? 4 : 3;
  }
  const raw = unfiltered(inflateSync(Buffer.concat(data)), width * bytes, bytes);
  const colours = Uint32Array.from({ length: width * height }, (_, i) => raw.readUIntBE(i * bytes, 3));
  return { width, height, colours };
};

/** PNG's five filters undone, row by row (PNG specification, section 9.2). */
const unfiltered = (rows: Buffer, stride: number, bytes: number): Buffer => {
  const out = Buffer.alloc((rows.length / (stride + 1)) * stride);
  for (let y = 0; y * stride < out.length; y++) {
    const filter = rows[y * (stride + 1)] ?? 0;
    for (let i = 0; i < stride; i++) {
      const at = y * stride + i;
      const left = i >= bytes ? (out[at - bytes] ?? 0) : 0;
      const up = y > 0 ? (out[at - stride] ?? 0) : 0;
      const corner = i >= bytes && y > 0 ? (out[at - stride - bytes] ?? 0) : 0;
      out[at] = (rows[y * (stride + 1) + 1 + i] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return out;
};

const predicted = (filter: number, left: number, up: number, corner: number): number => {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
  if (a === undefined || b === undefined || c === undefined) return 0;
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
};

/** Any colour that the palette has not becomes the nearest of it. */
const paletteOf = (colours: Uint32Array) => {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = chosen(frequent, 0);
  const known = new Map(palette.map((colour, index) => [colour, index]));
  const indexOf = (colour: number): number => {
    const index = known.get(colour) ?? nearest(palette, colour);
    known.set(colour, index);
    return index;
  };
  return { palette, indexOf };
};

/** The frequent ones, at least so far apart that all of them fit: a rare blue must not lose its place to a hundred greys. */
const chosen = (frequent: readonly number[], apart: number): readonly number[] => {
  const palette: number[] = [];
  for (const colour of frequent) {
    if (palette.every((other) => distance(other, colour) > apart)) palette.push(colour);
    if (palette.length > 256) return chosen(frequent, apart === 0 ? 16 : apart * 1.5);
  }
  return palette;
};

const distance = (one: number, other: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);

const nearest = (palette: readonly number[], colour: number): number =>
  palette.reduce(
    (best, other, index) => (distance(other, colour) < distance(palette[best] ?? 0, colour) ? index : best),
    0,
  );

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};
