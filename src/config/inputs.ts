import type { InputRow, Section, ValueOf } from "./input-row.ts";
import { AWS_INPUTS, BASELINE_INPUTS } from "./inputs/cloud-and-baseline.ts";
import { GATE_INPUTS, REPORT_INPUTS } from "./inputs/gate-and-report.ts";
import { LATER_INPUTS } from "./inputs/later.ts";
import { LOAD_INPUTS } from "./inputs/load.ts";
import { TARGET_INPUTS } from "./inputs/target.ts";

/** Inputs that work. Their order is the order of problems, help and tables. */
export const BUILT_INPUTS = [
  ...TARGET_INPUTS,
  ...LOAD_INPUTS,
  ...AWS_INPUTS,
  ...BASELINE_INPUTS,
  ...GATE_INPUTS,
  ...REPORT_INPUTS,
] as const;

/**
 * The one table of inputs. The action's inputs, the flags of the command line, the keys of the config file, their JSON
 * Schema and their documentation all come from it (`npm run docs`).
 */
export const INPUTS: readonly InputRow[] = [...BUILT_INPUTS, ...LATER_INPUTS];

type BuiltRow = (typeof BUILT_INPUTS)[number];
export type BuiltName = BuiltRow["name"];

/** Every built input with its parsed value; `null` where nothing was given and there is no fixed default. */
export type Values = {
  readonly [Row in BuiltRow as Row["name"]]: Row extends { readonly default: string }
    ? ValueOf<Row["value"]>
    : ValueOf<Row["value"]> | null;
};

/** Sections of the config file that hold inputs, in the order of the table. */
export const FILE_SECTIONS = [
  "target",
  "load",
  "aws",
  "baseline",
  "gate",
  "report",
] as const satisfies readonly Section[];

/** The row of a name or one of its aliases. */
export const inputRow = (name: string): InputRow | undefined =>
  INPUTS.find((row) => row.name === name || row.aliases?.includes(name));
