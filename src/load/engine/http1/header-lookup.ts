import { COLON, CR, isBlank } from "./grammar.ts";

/**
 * The value of a header in a head that was read before, blanks around it removed; repeated headers are joined with
 * ", ". `null` when there is none. Bytes from 0x80 on become the characters of the same number (latin1).
 */
export const findHeader = (bytes: Buffer, from: number, to: number, name: string): string | null => {
  const wanted = name.toLowerCase();
  let found: string | null = null;
  let line = nextLine(bytes, from, to);
  while (line < to && bytes[line] !== CR) {
    const end = bytes.indexOf(CR, line);
    const colon = bytes.indexOf(COLON, line);
    if (colon - line === wanted.length && bytes.toString("latin1", line, colon).toLowerCase() === wanted) {
      const value = trimmed(bytes, colon + 1, end);
      found = found === null ? value : `${found}, ${value}`;
    }
    line = end + 2;
  }
  return found;
};

/** All headers by lower-case name, read as `findHeader` reads one. */
export const allHeaders = (bytes: Buffer, from: number, to: number): Readonly<Record<string, string>> => {
  const found = new Map<string, string>();
  let line = nextLine(bytes, from, to);
  while (line < to && bytes[line] !== CR) {
    const end = bytes.indexOf(CR, line);
    const colon = bytes.indexOf(COLON, line);
    const name = bytes.toString("latin1", line, colon).toLowerCase();
    const value = trimmed(bytes, colon + 1, end);
    const earlier = found.get(name);
    found.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
    line = end + 2;
  }
  return Object.fromEntries(found);
};

const nextLine = (bytes: Buffer, from: number, to: number): number => {
  const end = bytes.indexOf(CR, from);
  return end < 0 ? to : end + 2;
};

const trimmed = (bytes: Buffer, from: number, to: number): string => {
  let start = from;
  let end = to;
  while (start < end && isBlank(bytes[start] ?? 0)) start += 1;
  while (end > start && isBlank(bytes[end - 1] ?? 0)) end -= 1;
  return bytes.toString("latin1", start, end);
};
