/** FNV-1a, 32 bits in hex, over UTF-16 units: tells definitions apart, hides nothing (http://www.isthe.com/chongo/tech/comp/fnv/). */
export const fnv1a = (input: string): string => checksum(input.length, (at) => input.charCodeAt(at));

/** The same over bytes. */
export const fnv1aOfBytes = (input: Uint8Array): string => checksum(input.length, (at) => input[at] ?? 0);

const checksum = (length: number, unit: (at: number) => number): string => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ unit(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
};
