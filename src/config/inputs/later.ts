import type { InputRow, Section, ValueType } from "../input-row.ts";

const TEXT: ValueType = { type: "text", pattern: "[\\s\\S]+", form: "a text", example: "x" };
const later = (name: string, section: Section, value: ValueType, about: string): InputRow => ({
  name,
  section,
  value,
  about,
  built: false,
});

/** Known by name, refused with one sentence until they are built. */
export const LATER_INPUTS: readonly InputRow[] = [
  later("engine", "load", TEXT, "Another load generator instead of the built-in one."),
];
