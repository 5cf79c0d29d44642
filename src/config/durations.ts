import { type Parsed, parsed } from "../errors.ts";
import { type Millis, millis } from "../units.ts";
import { type Given, wrong } from "./given.ts";

/** The whole grammar as the source of a regular expression; the JSON Schema uses it too. */
export const DURATION_PATTERN = "(?=[0-9])(NUMh)?(NUMm)?(NUMs)?(NUMms)?".replaceAll("NUM", "[0-9]+(\\.[0-9]+)?");

const UNITS: readonly (readonly [string, number])[] = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/**
 * Milliseconds of `500ms`, `30s`, `2m`, `1h` or `1m30s`. A number without a unit is refused, 0 excepted: nothing is
 * nothing in every unit.
 */
export const parseDuration = (
  given: Given,
  bounds: { readonly min: string; readonly max: string; readonly example: string },
): Parsed<Millis> => {
  const { text, label } = given;
  if (/^[0-9.]+$/.test(text) && Number(text) !== 0) {
    return wrong(given, "a number without a unit", `${label.split(" ")[0]} needs a unit: ${text}s`);
  }
  const time = durationOf(text);
  const example = `such as ${bounds.example}`;
  if (time === null)
    return wrong(given, "which is not a duration", `Write hours, minutes, seconds or milliseconds, ${example}.`);
  const [min, max] = [durationOf(bounds.min) ?? 0, durationOf(bounds.max) ?? Infinity];
  if (time < min)
    return wrong(
      given,
      `which is less than ${bounds.min}`,
      `Write a duration from ${bounds.min} to ${bounds.max}, ${example}.`,
    );
  if (time > max)
    return wrong(
      given,
      `which is more than ${bounds.max}`,
      `Write a duration from ${bounds.min} to ${bounds.max}, ${example}.`,
    );
  return parsed(millis(time));
};

/** The shortest spelling that `parseDuration` reads back: `1m30s`, `500ms`, `0s`. */
export const formatDuration = (time: Millis): string => {
  let rest = Math.round(time);
  let text = "";
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === "" ? "0s" : text;
};

const durationOf = (text: string): number | null => {
  if (/^0+(\.0+)?$/.test(text)) return 0;
  if (!new RegExp(`^${DURATION_PATTERN}$`).test(text)) return null;
  const parts = text.matchAll(/([0-9.]+)(ms|h|m|s)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (sizeOf(unit) ?? 0), 0);
};

const sizeOf = (unit: string | undefined): number | undefined => UNITS.find(([name]) => name === unit)?.[1];
