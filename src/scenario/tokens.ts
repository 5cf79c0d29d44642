import { didYouMean, nearest } from "../config/suggest.ts";
import { VARIABLE_PATTERN } from "../config/variables.ts";

/** A piece of a written text, names not looked up yet. */
export type Token = TextToken | EnvToken | NameToken | RandomToken;

type TextToken = { readonly kind: "text"; readonly text: string };
export type EnvToken = { readonly kind: "env"; readonly name: string };
/** `written` is what stands between the braces. */
export type NameToken = {
  readonly kind: "name";
  readonly name: string;
  readonly path: readonly string[];
  readonly written: string;
};
export type RandomToken =
  | { readonly kind: "random-int"; readonly min: number; readonly max: number }
  | { readonly kind: "random-uuid" };

export type TokenFault = { readonly says: string; readonly hint: string };

/** Cuts a text at `{{ ... }}` and `${NAME}`; brackets that are neither are faults. */
export const tokensOf = (
  text: string,
): { readonly tokens: readonly Token[]; readonly faults: readonly TokenFault[] } => {
  const tokens: Token[] = [];
  const faults: TokenFault[] = [];
  let from = 0;
  const literal = (until: number): void => {
    const piece = text.slice(from, until);
    if (piece !== "") tokens.push({ kind: "text", text: piece });
    if (piece.includes("{{")) faults.push(OPEN_TEMPLATE);
    if (piece.includes(`\${`)) faults.push(OPEN_VARIABLE);
  };
  for (const match of text.matchAll(PIECES)) {
    literal(match.index);
    from = match.index + match[0].length;
    const inner = match[1];
    const token =
      inner === undefined ? ({ kind: "env", name: match[0].slice(2, -1) } as const) : expression(inner.trim());
    if ("says" in token) faults.push(token);
    else tokens.push(token);
  }
  literal(text.length);
  return { tokens, faults };
};

/** Words that a template may begin with but a variable may not be called. */
export const RESERVED = ["random"] as const;

export const NAME_PATTERN = "[A-Za-z_][A-Za-z0-9_-]*";

const PIECES = new RegExp(`\\{\\{([^{}]*)\\}\\}|${VARIABLE_PATTERN}`, "g");
const NAME = new RegExp(`^(${NAME_PATTERN})((?:\\.[^.\\s(){}][^.(){}]*)*)$`);
const RANDOM_INT = /^random\.int\(\s*(-?\d{1,16})\s*,\s*(-?\d{1,16})\s*\)$/;
const RANDOM_UUID = /^random\.uuid(\(\s*\))?$/;

const expression = (inner: string): Token | TokenFault => {
  if (RANDOM_UUID.test(inner)) return { kind: "random-uuid" };
  const numbers = RANDOM_INT.exec(inner);
  if (numbers !== null) return randomInt(inner, Number(numbers[1]), Number(numbers[2]));
  const shown = JSON.stringify(`{{ ${inner.slice(0, 60)} }}`);
  if (inner === "random" || /^random\b/.test(inner)) {
    const guess = nearest(inner.replace(/\(.*$/, ""), ["random.int", "random.uuid"]);
    return {
      says: `${shown} is not a random value.`,
      hint: guess === "random.int" ? USE_INT : didYouMean(guess, RANDOMS),
    };
  }
  const name = NAME.exec(inner);
  if (name === null) return { says: `${shown} is not a template.`, hint: EXPRESSIONS };
  const path = (name[2] ?? "").split(".").slice(1);
  return { kind: "name", name: name[1] ?? "", path: path.map((key) => key.trim()), written: inner };
};

const randomInt = (inner: string, min: number, max: number): Token | TokenFault => {
  const safe = Number.isSafeInteger(min) && Number.isSafeInteger(max) && Number.isSafeInteger(max - min + 1);
  if (safe && min <= max) return { kind: "random-int", min, max };
  const hint = safe ? "Write the smaller number first." : "Use whole numbers up to 9007199254740991.";
  return { says: `"{{ ${inner} }}" draws from no numbers.`, hint };
};

const RANDOMS = "Write {{ random.int(1, 100) }} or {{ random.uuid }}.";
const USE_INT = "Write two whole numbers, such as {{ random.int(1, 100) }}.";
const EXPRESSIONS =
  "Write a name, such as {{ token }} or {{ account.email }}, {{ random.int(1, 100) }} or {{ random.uuid }}.";
const OPEN_TEMPLATE: TokenFault = {
  says: 'a "{{" is not the beginning of a template.',
  hint: "Write {{ name }}; a body with braces of its own can be sent from a file.",
};
const OPEN_VARIABLE: TokenFault = {
  says: `a "\${" is not the beginning of a variable.`,
  hint: `Write \${NAME} with letters, digits and underscores.`,
};
