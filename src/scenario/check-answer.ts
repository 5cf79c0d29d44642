import { formatStatuses } from "../config/statuses.ts";
import { sameJson, textOfJson, valueAt } from "./json-pointer.ts";
import { compileTemplate, fixedText, type RenderTemplate } from "./render-template.ts";
import type { CompiledStep, Expect, HeaderCheck, JsonCheck, JsonValue, ScenarioAnswer, Scope } from "./scenario.ts";
import { searchable } from "./searchable.ts";

type Check = (answer: ScenarioAnswer, scope: Scope) => string | null;

/**
 * All checks of a step in one function: status, time, headers, JSON, body. Reasons show the answer's values shortened
 * and never a rendered template, which may hold a secret.
 */
export const compileCheck = (expect: Expect | null): CompiledStep["check"] => {
  if (expect === null) return () => null;
  const { status, time } = expect;
  const checks: readonly Check[] = [
    ...expect.headers.map(headerCheck),
    ...expect.json.map(jsonCheck),
    ...expect.body.map((template) => bodyCheck(compileTemplate(template), shortened(fixedText(template)))),
  ];
  return (answer, elapsed, scope) => {
    if (status !== null && !wantsStatus(expect, answer.status)) {
      return `status ${answer.status}, expected ${formatStatuses(status)}`;
    }
    if (time !== null && (time.inclusive ? elapsed > time.limit : elapsed >= time.limit)) {
      return `took ${Math.round(elapsed)} ms, expected ${time.inclusive ? "<=" : "<"} ${time.limit} ms`;
    }
    for (const check of checks) {
      const reason = check(answer, scope);
      if (reason !== null) return reason;
    }
    return null;
  };
};

/** Whether the step itself lists the status. */
export const wantsStatus = (expect: Expect | null, status: number): boolean =>
  expect?.status?.some(({ from, to }) => status >= from && status <= to) ?? false;

const headerCheck = ({ name, test }: HeaderCheck): Check => {
  const key = name.toLowerCase();
  switch (test.kind) {
    case "exists":
      return (answer) => existence(`header ${name}`, answer.header(key) !== null, test.exists);
    case "matches": {
      const regex = new RegExp(test.regex.source, test.regex.flags);
      return (answer) => {
        const value = answer.header(key);
        if (value === null) return `no header ${name}`;
        return regex.test(searchable(value)) ? null : `header ${name} does not match /${test.regex.source}/`;
      };
    }
    case "equals": {
      const render = compileTemplate(test.template);
      return (answer, scope) => {
        const expected = render(scope);
        if (typeof expected !== "string") return expected.missing;
        const value = answer.header(key);
        if (value === null) return `no header ${name}`;
        return value.trim() === expected ? null : `header ${name} has another value`;
      };
    }
  }
};

const jsonCheck = ({ pointer, path, test }: JsonCheck): Check => {
  const render = test.kind === "equals-text" ? compileTemplate(test.template) : null;
  return (answer, scope) => {
    const text = answer.text();
    if (text === null) return NO_BODY;
    const document = answer.json();
    if (document === undefined) return "the body is not JSON";
    const value = valueAt(document, path);
    const place = pointer === "" ? "the body" : pointer;
    switch (test.kind) {
      case "exists":
        return existence(place, value !== undefined, test.exists);
      case "equals":
        return sameJson(test.value, value) ? null : differs(place, value, JSON.stringify(test.value));
      case "equals-text":
        return render === null ? null : equalsText(place, value, render(scope));
    }
  };
};

const equalsText = (
  place: string,
  value: JsonValue | undefined,
  expected: ReturnType<RenderTemplate>,
): string | null => {
  if (typeof expected !== "string") return expected.missing;
  const text = typeof value === "object" ? null : textOfJson(value);
  return text === expected ? null : differs(place, value, null);
};

const bodyCheck =
  (render: RenderTemplate, shown: string | null): Check =>
  (answer, scope) => {
    const expected = render(scope);
    if (typeof expected !== "string") return expected.missing;
    const text = answer.text();
    if (text === null) return NO_BODY;
    return text.includes(expected) ? null : `the body does not contain ${shown ?? "what was expected"}`;
  };

/** The engine knows why: too long, or not decodable. */
export const NO_BODY = "there is no whole body to look at";

const existence = (what: string, exists: boolean, wanted: boolean): string | null => {
  if (exists === wanted) return null;
  return exists ? `${what} is there, expected none` : `no ${what}`;
};

/** `expected` is `null` where it comes from a template. */
const differs = (place: string, value: JsonValue | undefined, expected: string | null): string => {
  const is =
    value === undefined
      ? `no ${place}`
      : `${place} is ${shortened(typeof value === "string" ? JSON.stringify(value) : (textOfJson(value) ?? "null"))}`;
  return expected === null ? `${is}, expected another value` : `${is}, expected ${shortened(expected)}`;
};

const LONGEST_SHOWN = 60;

function shortened(text: string): string;
function shortened(text: string | null): string | null;
function shortened(text: string | null): string | null {
  return text !== null && text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
