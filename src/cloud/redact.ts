const LENGTH = 200;

/** What a message of a stranger's code may hold, most telling first. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Its third part, or the rest of its second, may have been cut off.
  [/\beyJ[\w-]{4,}(?:\.[\w-]*){0,2}/g, "[token]"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "[access key]"],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, "$1 [token]"],
  [/(\/\/)[^\s/@:]+:[^\s/@]+@/g, "$1[credentials]@"],
  [
    /\b([\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization))(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    "$1$2[hidden]",
  ],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, "[address]"],
  [/\b\d{12,19}\b/g, "[number]"],
];

/** One line of a log, without what looks like a credential, an address or an account number, at most 200 characters. */
export const redact = (text: string): string => {
  const line = text.replace(/[\p{Cc}\s]+/gu, " ").trim();
  const clean = SECRETS.reduce((out, [pattern, instead]) => out.replace(pattern, instead), line);
  return clean.length > LENGTH ? `${clean.slice(0, LENGTH - 1)}…` : clean;
};
