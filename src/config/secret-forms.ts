/**
 * A secret as it may come back: as it is, in the ways in which servers write what they were sent (JSON, URL, HTML, a host
 * name), and in base64, also as a part of a longer text that was encoded as a whole.
 */
export const formsOf = (secret: string): readonly string[] => {
  const text = secret.toWellFormed();
  const json = JSON.stringify(text).slice(1, -1);
  const percent = encodeURIComponent(text);
  const forms = [
    secret,
    // Host names lose their capitals.
    ...(text.length < LONG ? [] : [text.toLowerCase()]),
    json,
    json.replaceAll("/", "\\/"),
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
    percent.replaceAll("%20", "+"),
    html(text, "&#39;"),
    html(text, "&#x27;"),
    ...base64Forms(text),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_SECRET);
};

/** Below that a mask would blot out ordinary words. */
export const SHORTEST_SECRET = 6;

/** What is as long is no word that is written in small letters elsewhere. */
const LONG = 10;

const html = (text: string, apostrophe: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", apostrophe);

/** The whole, and for each place in a group of three bytes the letters that its neighbours do not touch (RFC 4648). */
const base64Forms = (text: string): readonly string[] => {
  const bytes = new TextEncoder().encode(text);
  const inner = [0, 1, 2].map((before) => {
    const encoded = base64(Uint8Array.from([...Array.from({ length: before }, () => 0), ...bytes]));
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((before * 8) / 6), end);
  });
  const all = [base64(bytes), ...inner.filter((form) => form.length >= SHORTEST_INNER)];
  return all.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
};

/** Shorter runs of letters may be there by chance. */
const SHORTEST_INNER = 8;

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
