import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { type InputRow, isList } from "./input-row.ts";

/** The text an input of this name would have: a scalar as it is, a list or map as lines where the input takes several. */
export const fileText = (row: InputRow, label: string, value: unknown): Parsed<string> => {
  const { type } = row.value;
  const text = scalarText(value);
  if (text !== null) return parsed(text.trim());
  if (Array.isArray(value) && isList(row.value) && type !== "headers") return linesOf(row, label, value);
  if (isMap(value) && MAPS.has(type)) return linesOf(row, label, [value]);
  const wanted = type === "headers" ? "a map" : isList(row.value) ? "a list" : "one value";
  const message = `${label} is ${Array.isArray(value) ? "a list" : "a map"}, and ${wanted} is needed.`;
  return refused([usageProblem("bad-value", message, row.about)]);
};

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const MAPS: ReadonlySet<string> = new Set(["headers", "limits"]);

const linesOf = (row: InputRow, label: string, list: readonly unknown[]): Parsed<string> => {
  const lines = list.flatMap((item) => (isMap(item) ? mapLines(row, item) : [scalarText(item)]));
  const texts = lines.filter((line) => line !== null);
  return texts.length === lines.length
    ? parsed(texts.join("\n"))
    : refused([usageProblem("bad-value", `${label} holds a value that is not one line of text.`, row.about)]);
};

const mapLines = (row: InputRow, map: Readonly<Record<string, unknown>>): readonly (string | null)[] => {
  if (row.value.type === "stages") return [stageText(map)];
  if (!MAPS.has(row.value.type)) return [null];
  return Object.entries(map).map(([name, value]) => pairText(row, name, scalarText(value)));
};

/** `{ duration: 30s, users: 0-100 }` as `30s:0-100u`, `null` when it is something else. */
const stageText = (stage: Readonly<Record<string, unknown>>): string | null => {
  const [duration, users, rate] = ["duration", "users", "rate"].map((name) => scalarText(stage[name] ?? null)?.trim());
  const level = users ? `${users}u` : `${rate?.replace(/\/s$/, "")}/s`;
  return duration && Boolean(users) !== Boolean(rate) && Object.keys(stage).length === 2
    ? `${duration}:${level}`
    : null;
};

/** `name: value`, or `null` where a line break in a header would begin another header. */
const pairText = (row: InputRow, name: string, value: string | null): string | null => {
  if (value === null) return null;
  const text = `${name}: ${value.trim()}`;
  return row.value.type === "headers" && /[\r\n]/.test(text) ? null : text;
};

const scalarText = (value: unknown): string | null => {
  if (value === null) return "";
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `${value}` : null;
};
