import type { CloudResult } from "../cloud/cloud.ts";
import { addressedFrontEnd } from "../cloud/front-ends.ts";
import type { LoadResult } from "../load/result.ts";
import type { Arm, RoundOrder } from "../load/segment.ts";
import type { EpochMs } from "../units.ts";
import { buildRecord, type RecordParts } from "./build-record.ts";
import type { BaseArm, Round, RoundArm, RoundDuration, RunRecord } from "./record.ts";
import { scrub } from "./scrub.ts";
import { systemFingerprint } from "./system-fingerprint.ts";

/** One round as it was measured. */
export type MeasuredRound = {
  readonly order: RoundOrder;
  readonly base: LoadResult;
  readonly head: LoadResult;
  /** Measured to confirm a `fail`. */
  readonly confirms: boolean;
};

/** Of each arm by round; `null` where REPORT lines were not read. */
export type ArmDurations = Readonly<Record<Arm, readonly (readonly RoundDuration[])[] | null>>;

export type PairedParts = {
  /** Of the head; its load is that of all its segments (`joinSegments`). */
  readonly head: RecordParts;
  readonly rounds: readonly MeasuredRound[];
  readonly durations: ArmDurations;
  readonly base: {
    readonly url: string;
    /** `null` when none of its functions were named. */
    readonly cloud: CloudResult | null;
  };
};

/** The record of paired mode: the head's run, with the rounds of both arms and what is known of the base. */
export const pairedRecord = ({ head, rounds, durations, base }: PairedParts): RunRecord => {
  const record = buildRecord(head);
  const secrets = [...head.config.secrets, ...(head.plan.scenario?.secrets ?? [])];
  const baseArm: BaseArm = {
    url: base.url,
    // What the base was built from is not known here.
    sha: null,
    system: systemFingerprint(base.cloud, addressedFrontEnd(base.url, head.plan.headers)),
    cloud: base.cloud,
  };
  const names = record.tasks.map(({ name }) => name);
  const { deployment } = head.config.baseline;
  return {
    ...record,
    rounds: rounds.map(({ order, confirms, ...loads }, at): Round => {
      const arm = (side: Arm): RoundArm => ({
        ...recordedArm(loads[side], names),
        ...durationsOf(durations[side]?.[at]),
      });
      return { order, base: arm("base"), head: arm("head"), ...(confirms ? { confirms } : {}) };
    }),
    baseArm: scrub(baseArm, secrets),
    ...(deployment === undefined ? {} : { deployment }),
  };
};

const durationsOf = (durations: readonly RoundDuration[] | undefined): Pick<RoundArm, "durations"> =>
  durations === undefined ? {} : { durations };

/** Rows are told by their place: without a scenario the two URLs may have different paths. */
const recordedArm = ({ window, totals, response, service, tasks }: LoadResult, names: readonly string[]): RoundArm => ({
  window: { start: isoTime(window.start), end: isoTime(window.end), seconds: window.seconds },
  outcomes: totals.outcomes,
  response,
  service,
  ...(names.length > 1
    ? { tasks: tasks.map((task, at) => ({ ...figuresOf(task), name: names[at] ?? task.name })) }
    : {}),
});

const figuresOf = ({ outcomes, response, service }: LoadResult["tasks"][number]) => ({ outcomes, response, service });

const isoTime = (time: EpochMs): string => new Date(time).toISOString();
