import { type ErrorCode, type Parsed, refused, usageProblem } from "../errors.ts";

/** One value as it was given. */
export type Given = {
  /** Where it stands: `users`, or `load.users in .github/swarmgate.yml`. */
  readonly label: string;
  /** The text with its variables filled in. */
  readonly text: string;
  /** What messages may quote: as written, shortened, without secrets. */
  readonly shown: string;
};

/** Refuses a value in one sentence: `<label> is <shown>, <what is wrong with it>.` */
export const wrong = (given: Given, says: string, hint: string): Parsed<never> =>
  refusal("bad-value", `${given.label} is ${given.shown}, ${says}.`, hint);

export const refusal = (code: ErrorCode, message: string, hint: string): Parsed<never> =>
  refused([usageProblem(code, message, hint)]);

const LONGEST_QUOTE = 80;

/** Quotes what the user wrote on one line; a user name and password in a URL are left out. */
export const quote = (text: string): string => {
  const harmless = text.replace(/\/\/[^/\s]*@/g, "//...@");
  return JSON.stringify(harmless.length > LONGEST_QUOTE ? `${harmless.slice(0, LONGEST_QUOTE)}...` : harmless);
};

/** `a`, `a or b`, `a, b or c`. */
export const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
