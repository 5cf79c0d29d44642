const LONGEST = 200;
/** Control characters, line separators and the marks that reorder text: an example must stay one harmless line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\uFFFD]+/gu;

/** The first 200 characters of a text from outside as one printable line. */
export const printableLine = (text: string): string => text.slice(0, LONGEST).replace(UNPRINTABLE, " ").trim();
