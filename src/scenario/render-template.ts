import { encodeFor, fitsHeader } from "./encode.ts";
import { textOfJson, valueAt } from "./json-pointer.ts";
import type { Scope, Template, ValuePart } from "./scenario.ts";

/** Why a template has no text for this user now. */
export type Missing = { readonly missing: string };

export type RenderTemplate = (scope: Scope) => string | Missing;

/** Prepares a template for many renderings. */
export const compileTemplate = (template: Template): RenderTemplate => {
  const fixed = fixedText(template);
  if (fixed !== null) return () => fixed;
  const { encoding, parts } = template;
  return (scope) => {
    let text = "";
    for (const part of parts) {
      if (part.kind === "literal") {
        text += part.text;
        continue;
      }
      const value = textOf(part, scope);
      if (typeof value !== "string") return value;
      if (encoding === "header" && !fitsHeader(value)) {
        return { missing: `${nameOf(part)} holds a character that no header may hold` };
      }
      text += encodeFor(encoding, value);
    }
    return text;
  };
};

/** The text of a template without values, else `null`. */
export const fixedText = ({ parts }: Template): string | null => {
  let text = "";
  for (const part of parts) {
    if (part.kind !== "literal") return null;
    text += part.text;
  }
  return text;
};

const textOf = (part: ValuePart, scope: Scope): string | Missing => {
  switch (part.kind) {
    case "captured": {
      const held = scope.captured[part.slot];
      if (held === undefined) return { missing: `{{ ${part.name} }} has not been captured yet` };
      return textOfJson(valueAt(held, part.path)) ?? { missing: `{{ ${part.name} }} has no value` };
    }
    case "data":
      return (
        textOfJson(valueAt(scope.rows[part.source], part.path)) ?? {
          missing: `{{ ${part.name} }} has no value in this row of the data`,
        }
      );
    case "random-int":
      return `${part.min + Math.floor(scope.random.values() * (part.max - part.min + 1))}`;
    case "random-uuid":
      return scope.random.uuid();
  }
};

const nameOf = (part: ValuePart): string => ("name" in part ? `{{ ${part.name} }}` : "a random value");
