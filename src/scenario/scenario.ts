import type { StatusRange } from "../config/config.ts";
import type { WaitTime } from "../load/wait-time.ts";
import type { Millis } from "../units.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * What users do, after all checks. Plain data that can be cloned to a worker: variables and environment are filled in,
 * headers merged, names resolved to numbers. Holds secret values: never write it into a record.
 */
export type Scenario = {
  readonly data: readonly DataSource[];
  /** Names of captured values; a `captured` part refers to one by its place. They live as long as the user. */
  readonly captured: readonly string[];
  /** Rows of the result; a request step refers to one by its place. Steps of the same name and phase share a row. */
  readonly rows: readonly ResultRow[];
  /** Once per user before its first task; empty when there is none. */
  readonly setup: Sequence;
  readonly tasks: readonly ScenarioTask[];
  /** Once per user after its last task. */
  readonly teardown: Sequence;
  /** Origins other than the target's that steps name; each needs `allowed-hosts`. `https://login.example.com`, sorted. */
  readonly otherOrigins: readonly string[];
  /** Values that must never appear in anything we write, longest first. */
  readonly secrets: readonly string[];
  /** What everything shares (setup, teardown, data without rows' values), without secret values, for the fingerprint. */
  readonly definition: string;
  /** The module that holds the tasks as functions; `null` when they are the steps above. */
  readonly module: ModuleSource | null;
};

/** File URLs: of the scenario module, and of what it imports as `swarmgate/scenario`. */
export type ModuleSource = { readonly url: string; readonly api: string };

export type ResultRow = { readonly name: string; readonly phase: "setup" | "task" | "teardown" };

export type Sequence = {
  readonly steps: readonly Step[];
  /** Places in `Scenario.data` of the sources from which a row is drawn when the sequence begins. */
  readonly draws: readonly number[];
};

export type ScenarioTask = Sequence & {
  readonly name: string;
  /** More than 0. */
  readonly weight: number;
  /** What the task does, without secret values, for the fingerprint. */
  readonly definition: string;
};

export type DataRow = Readonly<Record<string, JsonValue>>;

export type DataSource = {
  readonly name: string;
  /** `unique` gives a user one row for its life; the others draw one for each sequence that uses the source. */
  readonly pick: "sequential" | "random" | "unique";
  /** At least one. */
  readonly rows: readonly DataRow[];
};

export type Step = RequestStep | WaitStep;

export type WaitStep = {
  readonly kind: "wait";
  readonly wait: Extract<WaitTime, { readonly kind: "constant" | "between" }>;
};

export type RequestStep = {
  readonly kind: "request";
  /** Place in `Scenario.rows`. */
  readonly row: number;
  readonly method: Method;
  /** Another origin than the target's, or `null`. The target's own headers never go there. */
  readonly origin: string | null;
  /** Path and query, beginning with a slash, percent-encoded. */
  readonly path: Template;
  /** Of scenario, task and step, merged; with another origin the step's only. Names as written, each once. */
  readonly headers: readonly HeaderTemplate[];
  readonly body: Body | null;
  readonly expect: Expect | null;
  readonly captures: readonly Capture[];
  /** `null` is the plan's. */
  readonly timeout: Millis | null;
  readonly follow: boolean;
};

export const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"] as const;
export type Method = Uppercase<(typeof METHODS)[number]>;

export type HeaderTemplate = { readonly name: string; readonly value: Template };

/** `text` is sent in UTF-8. */
export type Body =
  | { readonly kind: "text"; readonly template: Template }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** Pieces in order; literals are already in the form their place needs, values are encoded for it. */
export type Template = { readonly encoding: Encoding; readonly parts: readonly Part[] };

/** `raw` as it is; `header` as it is, but no line breaks and nothing beyond Latin-1. */
export type Encoding = "raw" | "header" | "url" | "form" | "json";

export type Part = { readonly kind: "literal"; readonly text: string } | ValuePart;

export type ValuePart =
  /** `slot` is the place in `Scenario.captured`; `name` is the expression as written, for messages. */
  | { readonly kind: "captured"; readonly slot: number; readonly path: readonly string[]; readonly name: string }
  /** `source` is the place in `Scenario.data`; the path has one key at least. */
  | { readonly kind: "data"; readonly source: number; readonly path: readonly string[]; readonly name: string }
  /** Both bounds included. */
  | { readonly kind: "random-int"; readonly min: number; readonly max: number }
  | { readonly kind: "random-uuid" };

/** A check beyond the status class; all must hold. */
export type Expect = {
  /** `null` is 2xx and 304. */
  readonly status: readonly StatusRange[] | null;
  readonly json: readonly JsonCheck[];
  readonly headers: readonly HeaderCheck[];
  /** Each must stand in the body. */
  readonly body: readonly Template[];
  readonly time: { readonly limit: Millis; readonly inclusive: boolean } | null;
};

/** `pointer` as written (RFC 6901), `path` its decoded keys. */
export type JsonCheck = { readonly pointer: string; readonly path: readonly string[]; readonly test: JsonTest };

export type JsonTest =
  | { readonly kind: "exists"; readonly exists: boolean }
  | { readonly kind: "equals"; readonly value: JsonValue }
  /** Compared with the text of a string, number or boolean. */
  | { readonly kind: "equals-text"; readonly template: Template };

export type HeaderCheck = { readonly name: string; readonly test: HeaderTest };

export type HeaderTest =
  | { readonly kind: "exists"; readonly exists: boolean }
  | { readonly kind: "equals"; readonly template: Template }
  | { readonly kind: "matches"; readonly regex: RegexText };

export type RegexText = { readonly source: string; readonly flags: "" | "i" };

/** Takes a value out of the answer into the slot. */
export type Capture = { readonly slot: number; readonly name: string; readonly from: CaptureFrom };

export type CaptureFrom =
  | { readonly kind: "json"; readonly pointer: string; readonly path: readonly string[] }
  | { readonly kind: "header"; readonly name: string }
  /** First group, or the whole match of a regex without one; over the body. */
  | { readonly kind: "regex"; readonly regex: RegexText };

/* ---- What the engine holds while it runs; not cloned. ---- */

/** One user's values. Made by `createScope`, changed by `beginSequence` and by captures only. */
export type Scope = {
  /** By slot; `undefined` is not captured yet. */
  readonly captured: (JsonValue | undefined)[];
  /** By place in `Scenario.data`; `undefined` is not drawn yet. */
  readonly rows: (DataRow | undefined)[];
  /** Sequences so far that drew from the source. */
  readonly drawn: number[];
  readonly random: ScopeRandom;
  readonly user: number;
  readonly users: number;
};

/** All randomness of a scenario comes from here. Numbers in [0, 1). */
export type ScopeRandom = {
  /** For `random.int`. */
  readonly values: () => number;
  /** For drawing data rows: a stream of its own, so that a template more does not change the rows. */
  readonly rows: () => number;
  readonly uuid: () => string;
};

/** A complete answer. `answerOf` makes one from bytes and reads text and JSON once, when asked. */
export type ScenarioAnswer = {
  readonly status: number;
  /** By lower-case name; several of the same name joined with ", "; `null` without one. */
  readonly header: (lowerCaseName: string) => string | null;
  /** `null` when the body was not kept or is incomplete. */
  readonly text: () => string | null;
  /** `undefined` when it is not JSON. */
  readonly json: () => JsonValue | undefined;
};

export type Rendered =
  | {
      readonly ok: true;
      readonly path: string;
      /** Name, value, name, value ... */
      readonly headers: readonly string[];
      readonly body: string | Uint8Array | null;
    }
  /** A `check-failed` of the step that ends the sequence; nothing was sent. */
  | { readonly ok: false; readonly reason: string };

/** A request step with everything prepared that does not change: make it once a worker with `compileStep`. */
export type CompiledStep = {
  readonly step: RequestStep;
  /** Renders to the same request every time: prepare its bytes once. */
  readonly isStatic: boolean;
  /** A check or capture reads the answer's body. */
  readonly needsBody: boolean;
  /** A check or capture reads the answer's headers. */
  readonly needsHeaders: boolean;
  readonly render: (scope: Scope) => Rendered;
  /**
   * Whether the step lists this status itself, so that a 404 or 302 is as wanted. Asked before the status is classified;
   * `false` for a step without `expect.status`.
   */
  readonly wantsStatus: (status: number) => boolean;
  /** `null` when everything expected holds, else the reason, free of secrets; `elapsed` is the service time. */
  readonly check: (answer: ScenarioAnswer, elapsed: Millis, scope: Scope) => string | null;
  /** Puts the captured values into the scope; a reason when one is missing: then none is put there. */
  readonly capture: (answer: ScenarioAnswer, scope: Scope) => string | null;
};
