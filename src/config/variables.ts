import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`; the JSON Schema uses it too. */
export const VARIABLE_PATTERN = "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}";

/**
 * Fills in every `${NAME}` from the environment. A variable that is not set or empty is a problem: a missing secret
 * would otherwise send an empty credential. With `oneLine` a value may not hold a line break, so that it cannot add a
 * header of its own; a line break at its end, as files leave it, is cut off.
 */
export const fillIn = (
  text: string,
  env: Environment,
  place: { readonly label: string; readonly oneLine: boolean },
): Parsed<string> => {
  const problems = [...unclosed(text, place.label)];
  for (const name of new Set(variablesIn(text))) {
    const value = variableValue(name, env);
    if (value === "") {
      const message = `The variable ${name} in ${place.label} is not set or empty.`;
      problems.push(usageProblem("unset-variable", message, `Set ${name} in the environment of this step.`));
    } else if (place.oneLine && /[\r\n]/.test(value)) {
      const message = `The variable ${name} in ${place.label} holds a line break.`;
      problems.push(usageProblem("bad-value", message, "A header is one line."));
    }
  }
  // A function: a replacement text would read `$&` and `$1` in the value as instructions.
  return problems.length > 0
    ? refused(problems)
    : parsed(text.replace(VARIABLES, (variable) => variableValue(variable.slice(2, -1), env)));
};

/** The names in order, as often as they stand there. */
export const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(VARIABLES)].map((match) => match[0].slice(2, -1));

/** The value without line breaks at its end; empty when there is none. */
export const variableValue = (name: string, env: Environment): string =>
  Object.hasOwn(env, name) ? (env[name] ?? "").replace(/[\r\n]+$/, "") : "";

const VARIABLES = new RegExp(VARIABLE_PATTERN, "g");

const unclosed = (text: string, label: string): readonly Problem[] => {
  if (!text.replace(VARIABLES, "").includes(OPENING)) return [];
  const message = `${label} has a "${OPENING}" that is not the beginning of a variable.`;
  return [usageProblem("bad-value", message, `Write ${OPENING}NAME} with letters, digits and underscores.`)];
};

const OPENING = `\${`;
