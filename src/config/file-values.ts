import { type Problem, usageProblem } from "../errors.ts";
import { fileText, isMap } from "./file-text.ts";
import type { InputRow, Section } from "./input-row.ts";
import { FILE_SECTIONS, INPUTS, inputRow } from "./inputs.ts";
import { didYouMean, nearest, nearestInput } from "./suggest.ts";

/** An input as the config file gives it. */
export type FileValue = { readonly row: InputRow; readonly label: string; readonly text: string };
export type FileValues = { readonly values: readonly FileValue[]; readonly problems: readonly Problem[] };

/**
 * The inputs that a config file sets, each as the text that an input of the same name would have. Unknown sections and
 * keys are problems; empty values count as not given.
 */
export const readFileValues = (file: unknown, fileName: string): FileValues => {
  if (file === null || file === undefined || file === "") return joined([]);
  if (!isMap(file)) {
    const hint = `Its keys are ${[...FILE_SECTIONS, ...inSection("top")].join(", ")}.`;
    return only(usageProblem("bad-value", `${fileName} is not a map of sections.`, hint));
  }
  return joined(Object.entries(file).map(([key, value]) => readTopLevel(key, value, fileName)));
};

const readTopLevel = (key: string, value: unknown, fileName: string): FileValues => {
  const row = inputRow(key);
  const section = FILE_SECTIONS.find((name) => name === key);
  const label = `${shownKey(key)} in ${fileName}`;
  // `baseline: none` says what `baseline: { baseline: none }` says.
  if (row !== undefined && (row.section === "top" || (section !== undefined && typeof value === "string"))) {
    return readKey(row, label, value);
  }
  if (section !== undefined) return readSection(section, value, fileName);
  // Read apart, by the scenario stage: it has a shape of its own.
  if (key === "scenario" && isMap(value)) return joined([]);
  return only(unknownKey(label, row, nearest(key, [...FILE_SECTIONS, ...inSection("top")])));
};

const readSection = (section: Section, value: unknown, fileName: string): FileValues => {
  if (value === null || value === "") return joined([]);
  if (!isMap(value)) {
    const message = `The section ${section} of ${fileName} is not a map.`;
    return only(usageProblem("bad-value", message, `Its keys are ${inSection(section).join(", ")}.`));
  }
  const parts = Object.entries(value).map(([key, inner]) => {
    const row = inputRow(key);
    const label = `${section}.${shownKey(key)} in ${fileName}`;
    if (row?.section === section) return readKey(row, label, inner);
    const rows = INPUTS.filter((one) => one.section === section);
    return only(unknownKey(label, row, nearestInput(key, rows)));
  });
  return joined(parts);
};

const readKey = (row: InputRow, label: string, value: unknown): FileValues => {
  const text = fileText(row, label, value);
  if (!text.ok) return { values: [], problems: text.problems };
  return { values: text.value === "" ? [] : [{ row, label, text: text.value }], problems: [] };
};

const unknownKey = (label: string, row: InputRow | undefined, guess: string | null): Problem => {
  const message = `${label} is not a key that swarmgate knows.`;
  const hint = row === undefined ? didYouMean(guess, "docs/configuration.md lists the keys.") : rightPlace(row);
  return usageProblem("unknown-input", message, hint);
};

const rightPlace = (row: InputRow): string => {
  if (row.section === "none") return `${row.name} is an input and a flag; it cannot stand in the config file.`;
  return row.section === "top"
    ? `${row.name} stands outside the sections.`
    : `${row.name} belongs to the section ${row.section}.`;
};

const inSection = (section: Section): readonly string[] =>
  INPUTS.filter((row) => row.section === section && row.built).map((row) => row.name);

const joined = (parts: readonly FileValues[]): FileValues => ({
  values: parts.flatMap((part) => part.values),
  problems: parts.flatMap((part) => part.problems),
});
const only = (problem: Problem): FileValues => ({ values: [], problems: [problem] });
const shownKey = (key: string): string => (/^[\w-]{1,40}$/.test(key) ? key : JSON.stringify(key.slice(0, 40)));
