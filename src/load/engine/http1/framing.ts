import { COMMA, isBlank, isDigit, spells, word } from "./grammar.ts";

const CHUNKED = word("chunked");
const TIMEOUT = word("timeout=");
/** Nothing waits longer than that; larger numbers need not be told apart. */
const LONGEST_TIMEOUT = 1_000_000;

/**
 * The value of a Content-Length header: decimal digits, blanks behind them. -1 when it is anything else ("+5", "5, 5",
 * nothing), `Infinity` when it cannot be counted exactly.
 */
export const parseContentLength = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from;
  let length = 0;
  while (at < to && isDigit(bytes[at] ?? 0)) {
    length = length * 10 + ((bytes[at] ?? 0) - 0x30);
    at += 1;
  }
  if (at === from) return -1;
  while (at < to && isBlank(bytes[at] ?? 0)) at += 1;
  if (at < to) return -1;
  return length > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : length;
};

/** Whether the last coding of a Transfer-Encoding value is `chunked`; empty list members do not count (RFC 9110 5.6.1). */
export const endsChunked = (bytes: Uint8Array, from: number, to: number): boolean => {
  let end = to;
  while (end > from && isSeparator(bytes[end - 1] ?? 0)) end -= 1;
  let start = end;
  while (start > from && bytes[start - 1] !== COMMA) start -= 1;
  while (start < end && isBlank(bytes[start] ?? 0)) start += 1;
  return spells(bytes, start, end, CHUNKED);
};

/** Whether a comma-separated list, as in a Connection header, holds `option` (lower case) in any case. */
export const listHolds = (bytes: Uint8Array, from: number, to: number, option: Uint8Array): boolean => {
  let start = from;
  while (start < to) {
    let comma = start;
    while (comma < to && bytes[comma] !== COMMA) comma += 1;
    let end = comma;
    while (start < end && isBlank(bytes[start] ?? 0)) start += 1;
    while (end > start && isBlank(bytes[end - 1] ?? 0)) end -= 1;
    if (spells(bytes, start, end, option)) return true;
    start = comma + 1;
  }
  return false;
};

/** The number behind `timeout=` in a Keep-Alive value, seconds; -1 when there is none. */
export const parseKeepAliveTimeout = (bytes: Uint8Array, from: number, to: number): number => {
  for (let at = from; at + TIMEOUT.length < to; at += 1) {
    const digits = at + TIMEOUT.length;
    if (!isDigit(bytes[digits] ?? 0) || !spells(bytes, at, digits, TIMEOUT)) continue;
    let timeout = 0;
    for (let i = digits; i < to && isDigit(bytes[i] ?? 0); i += 1) {
      timeout = Math.min(LONGEST_TIMEOUT, timeout * 10 + ((bytes[i] ?? 0) - 0x30));
    }
    return timeout;
  }
  return -1;
};

const isSeparator = (byte: number): boolean => byte === COMMA || isBlank(byte);
