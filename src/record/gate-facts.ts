import type { Config } from "../config/config.ts";
import { formatLimit } from "../config/parse-limits.ts";
import { listOf, object, type Reader, text } from "./reader.ts";

/** How a run was to be judged, as its workflow asked: told in the record so that a change of it can be told. */
export type GateFacts = {
  /** What the user wrote, `metric: limit` each; the defaults hold for every other metric. */
  readonly limits: readonly string[];
  readonly failOn: string;
  readonly onInconclusive: string;
  readonly onInvalid: string;
  readonly onNoBaseline: string;
};

export const gateFacts = ({ gate, aws }: Pick<Config, "gate" | "aws">): GateFacts => ({
  limits: [
    ...gate.limits.map(formatLimit),
    ...(aws.maxConcurrency === null ? [] : [`required-concurrency: <= ${aws.maxConcurrency}`]),
  ],
  failOn: gate.failOn,
  onInconclusive: gate.onInconclusive,
  onInvalid: gate.onInvalid,
  onNoBaseline: gate.onNoBaseline,
});

const MOST_LIMITS = 1_000;

/** Words of a later version are kept as they are: they are only ever shown. */
export const readGateFacts: Reader<GateFacts> = object<GateFacts>({
  limits: listOf(text(500), MOST_LIMITS),
  failOn: text(40),
  onInconclusive: text(40),
  onInvalid: text(40),
  onNoBaseline: text(40),
});
