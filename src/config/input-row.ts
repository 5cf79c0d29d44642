import type { FunctionRef } from "../cloud/cloud.ts";
import type { ArrivalRate } from "../load/arrivals.ts";
import type { Stages } from "../load/stages.ts";
import type { StopRule } from "../load/stop-rule.ts";
import type { WaitTime } from "../load/wait-time.ts";
import type { Millis, PerSecond } from "../units.ts";
import type { StatusRange } from "./config.ts";
import type { Limit } from "./limits.ts";

/** Sections of the config file; `top` is the file itself, `none` is for what cannot stand in a file. */
export type Section = "target" | "load" | "aws" | "baseline" | "gate" | "report" | "top" | "none";

/** How a value is written. The parser, the JSON Schema and the tables of the documentation all read this. */
export type ValueType =
  /** `pattern` is the source of a regular expression over the whole text, `form` the same in words. */
  | { readonly type: "text"; readonly pattern: string; readonly form: string; readonly example: string }
  | { readonly type: "url" }
  | { readonly type: "integer"; readonly min: number; readonly max: number; readonly example: string }
  /** More than 0, at most `max`; `/s` behind the number is allowed. */
  | { readonly type: "rate"; readonly max: number; readonly example: string }
  /** US dollars, more than 0. */
  | { readonly type: "dollars"; readonly max: number; readonly example: string }
  /** Bounds as durations are written: `1s`, `6h`. */
  | { readonly type: "duration"; readonly min: string; readonly max: string; readonly example: string }
  /** `later`: values that are known and not built yet. */
  | { readonly type: "boolean"; readonly later?: readonly string[] }
  | { readonly type: "choice"; readonly values: readonly string[]; readonly later?: readonly string[] }
  | { readonly type: "statuses" }
  | { readonly type: "hosts" }
  | { readonly type: "headers" }
  | { readonly type: "functions" }
  | { readonly type: "limits" }
  | { readonly type: "wait-time" }
  | { readonly type: "arrival-rate" }
  | { readonly type: "stages" }
  | { readonly type: "stop-rule" }
  /** One or several file names; on the command line only. */
  | { readonly type: "files" };

type ValueByType = {
  readonly text: string;
  readonly url: string;
  readonly integer: number;
  readonly rate: PerSecond;
  readonly dollars: number;
  readonly duration: Millis;
  readonly boolean: boolean;
  readonly statuses: readonly StatusRange[];
  readonly hosts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly functions: readonly FunctionRef[];
  readonly limits: readonly Limit[];
  readonly "wait-time": WaitTime;
  readonly "arrival-rate": ArrivalRate;
  readonly stages: Stages;
  readonly "stop-rule": StopRule;
  readonly files: readonly string[];
};

/** What the text becomes; a choice becomes one of its words. */
export type ValueOf<V extends ValueType> = V extends {
  readonly type: "choice";
  readonly values: readonly (infer Word)[];
}
  ? Word
  : V extends { readonly type: keyof ValueByType }
    ? ValueByType[V["type"]]
    : never;

/** One input: an input of the action, a flag of the command line and a key of the config file at once. */
export type InputRow = {
  readonly name: string;
  /** Other names that mean the same. */
  readonly aliases?: readonly string[];
  /** What other tools call it; used in suggestions only. */
  readonly knownAs?: readonly string[];
  readonly section: Section;
  readonly value: ValueType;
  /** As the user would write it; read by the same parser. */
  readonly default?: string;
  /** The default in words where it is not a fixed text. */
  readonly defaultNote?: string;
  /** The default that `action.yml` itself holds, an expression of GitHub's. */
  readonly actionDefault?: string;
  /** One or two sentences. */
  readonly about: string;
  /** `false`: known, and refused with one sentence. */
  readonly built: boolean;
  /** Never shown, not even in the message that refuses it. */
  readonly secret?: true;
};

/** Values that hold several things: a list in the file, several lines as an input, a repeated flag. */
export const isList = (value: ValueType): boolean => LISTS.has(value.type);

const LISTS: ReadonlySet<string> = new Set(["statuses", "hosts", "headers", "functions", "limits", "files", "stages"]);

/** The same words for a file name wherever one is expected. */
export const FILE_NAME = {
  type: "text",
  pattern: "[^\\u0000-\\u001f]+",
  form: "a file name",
  example: "run.json",
} as const satisfies ValueType;
