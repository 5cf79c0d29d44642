import type { RegexText } from "./scenario.ts";

/** A regular expression from a config, or why it is refused. */
export type RegexRead =
  | { readonly ok: true; readonly regex: RegexText }
  | { readonly ok: false; readonly says: string };

/**
 * Checks a regular expression that runs over answers of any content. A backtracking matcher needs exponential time where
 * a group that repeats holds repetition or alternatives itself, or refers back to what it matched; those are refused, and
 * so are long expressions and many unbounded repetitions (the text searched is bounded too, see `searchable`). It is a
 * rule of thumb that refuses more than it must. What is left (no references back, no looking around) is also what V8's
 * linear-time matcher understands, to which the engine's workers switch
 * (`--enable-experimental-regexp-engine-on-excessive-backtracks`). That matcher does not know the flag `i`, so that such an
 * expression may have one unbounded repetition only: the square of the text searched and no more.
 */
export const readRegex = (source: string, flags: "" | "i" = ""): RegexRead => {
  if (source === "") return { ok: false, says: "is an empty regular expression" };
  if (source.length > LONGEST) return { ok: false, says: `is longer than ${LONGEST} characters` };
  try {
    new RegExp(source, flags);
  } catch {
    return { ok: false, says: "is not a regular expression" };
  }
  const slow = slowness(source, flags);
  return slow === null ? { ok: true, regex: { source, flags } } : { ok: false, says: slow };
};

const LONGEST = 500;
const MOST_UNBOUNDED = 4;
const MOST_WITHOUT_CASE = 1;

/** Escapes, classes, groups with their prefix, repetitions, alternatives; anything else is one character. */
const PIECES =
  /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|<\w+>)|\(|\)|(?:[*+?]|\{\d+(?:,\d*)?\})\??|\||[\s\S]/g;

const REPETITION = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??$/;
const UNBOUNDED = /^(?:[*+]|\{\d+,\})/;

/** What the walk over the pieces has seen: open groups, each with whether it repeats or chooses, and the one just closed. */
type Walk = { readonly open: boolean[]; closed: boolean; unbounded: number };

const slowness = (source: string, flags: "" | "i"): string | null => {
  const walk: Walk = { open: [], closed: false, unbounded: 0 };
  for (const [piece] of source.matchAll(PIECES)) {
    if (/^\\[1-9k]/.test(piece)) return "refers back to one of its groups, which can take for ever";
    if (/^\(\?<?[=!]/.test(piece)) return "looks ahead or behind, which can take for ever";
    if (REPETITION.test(piece) && walk.closed && !piece.startsWith("?")) {
      return "repeats a group that repeats or chooses, which can take for ever";
    }
    step(walk, piece);
  }
  if (flags === "i" && walk.unbounded > MOST_WITHOUT_CASE)
    return "has the flag i and more than one repetition without an end; write both cases, such as [aA], instead of the flag";
  return walk.unbounded > MOST_UNBOUNDED ? `has more than ${MOST_UNBOUNDED} repetitions without an end` : null;
};

const step = (walk: Walk, piece: string): void => {
  if (UNBOUNDED.test(piece)) walk.unbounded += 1;
  if (REPETITION.test(piece) || piece === "|") walk.open.fill(true);
  walk.closed = piece === ")" && (walk.open.pop() ?? false);
  if (piece.startsWith("(")) walk.open.push(false);
};
