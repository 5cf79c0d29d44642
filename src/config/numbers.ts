import { type Parsed, parsed } from "../errors.ts";
import { type PerSecond, perSecond } from "../units.ts";
import { type Given, wrong } from "./given.ts";

/** A whole number between `min` and `max`, in plain digits: no exponent, no separators. */
export const parseInteger = (
  given: Given,
  bounds: { readonly min: number; readonly max: number; readonly example: string },
): Parsed<number> => {
  const hint = `Write a whole number from ${grouped(bounds.min)} to ${grouped(bounds.max)} in plain digits, such as ${bounds.example}.`;
  if (!PLAIN_NUMBER.test(given.text)) return wrong(given, "which is not a whole number", hint);
  const value = Number(given.text);
  if (value < bounds.min) return wrong(given, `which is less than ${grouped(bounds.min)}`, hint);
  if (value > bounds.max) return wrong(given, `which is more than ${grouped(bounds.max)}`, hint);
  return Number.isInteger(value) ? parsed(value) : wrong(given, "which is not a whole number", hint);
};

/** Events per second, more than 0: `200`, `0.5`, `200/s`. */
export const parseRate = (
  given: Given,
  bounds: { readonly max: number; readonly example: string },
): Parsed<PerSecond> => {
  const hint = `Write a number per second, more than 0 and at most ${grouped(bounds.max)}, such as ${bounds.example}.`;
  const digits = given.text.replace(/\/s$/, "");
  if (!PLAIN_NUMBER.test(digits)) return wrong(given, "which is not a number per second", hint);
  const value = Number(digits);
  if (value <= 0) return wrong(given, "which is not more than 0", hint);
  return value > bounds.max
    ? wrong(given, `which is more than ${grouped(bounds.max)}`, hint)
    : parsed(perSecond(value));
};

/** US dollars, more than 0: `1`, `0.25`. */
export const parseDollars = (
  given: Given,
  bounds: { readonly max: number; readonly example: string },
): Parsed<number> => {
  const hint = `Write US dollars as a plain number, more than 0 and at most ${grouped(bounds.max)}, such as ${bounds.example}.`;
  if (!PLAIN_NUMBER.test(given.text)) return wrong(given, "which is not a number of dollars", hint);
  const value = Number(given.text);
  if (value <= 0) return wrong(given, "which is not more than 0", hint);
  return value > bounds.max ? wrong(given, `which is more than ${grouped(bounds.max)}`, hint) : parsed(value);
};

const PLAIN_NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

/** Thousands grouped by commas, without the locale of the machine. */
export const grouped = (value: number): string => `${value}`.replace(/\B(?=([0-9]{3})+$)/g, ",");
