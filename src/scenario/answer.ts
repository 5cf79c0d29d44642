import type { JsonValue, ScenarioAnswer } from "./scenario.ts";

/** An answer from its pieces; `body` is `null` when it was not kept or is longer than what was kept. */
export const answerOf = (raw: {
  readonly status: number;
  readonly header: (lowerCaseName: string) => string | null;
  readonly body: Uint8Array | null;
}): ScenarioAnswer => {
  let text: string | null | undefined;
  let json: { readonly value: JsonValue | undefined } | undefined;
  const readText = (): string | null => {
    text ??= raw.body === null ? null : UTF8.decode(raw.body);
    return text;
  };
  return {
    status: raw.status,
    header: raw.header,
    text: readText,
    json: () => {
      json ??= { value: readJson(readText()) };
      return json.value;
    },
  };
};

const UTF8 = new TextDecoder();

const readJson = (text: string | null): JsonValue | undefined => {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
