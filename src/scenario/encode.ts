import type { Encoding } from "./scenario.ts";

/** A value in the form its place needs. Never throws: half of a surrogate pair becomes U+FFFD or a JSON escape. */
export const encodeFor = (encoding: Encoding, text: string): string => {
  switch (encoding) {
    case "raw":
    case "header":
      return text;
    case "url":
      return encodeURIComponent(text.toWellFormed());
    case "form":
      // The rest of application/x-www-form-urlencoded (WHATWG URL, section 5.2): space is +, and these four are escaped.
      return encodeURIComponent(text.toWellFormed())
        .replace(/%20/g, "+")
        .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
    case "json":
      return JSON.stringify(text).slice(1, -1);
  }
};

/**
 * What a person wrote as path and query, made sendable: reserved characters and escapes stay as they are, everything
 * else that no request line may hold is percent-encoded.
 */
export const encodeWrittenUrl = (text: string): string =>
  text
    .toWellFormed()
    .replace(/%(?![0-9A-Fa-f]{2})/g, "%25")
    .replace(/[^A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]+/g, (piece) => encodeURIComponent(piece));

/** Whether a header may hold it (RFC 9110 section 5.5): tabs, visible characters, spaces, and bytes from 0x80. */
export const fitsHeader = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return false;
  }
  return true;
};
