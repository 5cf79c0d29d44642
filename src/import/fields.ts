/** Values of imported files: a number that is not what it should be is said, never mended. */
import { type EpochMs, epochMs, type Micros, micros } from "../units.ts";

/** A value, or what is wrong with it as the end of a sentence. */
export type FieldRead<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly says: string };

const LONGEST_MICROS = 24 * 3600 * 1e6;
/** The last instant that ISO 8601 writes with four digits of year. */
const LAST_INSTANT = 253_402_300_799_999;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A finite number from JSON or from a column; `NaN`, `Infinity`, an empty column and `12abc` are none. */
export const readNumber = (name: string, value: unknown): FieldRead<number> => {
  const number = typeof value === "string" && NUMBER.test(value.trim()) ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return { ok: true, value: number };
  return wrong(`has ${name} ${shown(value)}, which is no finite number`);
};

/** A count, 0 or more. */
export const readCount = (name: string, value: unknown): FieldRead<number> => {
  const number = readNumber(name, value);
  if (!number.ok) return number;
  return Number.isSafeInteger(number.value) && number.value >= 0
    ? number
    : wrong(`has ${name} ${shown(value)}, which is no count`);
};

/** Elapsed time in a tool's unit; `unit` is that unit in microseconds. */
export const readTime = (name: string, value: unknown, unit: number): FieldRead<Micros> => {
  const number = readNumber(name, value);
  if (!number.ok) return number;
  const time = number.value * unit;
  if (time < 0) return wrong(`has ${name} ${shown(value)}, which is negative`);
  if (time > LONGEST_MICROS) return wrong(`has ${name} ${shown(value)}, which is more than 24 hours`);
  return { ok: true, value: micros(time) };
};

/** An instant as a number since 1970; `unit` is its unit in milliseconds. 0 stands for "never began" (JMeter). */
export const readEpoch = (name: string, value: unknown, unit: number): FieldRead<EpochMs | null> => {
  const number = readNumber(name, value);
  if (!number.ok) return number;
  const time = number.value * unit;
  if (time < 0 || time > LAST_INSTANT) return wrong(`has ${name} ${shown(value)}, which is no time`);
  return { ok: true, value: time === 0 ? null : epochMs(time) };
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** An instant as RFC 3339 writes it, with any number of decimals. */
export const readInstant = (name: string, value: unknown): FieldRead<EpochMs> => {
  const time = typeof value === "string" && INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (!(time >= 0 && time <= LAST_INSTANT)) return wrong(`has ${name} ${shown(value)}, which is no time`);
  return { ok: true, value: epochMs(time) };
};

/** An HTTP status; 0 and an empty column stand for "no answer" and give `null`. */
export const readStatus = (name: string, value: unknown): FieldRead<number | null> => {
  if (value === "" || value === 0 || value === "0") return { ok: true, value: null };
  const number = readNumber(name, value);
  if (!number.ok) return number;
  return Number.isInteger(number.value) && number.value >= 100 && number.value <= 999
    ? number
    : wrong(`has ${name} ${shown(value)}, which is no HTTP status`);
};

/** A JSON object, for looking at its fields. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const wrong = (says: string): { readonly ok: false; readonly says: string } => ({ ok: false, says });

const shown = (value: unknown): string =>
  value === undefined ? "missing" : (JSON.stringify(value)?.slice(0, 60) ?? "unreadable");
