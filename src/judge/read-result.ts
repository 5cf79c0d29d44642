/** Reads a result JSON (`--json`) back, as far as an explanation needs it. */
import { METRICS, type MetricUnit } from "../config/metric-catalog.ts";
import type { Parsed } from "../errors.ts";
import { type DocumentKind, parseDocument } from "../record/document.ts";
import {
  amount,
  BAD,
  count,
  finite,
  flag,
  listOf,
  object,
  oneOf,
  orNull,
  type Reader,
  text,
} from "../record/reader.ts";
import { WORST_FIRST } from "./decide.ts";
import type { ToldMetric } from "./explain.ts";
import type { How, HowData, HowPart } from "./how.ts";
import type { Verdict } from "./verdict.ts";

const RESULT_SCHEMA = "swarmgate.result/v1";

/** A result as it is explained. */
export type ToldResult = {
  readonly schema: typeof RESULT_SCHEMA;
  readonly verdict: Verdict | null;
  readonly headline: string;
  readonly metrics: readonly ToldMetric[];
};

/** Every problem named with its path, nothing thrown; fields of a later version are ignored. */
export const parseResult = (input: string): Parsed<ToldResult> => parseDocument(input, RESULT);

const verdict: Reader<Verdict | null> = orNull(oneOf<Verdict>(...WORST_FIRST));
const UNITS = [...new Set(METRICS.map((metric) => metric.unit))];
const unit: Reader<MetricUnit> = oneOf<MetricUnit>(...UNITS);
const bounds = { low: orNull(finite), high: orNull(finite) };
type ChangeToldBy<Key extends "ratio" | "points"> = Extract<
  NonNullable<ToldMetric["change"]>,
  { readonly [K in Key]: unknown }
>;

const ratio = object<ChangeToldBy<"ratio">>({ ratio: orNull(finite), ...bounds });
const difference = object<ChangeToldBy<"points">>({ points: orNull(finite), ...bounds });
const change: Reader<NonNullable<ToldMetric["change"]>> = (value, path, faults) =>
  typeof value === "object" && value !== null && "points" in value
    ? difference(value, path, faults)
    : ratio(value, path, faults);

const tally = object<{ readonly events: number; readonly trials: number }>({ events: amount, trials: amount });
const values = listOf(amount, 10_000);
const share = amount;

type Logs = Extract<HowData, { readonly kind: "logs" }>;
type CountsTold = Extract<HowData, { readonly kind: "counts" }>;

const logs = object<Logs>(
  {
    kind: oneOf("logs"),
    design: oneOf("runs", "rounds", "arms"),
    base: values,
    head: values,
    prior: orNull(
      object<NonNullable<Logs["prior"]>>({ sd: amount, weight: amount, calibrated: flag }, { calibrated: undefined }),
    ),
    whole: object<NonNullable<Logs["whole"]>>({ rounds: count, of: count }),
    parts: listOf(
      object<HowPart>({ of: oneOf("runs", "rounds", "arms", "deployment"), sd: amount, df: orNull(amount) }),
      10,
    ),
    own: object<NonNullable<Logs["own"]>>({ sd: amount, df: amount }),
    half: object<Logs["half"]>({ interval: amount, strict: amount }),
  },
  { whole: undefined, own: undefined },
);
const counts = object<CountsTold>({ kind: oneOf("counts"), base: tally, head: tally, designEffect: amount });

const data: Reader<HowData> = (value, path, faults) =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "counts"
    ? counts(value, path, faults)
    : logs(value, path, faults);

const how = object<How>({
  data: orNull(data),
  test: orNull(object<NonNullable<How["test"]>>({ pWorse: share, pBetter: share, level: share, levelBetter: share })),
  limits: listOf(
    object<How["limits"][number]>({
      text: text(1_000),
      role: oneOf("gate", "warn", "off"),
      absolute: flag,
      effective: orNull(finite),
    }),
    100,
  ),
  doubt: orNull(text(4_000)),
});

type Written = Omit<ToldMetric, "how"> & { readonly how?: How };

const written = object<Written>(
  {
    id: text(1_000),
    unit,
    gates: flag,
    base: orNull(finite),
    head: orNull(finite),
    change: orNull(change),
    limit: orNull(text(4_000)),
    verdict,
    detectable: orNull(finite),
    reason: orNull(text(8_000)),
    how,
  },
  { how: undefined },
);

const metric: Reader<ToldMetric> = (value, path, faults) => {
  const got = written(value, path, faults);
  return got === BAD ? BAD : { ...got, how: got.how ?? null };
};

const RESULT: DocumentKind<ToldResult> = {
  what: "result",
  schema: RESULT_SCHEMA,
  read: object<ToldResult>({
    schema: oneOf(RESULT_SCHEMA),
    verdict,
    headline: text(4_000),
    metrics: listOf(metric, 20_000),
  }),
};
