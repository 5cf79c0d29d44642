/** The bytes and character classes of HTTP/1.1 (RFC 9110 section 5.6, RFC 9112), as tables for byte-wise scanners. */

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;

/** Answers of a scanner that did not reach its end; every other answer is the offset behind what it read. */
export const MORE = -1;
export const REFUSED = -2;

/**
 * undici's default: the bytes of all header names and values, without separators, stay below Node's `maxHeaderSize`.
 * The same number bounds the trailers and one chunk's size line.
 */
export const MAX_FIELD_BYTES = 16_384;

/** 1 for the characters of a token: header names, chunk extensions. */
export const IS_TOKEN: Uint8Array = classOf("!#$%&'*+-.^_`|~", ["0", "9"], ["A", "Z"], ["a", "z"]);

/** 1 for what a header value may hold: tab, space, visible ASCII and the bytes from 0x80 on. */
export const IS_VALUE: Uint8Array = classOf("\t", [" ", "~"], ["\x80", "\xff"]);

/** The value of a hexadecimal digit, 255 for every other byte. */
export const HEX_VALUE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = "0123456789abcdef".indexOf(String.fromCharCode(byte).toLowerCase());
  return digit < 0 ? 255 : digit;
});

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

export const isBlank = (byte: number): boolean => byte === SP || byte === TAB;

/**
 * Whether bytes `from` to `to` spell `word`, whatever the case of the letters. `word` is in lower case and holds
 * letters and hyphens only: bit 0x20 is the case of a letter and is set in a hyphen.
 */
export const spells = (bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean => {
  if (to - from !== word.length) return false;
  for (let i = 0; i < word.length; i += 1) {
    if (((bytes[from + i] ?? 0) | 0x20) !== word[i]) return false;
  }
  return true;
};

export const word = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function classOf(single: string, ...ranges: readonly (readonly [string, string])[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of single) table[character.charCodeAt(0)] = 1;
  for (const [first, last] of ranges) table.fill(1, first.charCodeAt(0), last.charCodeAt(0) + 1);
  return table;
}
