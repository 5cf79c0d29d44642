import { NO_BODY } from "./check-answer.ts";
import { textOfJson, valueAt } from "./json-pointer.ts";
import type { Capture, CompiledStep, JsonValue, ScenarioAnswer } from "./scenario.ts";
import { searchable } from "./searchable.ts";

type Taken = { readonly value: JsonValue } | { readonly missing: string };

/** All captures of a step in one function: either every value is there and is kept, or none is. */
export const compileCapture = (captures: readonly Capture[]): CompiledStep["capture"] => {
  const all = captures.map((capture) => ({ capture, take: takerOf(capture) }));
  return (answer, scope) => {
    const values: JsonValue[] = [];
    for (const { capture, take } of all) {
      const taken = take(answer);
      if ("missing" in taken) return `nothing to capture as ${capture.name}: ${taken.missing}`;
      values.push(taken.value);
    }
    for (const [at, { capture }] of all.entries()) scope.captured[capture.slot] = values[at];
    return null;
  };
};

/** Ten thousand users may each hold a few: a token fits many times. */
const LONGEST_CAPTURE = 64 * 1024;

const takerOf = ({ from }: Capture): ((answer: ScenarioAnswer) => Taken) => {
  switch (from.kind) {
    case "json":
      return (answer) => {
        if (answer.text() === null) return { missing: NO_BODY };
        const document = answer.json();
        if (document === undefined) return { missing: "the body is not JSON" };
        return bounded(valueAt(document, from.path), from.pointer === "" ? "the body" : from.pointer);
      };
    case "header": {
      const name = from.name.toLowerCase();
      return (answer) => bounded(copied(answer.header(name)), `header ${from.name}`);
    }
    case "regex": {
      const regex = new RegExp(from.regex.source, from.regex.flags);
      return (answer) => {
        const text = answer.text();
        if (text === null) return { missing: NO_BODY };
        const match = regex.exec(searchable(text));
        if (match === null) return { missing: `the body does not match /${from.regex.source}/` };
        return bounded(
          copied(match.length > 1 ? match[1] : match[0]),
          `match in the first group of /${from.regex.source}/`,
        );
      };
    }
  }
};

/** `null` in an answer is nothing that a later request could use. */
const bounded = (value: JsonValue | undefined, what: string): Taken => {
  if (value === undefined) return { missing: `no ${what}` };
  if (value === null) return { missing: `${what} is null` };
  const text = textOfJson(value);
  return text === null || text.length > LONGEST_CAPTURE
    ? { missing: `${what} is longer than ${LONGEST_CAPTURE / 1024} KB` }
    : { value };
};

/** A piece of a string keeps the whole string alive in V8: without a copy each user would hold an answer. */
const copied = (text: string | null | undefined): string | undefined =>
  text === null || text === undefined ? undefined : ` ${text}`.slice(1);
